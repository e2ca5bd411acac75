"""The analysis in columns: however the segments are cut into batches, they are marked as one step after another says."""

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from netviz.model.protocols import ACK, FIN, RST, SYN
from netviz.tcp.analysis import Direction, Row, is_foreign, step
from netviz.tcp.evidence import NoEvidence
from netviz.tcp.marks import NAMES, names_of
from netviz.tcp.sweep import Analyses, Segments

MASK = (1 << 32) - 1
KINDS = (
    "data", "data", "data", "ack", "ack", "ack", "same", "keep-alive", "byte", "skip", "late", "again", "closed", "opened",
    "syn", "syn-ack", "fin", "rst", "wild", "beyond", "silent",
)  # fmt: skip


def conversation(moves, isns):
    """Rows of segments, each from a side of one of three connections, as moves from what its side sent before."""
    rows, now = [], 0
    sent = {(connection, side): isns[side] + connection * 77 for connection in range(3) for side in (0, 1)}
    windows = dict.fromkeys(sent, 1000)
    last = dict.fromkeys(sent, 0)
    for kind, connection, side, size, after in moves:
        now += after
        key, other = (connection, side), (connection, 1 - side)
        seq, ack, flags, length = sent[key], sent[other], ACK, 0
        if kind in ("data", "skip", "late", "again", "byte"):
            length = 1 if kind == "byte" else size
            seq += {"skip": 100, "late": -100, "again": -size}.get(kind, 0)
        elif kind == "keep-alive":
            seq, length = seq - 1, size & 1
        elif kind in ("closed", "opened"):
            windows[key] = 0 if kind == "closed" else 1000 + size
        elif kind in ("syn", "syn-ack", "fin", "rst"):
            flags = {"syn": SYN, "syn-ack": SYN | ACK, "fin": FIN | ACK, "rst": RST | ACK}[kind]
            seq -= 50 if size == 7 else 0
        elif kind == "wild":
            seq += 1 << 29 if size & 1 else (1 << 31) + 5
            length = size
        elif kind == "beyond":
            ack += 300
        elif kind == "silent":
            flags, ack = 0, 0
        if kind == "same":
            ack = last[key]
        else:
            last[key] = ack
        end = seq + length + bool(flags & (SYN | FIN))
        if kind != "wild" and end > sent[key]:
            sent[key] = end
        rows.append(
            (connection, side, now, flags, seq & MASK, ack & MASK, windows[key], length, size % 5 - 1, connection == 2)
        )
    return rows


MOVES = st.lists(
    st.tuples(
        st.sampled_from(KINDS), st.integers(0, 2), st.integers(0, 1), st.sampled_from((1, 7, 100, 1448)),
        st.sampled_from((1_000, 500_000, 4_000_000, 300_000_000)),
    ),
    max_size=60,
)  # fmt: skip
ISNS = st.tuples(st.sampled_from((0, 1000, MASK - 200)), st.sampled_from((5000, MASK - 3)))


def columns(rows):
    connection, side, *numbers, scale, reused = (list(column) for column in zip(*rows, strict=True))
    return Segments(
        np.array(connection, np.int64), np.array(side, np.int8), *(np.array(each, np.int64) for each in numbers),
        np.array(scale, np.int64), np.array(reused, np.bool_),
    )  # fmt: skip


def one_by_one(rows):
    """The marks by `step` alone, and the handshake's round trip as it says of itself."""
    sides, found = {}, []
    opened, answered, trips = {}, set(), {}
    for connection, side, time, flags, seq, ack, window, length, scale, reused in rows:
        forward = sides.setdefault((connection, side), Direction())
        reverse = sides.setdefault((connection, 1 - side), Direction())
        kind = flags & (SYN | ACK | RST)
        if kind == SYN and connection not in answered:
            opened[connection] = time
        elif kind == SYN | ACK and connection in opened:
            answered.add(connection)
        elif kind == ACK and connection in answered:
            trips.setdefault(connection, time - opened[connection])
        row = Row(time, flags, seq, ack, window, length, scale, reused, 0)
        foreign = is_foreign(row, forward, reverse)
        found.append(0 if foreign else step(row, forward, reverse, trips.get(connection, 0), NoEvidence()))
    return found


@settings(max_examples=400, deadline=None)
@given(MOVES, ISNS, st.lists(st.integers(0, 60), max_size=5))
def test_batches_of_any_size_are_marked_as_step_by_step(moves, isns, cuts):
    rows = conversation(moves, isns)
    edges = sorted({0, len(rows), *(min(cut, len(rows)) for cut in cuts)})
    analyses = Analyses()
    marks = [
        mark for start, stop in pairwise(edges) for mark in analyses.feed(columns(rows[start:stop])).marks.tolist()
    ]
    assert [names_of(mark) for mark in marks] == [names_of(mark) for mark in one_by_one(rows)]


@settings(max_examples=100, deadline=None)
@given(MOVES, ISNS, st.integers(0, 60))
def test_windows_are_shifted_alike_however_the_batches_are_cut(moves, isns, cut):
    rows = conversation(moves, isns)
    if not rows:
        return
    cut = min(cut, len(rows) - 1)
    analyses = Analyses()
    parts = [analyses.feed(columns(part)).shift.tolist() for part in (rows[:cut], rows[cut:]) if part]
    assert [shift for part in parts for shift in part] == Analyses().feed(columns(rows)).shift.tolist()


def test_the_moves_show_every_name():
    """A comparison of what never happens would prove nothing."""
    random = np.random.default_rng(7)
    seen: set[str] = set()
    for _ in range(300):
        moves = [
            (KINDS[random.integers(len(KINDS))], int(random.integers(3)), int(random.integers(2)),
             int(random.choice((1, 7, 100))), int(random.choice((1_000, 4_000_000))))
            for _ in range(60)
        ]  # fmt: skip
        for mark in Analyses().feed(columns(conversation(moves, (1000, 5000)))).marks.tolist():
            seen.update(names_of(mark))
    assert seen == set(NAMES) - {"network-duplicate"}


def test_a_connection_that_is_forgotten_begins_anew():
    rows = conversation([("data", 0, 0, 100, 1000), ("again", 0, 0, 100, 1000)], (1000, 5000))
    analyses = Analyses()
    first = analyses.feed(columns(rows)).marks.tolist()
    assert names_of(first[1]) == ("retransmission",)
    analyses.forget(0)
    assert analyses.feed(columns(rows)).marks.tolist() == first
    assert [names_of(mark) for mark in analyses.feed(columns(rows)).marks.tolist()] == [("retransmission",)] * 2


def test_no_segments_are_no_marks():
    assert len(Analyses().feed(columns(conversation([("data", 0, 0, 1, 1)], (0, 0))[:1])).marks) == 1
    empty = np.empty(0, np.int64)
    nothing = Segments(empty, empty.astype(np.int8), *(empty,) * 7, empty.astype(np.bool_))
    assert len(Analyses().feed(nothing).marks) == 0
