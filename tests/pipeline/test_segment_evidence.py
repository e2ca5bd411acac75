"""What recorded packets tell of when they were sent: copies that the network made, held against the kernels' counters."""

from pathlib import Path

import numpy as np
import pytest

from netviz.capture.opening import open_capture
from netviz.pipeline.analyzer import analyze
from netviz.pipeline.segment_evidence import SegmentEvidence
from netviz.tcp.evidence import Clock

TCP = Path(__file__).parents[2] / "captures" / "tcp"


def evidence(name):
    store = analyze(open_capture(str(TCP / f"{name}.pcap")))
    return store, SegmentEvidence(store.packets, np.arange(len(store.packets)))


@pytest.mark.parametrize(
    ("name", "copies"),
    [
        ("data-twice-middle", [16]),
        ("data-twice-client", [26]),
        ("fin-twice-server", [10]),
        ("opening-twice-middle", [2]),
        ("burst-lost-client", []),
        ("fin-lost-client", []),
        ("syn-lost-client", []),
    ],
)
def test_copies_are_told_from_what_was_sent_again(name, copies):
    store, found = evidence(name)
    assert [row + 1 for row in range(len(store.packets)) if found.is_copy(row)] == copies
    named = {row + 1 for row in range(len(store.packets)) if "network-duplicate" in store.analysis(row)}
    assert named == set(copies)


def test_clocks_are_those_of_the_headers():
    _, found = evidence("burst-lost-client")
    assert found.clock(79) == Clock(4090307261, 0xFE47)
    assert found.clock(60) == Clock(4090307239, 0xFE3C)


def test_datagrams_that_all_have_one_number_are_no_copies(monkeypatch):
    _, found = evidence("data-twice-middle")
    monkeypatch.setattr(SegmentEvidence, "_clock", lambda self, row: Clock(-1, 1))
    assert not found.is_copy(15)


def test_ipv6_has_no_such_number():
    store = analyze(open_capture(str(TCP.parent / "ipv6-http.pcap")))
    rows = np.flatnonzero(store.packets["connection"] >= 0)
    assert SegmentEvidence(store.packets, rows).clock(0).identification == 0
