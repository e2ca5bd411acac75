"""The TCP analysis held against tshark's `tcp.analysis.*`, packet by packet, on every capture that is shipped.

A difference stands in DIFFERENCES with the packets and the reason: what tshark says there is not so, as sequence numbers,
IP identifications, timestamps or the kernels' own records show. With NETVIZ_CAPTURES=FOLDER in the environment the
captures of that folder are compared as well; there a difference must be of a kind that stands in the table, and all are
printed (`pytest -s`).
"""

import os
import shutil
import struct
import subprocess
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest

from netviz.capture.opening import open_capture
from netviz.errors import NetvizError
from netviz.filter.fields import ANALYSIS
from netviz.pipeline.analyzer import analyze

CAPTURES = Path(__file__).parents[1] / "captures"
FILES = sorted(path for path in CAPTURES.rglob("*.pcap*") if path.is_file())
FOLDER = os.environ.get("NETVIZ_CAPTURES", "")
GIVEN = sorted(path for path in Path(FOLDER).rglob("*") if path.is_file()) if FOLDER else []

needs_tshark = pytest.mark.skipif(shutil.which("tshark") is None, reason="tshark is not installed")


class Difference(NamedTuple):
    """What the two say of some packets of a capture."""

    file: str
    packets: tuple[int, ...]
    theirs: str
    """Names that only tshark gives, in order; empty for none."""

    ours: str


SENT_LATER = "sent after the segment that showed the hole, by the timestamp and the IP identification: not overtaken"
COPY = "the datagram of an earlier packet once more, by its IP identification; the kernel sent it once"
PROBE = "the window was closed: the kernel's counter says it is a probe; and its answer says that the window is closed"
AFTER_FORGERY = "tshark goes on from the numbers of a forged segment that the kernel did not take"
SEEN_BEFORE = "some of its bytes stood in the capture before: it can be no late original"
OLD_PORTS = "no new connection: an answer, or the same SYN again after a forged reset"
CHALLENGE = "the answer to a forged SYN has the numbers of the acknowledgement before it (RFC 5961)"

REASONS: dict[str, tuple[Difference, ...]] = {
    SENT_LATER: (
        Difference("burst-lost-client.pcap", (80, 82), "out-of-order", "retransmission"),
        Difference("burst-lost-middle.pcap", (82, 83), "out-of-order", "retransmission"),
        Difference("burst-lost-server.pcap", (76, 78, 80), "out-of-order", "retransmission"),
    ),
    COPY: (
        Difference("data-twice-client.pcap", (26,), "retransmission spurious-retransmission", "network-duplicate"),
        Difference("data-twice-middle.pcap", (16,), "out-of-order", "network-duplicate"),
        Difference("fin-twice-middle.pcap", (9,), "retransmission", "network-duplicate"),
        Difference("fin-twice-server.pcap", (10,), "retransmission", "network-duplicate"),
        Difference("opening-twice-middle.pcap", (2,), "retransmission", "network-duplicate"),
        Difference("opening-twice-server.pcap", (3,), "retransmission", "network-duplicate"),
    ),
    PROBE: (
        Difference("zero-window.pcap", (13, 15), "keep-alive", "zero-window-probe"),
        Difference("zero-window.pcap", (14,), "", "zero-window-probe-ack"),
        *(
            Difference(f"window-closed-{place}.pcap", packets, theirs, ours)
            for place in ("client", "middle", "server")
            for packets, theirs, ours in (
                ((11, 13), "keep-alive", "zero-window-probe"),
                ((12, 14), "", "zero-window-probe-ack"),
            )
        ),
    ),
    AFTER_FORGERY: (
        Difference("forged-reset-in-window-middle.pcap", (10, 14), "retransmission", ""),
        Difference("forged-reset-in-window-server.pcap", (10, 14), "retransmission", ""),
        Difference("forged-syn-middle.pcap", (10, 14), "retransmission", ""),
        Difference("forged-syn-server.pcap", (10, 14), "retransmission", ""),
        Difference("forged-syn-middle.pcap", (5,), "port-reused", ""),
        Difference("forged-syn-server.pcap", (6,), "port-reused", ""),
        Difference("forged-overlap-middle.pcap", (11,), "acked-unseen", ""),
        Difference("forged-overlap-server.pcap", (11,), "acked-unseen", ""),
        Difference("forged-syn-ack-bad-ack-client.pcap", (2, 6), "acked-unseen", ""),
        Difference("forged-syn-ack-bad-ack-client.pcap", (5,), "port-reused previous-segment-lost", ""),
        Difference("forged-syn-ack-bad-ack-middle.pcap", (2, 6), "acked-unseen", ""),
        Difference("forged-syn-ack-bad-ack-middle.pcap", (4,), "port-reused previous-segment-lost", ""),
    ),
    SEEN_BEFORE: (
        Difference("forged-overlap-middle.pcap", (5,), "out-of-order", "retransmission"),
        Difference("forged-overlap-server.pcap", (6,), "out-of-order", "retransmission"),
    ),
    OLD_PORTS: (
        Difference("forged-refusal-bad-ack-client.pcap", (3,), "port-reused", ""),
        Difference("forged-refusal-bad-ack-middle.pcap", (3,), "port-reused", ""),
        Difference("half-open-found-by-syn-client.pcap", (12,), "port-reused", ""),
        Difference("half-open-found-by-syn-middle.pcap", (12,), "port-reused", ""),
        Difference("half-open-found-by-syn-server.pcap", (12,), "port-reused", ""),
    ),
    CHALLENGE: (Difference("forged-syn-server.pcap", (7,), "", "duplicate-ack"),),
}
DIFFERENCES = {
    (each.file, packet, each.theirs, each.ours): reason
    for reason, rows in REASONS.items()
    for each in rows
    for packet in each.packets
}
KINDS = {
    kind: "; or ".join(sorted({reason for key, reason in DIFFERENCES.items() if key[2:] == kind}))
    for kind in {key[2:] for key in DIFFERENCES}
}
"""What only tshark says, what only netviz says -> why that may be."""


def tshark(path: Path) -> dict[int, frozenset[str]]:
    """What tshark says of each segment."""
    fields = [part for name in ANALYSIS for part in ("-e", f"tcp.analysis.{name}")]
    command = ["tshark", "-n", "-r", str(path), "-Y", "tcp", "-T", "fields", "-e", "frame.number", *fields]
    said = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120).stdout
    rows = [line.split("\t") for line in said.splitlines()]
    return {
        int(number): frozenset(ours for ours, value in zip(ANALYSIS.values(), values, strict=True) if value)
        for number, *values in rows
    }


def netviz(path: Path) -> dict[int, frozenset[str]]:
    """What netviz says of each segment."""
    try:
        store = analyze(open_capture(str(path)))
    except NetvizError:
        return {}
    rows = [row for row in range(len(store.packets)) if store.connection_of(row) is not None]
    return {row + 1: frozenset(store.analysis(row)) for row in rows}


def differing(ours: dict[int, frozenset[str]], theirs: dict[int, frozenset[str]]) -> list[tuple[int, str, str]]:
    """Packets of which the two do not say the same."""
    return [
        (number, " ".join(sorted(theirs[number] - said)), " ".join(sorted(said - theirs[number])))
        for number, said in ours.items()
        if number in theirs and said != theirs[number]
    ]


def together(paths: list[Path], target: Path) -> list[tuple[str, int]]:
    """One capture of many, each between hosts and at hours of its own, since tshark takes long to start; returns which
    packet of which capture each of its packets is."""
    places: list[tuple[str, int]] = []
    with target.open("wb") as out:
        out.write(struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 262144, 1))
        for hour, path in enumerate(paths):
            first, number = None, 0
            for batch in open_capture(str(path)).batches():
                for at in range(len(batch)):
                    frame, time = batch.frame(at), int(batch.times[at])
                    first = time if first is None else first
                    seconds, nanoseconds = divmod(hour * 3600 * 10**9 + time - first, 10**9)
                    out.write(struct.pack("<IIII", seconds, nanoseconds, len(frame), int(batch.lengths[at])))
                    out.write(elsewhere(frame, hour))
                    number += 1
                    places.append((path.name, number))
    return places


def elsewhere(frame: bytes, network: int) -> bytes:
    """The frame between hosts of another network: the second and third byte of IPv4 addresses, two of IPv6 ones."""
    changed, mark = bytearray(frame), struct.pack(">H", network)
    if frame[12:14] == b"\x08\x00":
        changed[27:29] = changed[31:33] = mark
    elif frame[12:14] == b"\x86\xdd":
        changed[28:30] = changed[44:46] = mark
    return bytes(changed)


@pytest.mark.oracle
@needs_tshark
def test_the_analysis_is_that_of_tshark_but_for_reasons(tmp_path: Path) -> None:
    places = together(FILES, tmp_path / "all.pcap")
    theirs: dict[str, dict[int, frozenset[str]]] = {path.name: {} for path in FILES}
    for number, said in tshark(tmp_path / "all.pcap").items():
        name, packet = places[number - 1]
        theirs[name][packet] = said
    found, agreed = set(), Counter[str]()
    for path in FILES:
        ours = netviz(path)
        found |= {(path.name, *each) for each in differing(ours, theirs[path.name])}
        for number, said in ours.items():
            agreed.update(said & theirs[path.name].get(number, frozenset()))
    assert found == set(DIFFERENCES)
    # A comparison that finds nothing would prove nothing: all names but one are in it.
    assert set(ANALYSIS.values()) - set(agreed) <= {"zero-window-probe", "zero-window-probe-ack"}
    assert agreed["retransmission"] > 100 and agreed["duplicate-ack"] > 200 and agreed["window-full"] > 50


@pytest.mark.oracle
@needs_tshark
@pytest.mark.skipif(not GIVEN, reason="NETVIZ_CAPTURES names no folder with captures")
def test_a_folder_of_captures_differs_only_in_known_kinds() -> None:
    unknown, agreed, kinds = [], Counter[str](), Counter[str]()
    for path in GIVEN:
        ours, theirs = netviz(path), tshark(path)
        for number, said in ours.items():
            agreed.update(said & theirs.get(number, frozenset()))
        for number, only_theirs, only_ours in differing(ours, theirs):
            reason = KINDS.get((only_theirs, only_ours))
            print(
                f"{path.name} #{number}: tshark {only_theirs or '-'}, netviz {only_ours or '-'}: {reason or 'UNKNOWN'}"
            )
            kinds[f"{only_theirs or '-'} / {only_ours or '-'}"] += 1
            if reason is None:
                unknown.append((path.name, number, only_theirs, only_ours))
    print("the same:", dict(agreed), "different (tshark / netviz):", dict(kinds))
    assert not unknown
