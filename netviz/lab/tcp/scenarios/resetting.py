"""Resets by the programs themselves, in each state, and connections of which one end has forgotten."""

import socket
import time
from contextlib import suppress

from netviz.lab.tcp.line import lost
from netviz.lab.tcp.scenario import scenario
from netviz.lab.tcp.scenarios.opening import close_by_client, exchange
from netviz.lab.tcp.stage import PORTS, Stage, abort, drain, half_close, receive

_REPAIR = 19
"""linux/tcp.h: TCP_REPAIR; a socket closed in it says nothing to anyone."""


def forget(end: socket.socket) -> None:
    """The machine loses its memory of a connection, as in a power cut."""
    end.setsockopt(socket.IPPROTO_TCP, _REPAIR, 1)
    end.close()


@scenario("three-way", "reset")
def reset_by_client(on: Stage) -> None:
    """The client aborts."""
    client, server = on.open()
    exchange(client, server)
    abort(client)
    on.wait()


@scenario("three-way", "reset")
def reset_by_server(on: Stage) -> None:
    """The server closes with bytes unread, which resets (RFC 2525 section 2.17)."""
    client, server = on.open()
    client.sendall(b"question")
    on.wait()
    server.close()
    on.wait()


@scenario("three-way", "reset", lambda: (lost(lambda frame: bool(frame.flags & 4)),))
def reset_lost(on: Stage) -> None:
    """The reset is lost; what the other end sends then is answered by another one."""
    client, server = on.open()
    exchange(client, server)
    abort(client)
    on.wait()
    server.sendall(b"more")
    on.wait(4)


@scenario("three-way", "fin-then-reset")
def reset_in_close_wait(on: Stage) -> None:
    """The server closes, the client aborts."""
    client, server = on.open()
    exchange(client, server)
    half_close(server)
    drain(client)
    on.wait()
    abort(client)
    on.wait()


@scenario("three-way", "fin-then-reset")
def reset_in_fin_wait_2(on: Stage) -> None:
    """The client closes, then aborts while it waits for the server."""
    client, server = on.open()
    exchange(client, server)
    half_close(client)
    drain(server)
    time.sleep(0.15)
    abort(client)
    on.wait()


@scenario("three-way", "fin-then-reset", delay=0.05)
def reset_in_fin_wait_1(on: Stage) -> None:
    """The client closes and aborts before its FIN can be acknowledged."""
    client, server = on.open()
    exchange(client, server)
    on.wait()
    half_close(client)
    abort(client)
    on.wait()


@scenario("three-way", "three-segment", delay=0.05)
def reset_in_last_ack(on: Stage) -> None:
    """The server answers the FIN with its own and aborts at once, without a word; then it does not know the last ACK."""
    client, server = on.open()
    exchange(client, server)
    half_close(client)
    drain(server)
    half_close(server)
    abort(server)
    on.wait()


@scenario("three-way", "fin-then-reset", delay=0.05)
def reset_in_closing(on: Stage) -> None:
    """Both close at once, and one aborts before anything is acknowledged."""
    client, server = on.open()
    exchange(client, server)
    on.wait()
    half_close(client)
    half_close(server)
    time.sleep(0.07)
    abort(client)
    on.wait()


@scenario("three-way", "fin-then-reset")
def data_to_a_closed_program(on: Stage) -> None:
    """The client closes its whole socket; what the server still sends is reset."""
    client, server = on.open()
    exchange(client, server)
    client.close()
    drain(server)
    on.wait()
    server.sendall(b"too late")
    on.wait(4)


@scenario("aborted", "none", lambda: (lost(lambda frame: frame.is_pure_ack),), delay=0.02)
def reset_in_syn_received(on: Stage) -> None:
    """The handshake's last segment is lost, and the client aborts."""
    on.listen()
    client = on.socket("client")
    client.connect((on.address("server"), PORTS["server"]))
    abort(client)
    on.wait(4)


@scenario("three-way", "reset")
def half_open_found_by_data(on: Stage) -> None:
    """The server has forgotten the connection; the client's next bytes are reset."""
    client, server = on.open()
    exchange(client, server)
    forget(server)
    client.sendall(b"are you there?")
    on.wait(4)


@scenario("three-way three-way", "open three-segment")
def half_open_found_by_syn(on: Stage) -> None:
    """The client has forgotten the connection and opens anew: a challenge ACK, a reset, and the SYN again."""
    listener = on.listen()
    client, server = on.open(listener)
    exchange(client, server)
    forget(client)
    again = on.socket("client")
    again.connect((on.address("server"), PORTS["server"]))
    server, _ = listener.accept()
    server.settimeout(8)
    on.kept.append(server)
    again.sendall(b"question")
    receive(server, 8)
    close_by_client(again, server)


@scenario("three-way", "reset")
def listener_closed_before_accept(on: Stage) -> None:
    """The listener closes with the connection still in its queue."""
    listener = on.listen()
    client = on.socket("client")
    client.connect((on.address("server"), PORTS["server"]))
    on.wait()
    listener.close()
    on.wait()
    with suppress(OSError):
        client.sendall(b"x")
