"""The list of checks of a fetch: each rule that was applied, its outcome, and the bytes that decide it."""

from typing import Final

from netviz.cors.answer.answer import Answer
from netviz.cors.answer.preflight import is_in_browser_form, refused_headers
from netviz.cors.answer.rules import Ruling
from netviz.cors.evidence.cache import Found
from netviz.cors.evidence.chain import Chain
from netviz.cors.evidence.credentials import Inference
from netviz.cors.evidence.outcome import Step
from netviz.cors.evidence.seen import Seen
from netviz.cors.request.mode import ModeWord
from netviz.cors.terms import Outcome
from netviz.cors.verdict import Check

_PROOF: Final[dict[str, str]] = {
    "R3": "origin",
    "R5": "sec-fetch-mode",
    "R7": "user-agent",
    "R8": "accept",
    "R20": "content-type",
    "R68": "upgrade",
    "R74": "referer",
}
"""Header whose bytes tell the mode by a rule; the start line where the request lacks it."""


def mode_check(seen: Seen, word: ModeWord) -> Check:
    """Why a fetch is, or is not, a matter of CORS: the sign of its mode."""
    if word == "open":
        return request_check(seen, "R72", "unknown", "origin")
    rule = seen.mode.rule
    if rule == "R5" and "sec-fetch-mode" not in seen.fields:
        name = "upgrade-insecure-requests" if "upgrade-insecure-requests" in seen.fields else "accept"
    else:
        name = _PROOF.get(rule, "origin")
    return request_check(seen, rule, "pass", name, f"cors.check.{rule}.{word}" if rule == "R5" else None)


def told_check(chain: Chain) -> Check:
    """R72: the next request was sent after an answer that mode cors would have refused."""
    return request_check(chain.hops[1], "R72", "pass", None)


def request_check(
    seen: Seen, rule: str, outcome: Outcome, name: str | None, text: str | None = None, **details: str
) -> Check:
    """A check on a header of the request, or on its start line. `name` in lower case."""
    header = seen.fields.header(name) if name is not None else None
    return Check(
        rule,
        outcome,
        seen.fields.at(name),
        text or f"cors.check.{rule}.{outcome}",
        seen.id,
        header.name if header is not None else None,
        header.value if header is not None else None,
        None,
        {"origin": seen.origin or "", "target": seen.target_origin, "method": seen.method, **details},
    )


def response_checks(step: Step, include: bool | None) -> list[Check]:
    """The rows of the rules over one response, in one reading of the credentials mode; None: not known."""
    if step.assessment is None:
        return []
    found = []
    for ruling in step.assessment.rulings:
        outcome = ruling.outcome(include)
        if outcome is not None:
            found.append(_ruled(step.seen, step.assessment.answer, ruling, outcome, include))
    return found


def _ruled(seen: Seen, answer: Answer, ruling: Ruling, outcome: Outcome, include: bool | None) -> Check:
    rule = ruling.rule
    name = rule.header.lower() if rule.header is not None else None
    value = seen.response.value(name) if name is not None else None
    return Check(
        rule.id,
        outcome,
        seen.response.at(name),
        f"{rule.text}.{outcome}",
        seen.id,
        rule.header,
        value,
        rule.code if outcome != "pass" else None,
        _details(seen, answer, ruling, include),
    )


def _details(seen: Seen, answer: Answer, ruling: Ruling, include: bool | None) -> dict[str, str]:
    details = {"origin": seen.origin or "", "target": seen.target_origin, "status": str(seen.status)}
    if seen.asked is not None:
        details["method"] = seen.asked.method
        if ruling.rule.id == "R32" and seen.asked.names:
            # In an unknown mode the stricter reading names what is at stake.
            refused = refused_headers(answer, include is not False)
            details["names"] = ", ".join(refused or seen.asked.names)
    return details


def preflight_checks(chain: Chain, index: int) -> list[Check]:
    """The shape of a preflight request (R22, R23), what it was paired with (R25) and whether it had an answer (R26)."""
    seen = chain.hops[index]
    credentials = next((name for name in ("cookie", "authorization") if name in seen.fields), None)
    shown: Outcome = "fail" if credentials else "pass"
    found = [request_check(seen, "R22", shown, credentials or "access-control-request-method")]
    asked = seen.fields.value("access-control-request-headers")
    if asked is not None:
        outcome: Outcome = "pass" if is_in_browser_form(asked) else "fail"
        found.append(request_check(seen, "R23", outcome, "access-control-request-headers"))
    if seen.answered_row is None:
        found.append(request_check(seen, "R26", "pass" if seen.id in chain.retried else "unknown", None))
    return found


def pairing_check(preflight: Seen, request: Seen) -> Check:
    """R25: this request is the one that the preflight asked for."""
    return request_check(request, "R25", "pass", None, preflight=str(preflight.request_packet))


def cache_check(seen: Seen, found: Found) -> Check:
    """R36 to R39b: an earlier answer covers a request that has no preflight of its own, or none does."""
    if found.why == "covered" and found.entry is not None:
        preflight = found.entry.preflight
        return request_check(
            seen, "R36", "pass", None, preflight=str(preflight.request_packet), seconds=str(found.entry.max_age)
        )
    return request_check(seen, "R39", "unknown", None, f"cors.check.R39.{found.why}")


def credentials_check(seen: Seen, inference: Inference | None) -> Check:
    """R71: the credentials mode, with the packet that shows it."""
    if inference is None:
        return request_check(seen, "R71", "unknown", None)
    shower = inference.seen or seen
    return request_check(shower, "R71", "pass", inference.header, f"cors.inference.{inference.sign}")


def redirect_checks(previous: Seen, seen: Seen) -> list[Check]:
    """R57: the Origin became `null` on the way, because a second other origin was reached."""
    if seen.origin == "null" and previous.origin not in (None, "null"):
        return [request_check(seen, "R57", "pass", "origin", before=previous.origin or "")]
    return []


def refused_redirect_check(seen: Seen, code: str) -> Check:
    """R56 and R58: the redirect leads to where CORS does not follow."""
    header = seen.response.header("location")
    rule = "R56" if code == "RedirectContainsCredentials" else "R58"
    return Check(
        rule,
        "fail",
        seen.response.at("location"),
        f"cors.check.{rule}.fail",
        seen.id,
        "Location",
        header.value if header is not None else None,
        code,
        {"origin": seen.origin or "", "target": seen.target_origin},
    )


def exposure_check(seen: Seen, is_unsure: bool) -> Check:
    """R52: what Access-Control-Expose-Headers adds to the headers that a script may always read."""
    header = seen.response.header("access-control-expose-headers")
    outcome: Outcome = "unknown" if is_unsure else "pass"
    return Check(
        "R52",
        outcome,
        seen.response.at("access-control-expose-headers"),
        f"cors.check.R52.{outcome}",
        seen.id,
        header.name if header is not None else None,
        seen.response.value("access-control-expose-headers"),
        None,
        {"origin": seen.origin or "", "target": seen.target_origin},
    )
