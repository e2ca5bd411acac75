"""Round-trip samples: a table of conversations, and RFC 6298's own arithmetic."""

import numpy as np
import pytest

from netviz.tcp.round_trips import Acknowledged, Sent, round_trips

# Segments as (packet, time, start, end), acknowledgements as (packet, time, number) -> (packet, sent packet, sample).
TABLE = {
    "one segment, one acknowledgement": ([(1, 0, 0, 10)], [(2, 7, 10)], [(2, 1, 7)]),
    "two segments acknowledged at once: the newest counts": (
        [(1, 0, 0, 10), (2, 3, 10, 20)], [(3, 9, 20)], [(3, 2, 6)]),
    "a duplicate acknowledgement tells nothing": ([(1, 0, 0, 10)], [(2, 7, 10), (3, 9, 10)], [(2, 1, 7)]),
    "part of a segment tells nothing": ([(1, 0, 0, 10)], [(2, 7, 5), (3, 8, 10)], [(3, 1, 8)]),
    "of what was sent twice, it is not known which copy arrived": (
        [(1, 0, 0, 10), (2, 5, 0, 10)], [(3, 9, 10)], []),
    "sent again after it was acknowledged: the sample stands": (
        [(1, 0, 0, 10), (3, 9, 0, 10)], [(2, 7, 10)], [(2, 1, 7)]),
    "a copy that touches only the next segment": (
        [(1, 0, 0, 10), (2, 1, 10, 20), (3, 5, 12, 20)], [(4, 9, 10), (5, 11, 20)], [(4, 1, 9)]),
    "an acknowledgement of what was never seen": ([(3, 0, 0, 10)], [(1, 7, 90)], []),
    "an acknowledgement captured before its segment": ([(2, 5, 0, 10)], [(1, 4, 10)], []),
    "clocks that run backwards": ([(1, 9, 0, 10)], [(2, 7, 10)], []),
    "nothing sent": ([], [(1, 0, 5)], []),
    "nothing acknowledged": ([(1, 0, 0, 10)], [], []),
}  # fmt: skip


def columns(rows: list[tuple[int, ...]], width: int) -> list[np.ndarray]:
    return list(np.array(rows, np.int64).reshape(-1, width).T)


@pytest.mark.parametrize("case", TABLE)
def test_samples(case: str) -> None:
    sent, acknowledged, expected = TABLE[case]
    found = round_trips(Sent(*columns(sent, 4)), Acknowledged(*columns(acknowledged, 3)))
    rows = zip(found.packets.tolist(), found.sent_packets.tolist(), found.samples.tolist(), strict=True)
    assert list(rows) == expected


def test_the_smoothed_time_follows_rfc_6298() -> None:
    sent = [(2 * turn + 1, 1000 * turn, 10 * turn, 10 * turn + 10) for turn in range(3)]
    acknowledged = [(2 * turn + 2, 1000 * turn + sample, 10 * turn + 10) for turn, sample in enumerate((800, 160, 800))]
    found = round_trips(Sent(*columns(sent, 4)), Acknowledged(*columns(acknowledged, 3)))
    assert found.samples.tolist() == [800, 160, 800]
    assert found.smoothed.tolist() == [800, 720, 730]
    assert found.variation.tolist() == [400, 460, 365]
