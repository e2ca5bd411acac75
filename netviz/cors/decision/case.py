"""One cross-origin fetch under examination: its steps, both readings, what its credentials mode was inferred from."""

from dataclasses import dataclass
from typing import Final

from netviz.cors.answer.rules import assess
from netviz.cors.browser import Profile
from netviz.cors.decision.decision import Decision, decide
from netviz.cors.evidence.chain import Chain
from netviz.cors.evidence.classify import why_not_simple
from netviz.cors.evidence.credentials import Inference, infer
from netviz.cors.evidence.outcome import Reading, Step, read_steps
from netviz.cors.evidence.seen import Seen
from netviz.cors.evidence.stored import Stored, StoredResponses
from netviz.cors.evidence.unusable import unusable_because
from netviz.cors.verdict import NotSimple

NOT_MODIFIED: Final = 304


@dataclass(slots=True, eq=False)
class Case:
    """Filled in the order of its fields; `inference` may come later, from other fetches of the same connections."""

    chain: Chain
    is_open: bool
    """The mode may be cors or no-cors."""

    why: list[NotSimple]
    steps: list[Step]
    readings: tuple[Reading, Reading]
    """Without credentials, with."""

    inference: Inference | None

    @property
    def include(self) -> bool | None:
        """The credentials mode as inferred; None: not known."""
        return self.inference.include if self.inference is not None else None

    def decide(self) -> Decision:
        """The verdict, from what is known by now."""
        return decide(*self.readings, self.inference, self.is_open)


def open_case(chain: Chain, is_open: bool, profile: Profile, stored: StoredResponses, ended: bool) -> Case:
    """Examine a chain by itself."""
    steps = [_step(chain, index, profile, stored) for index in range(len(chain.hops))]
    readings = read_steps(steps, chain, False), read_steps(steps, chain, True)
    return Case(chain, is_open, why_not_simple(chain), steps, readings, infer(steps, readings, ended))


def _step(chain: Chain, index: int, profile: Profile, stored: StoredResponses) -> Step:
    seen = chain.hops[index]
    if not seen.is_preflight and seen.mode.word not in ("cors", "open"):
        return Step(seen, None, False)
    if unusable_because(seen) is not None:
        return Step(seen, None, True)
    if seen.status == NOT_MODIFIED and _is_conditional(seen) and not _asked_by_script(chain, index):
        return _confirmed(seen, profile, stored.before(seen))
    if chain.preflight_before(index) is None or seen.exchange.response is None:
        return Step(seen, seen.assess(profile), True)
    return Step(seen, assess(seen.answer(profile)._replace(after_preflight=True), False), True)


def _confirmed(seen: Seen, profile: Profile, stored: Stored | None) -> Step:
    """A 304 to the browser's own condition: what it lacks, the stored response says."""
    answer = seen.answer(profile)
    if stored is None:
        return Step(seen, assess(answer, False) if answer.allow_origin is not None else None, True)
    answer = answer._replace(
        allow_origin=answer.allow_origin if answer.allow_origin is not None else stored.allow_origin,
        allow_credentials=answer.allow_credentials or stored.allow_credentials,
    )
    return Step(seen, assess(answer, False), True, stored)


def _is_conditional(seen: Seen) -> bool:
    """A 304 to a request without a condition confirms nothing: it is a response like any other."""
    return not seen.is_preflight and any(name in seen.fields for name in ("if-none-match", "if-modified-since"))


def _asked_by_script(chain: Chain, index: int) -> bool:
    """Whether the script made the request conditional: then its preflight has asked for the header."""
    preflight = chain.preflight_before(index)
    asked = preflight.asked.names if preflight is not None and preflight.asked is not None else ()
    return "if-none-match" in asked or "if-modified-since" in asked
