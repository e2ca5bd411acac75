"""The options of one TCP segment. Bounded by the header's 40 bytes; a broken list gives what came before it broke."""

from typing import Final, NamedTuple

_END: Final = 0
_NO_OPERATION: Final = 1
_LARGEST_SHIFT: Final = 14
_MOST_BYTES: Final = 40


class SackBlock(NamedTuple):
    """Bytes left..right (half open, absolute sequence numbers) that came beyond the acknowledgement (RFC 2018)."""

    left: int
    right: int


class TcpOptions(NamedTuple):
    """What a segment's options say; None or empty for what it does not have."""

    mss: int | None = None
    """Largest segment the sender can receive, in bytes (RFC 9293 section 3.7.1)."""

    window_scale: int | None = None
    """Bits by which the sender's windows are shifted; more than 14 count as 14 (RFC 7323 section 2.3)."""

    sack_permitted: bool = False
    sack_blocks: tuple[SackBlock, ...] = ()
    timestamps: tuple[int, int] | None = None
    """The sender's clock and the echo of the other's (RFC 7323 section 3.2)."""

    fast_open_cookie: bytes | None = None
    """RFC 7413; empty bytes where a cookie is asked for."""

    broken: bool = False
    """An option's length lies, or the list ends in the middle of one."""


def tcp_options(options: bytes) -> TcpOptions:
    """Parse the bytes between the fixed TCP header and the payload, as far as captured. Any bytes are taken."""
    found = TcpOptions()
    at, end = 0, min(len(options), _MOST_BYTES)
    while at < end and options[at] != _END:
        if options[at] == _NO_OPERATION:
            at += 1
            continue
        length = options[at + 1] if at + 1 < end else 0
        if length < 2 or at + length > end:
            return found._replace(broken=True)
        found = _with(found, options[at], options[at + 2 : at + length])
        at += length
    return found


def _with(found: TcpOptions, kind: int, content: bytes) -> TcpOptions:
    """One more option; one of a length that its kind can not have is passed over."""
    size = len(content)
    if kind == 2 and size == 2:
        return found._replace(mss=int.from_bytes(content))
    if kind == 3 and size == 1:
        return found._replace(window_scale=min(content[0], _LARGEST_SHIFT))
    if kind == 4 and size == 0:
        return found._replace(sack_permitted=True)
    if kind == 5 and size and size % 8 == 0:
        return found._replace(sack_blocks=_blocks(content))
    if kind == 8 and size == 8:
        return found._replace(timestamps=(int.from_bytes(content[:4]), int.from_bytes(content[4:])))
    if kind == 34:
        return found._replace(fast_open_cookie=content)
    return found


def _blocks(content: bytes) -> tuple[SackBlock, ...]:
    edges = [int.from_bytes(content[at : at + 4]) for at in range(0, len(content), 4)]
    return tuple(SackBlock(left, right) for left, right in zip(edges[::2], edges[1::2], strict=True))
