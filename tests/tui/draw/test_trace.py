"""One connection's series as graphs want it: both directions in seconds, as of a packet."""

import pytest

from netviz.tui.draw.trace import trace_of


def test_a_connection_with_a_lost_segment(store_of):
    trace = trace_of(store_of("http-loss"), 0)
    direction = trace.directions["server"]
    assert trace.packet.tolist() == list(range(3, 34)) and trace.time[0] == 0
    assert direction.sent.start[0] == 0 and direction.sent.end.max() == 14_121
    assert direction.sent.start[direction.sent.packet == 28].tolist() == [3016]
    assert direction.answers.ack[-1] == 14_121 and direction.shift == 7
    assert set(direction.sacks.packet.tolist()) == {22, 23, 24, 25, 26, 27, 29}
    assert (direction.trips.seconds >= 0).all() and len(direction.trips.packet)


@pytest.mark.parametrize("packet", [0, 3, 12, 28, 33])
@pytest.mark.parametrize("role", ["client", "server"])
def test_as_of_a_packet_nothing_later_is_there(store_of, packet, role):
    whole = trace_of(store_of("http-loss"), 0).directions[role]
    now = whole.until(packet)
    for name in ("sent", "answers", "trips", "sacks", "flight"):
        part = getattr(now, name)
        assert (part.packet <= packet).all()
        assert len(part.packet) == (getattr(whole, name).packet <= packet).sum()
        assert {len(getattr(part, field)) for field in part.__dataclass_fields__} == {len(part.packet)}


def test_it_is_made_once(store_of):
    assert trace_of(store_of("http-loss"), 0) is trace_of(store_of("http-loss"), 0)
