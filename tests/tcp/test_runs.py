"""A tracker that takes whole runs knows what it would know of them one by one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netviz.model.endpoint import Endpoint
from netviz.model.protocols import ACK, FIN, RST, SYN
from netviz.tcp.connection import Segment
from netviz.tcp.run import Run
from netviz.tcp.runs import feed
from netviz.tcp.tracker import ConnectionTracker

MASK = (1 << 32) - 1


def tracker():
    return ConnectionTracker(0, Endpoint("10.0.0.1", 40000), Endpoint("10.0.0.2", 80))


def talk(moves, opened):
    """Segments of one connection: long stretches of data and acknowledgements, and what breaks them."""
    sent, said, time = [1000, MASK - 500], [], 0

    def tell(side, flags, length=0, back=0):
        nonlocal time
        time += 1_000_000
        seq = sent[side] - back
        ack = sent[1 - side] if flags & ACK else 0
        said.append(Segment(len(said) + 1, time, side, flags, seq & MASK, ack & MASK, 1000, length, b""))
        sent[side] = max(sent[side], seq + length + bool(flags & (SYN | FIN)))

    if opened:
        tell(0, SYN)
        tell(1, SYN | ACK)
        tell(0, ACK)
    for kind, side, count in moves:
        for _ in range(count if kind in ("data", "ack", "both") else 1):
            if kind in ("data", "both"):
                tell(side, ACK, 100)
            if kind in ("ack", "both"):
                tell(1 - side, ACK)
        if kind == "late":
            tell(side, ACK, 50, 100)
        elif kind == "gap":
            sent[side] += 300
            tell(side, ACK, 10)
        elif kind in ("fin", "rst"):
            tell(side, (FIN if kind == "fin" else RST) | ACK)
    return said


def run_of(said):
    names = ("packet", "side", "flags", "seq", "ack", "length")
    columns = [np.array([getattr(each, name) for each in said], np.int64) for name in names]
    columns[1] = columns[1].astype(np.int8)
    return Run(*columns)


MOVES = st.lists(
    st.tuples(
        st.sampled_from(("data", "ack", "both", "both", "late", "gap", "fin", "rst")),
        st.integers(0, 1),
        st.integers(1, 90),
    ),
    max_size=12,
)


@settings(max_examples=200, deadline=None)
@given(MOVES, st.booleans(), st.integers(0, 1000))
def test_runs_leave_what_single_segments_leave(moves, opened, cut):
    said = talk(moves, opened)
    singly, together = tracker(), tracker()
    for segment in said:
        singly.feed(segment)
    for part in (said[:cut], said[cut:]):
        if part:
            feed(together, run_of(part), lambda places, part=part: [part[place] for place in places])
    if said:
        assert together.connection() == singly.connection()


def test_after_a_half_close_neither():
    half = [("data", 0, 1), ("ack", 0, 1), ("fin", 0, 1), ("ack", 0, 1)]
    said = talk([*half, ("both", 1, 500), ("fin", 1, 1), ("ack", 1, 1)], True)
    asked, together, singly = [], tracker(), tracker()

    def segments(places):
        asked.extend(places.tolist())
        return [said[place] for place in places]

    feed(together, run_of(said), segments)
    for segment in said:
        singly.feed(segment)
    assert together.connection() == singly.connection()
    assert together.connection().closing.value == "four-way" and len(asked) < 80


@pytest.mark.parametrize("opened", [True, False])
def test_what_only_goes_on_is_not_fed_one_by_one(opened):
    said = talk([("both", 1, 500)], opened)
    asked = []

    def segments(places):
        asked.extend(places.tolist())
        return [said[place] for place in places]

    together = tracker()
    feed(together, run_of(said), segments)
    found = together.connection()
    assert found.packets == len(said) and 50_000 in found.bytes.values()
    assert len(asked) < 80
