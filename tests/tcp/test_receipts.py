"""What only later packets tell: steps proved, taken back, taken anew."""

import pytest

from netviz.tcp.states import Input, State


def proofs(talk, endpoint):
    return {step.event: step.proof for step in talk.connection.transitions if step.endpoint == endpoint}


def test_each_receipt_is_proved_by_what_its_receiver_sends_next(established):
    established >> ("client", "ACK", {"data": 5})
    assert proofs(established, "server")[Input.RECV_ACK_OF_SYN] is None
    established >> ("server", "ACK")
    assert proofs(established, "client") == {Input.SEND_SYN: 1, Input.RECV_SYN_ACK: 3}
    assert proofs(established, "server") == {Input.RECV_SYN: 2, Input.RECV_ACK_OF_SYN: 5}


def test_a_snapshot_as_of_a_packet_does_not_know_what_later_packets_prove(talk):
    talk >> ("client", "SYN") << "client SYN-SENT"
    assert talk.connection.state_at("server", 1) is State.LISTEN
    talk >> ("server", "SYN,ACK") << "server SYN-RECEIVED @1, client ESTABLISHED"
    assert talk.connection.state_at("server", 1) is State.SYN_RECEIVED


def test_the_client_repeats_its_syn_so_the_syn_ack_did_not_arrive(talk):
    talk >> ("client", "SYN") << "client SYN-SENT"
    talk >> ("server", "SYN,ACK") << "server SYN-RECEIVED @1, client ESTABLISHED"
    talk >> 1 << "client not ESTABLISHED"
    talk >> 2 << "client ESTABLISHED"
    talk >> ("client", "ACK") << "server ESTABLISHED"


def test_a_repeated_syn_ack_is_the_one_that_arrived(talk):
    talk >> ("client", "SYN") << "client SYN-SENT"
    talk >> ("server", "SYN,ACK") << "server SYN-RECEIVED @1, client ESTABLISHED"
    talk >> 2 << "client not ESTABLISHED, client ESTABLISHED"
    talk >> ("client", "ACK") << "server ESTABLISHED"


def test_the_server_repeats_its_syn_ack_so_the_last_ack_did_not_arrive(established):
    established >> 2 << "server not ESTABLISHED"
    established >> ("client", "ACK") << "server ESTABLISHED"
    established >> ("server", "ACK", {"data": 3})
    assert established.connection.handshake.ack == 5


def test_a_copy_that_crossed_with_its_answer_proves_nothing(talk):
    talk >> ("client", "SYN") << "client SYN-SENT"
    talk >> ("server", "SYN,ACK", {"after": 100}) << "server SYN-RECEIVED @1, client ESTABLISHED"
    talk >> ("client", "ACK") << "server ESTABLISHED"
    talk >> ("server", "SYN,ACK", {"seq": 5000, "after": 20})
    assert talk.states() == ("ESTABLISHED", "ESTABLISHED")


def test_a_lost_fin_arrives_with_its_copy(established):
    established >> ("client", "FIN,ACK") << "client FIN-WAIT-1, server CLOSE-WAIT"
    established >> 4 << "server not CLOSE-WAIT, server CLOSE-WAIT"
    established >> ("server", "ACK") << "client FIN-WAIT-2"
    assert established.connection.close_steps.fin_1 == 4


def test_an_acknowledgement_of_a_fin_is_lost(established):
    established >> ("client", "FIN,ACK") << "client FIN-WAIT-1, server CLOSE-WAIT"
    established >> ("server", "ACK") << "client FIN-WAIT-2"
    established >> 4 << "client not FIN-WAIT-2"
    established >> 5 << "client FIN-WAIT-2"
    established >> ("server", "FIN,ACK") << "server LAST-ACK, client TIME-WAIT"


def test_a_lost_fin_of_the_passive_closer(established):
    established >> ("client", "FIN,ACK") << "client FIN-WAIT-1, server CLOSE-WAIT"
    established >> ("server", "ACK") << "client FIN-WAIT-2"
    established >> ("server", "FIN,ACK") << "server LAST-ACK, client TIME-WAIT"
    established >> 6 << "client not TIME-WAIT, client TIME-WAIT"
    established >> ("client", "ACK") << "server CLOSED"
    step = established.connection.transitions[-2]
    assert (step.to_state, step.packet, step.proof) == (State.TIME_WAIT, 7, 8)


@pytest.mark.parametrize("old", [3333, 900])
def test_a_server_in_the_middle_of_an_older_connection(talk, old):
    talk >> ("client", "SYN") << "client SYN-SENT"
    talk >> ("server", "ACK", {"seq": 7777, "ack": old})
    assert talk.connection.initial_states["server"] is State.ESTABLISHED
    talk >> ("client", "RST", {"seq": old}) << "server CLOSED"
    assert talk.states()[0] == "SYN-SENT"
    talk >> 1
    talk >> ("server", "SYN,ACK", {"seq": 5000, "ack": 1001}) << "server SYN-RECEIVED @4, client ESTABLISHED"
    talk >> ("client", "ACK") << "server ESTABLISHED"


def test_a_server_whose_syn_ack_was_not_captured(talk):
    talk >> ("client", "SYN") << "client SYN-SENT"
    talk.unseen("server", "SYN,ACK").unseen("client", "ACK")
    talk >> ("server", "ACK", {"data": 5}) << "server SYN-RECEIVED @1, server ESTABLISHED"
    talk >> ("client", "ACK") << "client ESTABLISHED"
