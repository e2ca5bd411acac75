"""A fetch told in words: what the page asked, why the browser asked first, what the server answered, and the verdict.

Turns the facts of `cors/verdict.py` into sentences of `cors.toml`, in either language. Knows no screen. Values of
cookies and of Authorization are in no sentence.
"""

from typing import Final

from netviz.cors.verdict import Check, Fetch, NotSimple
from netviz.explain.words import Language, say

_ALLOW_ORIGIN: Final = "Access-Control-Allow-Origin"
_DETAILS: Final = ("origin", "target", "method", "status", "names", "preflight", "seconds", "before")


def story(fetch: Fetch, language: Language) -> list[str]:
    """The fetch as lines: asked, why a preflight, answered, the verdict and what decided it, what to change."""
    lines = [_asked(fetch, language), *_why(fetch, language), *_answers(fetch, language)]
    lines += verdict_lines(fetch, language)
    lines += readable_lines(fetch, language)
    lines += _inferred(fetch, language)
    if fetch.verdict == "blocked" and fetch.server_ran_it is not None:
        lines.append(say("cors.story.ran" if fetch.server_ran_it else "cors.story.not-sent", language))
    return lines + mend_lines(fetch, language)


def verdict_lines(fetch: Fetch, language: Language) -> list[str]:
    """The verdict, the condition it hangs on, the code, and the header and packet that decided."""
    lines = [say(f"cors.verdict.{fetch.verdict}", language)]
    if fetch.condition:
        lines.append(say(f"cors.condition.{fetch.condition}", language))
    decisive = deciding_check(fetch)
    if decisive is not None:
        sentence = check_line(decisive, language)
        lines.append(say("cors.story.decided", language, packet=decisive.at.packet, sentence=sentence))
    if fetch.also:
        lines.append(say("cors.story.also", language, codes=", ".join(fetch.also)))
    return lines


def deciding_check(fetch: Fetch) -> Check | None:
    """The check whose code is the fetch's code, or None where nothing fails."""
    if fetch.code is None:
        return None
    fitting = [check for check in fetch.checks if check.code == fetch.code]
    return fitting[-1] if fitting else None


def mend_lines(fetch: Fetch, language: Language) -> list[str]:
    """What the code asks of the server, and the exact header lines; empty where nothing is refused."""
    if fetch.code is None:
        return []
    decisive = deciding_check(fetch)
    key = "cors.story.mend" if fetch.verdict == "blocked" else "cors.story.if-refused"
    lines = [say(f"cors.fix.{fetch.code}", language)] if fetch.verdict == "blocked" else []
    if fetch.mend and decisive is not None:
        lines.append(say(key, language, packet=decisive.at.packet, lines=" | ".join(fetch.mend)))
    if f"{_ALLOW_ORIGIN}: null" in fetch.mend:
        lines.append(say("cors.story.allows-null", language))
    return lines


def check_line(check: Check, language: Language) -> str:
    """One check as a sentence."""
    details: dict[str, object] = dict.fromkeys(_DETAILS, "")
    details |= check.details
    details |= {
        "rule": check.rule,
        "header": check.header or "User-Agent",
        "value": check.value if check.value is not None else "",
        "packet": check.at.packet,
    }
    return say(check.text, language, **details)


def reason_line(reason: NotSimple, language: Language) -> str:
    """One reason for a preflight as a sentence."""
    return say(reason.text, language, rule=reason.rule, header=reason.header or "", value=reason.value or "?")


def _asked(fetch: Fetch, language: Language) -> str:
    packet = _first_packet(fetch)
    if fetch.url is None:
        return say("cors.story.lost", language, packet=packet)
    key = "cors.story.page" if fetch.origin is not None else "cors.story.no-page"
    return say(key, language, origin=fetch.origin or "", method=fetch.method, url=fetch.url, packet=packet)


def _first_packet(fetch: Fetch) -> object:
    return fetch.checks[0].at.packet if fetch.checks else "?"


def _why(fetch: Fetch, language: Language) -> list[str]:
    if fetch.kind == "simple":
        return [say("cors.story.simple", language)]
    if fetch.kind != "preflighted":
        return []
    reasons = [f"- {reason_line(reason, language)}" for reason in fetch.why_not_simple]
    return [say("cors.story.asks-first", language), *reasons]


def _answers(fetch: Fetch, language: Language) -> list[str]:
    """One line for each answer that was checked: its Allow-Origin, or that it has none."""
    lines = []
    for check in fetch.checks:
        if check.rule != "R40":
            continue
        status = check.details.get("status", "")
        preflight = "preflight-" if check.exchange in _preflights(fetch) else ""
        bare = "-bare" if check.value is None else ""
        lines.append(
            say(
                f"cors.story.{preflight}answered{bare}",
                language,
                status=status,
                packet=check.at.packet,
                header=_ALLOW_ORIGIN,
                value=check.value or "",
            )
        )
    return lines


def _preflights(fetch: Fetch) -> set[int]:
    return {check.exchange for check in fetch.checks if check.rule == "R22"}


def readable_lines(fetch: Fetch, language: Language) -> list[str]:
    """Which headers the script may read, and which it may not."""
    if fetch.verdict not in ("allowed", "indeterminate"):
        return []
    found = (("cors.story.readable", fetch.readable_headers), ("cors.story.hidden", fetch.hidden_headers))
    return [say(key, language, names=", ".join(names)) for key, names in found if names]


def _inferred(fetch: Fetch, language: Language) -> list[str]:
    found = [check for check in fetch.checks if check.rule == "R71" and check.outcome == "pass"]
    return [say("cors.story.inferred", language, sentence=check_line(check, language)) for check in found]
