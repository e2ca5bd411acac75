"""Datagrams that are answered, refused, and lost in silence: what a program over UDP learns of each, and what not."""

import socket
from typing import Final

from netviz.lab.networks import Network
from netviz.lab.requirements import CannotRecord
from netviz.lab.scenario import Scenario, Stage

_ECHO, _NOBODY, _SILENT = 7007, 7008, 7009
_PATIENCE: Final = 0.4
"""Seconds after which the program asks again."""


def datagrams(stage: Stage) -> None:
    """One is echoed, one meets a closed port, one is read and never answered, so that the program sends it again."""
    network = stage.network
    with network.server.entered():
        echo, silent = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
    with echo, silent:
        echo.bind((network.server_address, _ECHO))
        silent.bind((network.server_address, _SILENT))
        echo.settimeout(5)
        with stage.recorded():
            with _to(network, _ECHO) as client:
                client.send(b"is anybody there?")
                asked, sender = echo.recvfrom(100)
                echo.sendto(asked, sender)
                client.recv(100)
            _refused(network)
            _unanswered(network)
    stage.command("socket: UDP to a port that echoes, to a port where nobody listens, to one that never answers")


def _to(network: Network, port: int) -> socket.socket:
    with network.client.entered():
        client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    client.settimeout(_PATIENCE)
    client.connect((network.server_address, port))
    return client


def _refused(network: Network) -> None:
    with _to(network, _NOBODY) as client:
        client.send(b"is anybody there?")
        try:
            client.recv(100)
        except ConnectionRefusedError:
            return
    raise CannotRecord("lab-went-otherwise", what="a datagram to a closed port was not refused")


def _unanswered(network: Network) -> None:
    with _to(network, _SILENT) as client:
        for _ in range(2):
            client.send(b"is anybody there?")
            try:
                client.recv(100)
            except TimeoutError:
                continue
            raise CannotRecord("lab-went-otherwise", what="the silent port answered")


SCENARIOS: Final = (
    Scenario(
        "udp-refused",
        "UDP: a datagram echoed, one refused by ICMP (port unreachable), one never answered and sent again",
        "UDP: 되돌아온 데이터그램, ICMP(포트 도달 불가)로 거부된 데이터그램, 응답이 없어 다시 보낸 데이터그램",
        datagrams,
    ),
)
