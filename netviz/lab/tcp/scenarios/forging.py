"""Segments forged by somebody on the line: what both kernels believe, and what they answer with a challenge ACK."""

from collections.abc import Callable
from contextlib import suppress

from netviz.lab.tcp.frame import Frame, forged
from netviz.lab.tcp.line import Delivery, Rule, other, then
from netviz.lab.tcp.scenario import scenario
from netviz.lab.tcp.scenarios.opening import close_by_client, exchange
from netviz.lab.tcp.stage import Stage, receive
from netviz.model.protocols import ACK, FIN, PSH, RST, SYN

_AT = 0.004
"""Seconds behind the segment that sets it off."""


def _to_server(flags: int, ahead: int, ack: int = 0, payload: bytes = b"") -> Callable[[], tuple[Rule, ...]]:
    """Behind the client's first data: a forged segment of the client, so many numbers ahead of what it sends next."""

    def more(frame: Frame) -> list[Delivery]:
        seq, acked = frame.seq + frame.length + ahead, frame.ack + ack
        raw = forged(frame, flags, seq, acked if flags & ACK else 0, payload)
        return [Delivery(other(frame.sender), raw, _AT)]

    return lambda: (then(lambda frame: frame.is_data and frame.sender == "client", more),)


def _talk_on(on: Stage) -> None:
    """The ends go on as if nothing had been."""
    client, server = on.open()
    client.sendall(b"question")
    receive(server, 8)
    on.wait(4)
    server.sendall(b"the answer")
    receive(client, 10)
    on.wait(4)
    exchange(client, server)
    close_by_client(client, server)


@scenario("three-way", "three-segment", _to_server(RST, 100))
def forged_reset_in_window(on: Stage) -> None:
    """A reset within the window but not at the number expected: challenge ACK (RFC 5961 section 3.2)."""
    _talk_on(on)


@scenario("three-way", "three-segment", _to_server(RST, -100000))
def forged_reset_outside_window(on: Stage) -> None:
    """A reset outside the window: nothing."""
    _talk_on(on)


@scenario("three-way", "reset", _to_server(RST, 0))
def forged_reset_exact(on: Stage) -> None:
    """A reset at the very number expected closes the server; what the client then sends is reset."""
    client, server = on.open()
    client.sendall(b"question")
    receive(server, 8)
    on.wait(4)
    client.sendall(b"more")
    on.wait(4)
    server.close()


@scenario("three-way", "three-segment", _to_server(SYN, 50))
def forged_syn(on: Stage) -> None:
    """A SYN on an open connection: challenge ACK (RFC 5961 section 4.2)."""
    _talk_on(on)


@scenario("three-way", "three-segment", _to_server(ACK | PSH, 0, ack=100_000_000, payload=b"evil"))
def forged_data_bad_ack(on: Stage) -> None:
    """Data that acknowledge what was never sent: challenge ACK, and they are not taken (RFC 5961 section 5.2)."""
    _talk_on(on)


@scenario("three-way", "three-segment", _to_server(ACK, 0, ack=5000))
def forged_ack_of_unsent(on: Stage) -> None:
    """An acknowledgement of what was never sent."""
    _talk_on(on)


@scenario("three-way", "three-segment", _to_server(FIN | ACK, 500))
def forged_fin_beyond_hole(on: Stage) -> None:
    """A FIN behind bytes that never come: it waits for ever."""
    _talk_on(on)


@scenario("three-way", "three-segment", _to_server(ACK | PSH, -4, payload=b"tionMORE"))
def forged_overlap(on: Stage) -> None:
    """A segment that repeats four bytes and brings four new ones."""
    client, server = on.open()
    client.sendall(b"question")
    receive(server, 12)
    on.wait(4)
    client.sendall(b"MOREagain")
    receive(server, 5)
    close_by_client(client, server)


@scenario("three-way", "three-segment", _to_server(ACK | PSH, -8, payload=b"QUESTION"))
def forged_repeat(on: Stage) -> None:
    """The same numbers with other bytes: they come too late."""
    _talk_on(on)


def _forged_syn_ack() -> tuple[Rule, ...]:
    def more(frame: Frame) -> list[Delivery]:
        raw = forged(frame, SYN | ACK, 12345, frame.seq + 77, back=True)
        return [Delivery(frame.sender, raw, 0.001)]

    return (then(lambda frame: frame.is_syn, more),)


@scenario("three-way", "three-segment", _forged_syn_ack)
def forged_syn_ack_bad_ack(on: Stage) -> None:
    """A SYN,ACK of another number: the client resets it and goes on (RFC 9293 section 3.10.7.3)."""
    _talk_on(on)


def _forged_refusal() -> tuple[Rule, ...]:
    def more(frame: Frame) -> list[Delivery]:
        return [Delivery(frame.sender, forged(frame, RST | ACK, 0, frame.seq + 99, back=True), 0.001)]

    return (then(lambda frame: frame.is_syn, more),)


@scenario("three-way", "three-segment", _forged_refusal)
def forged_refusal_bad_ack(on: Stage) -> None:
    """A refusal that does not acknowledge the SYN: nothing."""
    _talk_on(on)


def _reset_time_wait() -> tuple[Rule, ...]:
    fins: list[str] = []

    def is_last(frame: Frame) -> bool:
        if frame.is_fin:
            fins.append(frame.sender)
        return len(fins) == 2 and frame.is_pure_ack

    def more(frame: Frame) -> list[Delivery]:
        return [Delivery(frame.sender, forged(frame, RST, frame.ack, back=True), 0.02)]

    return (then(is_last, more),)


@scenario("three-way", "three-segment", _reset_time_wait)
def forged_reset_in_time_wait(on: Stage) -> None:
    """A reset hits TIME-WAIT (which Linux ends with it, RFC 1337 or not)."""
    client, server = on.open()
    exchange(client, server)
    close_by_client(client, server)
    client.close()
    on.wait(8)


@scenario("three-way", "reset", _to_server(RST | ACK, 0))
def forged_reset_both(on: Stage) -> None:
    """A reset with an acknowledgement; the client notices with its next bytes."""
    client, server = on.open()
    client.sendall(b"question")
    receive(server, 8)
    on.wait(4)
    with suppress(OSError):
        client.sendall(b"more")
    on.wait(4)
