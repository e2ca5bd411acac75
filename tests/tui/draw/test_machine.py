"""The state diagram is the transition table's: every state has its place, and no line is drawn that is no step."""

from netviz.tcp.states import TRANSITIONS, State
from netviz.tui.draw.machine import PLACES, edges


def test_every_state_has_a_place_of_its_own():
    assert set(PLACES) == set(State)
    assert len(set(PLACES.values())) == len(State)


def test_lines_are_steps_of_the_table():
    steps = {(state, after) for state, ways in TRANSITIONS.items() for after in ways.values()}
    assert edges() <= steps


def test_the_ways_that_are_taught_are_drawn():
    taught = [
        (State.CLOSED, State.SYN_SENT),
        (State.LISTEN, State.SYN_RECEIVED),
        (State.SYN_SENT, State.ESTABLISHED),
        (State.SYN_RECEIVED, State.ESTABLISHED),
        (State.ESTABLISHED, State.FIN_WAIT_1),
        (State.FIN_WAIT_1, State.FIN_WAIT_2),
        (State.FIN_WAIT_1, State.CLOSING),
        (State.FIN_WAIT_2, State.TIME_WAIT),
        (State.CLOSING, State.TIME_WAIT),
        (State.ESTABLISHED, State.CLOSE_WAIT),
        (State.CLOSE_WAIT, State.LAST_ACK),
    ]
    assert set(taught) <= edges()
