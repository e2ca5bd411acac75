"""What a whole head says that the framer needs: start line and fields in one. Stateless, and remembered.

Clients ask the same again, servers answer the same again: of most heads it is known at one look what they say.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from netviz.http.exchange import Message, Piece
from netviz.http.fields import EXPECT, Framing, read_framing
from netviz.http.start_line import StartLine, read_start_line

_REMEMBERED_HEADS: Final = 2048
_REMEMBERED_LENGTH: Final = 2048
_WITHOUT_BODY: Final = (204, 304)


@dataclass(slots=True, eq=False)
class Opening:
    """Method or status, and how the body ends as far as the head tells. To be read only.

    Equal only to itself: of a head that is remembered, all messages with the same bytes have the same.
    """

    method: str
    """Empty for a response."""

    status: int
    """0 for a request."""

    length: int
    coded: bool
    chunked: bool
    hints: int
    fields: int
    violations: tuple[str, ...]
    tidy: bool
    """These six as in `Framing`."""

    usual: bool
    """Nothing about the message needs care, if its body is there: it is tidy, and its length is given or nothing."""


def opening_of(line: StartLine, framing: Framing) -> Opening:
    """Both put together."""
    length, coded, chunked, hints, fields, tidy, violations = framing
    if line.violations:
        violations = (*line.violations, *violations)
    usual = tidy and not coded and not violations and not hints & EXPECT
    if line.status and (length < 0 or line.status < 200 or line.status in _WITHOUT_BODY):
        usual = False
    return Opening(line.method, line.status, length, coded, chunked, hints, fields, violations, tidy, usual)


def usual_message(
    opening: Opening, direction: int, start: int, row: int, at: int, body: int, known_at: int, following: int
) -> Message:
    """A message of which the opening is `usual`, and whose head lies in one packet with all of its body, or its begin.

    `start` is its stream offset, `at` and `body` are where head and body begin in the buffer, `row` is the packet that
    brought it, `known_at` that with which it became known, and `following` how many bytes it has behind the head.
    """
    status, length = opening.status, opening.length
    body_start = start + body - at
    framing, size = ("none", 0) if length < 0 else ("length", length if length < following else following)
    # The constructor of a named tuple is a Python function; tuple's own makes the same at half the cost.
    piece = tuple.__new__(Piece, (row, at, body))
    return Message(
        "response" if status else "request", direction, start, (piece,), known_at, row, row,
        opening.method, status, body_start, body_start + size, size, length <= following, framing, 0, (), opening.hints, (),
        opening,
    )  # fmt: skip


def read_opening(head: bytes) -> Opening | None:
    """What a head says, without its empty line; None where it does not begin with a start line that ends with CR LF."""
    return _remembered(head) if len(head) <= _REMEMBERED_LENGTH else _read(head)


def _read(head: bytes) -> Opening | None:
    line_end = head.find(b"\r\n")
    if line_end < 0:
        line_end = len(head)
    line = read_start_line(head[:line_end])
    return None if line is None else opening_of(line, read_framing(head[line_end:]))


_remembered = lru_cache(maxsize=_REMEMBERED_HEADS)(_read)
