"""Labs about TCP: opening, closing in every way, refusal, reset, a full window, loss and what mends it."""

import http.client
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Final

from netviz.lab.laboratory import Choices, Lab, LiveStage, Place, Running
from netviz.lab.labs.places import ECHO, echoing, filter_of, machines_of, placed, typed
from netviz.lab.line import Line
from netviz.lab.networks import Network
from netviz.lab.scenario import Stage
from netviz.lab.scenarios.transport import (
    PORT,
    connected,
    ends,
    expect,
    four_way_close,
    refused,
    reset,
    say,
    three_segment_close,
    zero_window,
)
from netviz.lab.scenarios.web import page
from netviz.lab.story import Story
from netviz.lab.web import serving

_APART: Final = 0.4
"""Seconds between two things that a class should see one after the other."""

_TRANSFER: Final = 80_000
_STEADY_BUFFER: Final = "32768 32768 32768"
_WEB: Final = 8080


def handshake(stage: Stage) -> None:
    """Open, say one word each way, and close."""
    with connected(stage.network) as (client, server):
        say(client, server, "good morning\n")
        say(server, client, "good morning to you\n")
        time.sleep(_APART)
        stage.story.connections.append(ends(stage.network, client) | {"opening": "three-way"})
        client.shutdown(socket.SHUT_WR)
        expect("the server reads the end", server.recv(1), b"")
    stage.command("socket: connect, send, recv, shutdown(SHUT_WR), close")


def half_close(stage: Stage) -> None:
    """The client has said all it has to say; the server goes on for a while, and the client listens."""
    with connected(stage.network) as (client, server):
        say(client, server, "read me the list\n")
        client.shutdown(socket.SHUT_WR)
        expect("the server reads the end", server.recv(1), b"")
        for tea in ("green\n", "black\n", "white\n"):
            time.sleep(_APART)
            say(server, client, tea)
        stage.story.connections.append(
            ends(stage.network, client) | {"opening": "three-way", "active_closer": "client"}
        )
        server.close()
        expect("the client reads the end", client.recv(1), b"")
    stage.command("socket: the client's shutdown(SHUT_WR) long before the server's close")


def simultaneous_close(stage: Stage) -> None:
    """Both ends close while the other's FIN is still on its way."""
    with connected(stage.network) as (client, server):
        say(client, server, "goodbye\n")
        say(server, client, "goodbye\n")
        time.sleep(_APART)
        stage.story.connections.append(ends(stage.network, client) | {"opening": "three-way"})
        client.shutdown(socket.SHUT_WR)
        server.shutdown(socket.SHUT_WR)
        expect("the client reads the end", client.recv(1), b"")
        expect("the server reads the end", server.recv(1), b"")
    stage.command("socket: shutdown(SHUT_WR) on both ends at once")


@contextmanager
def _socket_lab(
    choices: Choices, play: Callable[[Stage], None], line: Line | None = None, by_hand: bool = True
) -> Iterator[Running]:
    with placed(choices, (PORT, ECHO), line) as network, echoing(network) as talk:
        commands = (talk,) if by_hand else (typed(network.client, f"nc {network.server_address} {network.port(PORT)}"),)
        yield Running(
            machines_of(network),
            network.interface,
            filter_of(choices, network),
            lambda story: play(LiveStage(network, story)),
            commands=commands,
        )


@contextmanager
def _transfer_lab(choices: Choices) -> Iterator[Running]:
    """A download over a bad line, watched where it is sent."""
    line = choices.line or _BAD_LINE
    with placed(choices, (), line) as network:
        network.client.setting("ipv4.tcp_rmem", _STEADY_BUFFER)
        with serving(network.server, network.server_address, _WEB, page(_TRANSFER)):
            url = f"http://{network.server_address}:{_WEB}/teas.txt"
            yield Running(
                machines_of(network, first="server"),
                network.interface,
                play=partial(_download, network, line),
                commands=(typed(network.client, f"curl -o /dev/null {url}"),),
            )


def _download(network: Network, line: Line, story: Story) -> None:
    with network.client.entered():
        client = http.client.HTTPConnection(network.server_address, _WEB, timeout=60)
        client.connect()
    try:
        client.request("GET", "/teas.txt")
        expect("bytes that arrived", len(client.getresponse().read()), _TRANSFER)
    finally:
        client.close()
    story.counters |= {"lost": line.lost, "late": line.late, "doubled": line.doubled}
    story.counters["server.Tcp.RetransSegs"] = network.server.counter("Tcp.RetransSegs")


_BAD_LINE: Final = Line(delay=0.02, loss=0.06, only_from="server", shortest=200)
_LONG_LINE: Final = Line(delay=0.08)
_BOTH: Final[tuple[Place, ...]] = ("machines", "loopback")


def _lab(
    name: str,
    play: Callable[[Stage], None],
    places: tuple[Place, ...] = _BOTH,
    line: Line | None = None,
    by_hand: bool = True,
) -> Lab:
    start = partial(_socket_lab, play=play, line=line, by_hand=by_hand)
    return Lab(name, "tcp", places, start, needs_line=line is not None)


LABS: Final = (
    _lab("handshake", handshake),
    _lab("close-four", four_way_close),
    _lab("close-three", three_segment_close),
    _lab("close-half", half_close),
    _lab("close-simultaneous", simultaneous_close, ("machines",), _LONG_LINE),
    _lab("refused", refused, by_hand=False),
    _lab("reset", reset),
    _lab("zero-window", zero_window),
    Lab("loss", "tcp", ("machines",), _transfer_lab, needs_line=True),
)
