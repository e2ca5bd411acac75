"""From the two readings of a CORS fetch to one verdict: what holds in both is certain, the rest inferred or open."""

from typing import Literal, NamedTuple

from netviz.cors.evidence.credentials import Inference
from netviz.cors.evidence.outcome import Reading
from netviz.cors.terms import Word

Confidence = Literal["certain", "high", "low"]


class Decision(NamedTuple):
    """The verdict, and the reading whose code and headers go with it."""

    word: Word
    codes: tuple[str, ...]
    """The failing codes; where the word is `indeterminate`, those of the reading that is refused."""

    condition: str
    confidence: Confidence
    reading: Reading
    include: bool | None
    """The credentials mode of `reading`; None where both readings agree."""


def decide(omit: Reading, include: Reading, inference: Inference | None, is_open: bool) -> Decision:
    """The verdict of a cross-origin fetch.

    `is_open`: a POST that may as well have been no-cors, in which case its response is opaque and nothing is checked.
    """
    known = _by_credentials(omit, include, inference)
    if not is_open or known.word == "none" or known.condition == "no-response":
        return known
    if known.word == "indeterminate":
        condition = "if-cors-mode-unless-credentials" if known.condition == "unless-credentials" else known.condition
    else:
        condition = f"{known.word}-if-cors-mode"
    return known._replace(word="indeterminate", condition=condition, confidence="low")


def _by_credentials(omit: Reading, include: Reading, inference: Inference | None) -> Decision:
    if omit.word == include.word and omit.condition == include.condition:
        return _agreed(omit, include, inference)
    if inference is not None:
        reading = include if inference.include else omit
        sure = _sure(reading, inference.confidence)
        return Decision(reading.word, reading.codes, reading.condition, sure, reading, inference.include)
    if omit.word == "allowed":
        return Decision("indeterminate", include.codes, "unless-credentials", "low", include, True)
    # Without credentials it is open why nothing followed; with them it is refused.
    return Decision("indeterminate", include.codes, omit.condition or "unless-credentials", "low", include, True)


def _agreed(omit: Reading, include: Reading, inference: Inference | None) -> Decision:
    """The same word in both readings; the codes may differ, then the inferred mode names its own."""
    if inference is not None:
        reading = include if inference.include else omit
        sure = _sure(reading, "certain" if omit.codes[:1] == include.codes[:1] else inference.confidence)
        return Decision(reading.word, reading.codes, reading.condition, sure, reading, inference.include)
    if omit.codes[:1] == include.codes[:1]:
        return Decision(omit.word, omit.codes, omit.condition, _sure(omit, "certain"), omit, None)
    # Refused either way, but by another code: credentials would be looked at before what refuses without them.
    codes = (*omit.codes, *(code for code in include.codes if code not in omit.codes))
    return Decision(omit.word, codes, "code-unless-credentials", "high", omit, None)


def _sure(reading: Reading, confidence: Confidence) -> Confidence:
    return "low" if reading.word == "indeterminate" else confidence
