"""HTTP messages of every capture, held against tshark: none is lost, none is invented.

Compared are method or status, URI, and the packet with which the message was whole. A difference that is meant stands in
a table with its reason, and must be there. NETVIZ_CAPTURES names a folder of other captures to hold against tshark.
"""

import os
import re
import shutil
import struct
import subprocess
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from netviz.capture.opening import open_capture
from netviz.errors import NetvizError
from netviz.http.exchange import Message
from netviz.pipeline.analyzer import analyze
from netviz.pipeline.store import Store

CAPTURES: Final = Path(__file__).parents[1] / "captures"
ELSEWHERE: Final = os.environ.get("NETVIZ_CAPTURES")
ENDINGS: Final = (".pcap", ".pcapng", ".gz")
ETHERNET, TAGGED = 1, b"\x81\x00"
FIRST_BYTE: Final = 20

Said = tuple[int, str, str]
"""Packet number, method or status, URI (empty for a response)."""


class Row(NamedTuple):
    """Why netviz and tshark differ on a file: packets of messages that only one of them has, or how many there are."""

    why: str
    netviz_only: frozenset[int] | int = frozenset()
    tshark_only: frozenset[int] | int = frozenset()


SHIPPED: Final[dict[str, tuple[Row, ...]]] = {}

PUBLIC: Final[dict[str, tuple[Row, ...]]] = {
    "http-browsing-large.pcap": (
        Row("tshark does not finish a body of which segments came twice", netviz_only=frozenset({1441, 1452})),
    ),
    "http-out-of-order.pcap": (
        Row(
            "tshark follows segments that came out of order only with tcp.reassemble_out_of_order",
            netviz_only=frozenset({4, 7, 10, 15}),
        ),
    ),
    "http-preflight-requests.pcap": (
        Row(
            "no answer and hardly a body was captured: tshark waits for the body of a POST, and takes what follows for it",
            netviz_only=242,
        ),
    ),
    "tcp-bad-segments.pcap": (
        Row("a head with a gap in it: known by its first line, and marked gap-in-head", netviz_only=frozenset({17})),
    ),
    "http-methods.pcap": (
        Row(
            "a line without target and version: it may be another protocol's (an inline GET of Redis), so it is none here",
            tshark_only=frozenset({34}),
        ),
    ),
    "tls12-secrets.pcapng": (Row("inside TLS, which is not followed inside", tshark_only=frozenset({6, 7, 14, 15})),),
    "vlan-mpls.pcap": (
        Row(
            "HTTP/0.9, a line without a version: named in the list of packets, no exchange",
            tshark_only=frozenset({37}),
        ),
    ),
}

needs_tshark = pytest.mark.skipif(shutil.which("tshark") is None, reason="tshark is not installed")


def captures_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.name.endswith(ENDINGS))


@cache
def store_of(path: Path) -> Store:
    return analyze(open_capture(str(path)))


def messages_of(store: Store) -> list[tuple[Message, Said]]:
    """Every message that netviz found, as tshark would say it."""
    found = []
    for exchange in store.exchanges:
        read = store.read(exchange.id)
        for message in (exchange.request, *exchange.interim, exchange.response):
            if message is None:
                continue
            name, uri = str(message.status), ""
            if message is exchange.request:
                assert read.request is not None
                name, uri = read.request.method, read.request.target
            found.append((message, (message.last_row + 1, name, uri)))
    return found


def tshark_of(path: Path) -> list[Said]:
    """Every message that tshark found, with the packet in which its dissection ended."""
    fields = ("frame.number", "http.request.method", "http.request.uri", "http.response.code")
    command = ["tshark", "-n", "-r", str(path), "-Y", "http", "-T", "fields"]
    options = ["-E", "aggregator=\x1f", "-E", "separator=\x1e", *(part for each in fields for part in ("-e", each))]
    said = subprocess.run([*command, *options], capture_output=True).stdout.decode("utf-8", "replace")
    found: list[Said] = []
    for line in filter(None, said.split("\n")):
        number, methods, uris, codes = (part.split("\x1f") if part else [] for part in line.split("\x1e"))
        uris += [""] * (len(methods) - len(uris))
        found += [(int(number[0]), method, uri) for method, uri in zip(methods, uris, strict=True)]
        found += [(int(number[0]), code, "") for code in codes]
    return found


def differences(store: Store, theirs: list[Said]) -> tuple[list[tuple[Message, Said]], list[Said]]:
    """What only netviz has, and what only tshark has."""
    left = Counter(theirs)
    alone = []
    for message, said in messages_of(store):
        if left[said]:
            left[said] -= 1
        else:
            alone.append((message, said))
    ours = []
    for message, said in alone:
        # A body that ends with the connection is whole for tshark with the FIN, which brings no byte of it.
        later = [each for each in left if left[each] and each[1:] == said[1:] and each[0] > said[0]]
        if message.framing == "close" and later:
            left[min(later)] -= 1
        else:
            ours.append((message, said))
    return ours, list(left.elements())


def unexplained(name: str, store: Store, theirs: list[Said], rows: tuple[Row, ...]) -> list[str]:
    """One line for each difference that no row has, or that a row has and is none."""
    ours, others = differences(store, theirs)
    wrong = [f"{name}: no start line at the place of {said}" for each, said in ours if not stands(store, each)]
    for what, found, meant in (
        ("netviz", [said for _, said in ours], [row.netviz_only for row in rows]),
        ("tshark", others, [row.tshark_only for row in rows]),
    ):
        counted = sum(each for each in meant if isinstance(each, int))
        named = {packet for each in meant if not isinstance(each, int) for packet in each}
        unnamed = [said for said in found if said[0] not in named]
        if len(unnamed) != counted:
            wrong.append(f"{name}: only {what} has {unnamed[:8]} ({len(unnamed)}, {counted} are meant)")
        wrong += [f"{name}: packet {packet} is no difference" for packet in named - {said[0] for said in found}]
    return wrong


START: Final = re.compile(rb"(?:[A-Za-z-]{1,20} [^\r\n]+ HTTP/1\.[01]|HTTP/1\.[01] [0-9]{3})")


def stands(store: Store, message: Message) -> bool:
    """Whether a start line is really in the packet where netviz says that a message begins: the bytes win."""
    piece = message.head[0]
    buffer = store.packets.buffers[store.packets.value("buffer", piece.row)]
    text = b"".join(bytes(buffer[each.start : each.stop]) for each in message.head)
    offset = store.packets.value("offset", piece.row)
    inside = offset <= piece.start < piece.stop <= offset + store.packets.value("captured", piece.row)
    return inside and START.match(text) is not None


class Joined:
    """Captures in one file, so that tshark is started once: each one's addresses are made its own, nothing else."""

    def __init__(self, paths: list[Path]) -> None:
        self.ends: list[int] = []
        self.parts: list[bytes] = [struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 1 << 18, ETHERNET)]
        count = 0
        for index, path in enumerate(paths):
            packets = store_of(path).packets
            for row in range(len(packets)):
                frame = moved(packets.frame(row), index)
                # One second a capture: what waits in tshark for more does not reach the next one's times.
                self.parts.append(
                    struct.pack("<IIII", index, row, len(frame), max(packets.value("length", row), len(frame)))
                )
                self.parts.append(frame)
            count += len(packets)
            self.ends.append(count)

    def split(self, said: list[Said]) -> list[list[Said]]:
        """What tshark said of each capture, with its own packet numbers."""
        starts = [0, *self.ends[:-1]]
        return [
            [(number - start, name, uri) for number, name, uri in said if start < number <= end]
            for start, end in zip(starts, self.ends, strict=True)
        ]


def moved(frame: bytes, index: int) -> bytes:
    """An Ethernet frame with the first two bytes of its IP addresses replaced by what stands for its capture."""
    at = 12
    while frame[at : at + 2] == TAGGED:
        at += 4
    mark = bytes((FIRST_BYTE + index // 250, index % 250))
    places = {b"\x08\x00": (12, 16), b"\x86\xdd": (8, 24)}.get(frame[at : at + 2], ())
    changed = bytearray(frame)
    for place in places:
        changed[at + 2 + place : at + 4 + place] = mark
    return bytes(changed)


def is_ethernet(path: Path) -> bool:
    return set(store_of(path).packets["link_type"].tolist()) <= {ETHERNET}


@pytest.mark.oracle
@needs_tshark
@pytest.mark.parametrize("folder", ["", "cors", "tcp"])
def test_every_message_of_our_captures_is_one_of_tshark(folder: str, tmp_path: Path) -> None:
    paths = captures_in(CAPTURES / folder)
    together = [path for path in paths if is_ethernet(path)]
    joined = Joined(together)
    (tmp_path / "joined.pcap").write_bytes(b"".join(joined.parts))
    said = dict(zip(together, joined.split(tshark_of(tmp_path / "joined.pcap")), strict=True))
    said |= {path: tshark_of(path) for path in paths if path not in said}
    wrong = [
        line
        for path in paths
        for line in unexplained(path.name, store_of(path), said[path], SHIPPED.get(path.name, ()))
    ]
    assert not wrong, "\n".join(wrong)
    assert sum(map(len, said.values())) > 100 or folder == "tcp"


@pytest.mark.oracle
@needs_tshark
@pytest.mark.skipif(ELSEWHERE is None, reason="NETVIZ_CAPTURES names no folder of captures")
def test_every_message_of_other_captures_is_one_of_tshark() -> None:
    wrong = []
    for path in captures_in(Path(ELSEWHERE or ".")):
        try:
            store = store_of(path)
        except NetvizError:
            continue
        wrong += unexplained(path.name, store, tshark_of(path), PUBLIC.get(path.name, ()))
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("rows", [*SHIPPED.values(), *PUBLIC.values()], ids=[*SHIPPED, *PUBLIC])
def test_every_difference_has_its_reason(rows: tuple[Row, ...]) -> None:
    for row in rows:
        assert len(row.why) > 20 and (row.netviz_only or row.tshark_only)
