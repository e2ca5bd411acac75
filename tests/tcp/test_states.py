"""The table itself: RFC 9293's figure 5, every pair of state and input, and words for each row."""

import pytest

from netviz.explain.words import LANGUAGES, has, say
from netviz.tcp.machine import Machine
from netviz.tcp.states import AWAITS_ACK_OF_FIN, TAKES_FIN, TRANSITIONS, Input, State, step

PAIRS = [(state, given) for state in State for given in Input]

FIGURE_5 = """
CLOSED SEND_SYN SYN-SENT
LISTEN RECV_SYN SYN-RECEIVED
LISTEN SEND_SYN SYN-SENT
SYN-SENT RECV_SYN SYN-RECEIVED
SYN-SENT RECV_SYN_ACK ESTABLISHED
SYN-RECEIVED RECV_ACK_OF_SYN ESTABLISHED
SYN-RECEIVED SEND_FIN FIN-WAIT-1
SYN-RECEIVED RECV_RST_AS_LISTENER LISTEN
ESTABLISHED SEND_FIN FIN-WAIT-1
ESTABLISHED RECV_FIN CLOSE-WAIT
FIN-WAIT-1 RECV_ACK_OF_FIN FIN-WAIT-2
FIN-WAIT-1 RECV_FIN CLOSING
FIN-WAIT-2 RECV_FIN TIME-WAIT
CLOSE-WAIT SEND_FIN LAST-ACK
CLOSING RECV_ACK_OF_FIN TIME-WAIT
LAST-ACK RECV_ACK_OF_FIN CLOSED
"""


@pytest.mark.parametrize("row", FIGURE_5.strip().split("\n"))
def test_the_table_has_every_arrow_of_the_state_diagram(row: str) -> None:
    before, given, after = row.split()
    assert step(State(before), Input(given)) is State(after)


def test_every_state_has_a_row_and_is_reached() -> None:
    assert set(TRANSITIONS) == set(State)
    reached = {after for row in TRANSITIONS.values() for after in row.values()}
    assert reached == set(State)


@pytest.mark.parametrize(("state", "given"), PAIRS, ids=lambda value: str(value))
def test_every_pair_steps_or_is_recorded_as_illegal(state: State, given: Input) -> None:
    machine = Machine(state)
    machine.take(7, given, proof=7)
    expected = TRANSITIONS[state].get(given)
    assert machine.state is (state if expected is None else expected)
    if expected is None:
        assert [(taken.illegal, taken.from_state, taken.to_state) for taken in machine.steps] == [(True, state, state)]
    elif expected is state:
        assert machine.steps == []
    else:
        assert [(taken.illegal, taken.to_state, taken.proof) for taken in machine.steps] == [(False, expected, 7)]


@pytest.mark.parametrize("state", [state for state in State if state not in (State.CLOSED, State.LISTEN)])
def test_a_reset_ends_every_state_of_a_connection(state: State) -> None:
    assert TRANSITIONS[state][Input.SEND_RST] is State.CLOSED
    assert TRANSITIONS[state][Input.RECV_RST] is State.CLOSED


def test_only_the_active_closer_comes_to_time_wait() -> None:
    into = {before for before, row in TRANSITIONS.items() if State.TIME_WAIT in row.values()} - {State.TIME_WAIT}
    assert into == {State.FIN_WAIT_2, State.CLOSING}
    assert State.TIME_WAIT not in TRANSITIONS[State.CLOSE_WAIT].values()


def test_the_named_sets_agree_with_the_table() -> None:
    moved_by_fin = {state for state, row in TRANSITIONS.items() if row.get(Input.RECV_FIN, state) is not state}
    assert moved_by_fin == TAKES_FIN
    assert {state for state, row in TRANSITIONS.items() if Input.RECV_ACK_OF_FIN in row} == AWAITS_ACK_OF_FIN


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("state", "given"), PAIRS, ids=lambda value: str(value))
def test_every_row_has_a_sentence_that_names_the_packet(language: str, state: State, given: Input) -> None:
    if given not in TRANSITIONS[state]:
        return
    key = f"tcp.step.{state}.{given}"
    sentence = say(key if has(key) else f"tcp.step.{given}", language, role="server", packet=4711)
    assert "4711" in sentence
    after = TRANSITIONS[state][given]
    if after is not state and given not in (Input.SEND_RST, Input.RECV_RST) and after is not State.LISTEN:
        assert str(after) in sentence


def test_the_passive_closer_is_said_to_enter_close_wait() -> None:
    for language in LANGUAGES:
        sentence = say("tcp.step.ESTABLISHED.RECV_FIN", language, role="server", packet=1)
        assert "CLOSE-WAIT" in sentence and "figure 12" in sentence.replace("그림 12", "figure 12")


@pytest.mark.parametrize("name", [*(f"state.{state}" for state in State), *(f"input.{given}" for given in Input)])
def test_every_state_and_input_has_words(name: str) -> None:
    assert say(f"tcp.{name}", "en") and say(f"tcp.{name}", "ko")
