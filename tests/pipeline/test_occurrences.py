"""Where things of a kind happen, on the shipped captures: against each connection's own analysis, packet by packet."""

from pathlib import Path

import pytest

from netviz.capture.opening import open_capture
from netviz.model.protocols import RST
from netviz.pipeline.analyzer import analyze
from netviz.pipeline.occurrences import KINDS, Occurrences

CAPTURES = sorted(path for path in (Path(__file__).parents[2] / "captures").iterdir() if "pcap" in path.suffix)


@pytest.mark.parametrize("path", CAPTURES, ids=lambda path: path.stem)
def test_every_retransmission_is_found(path):
    store = analyze(open_capture(str(path)))
    true = [row + 1 for row in range(len(store.packets)) if "retransmission" in store.analysis(row)]
    occurrences = Occurrences(store)
    found, at = [], 0
    while (after := occurrences.after("retransmission", at)) is not None:
        found.append(after)
        at = after
    assert found == true
    assert occurrences.numbers("retransmission").tolist() == true


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "retransmission"])
def test_going_on_and_back_meets_the_same_packets(kind):
    occurrences = Occurrences(analyze(open_capture(str(next(path for path in CAPTURES if path.stem == "demo")))))
    numbers = occurrences.numbers(kind).tolist()
    assert numbers == sorted(set(numbers))
    on, at = [], 0
    while (after := occurrences.after(kind, at)) is not None:
        on.append(at := after)
    back, at = [], 1 << 40
    while (before := occurrences.before(kind, at)) is not None:
        back.append(at := before)
    assert on == numbers == back[::-1]


@pytest.mark.parametrize(
    ("name", "kind", "count"),
    [("demo", "connection", 4), ("demo", "exchange", 10), ("demo", "syn", 4), ("reset", "rst", 1)],
)
def test_what_the_programs_did_is_found(name, kind, count):
    store = analyze(open_capture(str(next(path for path in CAPTURES if path.stem == name))))
    assert len(Occurrences(store).numbers(kind)) == count
    if kind == "rst":
        row = int(Occurrences(store).numbers("rst")[0]) - 1
        assert store.packets.value("flags", row) & RST


def test_nothing_is_found_beyond_a_bound_and_nothing_in_nothing():
    store = analyze(open_capture(str(next(path for path in CAPTURES if path.stem == "demo"))))
    occurrences = Occurrences(store)
    first = int(occurrences.numbers("syn")[0])
    assert occurrences.after("syn", 0, first - 1) is None
    assert occurrences.after("syn", 0, first) == first
    udp = analyze(open_capture(str(next(path for path in CAPTURES if path.stem == "udp-dns"))))
    assert Occurrences(udp).after("retransmission", 0) is None and len(Occurrences(udp).numbers("syn")) == 0
