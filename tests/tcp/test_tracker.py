"""Any segments in any order: never raises, states only by the table, snapshots stay as they were."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netviz.model.endpoint import Endpoint
from netviz.model.protocols import ACK, FIN, RST, SYN
from netviz.tcp.arithmetic import MASK
from netviz.tcp.connection import Connection, Segment
from netviz.tcp.marks import NAMES
from netviz.tcp.states import TRANSITIONS, State
from netviz.tcp.tracker import ConnectionTracker

ENDS = Endpoint("2001:db8::1", 50000), Endpoint("2001:db8::2", 443)


def track(segments: list[Segment]) -> ConnectionTracker:
    tracker = ConnectionTracker(3, *ENDS)
    for segment in segments:
        tracker.feed(segment)
    return tracker


def check(found: Connection, packets: int) -> None:
    """Every step is a row of the table (or marked illegal), the steps of each end hang together and are in order."""
    for role in ("client", "server"):
        state, last = found.initial_states[role], 0
        for step in found.transitions:
            if step.endpoint != role:
                continue
            assert last <= step.packet <= packets
            last = step.packet
            listens_again = (state, step.from_state) == (State.CLOSED, State.LISTEN)
            assert step.from_state is state or listens_again
            expected = TRANSITIONS[step.from_state].get(step.event)
            assert expected is (None if step.illegal else step.to_state)
            state = step.to_state
        assert state is found.final_state(role) is found.state_at(role, packets)
    assert [step.packet for step in found.transitions] == sorted(step.packet for step in found.transitions)
    assert set(found.analysis) <= set(NAMES)


FLAGS = st.sampled_from([SYN, SYN | ACK, ACK, ACK, ACK, FIN | ACK, RST, RST | ACK, FIN, SYN | FIN, 0, 0x1FF])
NEAR = st.integers(-3, 12).map(lambda number: number & MASK)
ANYWHERE = st.integers(0, MASK)
WILD = st.builds(
    Segment,
    packet=st.just(0),
    time=st.integers(0, 10**9),
    side=st.integers(0, 1),
    flags=FLAGS,
    seq=NEAR | ANYWHERE,
    ack=NEAR | ANYWHERE,
    window=st.sampled_from([0, 1, 1000, 65535]),
    length=st.sampled_from([0, 0, 1, 2, 5, 65535]),
    options=st.binary(max_size=12),
)


@given(st.lists(WILD, max_size=30))
def test_any_segments_leave_states_of_the_table(segments: list[Segment]) -> None:
    numbered = [segment._replace(packet=index + 1) for index, segment in enumerate(segments)]
    tracker = track(numbered)
    if numbered:
        check(tracker.connection(), len(numbered))


ODD = [
    # What was once entered out of order, without a row of the table, or with a state that no step explains.
    [(0, SYN, 0, 0), (1, SYN | FIN, 0, 0)],
    [(0, SYN, 0, 0), (0, SYN, 0, 0), (1, SYN | FIN, 0, 0)],
    [(0, SYN, 0, 0), (1, FIN, 0, 0), (0, ACK, 0, 0)],
    [(0, SYN, 0, 0), (1, FIN, 0, 0), (1, ACK, 0, 0)],
    [(0, 0x1FF, 0, 0), (1, SYN | ACK, 0, 0), (1, SYN, 0, 0)],
    [(0, SYN, 0, 0), (1, SYN, 0, 0), (1, ACK, 0, 2), (0, ACK, 0, 0)],
    [(1, SYN, 0, 0), (0, FIN, 0, 0), (0, 0x1FF, 0, 1)],
]


@pytest.mark.parametrize("lines", ODD)
def test_odd_segments_leave_states_of_the_table(lines: list[tuple[int, int, int, int]]) -> None:
    segments = [
        Segment(index + 1, 0, side, flags, seq, ack, 0, 0, b"") for index, (side, flags, seq, ack) in enumerate(lines)
    ]
    check(track(segments).connection(), len(lines))


def conversation() -> list[Segment]:
    """A whole connection, one segment after another, 10 ms apart."""
    lines = [
        (0, SYN, 0, 0, 0), (1, SYN | ACK, 0, 1, 0), (0, ACK, 1, 1, 0), (0, ACK, 1, 1, 5), (1, ACK, 1, 6, 3),
        (1, ACK, 4, 6, 3), (0, ACK, 6, 7, 0), (0, FIN | ACK, 6, 7, 0), (1, ACK, 7, 7, 0), (1, ACK, 7, 7, 2),
        (1, FIN | ACK, 9, 7, 0), (0, ACK, 7, 10, 0),
    ]  # fmt: skip
    return [
        Segment(0, 10_000_000 * index, side, flags, seq, ack, 1000, length, b"")
        for index, (side, flags, seq, ack, length) in enumerate(lines)
    ]


@settings(max_examples=200)
@given(st.lists(st.integers(0, 11), max_size=40))
def test_any_loss_repetition_and_order_of_a_conversation(picked: list[int]) -> None:
    whole = conversation()
    segments = [
        whole[index]._replace(packet=packet + 1, time=10_000_000 * packet) for packet, index in enumerate(picked)
    ]
    tracker = track(segments)
    if segments:
        found = tracker.connection()
        check(found, len(segments))
        assert found.bytes["client"] <= 5 and found.bytes["server"] <= 8


@given(st.lists(st.integers(0, 11), max_size=25), st.integers(0, 25))
def test_looking_in_between_changes_nothing(picked: list[int], look: int) -> None:
    whole = conversation()
    segments = [whole[index]._replace(packet=packet + 1) for packet, index in enumerate(picked)]
    tracker, early = ConnectionTracker(3, *ENDS), None
    for packet, segment in enumerate(segments):
        if packet == look:
            early = tracker.connection()
            known = repr(early)
        tracker.feed(segment)
    if early is not None:
        assert repr(early) == known
    if segments:
        assert tracker.connection() == track(segments).connection()


def test_the_whole_conversation_in_order() -> None:
    found = track([segment._replace(packet=index + 1) for index, segment in enumerate(conversation())]).connection()
    assert found.id == 3 and (found.client, found.server) == ENDS
    assert (found.first_packet, found.last_packet, found.packets) == (1, 12, 12)
    assert found.bytes == {"client": 5, "server": 8}
    assert found.first_seq == {"client": 0, "server": 0}
    assert (found.completeness, found.conn_state, found.history) == (31, "SF", "ShADdFaf")
    assert found.states("client")[-1] is State.TIME_WAIT and found.final_state("server") is State.CLOSED


def test_within_a_packet_its_sender_comes_first() -> None:
    found = track([segment._replace(packet=index + 1) for index, segment in enumerate(conversation())]).connection()
    assert [(step.packet, step.endpoint) for step in found.transitions] == [
        (1, "client"), (1, "server"), (2, "client"), (3, "server"), (8, "client"), (8, "server"), (9, "client"),
        (11, "server"), (11, "client"), (12, "server"),
    ]  # fmt: skip


def test_memory_is_bounded_where_holes_never_close() -> None:
    tracker = ConnectionTracker(0, *ENDS)
    for index in range(1000):
        tracker.feed(Segment(index + 1, index, 0, ACK, 100 * index, 1, 1000, 10, b""))
    sides = tracker._conversation.sides
    assert len(sides[0].holes) <= 64
    for _ in range(100):
        tracker.feed(Segment(2000, 0, 1, SYN, 1, 0, 1000, 0, b""))
    assert len(sides[1].syns) <= 16
