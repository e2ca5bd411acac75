"""Makes a bounded load of TCP and HTTP for the live benchmarks: `python tests/live_load.py IFACE --rate 20000 --seconds 60`.

Raw frames of whole connections, both directions, handshake to close, with right checksums, sent into one end of a veth
pair by sendmmsg(2). Each round the sequence numbers go on, so a port that comes again is a new connection. Linux, root.
"""

import argparse
import ctypes
import socket
import struct
import time
from typing import Final

import numpy as np
import numpy.typing as npt

CONNECTIONS: Final = 2_000
"""Connections of a round; `AT_ONCE` of them are interleaved."""

AT_ONCE: Final = 50
_SLOT: Final = 1536
_ETHERNET: Final = bytes.fromhex("020000000b02020000000b010800")
_SERVER, _CLIENT = bytes((10, 66, 1, 2)), bytes((10, 66, 1, 1))
_SYN, _ACK, _FIN, _PSH = 2, 16, 1, 8
_SEQUENCE_AT, _ACKNOWLEDGMENT_AT, _CHECKSUM_AT = 38, 42, 50

Frames = tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]


def conversation(number: int) -> list[bytes]:
    """One connection: a GET with cookie, an answer in two segments, a CORS preflight with its answer, four-way close."""
    port = 20_000 + number
    client, server = (number * 7919) & 0x3FFFFFFF, (number * 104_729) & 0x3FFFFFFF
    get = f"GET /item/{number} HTTP/1.1\r\nHost: shop.test\r\nOrigin: http://app.test\r\nCookie: id={number}\r\n\r\n"
    body = b"x" * (600 + number % 1000)
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    ask = (
        f"OPTIONS /item/{number} HTTP/1.1\r\nHost: shop.test\r\nOrigin: http://app.test\r\n"
        "Access-Control-Request-Method: PUT\r\n\r\n"
    )
    permit = "HTTP/1.1 204 No Content\r\nAccess-Control-Allow-Origin: http://app.test\r\n\r\n"
    frames: list[bytes] = []

    def say(to_server: bool, flags: int, payload: bytes = b"") -> None:
        nonlocal client, server
        frames.append(_frame(port, to_server, client, server, flags, payload))
        step = len(payload) + bool(flags & (_SYN | _FIN))
        if to_server:
            client += step
        else:
            server += step

    say(True, _SYN)
    say(False, _SYN | _ACK)
    say(True, _ACK)
    say(True, _PSH | _ACK, get.encode())
    say(False, _ACK, answer[:400])
    say(False, _PSH | _ACK, answer[400:])
    say(True, _ACK)
    say(True, _PSH | _ACK, ask.encode())
    say(False, _PSH | _ACK, permit.encode())
    for to_server in (True, False):
        say(to_server, _FIN | _ACK)
        say(not to_server, _ACK)
    return frames


def _frame(port: int, to_server: bool, client: int, server: int, flags: int, payload: bytes) -> bytes:
    ports, ends = ((port, 80), (_CLIENT, _SERVER)) if to_server else ((80, port), (_SERVER, _CLIENT))
    sequence, acknowledged = (client, server) if to_server else (server, client)
    numbers = (sequence, acknowledged if flags & _ACK else 0)
    tcp = struct.pack(">HHIIBBHHH", *ports, *numbers, 0x50, flags, 64240, 0, 0) + payload
    pseudo = b"".join(ends) + struct.pack(">BBH", 0, 6, len(tcp))
    tcp = tcp[:16] + struct.pack(">H", checksum(pseudo + tcp)) + tcp[18:]
    head = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(tcp), 0, 0x4000, 64, 6, 0, *ends)
    head = head[:10] + struct.pack(">H", checksum(head)) + head[12:]
    return _ETHERNET + head + tcp


def checksum(data: bytes) -> int:
    """The Internet checksum (RFC 1071)."""
    data += bytes(len(data) % 2)
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def one_round() -> Frames:
    """All frames of a round, interleaved, in slots of equal size; and their lengths."""
    talks = [conversation(number) for number in range(CONNECTIONS)]
    order = [
        talk[step]
        for first in range(0, CONNECTIONS, AT_ONCE)
        for step in range(len(talks[0]))
        for talk in talks[first : first + AT_ONCE]
    ]
    slots = np.zeros((len(order), _SLOT), np.uint8)
    for row, frame in enumerate(order):
        slots[row, : len(frame)] = np.frombuffer(frame, np.uint8)
    return slots, np.array([len(frame) for frame in order], np.int64)


def go_on(slots: npt.NDArray[np.uint8]) -> None:
    """Sequence and acknowledgment numbers 65536 further, and the checksums with them (RFC 1624)."""
    words = slots.view(">u2")
    total = (~words[:, _CHECKSUM_AT // 2]).astype(np.uint32)
    for at, rows in ((_SEQUENCE_AT, slice(None)), (_ACKNOWLEDGMENT_AT, (slots[:, 47] & _ACK) != 0)):
        words[rows, at // 2] += 1
        total[rows] += 1
    total = (total & 0xFFFF) + (total >> 16)
    words[:, _CHECKSUM_AT // 2] = ~total.astype(np.uint16)


def messages(slots: npt.NDArray[np.uint8], lengths: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.uint64], object]:
    """An array of struct mmsghdr (64 bytes each) over the slots, and what it points to, to be kept."""
    vectors = np.zeros((len(slots), 2), np.uint64)
    vectors[:, 0] = slots.ctypes.data + np.arange(len(slots), dtype=np.uint64) * np.uint64(_SLOT)
    vectors[:, 1] = lengths
    headers = np.zeros((len(slots), 8), np.uint64)
    headers[:, 2] = vectors.ctypes.data + np.arange(len(slots), dtype=np.uint64) * np.uint64(16)
    headers[:, 3] = 1
    return headers, vectors


def send(interface: str, rate: int, seconds: float) -> int:
    """Send at a rate, never faster; returns how many frames went out."""
    out = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    out.setsockopt(263, 20, 1)  # SOL_PACKET, PACKET_QDISC_BYPASS
    out.bind((interface, 0))
    slots, lengths = one_round()
    headers, _kept = messages(slots, lengths)
    library = ctypes.CDLL(None, use_errno=True)
    at_once = max(1, min(256, rate // 200))
    sent, row, began = 0, 0, time.monotonic()
    while (elapsed := time.monotonic() - began) < seconds:
        due = int(elapsed * rate) - sent
        if due < at_once:
            time.sleep(min((at_once - due) / rate, 0.02))
            continue
        wanted = min(at_once, len(slots) - row)
        done = library.sendmmsg(out.fileno(), ctypes.c_void_p(headers.ctypes.data + 64 * row), wanted, 0)
        sent += max(done, 0)
        row += max(done, 0)
        if row == len(slots):
            row = 0
            go_on(slots)
    return sent


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    given.add_argument("interface")
    given.add_argument("--rate", type=int, default=20_000)
    given.add_argument("--seconds", type=float, default=60)
    options = given.parse_args()
    began = time.monotonic()
    sent = send(options.interface, options.rate, options.seconds)
    print(sent, time.monotonic() - began, flush=True)


if __name__ == "__main__":
    main()
