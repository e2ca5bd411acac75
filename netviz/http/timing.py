"""Where the time of one exchange went, from the times of its packets. Nothing is guessed: None is not known.

Times in nanoseconds since the epoch, as the capture point saw them; results in seconds.
"""

from typing import NamedTuple


class Timing(NamedTuple):
    """Seconds of each phase, by the names of HAR 1.2; None where the packets do not tell."""

    blocked: float | None
    """The response had to wait for an earlier one on the same connection (pipelining)."""

    connect: float | None
    """From the SYN to the ACK that completes the handshake, for a connection's first exchange; 0 for later ones."""

    send: float | None
    """From the first to the last packet of the request."""

    wait: float | None
    """From the last packet of the request (or the end of what blocked it) to the first of the response."""

    receive: float | None
    """From the first to the last packet of the response."""


class Moments(NamedTuple):
    """Times of the first and last packet of a message."""

    first: int
    last: int


def exchange_timing(
    request: Moments | None,
    response: Moments | None,
    previous_response_end: int | None = None,
    is_first: bool = False,
    handshake: tuple[int | None, int | None] = (None, None),
) -> Timing:
    """The phases of an exchange.

    `previous_response_end` is when the response before it on the connection ended (None: not known, or there is none).
    `is_first` says that it is the connection's first exchange; `handshake` has the times of the SYN and of the ACK.
    """
    blocked: float | None = None
    send = _seconds(request.first, request.last) if request else None
    receive = _seconds(response.first, response.last) if response else None
    wait = None
    if request is not None and (is_first or previous_response_end is not None):
        blocked = max(_seconds(request.last, previous_response_end or request.last), 0.0)
    if request is not None and response is not None:
        ready = max(request.last, previous_response_end or request.last)
        # A server may answer before it has the whole request: it did not wait then.
        wait = max(_seconds(ready, response.first), 0.0)
    return Timing(blocked, _connect(is_first, handshake), send, wait, receive)


def _connect(is_first: bool, handshake: tuple[int | None, int | None]) -> float | None:
    if not is_first:
        return 0.0
    begin, end = handshake
    return _seconds(begin, end) if begin is not None and end is not None else None


def _seconds(begin: int, end: int) -> float:
    return (end - begin) / 1e9
