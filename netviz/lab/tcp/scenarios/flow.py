"""Open connections: losses in the middle, copies, disorder, closed windows, keep-alives, time-outs that double."""

import socket
import time

from netviz.lab.tcp.line import late, lost, twice
from netviz.lab.tcp.scenario import scenario
from netviz.lab.tcp.scenarios.opening import close_by_client, exchange
from netviz.lab.tcp.stage import Stage, drain, half_close, receive

_PLAIN = (("ipv4.tcp_sack", "0"), ("ipv4.tcp_timestamps", "0"))


def _download(on: Stage, size: int) -> None:
    client, server = on.open()
    client.sendall(b"question")
    receive(server, 8)
    server.sendall(b"x" * size)
    half_close(server)
    drain(client)
    time.sleep(0.1)
    half_close(client)
    drain(server)


@scenario("three-way", "four-way", lambda: (lost(lambda frame: frame.is_data and frame.sender == "server", nth=8),))
def data_lost(on: Stage) -> None:
    """One segment is lost: duplicate acknowledgements with SACK blocks, and a fast retransmission."""
    _download(on, 60_000)


@scenario(
    "three-way", "four-way",
    lambda: (lost(lambda frame: frame.is_data and frame.sender == "server", nth=12, early=True),), settings=_PLAIN,
)  # fmt: skip
def data_lost_without_sack(on: Stage) -> None:
    """The same without SACK and timestamps, lost before the middle."""
    _download(on, 60_000)


@scenario(
    "three-way",
    "four-way",
    lambda: (lost(lambda frame: frame.is_data and frame.sender == "server", nth=30, times=3),),
)
def burst_lost(on: Stage) -> None:
    """Three segments in a row."""
    _download(on, 60_000)


@scenario(
    "three-way", "four-way", lambda: (lost(lambda frame: frame.is_data and frame.sender == "client", nth=2, times=3),)
)
def timeouts_double(on: Stage) -> None:
    """One lonely segment is lost three times: the time-out doubles each time (RFC 6298 section 5.5)."""
    client, server = on.open()
    exchange(client, server)
    client.sendall(b"lonely")
    receive(server, 6)
    half_close(client)
    drain(server)
    time.sleep(0.08)
    half_close(server)
    drain(client)


@scenario(
    "three-way",
    "four-way",
    lambda: (late(lambda frame: frame.is_data and frame.sender == "server", 0.004, nth=9),),
)
def data_late(on: Stage) -> None:
    """One segment is overtaken by a few others."""
    _download(on, 60_000)


@scenario("three-way", "four-way", lambda: (twice(lambda frame: frame.is_data and frame.sender == "server", nth=5),))
def data_twice(on: Stage) -> None:
    """The line makes a copy of one segment: D-SACK (RFC 2883)."""
    _download(on, 30_000)


@scenario(
    "three-way", "four-way",
    lambda: (lost(lambda frame: frame.is_pure_ack and frame.sender == "client", nth=4, times=3),),
)  # fmt: skip
def acks_lost(on: Stage) -> None:
    """Some acknowledgements are lost: the next ones do their work."""
    _download(on, 60_000)


@scenario("three-way", "four-way")
def window_closed(on: Stage) -> None:
    """The receiver does not read: zero window, probes that double, a window update."""
    listener = on.listen()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client, server = on.open(listener)
    client.setblocking(False)
    sent = 0
    for _ in range(20):
        try:
            sent += client.send(b"x" * 2000)
        except BlockingIOError:
            break
    client.settimeout(8)
    time.sleep(1.6)
    receive(server, sent)
    half_close(client)
    drain(server)
    time.sleep(0.08)
    half_close(server)
    drain(client)


@scenario("three-way", "three-segment")
def keep_alive(on: Stage) -> None:
    """Nothing is said for a while, and the client asks whether the server is still there."""
    client, server = on.open()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 1)
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 1)
    exchange(client, server)
    time.sleep(2.3)
    close_by_client(client, server)


@scenario("three-way", "four-way", version=6, delay=0.02)
def ipv6_both_ways(on: Stage) -> None:
    """Both ends send at once, over IPv6."""
    client, server = on.open()
    client.sendall(b"c" * 8_000)
    server.sendall(b"s" * 8_000)
    receive(client, 8_000)
    receive(server, 8_000)
    half_close(client)
    drain(server)
    time.sleep(0.1)
    half_close(server)
    drain(client)
