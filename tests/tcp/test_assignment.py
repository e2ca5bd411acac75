"""Which connection a segment belongs to: tshark's rule, in batches of any size."""

from typing import NamedTuple

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from netviz.model.protocols import ACK, FIN, RST, SYN
from netviz.tcp.assignment import ConnectionAssigner


class Row(NamedTuple):
    flow: int
    side: int
    flags: int
    seq: int
    ack: int = 0
    is_tcp: bool = True


def assign(rows: list[Row], batch: int = 1000, with_ack: bool = True) -> tuple[ConnectionAssigner, list[int]]:
    assigner, found = ConnectionAssigner(), []
    for first in range(0, len(rows), batch):
        part = rows[first : first + batch]
        connection = assigner.assign(
            np.array([row.flow for row in part], np.int32),
            np.array([row.side for row in part], np.int8),
            np.array([row.is_tcp for row in part], np.bool_),
            np.array([row.flags for row in part], np.uint16),
            np.array([row.seq for row in part], np.uint32),
            first,
            np.array([row.ack for row in part], np.uint32) if with_ack else None,
        )
        assert connection.dtype == np.int32 and connection.shape == (len(part),)
        found += connection.tolist()
    return assigner, found


def one_by_one(rows: list[Row]) -> list[int]:
    """The rule as one would tell it, without batches."""
    current: dict[int, int] = {}
    initial: dict[tuple[int, int], int] = {}
    found, count = [], 0
    for flow, side, flags, seq, ack, is_tcp in rows:
        if not is_tcp:
            found.append(-1)
            continue
        known = initial.get((flow, side))
        if flow not in current or (flags & (SYN | ACK) == SYN and known is not None and known != seq):
            current[flow], count = count, count + 1
            initial.pop((flow, 0), None)
            initial.pop((flow, 1), None)
        initial.setdefault((flow, side), seq if flags & SYN else seq - 1 & 0xFFFFFFFF)
        if flags & ACK:
            initial.setdefault((flow, 1 - side), ack - 1 & 0xFFFFFFFF)
        found.append(current[flow])
    return found


HANDSHAKE = [Row(0, 0, SYN, 100), Row(0, 1, SYN | ACK, 500, 101), Row(0, 0, ACK, 101, 501)]


def test_a_repeated_syn_stays_and_another_number_begins_anew() -> None:
    rows = [*HANDSHAKE, Row(0, 0, SYN, 100), Row(0, 0, SYN, 101), Row(0, 1, SYN | ACK, 9, 102)]
    assigner, found = assign(rows)
    assert found == [0, 0, 0, 0, 1, 1]
    assert len(assigner) == 2
    assert [assigner.first_row(each) for each in (0, 1)] == [0, 4]
    assert [assigner.reuses_ports(each) for each in (0, 1)] == [False, True]


def test_the_same_number_after_the_close_is_still_a_repetition() -> None:
    rows = [*HANDSHAKE, Row(0, 0, FIN | ACK, 101, 501), Row(0, 1, RST, 501), Row(0, 0, SYN, 100)]
    assert assign(rows)[1] == [0] * 6


def test_crossed_syns_are_one_connection() -> None:
    rows = [Row(0, 0, SYN, 100), Row(0, 1, SYN, 500), Row(0, 0, SYN | ACK, 100, 501), Row(0, 1, SYN | ACK, 500, 101)]
    assert assign(rows)[1] == [0] * 4


def test_a_syn_ack_before_its_syn_is_one_connection() -> None:
    rows = [Row(0, 1, SYN | ACK, 500, 101), Row(0, 0, SYN, 100)]
    assert assign(rows)[1] == [0, 0]
    assert assign(rows, with_ack=False)[1] == [0, 0]


def test_a_syn_in_a_connection_joined_in_its_middle_begins_anew() -> None:
    rows = [Row(0, 0, ACK, 100, 500), Row(0, 1, SYN, 800), Row(0, 0, SYN, 100)]
    assert assign(rows)[1] == [0, 1, 1]
    assert assign(rows[:2], with_ack=False)[1] == [0, 1]


def test_what_is_no_tcp_has_no_connection() -> None:
    assert assign([Row(0, 0, SYN, 1, is_tcp=False), Row(0, 0, SYN, 1)])[1] == [-1, 0]
    assert assign([Row(0, 0, SYN, 1, is_tcp=False)])[1] == [-1]


def test_connections_are_numbered_in_order_of_appearance_beyond_the_first_capacity() -> None:
    rows = [Row(flow, 0, SYN, flow) for flow in range(3000)] + [Row(flow, 0, SYN, 7) for flow in range(8, 3000)]
    assigner, found = assign(rows)
    assert found == list(range(len(rows)))
    assert assigner.flow_of(2999) == 2999 and assigner.flow_of(3000) == 8


ROWS = st.lists(
    st.builds(
        Row,
        flow=st.integers(0, 3),
        side=st.integers(0, 1),
        flags=st.sampled_from([SYN, SYN, SYN | ACK, ACK, ACK, RST, RST | ACK, FIN, 0]),
        seq=st.integers(0, 3),
        ack=st.integers(0, 3),
        is_tcp=st.booleans() | st.just(True),
    ),
    max_size=40,
)


@given(ROWS, st.sampled_from([1, 2, 3, 7, 1000]))
def test_any_split_into_batches_gives_the_same(rows: list[Row], batch: int) -> None:
    assert assign(rows, batch)[1] == one_by_one(rows)


@given(ROWS, st.sampled_from([1, 2, 3, 7]))
def test_any_split_gives_the_same_without_acknowledgements(rows: list[Row], batch: int) -> None:
    assert assign(rows, batch, with_ack=False)[1] == assign(rows, with_ack=False)[1]
