"""Openings: in three segments, at once from both sides, with losses, with Fast Open, refused, never answered."""

import socket
import time
from contextlib import suppress

from netviz.lab.tcp.line import Rule, late, lost, twice
from netviz.lab.tcp.scenario import scenario
from netviz.lab.tcp.stage import PORTS, Stage, drain, half_close, receive

_FAST_OPEN = 23
"""linux/tcp.h: TCP_FASTOPEN."""
_MSG_FASTOPEN = 0x20000000
_QUICKACK = 12


def close_by_client(client: socket.socket, server: socket.socket) -> None:
    """The client closes, then the server."""
    half_close(client)
    drain(server)
    half_close(server)
    drain(client)


def exchange(client: socket.socket, server: socket.socket) -> None:
    """A question and its answer."""
    client.sendall(b"question")
    receive(server, 8)
    server.sendall(b"the answer")
    receive(client, 10)


@scenario("three-way", "four-way")
def plain(on: Stage) -> None:
    """Opening, exchange, close by the client; the server waits before it closes, too."""
    client, server = on.open()
    exchange(client, server)
    half_close(client)
    drain(server)
    time.sleep(0.08)
    half_close(server)
    drain(client)


@scenario("three-way", "four-way", version=6)
def plain_ipv6(on: Stage) -> None:
    """The same over IPv6."""
    plain(on)


def _both_connect(on: Stage) -> tuple[socket.socket, socket.socket]:
    ends = on.socket("client"), on.socket("server")
    for end in ends:
        end.setblocking(False)
    with suppress(BlockingIOError):
        ends[0].connect((on.address("server"), PORTS["server"]))
    with suppress(BlockingIOError):
        ends[1].connect((on.address("client"), PORTS["client"]))
    time.sleep(on.line.delay * 5)
    for end in ends:
        end.settimeout(8)
    return ends


@scenario("simultaneous", "three-segment", delay=0.03)
def simultaneous_open(on: Stage) -> None:
    """Both ends connect to each other; the SYNs cross."""
    client, server = _both_connect(on)
    exchange(client, server)
    close_by_client(client, server)


def _server_syn_lost() -> tuple[Rule, ...]:
    return (lost(lambda frame: frame.is_syn and frame.sender == "server"),)


@scenario("simultaneous", "three-segment", _server_syn_lost, delay=0.03)
def simultaneous_open_one_lost(on: Stage) -> None:
    """The SYNs cross, and one is lost: the SYN,ACK that answers the other opens both."""
    client, server = _both_connect(on)
    time.sleep(1.2)
    exchange(client, server)
    close_by_client(client, server)


@scenario("three-way", "three-segment", lambda: (lost(lambda frame: frame.is_syn, times=2),))
def syn_lost(on: Stage) -> None:
    """Two SYNs do not arrive; the third does."""
    client, server = on.open()
    exchange(client, server)
    close_by_client(client, server)


@scenario("three-way", "three-segment", lambda: (lost(lambda frame: frame.is_syn_ack),))
def syn_ack_lost(on: Stage) -> None:
    """The SYN,ACK is lost: the SYN goes again, and the SYN,ACK with it."""
    client, server = on.open()
    exchange(client, server)
    close_by_client(client, server)


@scenario("three-way", "three-segment", lambda: (late(lambda frame: frame.is_syn_ack, 1.3),))
def syn_ack_late(on: Stage) -> None:
    """The SYN,ACK takes longer than the client's patience: the SYN has gone again by then."""
    client, server = on.open()
    exchange(client, server)
    close_by_client(client, server)
    time.sleep(0.6)


@scenario(
    "three-way", "three-segment", lambda: (twice(lambda frame: frame.is_syn), twice(lambda frame: frame.is_syn_ack))
)
def opening_twice(on: Stage) -> None:
    """The line makes copies of the SYN and of the SYN,ACK."""
    client, server = on.open()
    exchange(client, server)
    close_by_client(client, server)


@scenario("three-way", "three-segment", lambda: (lost(lambda frame: frame.is_pure_ack),))
def handshake_ack_lost(on: Stage) -> None:
    """The last segment of the handshake is lost; the SYN,ACK goes again and is acknowledged again."""
    listener = on.listen()
    client = on.socket("client")
    client.connect((on.address("server"), PORTS["server"]))
    server, _ = listener.accept()
    server.settimeout(8)
    on.kept.append(server)
    exchange(client, server)
    close_by_client(client, server)


def _acks_lost() -> tuple[Rule, ...]:
    return (lost(lambda frame: frame.is_pure_ack and frame.sender == "client"),)


@scenario("three-way", "three-segment", _acks_lost)
def handshake_ack_lost_then_data(on: Stage) -> None:
    """The last segment of the handshake is lost; the data behind it does its work."""
    listener = on.listen()
    client = on.socket("client")
    client.connect((on.address("server"), PORTS["server"]))
    client.sendall(b"question")
    server, _ = listener.accept()
    server.settimeout(8)
    on.kept.append(server)
    receive(server, 8)
    server.sendall(b"the answer")
    receive(client, 10)
    close_by_client(client, server)


@scenario("three-way", "three-segment")
def handshake_ack_with_data(on: Stage) -> None:
    """The client has data at once, and its handshake ACK waits for it."""
    listener = on.listen()
    client = on.socket("client")
    client.setsockopt(socket.IPPROTO_TCP, _QUICKACK, 0)
    client.connect((on.address("server"), PORTS["server"]))
    client.sendall(b"question")
    server, _ = listener.accept()
    server.settimeout(8)
    on.kept.append(server)
    receive(server, 8)
    server.sendall(b"the answer")
    receive(client, 10)
    close_by_client(client, server)


def _fast_opened(on: Stage, listener: socket.socket, port: int) -> None:
    client = on.socket("client", port)
    client.settimeout(None)
    client.sendto(b"question", _MSG_FASTOPEN, (on.address("server"), PORTS["server"]))
    server, _ = listener.accept()
    server.settimeout(8)
    on.kept.append(server)
    receive(server, 8)
    server.sendall(b"the answer")
    receive(client, 10)
    close_by_client(client, server)


@scenario("three-way fast-open", "three-segment three-segment", settings=(("ipv4.tcp_fastopen", "3"),))
def fast_open(on: Stage) -> None:
    """The first connection gets a cookie, the second one sends its question in the SYN."""
    listener = on.listen()
    listener.setsockopt(socket.IPPROTO_TCP, _FAST_OPEN, 5)
    _fast_opened(on, listener, PORTS["client"])
    _fast_opened(on, listener, PORTS["client"] + 1)


@scenario("fast-open", "three-segment", settings=(("ipv4.tcp_fastopen", "519"),))
def fast_open_without_cookie(on: Stage) -> None:
    """Both ends are told to do without a cookie."""
    listener = on.listen()
    listener.setsockopt(socket.IPPROTO_TCP, _FAST_OPEN, 5)
    _fast_opened(on, listener, PORTS["client"])


@scenario("three-way", "three-segment", settings=(("ipv4.tcp_fastopen", "5"),))
def fast_open_not_taken(on: Stage) -> None:
    """The client sends data in its SYN; the server does not know Fast Open and takes only the SYN."""
    _fast_opened(on, on.listen(), PORTS["client"])


@scenario(
    "fast-open", "three-segment", lambda: (lost(lambda frame: frame.is_syn_ack),),
    settings=(("ipv4.tcp_fastopen", "519"),),
)  # fmt: skip
def fast_open_answer_lost(on: Stage) -> None:
    """The SYN,ACK to a SYN with data is lost: the SYN goes again without them."""
    listener = on.listen()
    listener.setsockopt(socket.IPPROTO_TCP, _FAST_OPEN, 5)
    _fast_opened(on, listener, PORTS["client"])


@scenario("refused", "none")
def refused(on: Stage) -> None:
    """Nobody listens."""
    with suppress(ConnectionRefusedError):
        on.socket("client").connect((on.address("server"), PORTS["server"]))


@scenario(
    "no-answer", "none", lambda: (lost(lambda frame: frame.is_syn, times=9),), settings=(("ipv4.tcp_syn_retries", "1"),)
)
def no_answer(on: Stage) -> None:
    """Every SYN is lost."""
    on.listen()
    with suppress(TimeoutError):
        on.socket("client").connect((on.address("server"), PORTS["server"]))


@scenario("aborted", "none", delay=0.05)
def given_up(on: Stage) -> None:
    """The client closes before the answer comes, which it then resets."""
    on.listen()
    client = on.socket("client")
    client.setblocking(False)
    with suppress(BlockingIOError):
        client.connect((on.address("server"), PORTS["server"]))
    client.close()
    on.wait(4)


def _unreachable(on: Stage, kind: str) -> None:
    on.server.setting("ipv4.ip_forward", 1)
    on.server.ip("route", "add", kind, "10.78.0.0/24")
    on.client.ip("route", "add", "10.78.0.0/24", "via", on.address("server"))
    with suppress(OSError):
        on.socket("client").connect(("10.78.0.9", PORTS["server"]))


@scenario("unreachable", "none")
def unreachable_host(on: Stage) -> None:
    """A router has no way to the server."""
    _unreachable(on, "unreachable")


@scenario("unreachable", "none")
def unreachable_prohibited(on: Stage) -> None:
    """A router may not pass it on."""
    _unreachable(on, "prohibit")
