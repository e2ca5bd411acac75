"""Counts as of any packet: the same as counting one by one, in whatever order they are asked for."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netviz.capture.opening import open_capture
from netviz.pipeline import prefix as prefixes
from netviz.pipeline.analyzer import analyze
from netviz.pipeline.prefix import Prefix
from netviz.pipeline.statistics import LENGTH_EDGES, Statistics
from netviz.pipeline.store import Store

CAPTURES = Path(__file__).parents[2] / "captures"


@pytest.fixture(scope="module")
def store() -> Store:
    return analyze(open_capture(str(CAPTURES / "demo.pcapng")))


@given(st.lists(st.integers(0, 5), max_size=60), st.lists(st.integers(0, 60), min_size=1, max_size=12))
def test_sums_are_right_in_whatever_order_they_are_asked_for(values, asked):
    column = np.array(values, np.int64)
    prefix = Prefix(lambda first, stop: np.bincount(column[first:stop], minlength=1))
    step, prefixes.STEP = prefixes.STEP, 4
    try:
        for count in asked:
            count = min(count, len(values))
            found = prefix.upto(count)
            assert {number: times for number, times in enumerate(found.tolist()) if times} == Counter(values[:count])
    finally:
        prefixes.STEP = step


@settings(max_examples=25)
@given(st.lists(st.integers(0, 82), min_size=1, max_size=6))
def test_everything_adds_up_at_every_packet(store, asked):
    counts, packets = Statistics(store), store.packets
    for count in asked:
        size = int(packets["length"][:count].sum())
        stacks = counts.stacks(count)
        assert (sum(each.packets for each in stacks), sum(each.bytes for each in stacks)) == (count, size)
        assert sum(counts.layers(count)) == size
        lengths, *_ = counts.lengths(count)
        assert lengths.sum() == count
        assert counts.rates(count)[2].sum(axis=0).tolist() == [count, size]
        found = counts.conversations(count)
        inside = packets["flow"][:count] >= 0
        assert found.traffic.packets.sum() == inside.sum()
        names, traffic, first = counts.endpoints(count)
        assert traffic.sent_bytes.sum() == traffic.received_bytes.sum() == packets["length"][:count][inside].sum()
        assert len(names) == len(first) == len(set(names))


def test_conversations_know_their_first_and_last_packet(store):
    found = Statistics(store).conversations(82)
    flows = store.packets["flow"]
    for at, flow in enumerate(found.numbers.tolist()):
        rows = np.flatnonzero(flows == flow)
        assert (found.first_row[at], found.last_row[at]) == (rows[0], rows[-1])


def test_only_chosen_rows_are_counted(store):
    rows = np.flatnonzero(store.packets["ip_protocol"] == 17)
    counts = Statistics(store, rows)
    assert len(counts) == 8 and counts.packet(0) == int(rows[0]) + 1
    assert [each.ip_protocol for each in counts.stacks(8)] == [17]
    assert counts.transports(8)[17].flows == 4 and counts.transports(8)[6].packets == 0


def test_transports_and_flags(store):
    counts = Statistics(store)
    tcp, udp = counts.transports(82)[6], counts.transports(82)[17]
    assert (tcp.packets, udp.packets, udp.headers, udp.empty) == (70, 8, 64, 0)
    assert tcp.empty == 46 and tcp.payload == 12_256
    assert counts.marks(82) == {2: 8, 1: 8, 4: 1}


def test_nothing_is_counted_of_nothing(store):
    counts = Statistics(store)
    assert counts.stacks(0) == [] and counts.endpoints(0)[0] == []
    assert counts.lengths(0)[1:] == (0, 0, 0.0) and len(counts.lengths(0)[0]) == len(LENGTH_EDGES) + 1
    assert sum(counts.layers(0)) == 0


def test_the_first_packet_of_a_kind_is_found(store):
    counts = Statistics(store)
    for stack in counts.stacks(82):
        row = counts.first_row(stack, 82)
        assert row is not None and store.packets.value("protocol", row) == stack.protocol
        assert counts.first_row(stack, row) is None
