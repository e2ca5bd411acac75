"""A DNS server for a handful of names (RFC 1035), that remembers what it was asked. Knows no capture."""

import ipaddress
import socket
import socketserver
import struct
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Final

from netviz.lab.namespaces import Namespace
from netviz.lab.story import Table

Zone = Mapping[str, Mapping[str, str]]
"""Name -> record type (A, AAAA) -> address."""

STATUS: Final = {0: "NOERROR", 1: "FORMERR", 3: "NXDOMAIN"}
TYPES: Final = {1: "A", 6: "SOA", 28: "AAAA", 65: "HTTPS"}

_HEADER: Final = struct.Struct("!6H")
_ANSWER, _RECURSION_DESIRED, _RECURSION_AVAILABLE = 0x8000, 0x0100, 0x0080
_POINTER_TO_QUESTION: Final = 0xC00C
_LIFETIME: Final = 300


def reply(query: bytes, zone: Zone) -> tuple[bytes, Table]:
    """The response to a query, and what was asked and answered. Raises: ValueError where it is no query."""
    number, flags, questions, *_ = _HEADER.unpack_from(query) if len(query) >= 12 else (0, 0, 0)
    if questions != 1:
        raise ValueError("not one question")
    name, end = _name(query, 12)
    record_type = int.from_bytes(query[end : end + 2], "big")
    kind = TYPES.get(record_type, f"TYPE{record_type}")
    known = zone.get(name.lower())
    status = 0 if known is not None else 3
    address = (known or {}).get(kind)
    answers = _record(_POINTER_TO_QUESTION, record_type, ipaddress.ip_address(address).packed) if address else b""
    authority = b"" if address else _start_of_authority()
    head = _HEADER.pack(
        number,
        _ANSWER | flags & _RECURSION_DESIRED | _RECURSION_AVAILABLE | status,
        1,
        bool(answers),
        bool(authority),
        0,
    )
    response = head + query[12 : end + 4] + answers + authority
    return response, {"name": name, "type": kind, "status": STATUS[status]}


def _name(message: bytes, at: int) -> tuple[str, int]:
    labels = []
    while at < len(message) and message[at]:
        labels.append(message[at + 1 : at + 1 + message[at]].decode("ascii"))
        at += 1 + message[at]
    return ".".join(labels), at + 1


def _record(pointer: int, record_type: int, data: bytes) -> bytes:
    return struct.pack("!HHHIH", pointer, record_type, 1, _LIFETIME, len(data)) + data


def _start_of_authority() -> bytes:
    """The SOA record of the root of this small world, which a negative answer carries (RFC 2308)."""
    zone = b"\x07example\x00"
    data = b"\x02ns" + zone + b"\x05admin" + zone + struct.pack("!5I", 1, 3600, 600, 86_400, 60)
    return zone + struct.pack("!HHIH", 6, 1, _LIFETIME, len(data)) + data


@contextmanager
def resolving(machine: Namespace, address: str, zone: Zone, port: int = 53) -> Iterator[list[Table]]:
    """The zone is served over UDP on the machine during the block; yields the list of what was asked."""
    asked: list[Table] = []
    with machine.entered():
        server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        waker = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind((address, port))
    thread = threading.Thread(target=_serve, args=(server, zone, asked), name="names")
    thread.start()
    try:
        yield asked
    finally:
        waker.sendto(b"", (address, port))
        thread.join()
        waker.close()
        server.close()


def _serve(server: socket.socket, zone: Zone, asked: list[Table]) -> None:
    while True:
        query, client = server.recvfrom(4096)
        if not query:
            return
        with suppress(ValueError):
            response, said = reply(query, zone)
            asked.append(said)
            server.sendto(response, client)


class _OverTcp(socketserver.StreamRequestHandler):
    """Queries on one connection, each with its length before it (RFC 7766)."""

    timeout = 10

    def handle(self) -> None:
        """Answer until the client has no more to ask, or asks what is no query."""
        with suppress(OSError, ValueError):
            while len(length := self.rfile.read(2)) == 2:
                query = self.rfile.read(int.from_bytes(length, "big"))
                assert isinstance(self.server, _TcpNames)
                response, _ = reply(query, self.server.zone)
                self.wfile.write(len(response).to_bytes(2, "big") + response)


class _TcpNames(socketserver.ThreadingTCPServer):
    daemon_threads = allow_reuse_address = True

    def __init__(self, address: str, port: int, zone: Zone) -> None:
        self.zone = zone
        super().__init__((address, port), _OverTcp)


@contextmanager
def resolving_over_tcp(machine: Namespace, address: str, zone: Zone, port: int = 53) -> Iterator[None]:
    """The zone is served over TCP on the machine during the block."""
    with machine.entered():
        server = _TcpNames(address, port, zone)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, name="names over TCP")
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def question(number: int, name: str, kind: str) -> bytes:
    """A query for one record of a name, recursion desired."""
    labels = b"".join(bytes([len(label)]) + label.encode("ascii") for label in name.split("."))
    record_type = next(code for code, known in TYPES.items() if known == kind)
    return _HEADER.pack(number, _RECURSION_DESIRED, 1, 0, 0, 0) + labels + struct.pack("!xHH", record_type, 1)


def status_of(response: bytes) -> str:
    """What a response says about the name: NOERROR, NXDOMAIN ... Raises: ValueError where it is too short."""
    if len(response) < _HEADER.size:
        raise ValueError("no DNS message")
    code = response[3] & 15
    return STATUS.get(code, f"RCODE{code}")
