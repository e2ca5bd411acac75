"""Closes: four, three and crossing segments, with data, half closed, with losses, and the ports used again."""

import socket
import time

from netviz.lab.tcp.line import late, lost, twice
from netviz.lab.tcp.scenario import scenario
from netviz.lab.tcp.scenarios.opening import close_by_client, exchange
from netviz.lab.tcp.stage import PORTS, Stage, drain, half_close, receive


@scenario("three-way", "four-way")
def close_by_server(on: Stage) -> None:
    """The server closes first."""
    client, server = on.open()
    exchange(client, server)
    half_close(server)
    drain(client)
    time.sleep(0.08)
    half_close(client)
    drain(server)


@scenario("three-way", "three-segment")
def three_segments(on: Stage) -> None:
    """The server's FIN acknowledges the client's."""
    client, server = on.open()
    exchange(client, server)
    close_by_client(client, server)


@scenario("three-way", "simultaneous", delay=0.03)
def fins_cross(on: Stage) -> None:
    """Both close at once."""
    client, server = on.open()
    exchange(client, server)
    on.wait()
    half_close(client)
    half_close(server)
    drain(client)
    drain(server)


@scenario(
    "three-way", "simultaneous", lambda: (lost(lambda frame: frame.is_fin and frame.sender == "server"),), delay=0.03
)
def fins_cross_one_lost(on: Stage) -> None:
    """Both close at once, and one FIN is lost."""
    client, server = on.open()
    exchange(client, server)
    on.wait()
    half_close(client)
    half_close(server)
    drain(client)
    drain(server)


@scenario("three-way", "three-segment")
def fin_with_data(on: Stage) -> None:
    """The last bytes and the FIN go in one segment, from both ends."""
    client, server = on.open()
    client.send(b"question", socket.MSG_MORE)
    half_close(client)
    drain(server)
    server.send(b"the answer", socket.MSG_MORE)
    half_close(server)
    drain(client)


@scenario("three-way", "four-way")
def half_closed_with_data(on: Stage) -> None:
    """After the client's FIN the server goes on sending, and the client acknowledging."""
    client, server = on.open()
    client.sendall(b"question")
    half_close(client)
    drain(server)
    for _ in range(5):
        server.sendall(b"x" * 3000)
        time.sleep(0.02)
    half_close(server)
    drain(client)


@scenario("three-way", "half-closed")
def half_closed(on: Stage) -> None:
    """Only the server closes."""
    client, server = on.open()
    exchange(client, server)
    half_close(server)
    drain(client)
    time.sleep(0.1)


@scenario("three-way", "four-way", lambda: (lost(lambda frame: frame.is_fin, times=2),))
def fin_lost(on: Stage) -> None:
    """The first FIN is lost twice."""
    client, server = on.open()
    exchange(client, server)
    half_close(client)
    drain(server)
    time.sleep(0.08)
    half_close(server)
    drain(client)


@scenario("three-way", "three-segment", lambda: (lost(lambda frame: frame.is_fin and frame.sender == "server"),))
def second_fin_lost(on: Stage) -> None:
    """The FIN that acknowledges the first one is lost: both go again."""
    client, server = on.open()
    exchange(client, server)
    close_by_client(client, server)


@scenario("three-way", "four-way", lambda: (lost(lambda frame: frame.is_pure_ack and frame.sender == "server", nth=2),))
def ack_of_fin_lost(on: Stage) -> None:
    """The acknowledgement of the first FIN is lost, and the FIN goes again."""
    client, server = on.open()
    exchange(client, server)
    half_close(client)
    drain(server)
    time.sleep(0.6)
    half_close(server)
    drain(client)


def _last_ack() -> tuple[object, ...]:
    seen: list[int] = []

    def after_second_fin(frame: object) -> bool:
        seen.append(frame.sender == "server" and frame.is_fin)  # type: ignore[attr-defined]
        return any(seen) and frame.is_pure_ack and frame.sender == "client"  # type: ignore[attr-defined]

    return (lost(after_second_fin),)


@scenario("three-way", "three-segment", _last_ack)  # type: ignore[arg-type]
def last_ack_lost(on: Stage) -> None:
    """The acknowledgement of the second FIN is lost: that FIN goes again, and is acknowledged out of TIME-WAIT."""
    client, server = on.open()
    exchange(client, server)
    close_by_client(client, server)
    time.sleep(0.7)


@scenario("three-way", "three-segment", lambda: (twice(lambda frame: frame.is_fin),))
def fin_twice(on: Stage) -> None:
    """The line makes a copy of the FIN."""
    client, server = on.open()
    exchange(client, server)
    close_by_client(client, server)


@scenario(
    "three-way", "four-way", lambda: (late(lambda frame: frame.is_data and frame.sender == "client", 0.05, nth=2),)
)
def fin_overtakes_data(on: Stage) -> None:
    """The FIN overtakes the last bytes: it counts only when they have come."""
    client, server = on.open()
    exchange(client, server)
    client.sendall(b"late")
    time.sleep(0.005)
    half_close(client)
    drain(server)
    time.sleep(0.2)
    half_close(server)
    drain(client)


@scenario("three-way", "four-way")
def closed_while_unread(on: Stage) -> None:
    """A program closes its whole socket (FIN-WAIT-2 then lives in the kernel's small object)."""
    client, server = on.open()
    exchange(client, server)
    client.close()
    drain(server)
    time.sleep(0.1)
    server.close()


@scenario("three-way three-way", "three-segment three-segment")
def ports_used_again(on: Stage) -> None:
    """The server closed first and is in TIME-WAIT; the client opens from the same port again."""
    listener = on.listen()
    client, server = on.open(listener)
    exchange(client, server)
    half_close(server)
    drain(client)
    half_close(client)
    drain(server)
    client.close()
    server.close()
    time.sleep(1.2)
    client, server = on.open(listener)
    exchange(client, server)
    close_by_client(client, server)


@scenario("three-way three-way", "reset three-segment")
def ports_used_again_after_reset(on: Stage) -> None:
    """A reset connection's ports are used again at once."""
    listener = on.listen()
    client, server = on.open(listener)
    exchange(client, server)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
    client.close()
    on.wait()
    client, server = on.open(listener, PORTS["client"])
    client.sendall(b"question")
    receive(server, 8)
    close_by_client(client, server)
