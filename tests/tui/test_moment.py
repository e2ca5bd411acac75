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
    here = Place(9, Moment(9, 9), Choice())
    assert [trail.back(here) for _ in range(4)] == [places[4], places[3], places[2], None]


def test_forward_leads_where_back_came_from_until_another_link_is_followed():
    first, second, third = (Place(view, Moment(view, view), Choice()) for view in (1, 2, 3))
    trail = Trail()
    trail.leave(first)
    trail.leave(second)
    assert trail.back(third) == second
    assert trail.back(second) == first
    assert trail.forward(first) == second
    assert trail.forward(second) == third
    assert trail.forward(third) is None
    assert trail.back(third) == second
    trail.leave(second)
    assert trail.forward(second) is None
