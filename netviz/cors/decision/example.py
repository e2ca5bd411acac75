"""What fetches come to whose exchanges have equal fields, worked out by the example of one of them.

The steps are those of `judging.py`; only what the fields say by themselves is kept here. Where more than the fields
counts (a Location against its URL, a stored response, a retry), there is no example.
"""

from collections.abc import Hashable
from typing import Final, NamedTuple

from netviz.cors.browser import Profile
from netviz.cors.decision.case import NOT_MODIFIED, Case, open_case
from netviz.cors.decision.fetch import word_of_load
from netviz.cors.evidence.chain import Chain
from netviz.cors.evidence.classify import word_of
from netviz.cors.evidence.credentials import Inference, shows_credentials
from netviz.cors.evidence.kept import Kept
from netviz.cors.evidence.seen import REDIRECTS, Seen
from netviz.cors.evidence.stored import Stored, StoredResponses, stored_of
from netviz.cors.evidence.unusable import contradicts_itself
from netviz.cors.request.fields import Fields
from netviz.cors.terms import Word
from netviz.http.exchange import Head

_COUNTING: Final = (
    "access-control-allow-origin",
    "access-control-allow-credentials",
    "access-control-allow-methods",
    "access-control-allow-headers",
    "access-control-expose-headers",
)
_SAID: Final = Kept[Hashable, tuple[Hashable, ...]]()


class Example(NamedTuple):
    """What a cross-origin fetch comes to by the fields of its exchanges."""

    infers: bool | None
    """Whether it was sent with credentials, as far as it tells itself."""

    unknown: Word
    """The verdict where nothing more is told of credentials."""

    omit: Word
    """Where another exchange tells that there were none. The same as `unknown` if the fetch tells itself, too."""

    include: Word
    why: tuple[str, ...] | None
    """Names of headers for which it needed a preflight, in lower case; None where it needed none."""

    checked: tuple[int, ...]
    """Hops whose responses are checked, preflights left out."""

    preflights: tuple[int, ...]
    kept: tuple[int, ...]
    """Preflights whose answers pass, if the fetch has no credentials."""

    kept_including: tuple[int, ...]
    """The same if it has."""

    def word(self, include: bool | None) -> Word:
        """The verdict by what is known of credentials from elsewhere."""
        if include is None:
            return self.unknown
        return self.include if include else self.omit


class Alone(NamedTuple):
    """What an exchange comes to if it is a fetch by itself."""

    target_origin: str
    shows: bool | None
    """Whether it shows by itself that it was sent with credentials, or without."""

    stored: Stored | None
    plain: Word | None
    """The verdict where its response is not CORS-checked."""

    example: Example | None
    """What it comes to otherwise."""


def says_to_cors(response: Head) -> Hashable | None:
    """All that counts of a response's fields, of a redirect's and a preflight's lifetime apart; None where unknown.

    Much of what a server says changes from answer to answer (Date, ETag, Content-Length), but little of this.
    """
    shared = response.shared
    if shared is None:
        return None
    known = _SAID.get(shared)
    if known is None:
        fields = Fields(response)
        may_be_stored = "etag" in fields or "last-modified" in fields
        contradicts = contradicts_itself(fields, False) or "nul" in response.violations
        known = _SAID.keep(
            shared, (*map(fields.value, _COUNTING), fields.names() if may_be_stored else None, contradicts)
        )
    return known


def fields_of(chain: Chain) -> Hashable | None:
    """What is the same for all fetches that one of them is an example of; None where fields do not say it all."""
    if chain.retried:
        return None
    found: list[Hashable] = []
    for seen in chain.hops:
        request, response, status = seen.exchange.request, seen.exchange.response, seen.status
        asked = request.shared if request is not None else None
        answered = says_to_cors(response) if response is not None else None
        if asked is None or answered is None or status in (0, NOT_MODIFIED) or status in REDIRECTS:
            return None
        if response is not None and "head-cut-short" in response.violations:
            return None
        found += (asked, seen.method, seen.target_origin, answered, status)
    return tuple(found)


def example_of(chain: Chain, profile: Profile, ended: bool) -> Example:
    """A cross-origin fetch examined; `chain` has `fields_of`."""
    case = open_case(chain, word_of(chain) == "open", profile, StoredResponses(), ended)
    steps = list(enumerate(case.steps))
    preflights = tuple(index for index, step in steps if step.seen.is_preflight)
    passing = [
        tuple(
            index
            for index, step in steps
            if index in preflights and step.assessment is not None and not step.assessment.codes(include)
        )
        for include in (False, True)
    ]
    names = tuple(why.header.lower() for why in case.why if why.header is not None)
    return Example(
        case.include,
        *_words(case),
        names if case.why else None,
        tuple(index for index, step in steps if step.is_checked and index not in preflights),
        preflights,
        *passing,
    )


def _words(case: Case) -> tuple[Word, Word, Word]:
    """The verdict if nothing else tells of credentials, if something tells that there were none, and that there were."""
    unknown = case.decide().word
    if case.inference is not None:
        return unknown, unknown, unknown
    told = []
    for include in (False, True):
        # Of an inference only the mode counts for the verdict.
        case.inference = Inference(include, "connection", "high")
        told.append(case.decide().word)
    case.inference = None
    return unknown, told[0], told[1]


def alone_of(seen: Seen, profile: Profile, ended: bool) -> Alone | None:
    """An exchange by itself; None for one that may be continued, or of which the fields do not say it all."""
    chain, word = Chain([seen]), seen.mode.word
    if seen.is_preflight or seen.answered_row is None or "host" not in seen.fields or fields_of(chain) is None:
        return None
    shows, stored = shows_credentials(seen), stored_of(seen)
    if word in ("cors", "open"):
        return Alone(seen.target_origin, shows, stored, None, example_of(chain, profile, ended))
    return Alone(seen.target_origin, shows, stored, word_of_load(chain, word), None)
