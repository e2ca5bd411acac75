"""The analysis of all packets as columns: the same as connection by connection, and in batches of any size."""

from pathlib import Path

import numpy as np
import pytest

from netviz.capture.opening import open_capture
from netviz.filter.rows import FilteredRows, Reading
from netviz.model.protocols import SYN
from netviz.pipeline.analyzer import Analyzer, analyze
from netviz.tcp.marks import names_of

CAPTURES = Path(__file__).parents[2] / "captures"
FILES = sorted([*CAPTURES.glob("*.pcap*"), *CAPTURES.glob("tcp/*.pcap*")])


def store_of(path):
    return analyze(open_capture(str(path)))


def test_columns_are_those_of_each_connection_and_of_any_batches():
    marked = 0
    for path in FILES:
        store, again = store_of(path), store_of(path)
        columns = store.tcp_columns
        columns.advance()
        assert columns.covered == len(store.packets) == len(columns.marks) == len(columns.shifts)
        marks = columns.marks.copy()
        marked += int(np.count_nonzero(marks))
        for stop in range(1, len(store.packets) + 1, 3):
            again.tcp_columns.advance(stop)
            assert again.tcp_columns.covered == stop
        again.tcp_columns.advance()
        assert again.tcp_columns.marks.tolist() == marks.tolist(), path
        assert again.tcp_columns.shifts.tolist() == columns.shifts.tolist(), path
        for number in store.connection_ids():
            rows = np.flatnonzero(np.isin(store.packets["connection"], [number]))
            if len(rows) == store.connection(number).packets:
                assert columns.of(rows).marks.tolist() == marks[rows].tolist(), path
    assert marked > 400


@pytest.mark.parametrize("path", FILES[::7], ids=lambda path: path.stem)
def test_connections_packets_and_columns_say_the_same(path):
    store = store_of(path)
    listed = [store.analysis(row) for row in range(len(store.packets))]
    store.tcp_columns.advance()
    assert [names_of(mark) for mark in store.tcp_columns.marks.tolist()] == listed
    for number in store.connection_ids():
        for name, sides in store.connection(number).analysis.items():
            assert all(name in listed[packet - 1] for packets in sides.values() for packet in packets)


def test_shifted_windows_are_those_of_the_series():
    compared = 0
    for path in FILES:
        store = store_of(path)
        store.tcp_columns.advance()
        shifts = store.tcp_columns.shifts
        scaled = store.packets["window"].astype(np.int64) << np.maximum(shifts, 0)
        for number in store.connection_ids():
            for direction in store.series(number).directions:
                rows = direction.packets - 1
                known = shifts[rows] >= 0
                assert direction.window[known].tolist() == scaled[rows][known].tolist(), path
                compared += int(known.sum())
    assert compared > 2000


def test_nothing_is_looked_at_before_it_is_asked_for():
    store = store_of(CAPTURES / "demo.pcapng")
    assert store.tcp_columns.covered == 0
    store.tcp_columns.advance(go_on=lambda: False)
    assert store.tcp_columns.covered == 0
    store.analysis(int(np.flatnonzero(store.packets["connection"] >= 0)[0]))
    assert store.tcp_columns.covered == len(store.packets)


def one_by_one(path):
    """A store that gets its packets one at a time, and is asked after each."""
    source = open_capture(str(path))
    analyzer = Analyzer(source.info)
    for batch in source.batches():
        for at in range(len(batch)):
            analyzer.feed(batch.part(at, at + 1))
            yield analyzer.store


def test_a_syn_that_nobody_took_is_marked_in_the_end_as_all_at_once():
    path = CAPTURES / "tcp" / "forged-syn-server.pcap"
    whole = store_of(path)
    whole.tcp_columns.advance()
    assert whole.connection_count() == 2 and whole.connection_ids() == [0]
    changes = 0
    for store in one_by_one(path):
        store.tcp_columns.advance()
        changes = store.tcp_columns.revision
    assert changes == 1
    assert store.tcp_columns.marks.tolist() == whole.tcp_columns.marks.tolist()
    syns = np.flatnonzero(whole.packets["flags"] == SYN)
    assert len(syns) == 2 and not whole.tcp_columns.marks[syns].any()


def test_a_filter_looks_again_where_marks_have_changed():
    path = CAPTURES / "tcp" / "forged-syn-server.pcap"
    rows = None
    for store in one_by_one(path):
        rows = rows or FilteredRows("tcp.analysis", Reading(store))
        rows.update()
    store.tcp_columns.advance()
    assert rows.rows.tolist() == np.flatnonzero(store.tcp_columns.marks).tolist()
