"""The options of a SYN that the rest of the connection depends on (RFC 9293 section 3.2, RFC 7323, RFC 2018, RFC 7413).

Any bytes can be read; a list of options that is cut or lies about a length is read up to there.
"""

from dataclasses import dataclass
from typing import Final

_END: Final = 0
_NO_OPERATION: Final = 1
_MAXIMUM_SEGMENT_SIZE: Final = 2
_WINDOW_SCALE: Final = 3
_SACK_PERMITTED: Final = 4
_TIMESTAMPS: Final = 8
_FAST_OPEN: Final = 34

MOST_WINDOW_SCALE: Final = 14
"""RFC 7323 section 2.3: a greater shift counts as this one."""


@dataclass(frozen=True, slots=True)
class Options:
    """Options of one segment, None where they were not there."""

    maximum_segment_size: int | None = None
    window_scale: int | None = None
    sack_permitted: bool = False
    timestamp: int | None = None
    timestamp_echo: int | None = None
    fast_open_cookie: bytes | None = None


def read_options(raw: bytes) -> Options:
    """Read the options that follow the fixed header."""
    found: dict[int, bytes] = {}
    at = 0
    while at < len(raw) and raw[at] != _END:
        if raw[at] == _NO_OPERATION:
            at += 1
            continue
        size = raw[at + 1] if at + 1 < len(raw) else 0
        if size < 2 or at + size > len(raw):
            break
        found.setdefault(raw[at], raw[at + 2 : at + size])
        at += size
    times = _of_length(found.get(_TIMESTAMPS), 8)
    segment_size = _of_length(found.get(_MAXIMUM_SEGMENT_SIZE), 2)
    shift = _of_length(found.get(_WINDOW_SCALE), 1)
    return Options(
        None if segment_size is None else int.from_bytes(segment_size, "big"),
        None if shift is None else min(shift[0], MOST_WINDOW_SCALE),
        _SACK_PERMITTED in found,
        None if times is None else int.from_bytes(times[:4], "big"),
        None if times is None else int.from_bytes(times[4:], "big"),
        found.get(_FAST_OPEN),
    )


def _of_length(value: bytes | None, length: int) -> bytes | None:
    return value if value is not None and len(value) == length else None
