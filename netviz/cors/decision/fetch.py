"""Writes down what was decided: the `Fetch` of `verdict.py` with its checks, headers, evidence and mending lines."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from netviz.cors.answer.exposed import exposure, same_origin_exposure
from netviz.cors.answer.mend import mending_lines
from netviz.cors.decision import checks
from netviz.cors.decision.case import Case
from netviz.cors.decision.decision import Confidence, Decision
from netviz.cors.evidence.cache import Found, PreflightCache
from netviz.cors.evidence.chain import Chain
from netviz.cors.evidence.classify import kind_of
from netviz.cors.evidence.credentials import Inference, credentials_of
from netviz.cors.evidence.outcome import CLOSED, REDIRECT_CODES, Step, was_closed
from netviz.cors.evidence.seen import Seen
from netviz.cors.evidence.unusable import UNSAFE_REDIRECT, unusable_because
from netviz.cors.request.mode import ModeWord
from netviz.cors.terms import Word
from netviz.cors.verdict import Check, Fetch
from netviz.http.exchange import ReadExchange

_LOADS: Final = frozenset({"no-cors", "same-origin", "quiet"})
"""Modes of what a page loads into itself."""

_WORDS: Final[dict[ModeWord, Word]] = {"no-cors": "opaque"}
_BY_REDIRECT: Final = frozenset({UNSAFE_REDIRECT, "too-many-redirects"})
OWN_REDIRECT_CODE: Final = "RedirectContainsCredentials"
_WAITS: Final = frozenset({"no-response", "request-not-seen", "redirect-not-followed"})


def lost_request(number: int, exchange: ReadExchange) -> Fetch:
    """A response whose request the capture lacks: nothing can be said of who asked."""
    return Fetch(number, [exchange.id], None, None, "", "unknown", condition="request-not-captured")


def word_of_plain(word: ModeWord) -> Word:
    """The verdict on a fetch whose responses are not CORS-checked."""
    return _WORDS.get(word, "not-applicable")


def word_of_load(chain: Chain, word: ModeWord) -> Word:
    """The same for a fetch that may have ended without an answer."""
    failed = word in _LOADS and (was_closed(chain.last) or unusable_because(chain.last) is not None)
    return "none" if failed else word_of_plain(word)


def refused_redirect(number: int, chain: Chain) -> Fetch:
    """A fetch from the page's own origin that a redirect led to where CORS does not follow (R56)."""
    fetch = plain_fetch(number, chain, "same-origin")
    fetch.verdict, fetch.code, fetch.confidence = "blocked", OWN_REDIRECT_CODE, "high"
    fetch.hidden_headers, fetch.readable_headers = (*fetch.readable_headers, *fetch.hidden_headers), ()
    fetch.checks = [*fetch.checks, checks.refused_redirect_check(chain.last, OWN_REDIRECT_CODE)]
    fetch.decided_at = None
    return fetch


def plain_fetch(number: int, chain: Chain, word: ModeWord) -> Fetch:
    """A fetch whose responses are not CORS-checked: same-origin, no-cors, a navigation, a WebSocket, no browser."""
    first = chain.hops[0]
    last = chain.last
    fetch = Fetch(
        number,
        [seen.id for seen in chain.hops],
        first.origin or first.signs.referer,
        first.url,
        first.method,
        kind_of(word, []),
        verdict=word_of_load(chain, word),
        confidence="high" if chain.told or word in ("quiet", "none") else "certain",
        decided_at=(chain.hops[1] if chain.told else first).request_packet,
        checks=[checks.told_check(chain) if chain.told else checks.mode_check(first, first.mode.word)],
    )
    if fetch.verdict == "none":
        fetch.condition = unusable_because(last) or CLOSED
        fetch.decided_at = _ended_at(last)
    if last.exchange.response is not None:
        fetch.server_ran_it = True
        if word == "same-origin":
            fetch.readable_headers, fetch.hidden_headers, _ = same_origin_exposure(last.response_names())
        elif word == "no-cors":
            fetch.hidden_headers = last.response_names()
    return fetch


class Settled(NamedTuple):
    """What was decided about a cross-origin fetch, and what the preflight cache had for it."""

    decision: Decision
    found: Found | None


def settle(case: Case, cache: PreflightCache) -> Settled:
    """Decide about a cross-origin fetch; keeps its preflights' answers in the cache. Once for each case, in order."""
    found = _from_cache(case, cache)
    decision = case.decide()
    _remember(case, decision, cache)
    return Settled(decision, found)


def crossing_fetch(number: int, case: Case, settled: Settled) -> Fetch:
    """Writes down a cross-origin fetch that is CORS-checked, or may be."""
    decision, found = settled
    first, chain = case.steps[0].seen, case.chain
    kind = kind_of("open" if case.is_open else "cors", case.why)
    fetch = Fetch(
        number,
        [seen.id for seen in chain.hops],
        _page_origin(chain.hops),
        first.url,
        first.asked.method if first.asked is not None else first.method,
        kind,
        case.why,
        verdict=decision.word,
        condition=decision.condition,
        code=decision.codes[0] if decision.codes else None,
        also=decision.codes[1:],
        confidence=_confidence(decision, chain),
        credentials=credentials_of(case.inference),
        server_ran_it=_ran(case, decision),
        decided_at=_decided_at(decision, case.inference),
        mend=_mend(case, decision),
    )
    if any(seen.is_preflight for seen in chain.hops):
        fetch.preflight = "seen"
    elif kind == "preflighted":
        fetch.preflight = "cached" if found is not None and found.why == "covered" else "missing"
    fetch.checks = _all_checks(case, decision, found)
    _expose(fetch, case, decision)
    return fetch


def _from_cache(case: Case, cache: PreflightCache) -> Found | None:
    """R36 to R38: for a request that needed a preflight and has none; may tell the credentials mode."""
    step = case.steps[0]
    if not case.why or step.seen.is_preflight or any(other.seen.is_preflight for other in case.steps):
        return None
    found = cache.find(step.seen, [why.header.lower() for why in case.why if why.header is not None])
    if case.inference is None and found.why == "covered" and found.entry is not None and found.entry.include is False:
        case.inference = Inference(False, "cached-without-credentials", "high", found.entry.preflight)
    return found


def _remember(case: Case, decision: Decision, cache: PreflightCache) -> None:
    preflighted = False
    for step in case.steps:
        if step.seen.is_preflight and step.assessment is not None and not step.assessment.codes(case.include is True):
            cache.keep(step.seen, case.include)
            preflighted = True
    if decision.word == "blocked" and (preflighted or case.why):
        cache.drop(case.chain.last)


def _page_origin(hops: Iterable[Seen]) -> str | None:
    """R74: the page's origin; a redirect may have made it `null` on later exchanges."""
    known = [seen.origin for seen in hops if seen.origin is not None]
    return next((origin for origin in known if origin != "null"), known[0] if known else None)


def _confidence(decision: Decision, chain: Chain) -> Confidence:
    # A client that is no browser enforces nothing: the verdict says what a browser would do (R7).
    if not chain.hops[0].is_browser:
        return "low"
    # A script may have asked not to follow redirects at all; then this one is refused to nobody.
    is_redirect = bool(decision.codes) and decision.codes[0] in REDIRECT_CODES
    is_redirect = is_redirect or decision.condition in _BY_REDIRECT
    return "high" if is_redirect and decision.confidence == "certain" else decision.confidence


def _ran(case: Case, decision: Decision) -> bool | None:
    """Whether a server ran the real request, whatever the script was told (R35, R50)."""
    requests = [step.seen for step in case.steps if not step.seen.is_preflight]
    if any(seen.answered_row is not None for seen in requests):
        return True
    return None if requests or decision.word not in ("blocked", "none") else False


def _ended_at(seen: Seen) -> int | None:
    """Number of the packet that closed the connection on a request, or that brought what can not be used."""
    row = seen.answered_row if seen.answered_row is not None else seen.exchange.closed_row
    return row + 1 if row is not None else None


def _decided_at(decision: Decision, inference: Inference | None) -> int | None:
    """Number of the packet with which the verdict became known; None where only the end of the capture tells."""
    decided_by = decision.reading.decided_by
    if decision.word == "none":
        return _ended_at(decided_by)
    answered = decided_by.answered_row
    never_followed = inference is not None and inference.sign == "never-followed" and decision.include is not None
    if answered is None or decision.condition in _WAITS or never_followed:
        return None
    packet = answered + 1
    if decision.include is not None and inference is not None and inference.seen is not None:
        packet = max(packet, inference.seen.request_packet)
    return packet


def _mend(case: Case, decision: Decision) -> list[str]:
    if not decision.codes or decision.codes[0] in REDIRECT_CODES:
        return []
    step = next(step for step in case.steps if step.seen is decision.reading.decided_by)
    return mending_lines(step.assessment, decision.include is True) if step.assessment is not None else []


def _all_checks(case: Case, decision: Decision, found: Found | None) -> list[Check]:
    chain, first = case.chain, case.steps[0].seen
    told = next((seen for seen in chain.hops if seen.mode.word == "cors" and not seen.is_preflight), first)
    result = [checks.request_check(first, "R1", "pass", "origin")]
    if not told.is_preflight:
        result.append(checks.mode_check(told, "open" if case.is_open else told.mode.word))
    if not first.is_browser:
        result.append(checks.request_check(first, "R7", "unknown", "user-agent"))
    if found is not None:
        result.append(checks.cache_check(first, found))
    for index, step in enumerate(case.steps):
        result += _step_checks(chain, index, step, case.include)
    result.append(checks.credentials_check(_request_of(case.steps), case.inference))
    if decision.codes and decision.codes[0] in REDIRECT_CODES:
        result.append(checks.refused_redirect_check(decision.reading.decided_by, decision.codes[0]))
    return result


def _step_checks(chain: Chain, index: int, step: Step, include: bool | None) -> list[Check]:
    result: list[Check] = []
    if index:
        result += checks.redirect_checks(chain.hops[index - 1], step.seen)
    if step.seen.is_preflight:
        result += checks.preflight_checks(chain, index)
    else:
        preflight = chain.preflight_before(index)
        if preflight is not None:
            result.append(checks.pairing_check(preflight, step.seen))
    if step.is_checked:
        result += checks.response_checks(step, include)
    return result


def _request_of(steps: list[Step]) -> Seen:
    return next((step.seen for step in steps if not step.seen.is_preflight), steps[-1].seen)


def _expose(fetch: Fetch, case: Case, decision: Decision) -> None:
    """Which headers the script reads; where the verdict is open, which it would read if it is allowed."""
    seen = case.steps[-1].seen
    if seen.is_preflight or seen.exchange.response is None:
        return
    names, exposed = seen.response_names(), seen.response.value("access-control-expose-headers")
    if decision.word == "blocked":
        fetch.hidden_headers = names
        return
    stored = case.steps[-1].stored
    if stored is not None:
        names = tuple(dict.fromkeys((*stored.names, *names)))
        exposed = exposed if exposed is not None else stored.expose_headers
    # Allowed only without credentials: then it is read without them.
    include = False if decision.condition == "unless-credentials" else case.include
    fetch.readable_headers, fetch.hidden_headers, unsure = exposure(names, exposed, include)
    if "access-control-expose-headers" in seen.response or unsure:
        fetch.checks = [*fetch.checks, checks.exposure_check(seen, bool(unsure))]
