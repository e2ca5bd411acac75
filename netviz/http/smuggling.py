"""Where two readers of one stream may disagree on where a message ends: request smuggling (RFC 9112 section 11.2).

Only what the message itself shows. The two lengths that a front end and a back end could read are both worked out.
"""

from dataclasses import dataclass
from typing import Final

from netviz.http.exchange import Head, Message

AMBIGUOUS: Final = frozenset(
    ("both-lengths", "differing-lengths", "bad-length", "chunked-not-last", "not-chunked", "repeated-chunked",
     "space-before-colon", "obs-fold", "bare-cr", "nul", "chunk-size-space", "bad-chunk", "space-before-name")
)  # fmt: skip
"""Violations that have been used to make two readers disagree."""


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """Two readings of one message's length."""

    by_length: tuple[str, ...]
    """Every Content-Length, as sent."""

    by_chunks: int | None
    """Bytes from the head's end to after the last chunk and its trailers; None where it has no chunks, or they do not end."""

    counted: str
    """The reading that RFC 9112 6.3 prescribes and that netviz follows: `chunked`, `length`, `close`, `none`."""

    signs: tuple[str, ...]
    """Keys of the violations, `http.violation.*`."""


def ambiguity(message: Message, head: Head) -> Ambiguity | None:
    """How readers may differ about a message, or None where they can not."""
    signs = tuple(key for key in dict.fromkeys((*message.violations, *head.violations)) if key in AMBIGUOUS)
    if not signs:
        return None
    lengths = tuple(header.value for header in head.get_all("Content-Length"))
    chunks = message.body_end - message.body_start if message.framing == "chunked" and message.complete else None
    return Ambiguity(lengths, chunks, message.framing, signs)
