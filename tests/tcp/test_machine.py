"""Steps that are proved, taken back, dated anew."""

from netviz.tcp.machine import Machine
from netviz.tcp.states import Input, State


def test_a_receipt_is_unproven_until_it_is_proved() -> None:
    machine = Machine(State.ESTABLISHED)
    machine.receive(4, Input.RECV_FIN, 1000)
    assert machine.unproven_event() == Input.RECV_FIN and machine.received_at == 1000
    machine.proves(6)
    assert machine.unproven_event() is None and machine.steps[0].proof == 6


def test_a_step_taken_back_leaves_no_trace() -> None:
    machine = Machine(State.ESTABLISHED)
    machine.receive(4, Input.RECV_FIN, 0)
    machine.take_back()
    assert machine.state is State.ESTABLISHED and machine.steps == [] and machine.unproven == 0


def test_what_came_again_takes_its_steps_along() -> None:
    machine = Machine(State.FIN_WAIT_1)
    machine.receive(5, Input.RECV_ACK_OF_FIN, 0)
    machine.receive(6, Input.RECV_FIN, 0)
    machine.redate(9, 70)
    assert [taken.packet for taken in machine.steps] == [5, 9] and machine.received_at == 70
    both = Machine(State.FIN_WAIT_1)
    both.receive(6, Input.RECV_ACK_OF_FIN, 0)
    both.receive(6, Input.RECV_FIN, 0)
    both.redate(9, 0)
    assert [taken.packet for taken in both.steps] == [9, 9]


def test_steps_never_go_back_in_time() -> None:
    machine = Machine(State.LISTEN)
    machine.take(2, Input.SEND_FIN, proof=2)
    machine.take(1, Input.RECV_SYN, proof=3)
    assert [taken.packet for taken in machine.steps] == [2, 2]


def test_a_step_in_the_middle_drops_out() -> None:
    machine = Machine(State.SYN_SENT)
    machine.receive(2, Input.RECV_SYN, 0)
    machine.receive(3, Input.RECV_SYN_ACK, 0)
    machine.drop(Input.RECV_SYN)
    assert [(taken.from_state, taken.to_state) for taken in machine.steps] == [(State.SYN_SENT, State.ESTABLISHED)]
    assert machine.unproven == 1


def test_a_late_segment_tells_how_it_began() -> None:
    machine = Machine(State.SYN_SENT)
    machine.receive(1, Input.RECV_SYN_ACK, 0)
    machine.begin_earlier(State.CLOSED, 2, Input.SEND_SYN)
    assert [(taken.packet, taken.to_state) for taken in machine.steps] == [(2, State.SYN_SENT), (2, State.ESTABLISHED)]
    assert machine.initial is State.CLOSED and machine.state is State.ESTABLISHED and machine.unproven == 1


def test_a_doubted_step_can_be_taken_back_though_it_was_sent() -> None:
    machine = Machine(State.ESTABLISHED)
    machine.take(5, Input.SEND_RST, proof=5)
    machine.doubt()
    assert machine.unproven_event() == Input.SEND_RST
    machine.take_back()
    assert machine.state is State.ESTABLISHED
