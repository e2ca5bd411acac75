"""TCP connections between two kernels: opened, refused, closed in three ways, and stopped by a full window.

Client and server are sockets of this process on two machines. One thread is enough: the kernels do the waiting.
"""

import socket
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from netviz.lab.networks import Network, over_wire
from netviz.lab.requirements import CannotRecord
from netviz.lab.scenario import Scenario, Stage
from netviz.lab.story import Table

PORT: Final = 8000
_TCP_INFO_STATES: Final = {1: "ESTABLISHED", 4: "FIN-WAIT-1", 5: "FIN-WAIT-2", 7: "CLOSED", 8: "CLOSE-WAIT"}
_LONGER_THAN_ANY_DELAYED_ACK: Final = 0.2
_UNREAD: Final = 24_000
_SMALL_BUFFER: Final = 4096
_SLOW_START: Final = 72_000
_LONG_LINE: Final = 0.02
"""Seconds each way."""


@contextmanager
def connected(network: Network, receive_buffer: int = 0) -> Iterator[tuple[socket.socket, socket.socket]]:
    """A client's and a server's end of one connection."""
    with network.server.entered():
        listener = socket.create_server((network.server_address, network.port(PORT)))
    with network.client.entered():
        client = socket.socket()
    client.settimeout(10)
    listener.settimeout(10)
    if receive_buffer:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    with listener, client:
        client.connect((network.server_address, network.port(PORT)))
        server, _ = listener.accept()
        server.settimeout(10)
        with server:
            yield client, server


def ends(network: Network, client: socket.socket) -> Table:
    """client and server of a story's connection."""
    address, port = network.server_address, network.port(PORT)
    return {"client": f"{network.client_address}:{client.getsockname()[1]}", "server": f"{address}:{port}"}


def say(sender: socket.socket, receiver: socket.socket, text: str) -> None:
    """One end sends, the other one has read all of it."""
    sender.sendall(text.encode())
    wanted = len(text.encode())
    while wanted:
        came = len(receiver.recv(4096))
        if not came:
            raise CannotRecord("lab-went-otherwise", what="the connection ended early")
        wanted -= came


def kernel_state(end: socket.socket) -> str:
    """The state in which the kernel has a socket (TCP_INFO)."""
    number = end.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0]
    return _TCP_INFO_STATES.get(number, f"state {number}")


def expect(what: str, found: object, wanted: object) -> None:
    """Raises: CannotRecord where a program did something else than the scenario is about."""
    if found != wanted:
        raise CannotRecord("lab-went-otherwise", what=f"{what}: {found}, not {wanted}")


def note_counters(stage: Stage, *names: str) -> None:
    """Write kernels' TCP counters into the story: `server.Tcp.RetransSegs` is that of the server's machine."""
    for name in names:
        machine, _, counter = name.partition(".")
        counted = stage.network.server if machine == "server" else stage.network.client
        stage.story.counters[name] = counted.counter(counter)


def four_way_close(stage: Stage) -> None:
    """The client closes its direction; the server's kernel acknowledges at once, its program closes later."""
    with stage.recorded(), connected(stage.network) as (client, server):
        say(client, server, "good morning\n")
        say(server, client, "good morning to you\n")
        client.shutdown(socket.SHUT_WR)
        expect("the server reads the end", server.recv(1), b"")
        time.sleep(_LONGER_THAN_ANY_DELAYED_ACK)
        expect("the client's state", kernel_state(client), "FIN-WAIT-2")
        expect("the server's state", kernel_state(server), "CLOSE-WAIT")
        server.close()
        expect("the client reads the end", client.recv(1), b"")
        stage.story.connections.append(
            ends(stage.network, client) | {"opening": "three-way", "closing": "four-way", "active_closer": "client"}
        )
    stage.command("socket: connect, send, recv, shutdown(SHUT_WR), close")


def three_segment_close(stage: Stage) -> None:
    """The server closes; the client, asked to delay acknowledgements, closes as soon as it has read the end."""
    with stage.recorded(), connected(stage.network) as (client, server):
        say(client, server, "the time, please\n")
        say(server, client, "half past nine\n")
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 0)
        story = ends(stage.network, client) | {
            "opening": "three-way",
            "closing": "three-segment",
            "active_closer": "server",
        }
        server.close()
        expect("the client reads the end", client.recv(1), b"")
        client.close()
        stage.story.connections.append(story)
    stage.command("socket: connect, send, recv; the server closes first, the client at once after it")


def refused(stage: Stage) -> None:
    """Nobody listens: the server's kernel answers the SYN with RST."""
    with stage.recorded():
        with stage.network.client.entered():
            client = socket.socket()
        with client:
            client.bind((stage.network.client_address, 0))
            try:
                client.connect((stage.network.server_address, stage.network.port(PORT)))
            except ConnectionRefusedError:
                stage.story.connections.append(ends(stage.network, client) | {"opening": "refused", "closing": "none"})
            else:
                expect("connect", "succeeded", "ConnectionRefusedError")
    stage.command("socket: connect to a port where nobody listens")


def reset(stage: Stage) -> None:
    """The client has more to read than it wants, and throws the connection away (SO_LINGER of no time)."""
    with stage.recorded(), connected(stage.network) as (client, server):
        say(client, server, "tell me everything\n")
        say(server, client, "this will take a while\n" * 40)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        story = ends(stage.network, client) | {"opening": "three-way", "closing": "reset"}
        client.close()
        try:
            server.recv(1)
        except ConnectionResetError:
            stage.story.connections.append(story)
        else:
            expect("the server's recv", "returned", "ConnectionResetError")
    stage.command("socket: connect, send, recv, setsockopt(SO_LINGER, 0), close")


def zero_window(stage: Stage) -> None:
    """The client does not read until its buffer is full and the server has asked whether there is room again."""
    network = stage.network
    probed = network.server.counter("TcpExt.TCPWinProbe")
    with stage.recorded(), connected(network, receive_buffer=_SMALL_BUFFER) as (client, server):
        server.setblocking(False)
        waiting = b"x" * _UNREAD
        waiting = waiting[server.send(waiting) :]
        _wait_for_probe(network, probed + 2)
        server.settimeout(10)
        left = _UNREAD
        while left:
            if waiting:
                waiting = waiting[server.send(waiting) :]
            left -= len(client.recv(2048))
        story = ends(stage.network, client) | {
            "opening": "three-way",
            "active_closer": "server",
            "bytes_server": _UNREAD,
        }
        server.close()
        expect("the client reads the end", client.recv(1), b"")
        stage.story.connections.append(story)
    note_counters(stage, "client.TcpExt.TCPToZeroWindowAdv", "server.TcpExt.TCPWinProbe", "server.Tcp.RetransSegs")
    stage.command(f"socket: the server sends {_UNREAD} bytes, the client (SO_RCVBUF {_SMALL_BUFFER}) reads late")


def slow_start(stage: Stage) -> None:
    """The server sends more than its first congestion window over a line with 40 ms of round trip: fleets that grow."""
    with stage.recorded(), connected(stage.network) as (client, server):
        story = ends(stage.network, client) | {
            "opening": "three-way",
            "active_closer": "server",
            "bytes_server": _SLOW_START,
        }
        server.sendall(b"x" * _SLOW_START)
        left = _SLOW_START
        while left:
            left -= len(client.recv(65_536))
        server.close()
        expect("the client reads the end", client.recv(1), b"")
        stage.story.connections.append(story)
    note_counters(stage, "server.Tcp.RetransSegs")
    stage.command(f"socket: the server sends {_SLOW_START} bytes over a line of 20 ms each way")


def _wait_for_probe(network: Network, wanted: int) -> None:
    ends_at = time.monotonic() + 5
    while network.server.counter("TcpExt.TCPWinProbe") < wanted:
        if time.monotonic() > ends_at:
            raise CannotRecord("lab-went-otherwise", what="no window probe came")
        time.sleep(0.05)


SCENARIOS: Final = (
    Scenario(
        "handshake-four-way-close",
        "A TCP connection: three-way handshake, a word each way, and a close in four steps",
        "TCP 연결: 3-way 핸드셰이크, 한마디씩 주고받기, 4단계 연결 종료",
        four_way_close,
    ),
    Scenario(
        "three-segment-close",
        "A TCP connection closed in three segments: the FIN of one side carries the ACK of the other's",
        "세그먼트 세 개로 종료되는 TCP 연결: 한쪽의 FIN이 상대 FIN의 ACK를 겸합니다",
        three_segment_close,
    ),
    Scenario(
        "refused",
        "A connection refused: nobody listens on the port, RST answers the SYN",
        "거부된 연결: 포트에서 기다리는 프로그램이 없어 SYN에 RST가 돌아옵니다",
        refused,
        nanoseconds=True,
    ),
    Scenario(
        "reset",
        "A connection thrown away in the middle: RST instead of FIN",
        "도중에 버려진 연결: FIN 대신 RST로 끝납니다",
        reset,
    ),
    Scenario(
        "zero-window",
        "Flow control: the receiver's window shrinks to zero, is probed, and opens again",
        "흐름 제어: 수신 윈도우가 0까지 줄고, 프로브를 받은 뒤 다시 열립니다",
        zero_window,
    ),
    Scenario(
        "slow-start",
        "Congestion control: over 40 ms of round trip the server sends in fleets that grow (slow start)",
        "혼잡 제어: 왕복 40 ms인 회선에서 서버가 점점 커지는 묶음으로 보냅니다(느린 시작)",
        slow_start,
        network=lambda: over_wire(delay=_LONG_LINE),
    ),
)
