"""Positions, selections and the way back."""

from netviz.model.evidence import Span
from netviz.tui.moment import Choice, Moment, Place, Trail


def test_selecting_leaves_the_position_unless_the_packet_lies_after_it():
    moment = Moment(10, 3)
    assert moment.select(5, Span(1, 2)) == Moment(10, 5, Span(1, 2))
    assert moment.select(12) == Moment(12, 12)


def test_going_moves_both():
    assert Moment(10, 3, Span(1, 2)).go(4) == Moment(4, 4)


def test_the_trail_gives_back_the_newest_first_and_is_bounded():
    trail = Trail(longest=3)
    places = [Place(view, Moment(view, view), Choice()) for view in range(5)]
    for place in places:
        trail.leave(place)
        trail.leave(place)
    assert [trail.back() for _ in range(4)] == [places[4], places[3], places[2], None]
