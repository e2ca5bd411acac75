"""What a browser makes of a chain of exchanges, in one reading of what packets hide: with credentials, or without.

`judge.py` asks for both readings and decides which holds. A reading that the traffic itself contradicts (an answer that
refuses, yet the next request was sent) says so: that is how the credentials mode shows (R71).
"""

from typing import Final, NamedTuple

from netviz.cors.answer.rules import Assessment
from netviz.cors.evidence.chain import Chain
from netviz.cors.evidence.seen import Seen
from netviz.cors.evidence.stored import Stored
from netviz.cors.evidence.unusable import UNSAFE_REDIRECT, unusable_because
from netviz.cors.request.origin import Url
from netviz.cors.terms import Word

REDIRECT_CODES: Final = frozenset({"RedirectContainsCredentials", "CorsDisabledScheme"})
"""What a redirect itself is refused for."""

_MAX_REDIRECTS: Final = 20
_HTTP_SCHEMES: Final = ("http", "https")
_UNSAFE_SCHEMES: Final = ("about", "data", "file", "filesystem", "blob")
"""The network stack refuses to be led there before CORS is asked."""


CLOSED: Final = "closed-without-answer"
"""Condition of a fetch on which the connection was closed: a network error, which no rule of access made."""


class Step(NamedTuple):
    """One exchange of a chain with the CORS check of its response."""

    seen: Seen
    assessment: Assessment | None
    """None where no check is made of this response, or there is none."""

    is_checked: bool
    """The browser applies the CORS check to this exchange's response."""

    stored: Stored | None = None
    """What a 304 confirmed."""


class Reading(NamedTuple):
    """The verdict in one reading."""

    word: Word
    codes: tuple[str, ...]
    """Chromium's names of what fails in the deciding answer, in its order."""

    decided_by: Seen
    condition: str = ""
    """Key of what is not known, where the word is `indeterminate`."""

    is_contradicted: bool = False
    """A later exchange would not exist in this reading."""


def was_closed(seen: Seen) -> bool:
    """Whether the connection was closed on a request without an answer (R26)."""
    return seen.answered_row is None and seen.exchange.closed_row is not None


def read_steps(steps: list[Step], chain: Chain, include: bool) -> Reading:
    """Follow a CORS chain to its end in one reading of the credentials mode."""
    contradicted = False
    for step in steps[:-1]:
        refused = step.is_checked and step.assessment is not None and bool(step.assessment.codes(include))
        if refused and not step.seen.is_browser and step.assessment is not None:
            # No browser sent this: what follows proves nothing, a browser would have stopped here (R7).
            return Reading("blocked", step.assessment.codes(include), step.seen)
        contradicted = contradicted or (refused and step.seen.id not in chain.retried)
    return _last(steps, include)._replace(is_contradicted=contradicted)


def _last(steps: list[Step], include: bool) -> Reading:
    step = steps[-1]
    seen = step.seen
    if seen.answered_row is None:
        return (
            Reading("none", (), seen, CLOSED) if was_closed(seen) else Reading("indeterminate", (), seen, "no-response")
        )
    unusable = unusable_because(seen)
    if unusable is not None:
        return Reading("none", (), seen, unusable)
    if step.is_checked and step.assessment is None:
        return Reading("indeterminate", (), seen, "stored-response")
    if step.assessment is not None:
        codes = step.assessment.codes(include)
        if codes:
            return Reading("blocked", codes, seen)
    if seen.is_preflight:
        return Reading("indeterminate", (), seen, "request-not-seen")
    return _redirect(steps) if seen.redirects() else Reading("allowed", (), seen)


def _redirect(steps: list[Step]) -> Reading:
    """The last answer redirects, passes the check, and nothing followed (R56, R58)."""
    seen = steps[-1].seen
    if sum(step.seen.status > 0 and step.seen.redirects() for step in steps) > _MAX_REDIRECTS:
        return Reading("none", (), seen, "too-many-redirects")
    target = seen.location()
    if target is None or target.scheme in _UNSAFE_SCHEMES:
        return Reading("none", (), seen, UNSAFE_REDIRECT)
    if refuses_credentials(seen, target):
        return Reading("blocked", ("RedirectContainsCredentials",), seen)
    if target.scheme not in _HTTP_SCHEMES:
        return Reading("blocked", ("CorsDisabledScheme",), seen)
    return Reading("indeterminate", (), seen, "redirect-not-followed")


def refuses_own_redirect(chain: Chain) -> bool:
    """R56 for a request to the page's own origin: it is sent on to another with a user name, and no request followed.

    Without mode cors the browser would have followed; that nothing did is known only when the capture has ended.
    """
    seen = chain.last
    if seen.mode.word != "same-origin" or seen.signs.fetch_mode == "no-cors" or not seen.is_browser:
        return False
    target = seen.location() if seen.answered_row is not None and seen.redirects() else None
    return target is not None and target.has_credentials and target.origin not in (None, seen.target_origin)


def refuses_credentials(seen: Seen, target: Url) -> bool:
    """R56: a response from another origin redirects to a URL with a user name or password."""
    return target.has_credentials and seen.mode.cross_origin is True
