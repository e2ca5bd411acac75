"""Resets in every state: obeyed, ignored, challenged, forged."""

import pytest

from netviz.tcp.connection import Closing, Opening


@pytest.mark.parametrize("who", ["client", "server"])
def test_established_is_reset(established, who):
    established >> (who, "RST,ACK") << "client CLOSED, server CLOSED"
    assert established.connection.closing is Closing.RESET


def test_a_reset_in_syn_sent_must_acknowledge_the_syn(talk):
    talk >> ("client", "SYN") << "client SYN-SENT"
    talk >> ("server", "RST,ACK", {"seq": 0, "ack": 1000})
    talk >> ("server", "RST", {"seq": 0})
    talk >> ("server", "RST,ACK", {"seq": 0, "ack": 1001}) << "client CLOSED"


def test_syn_received_goes_back_to_listen(talk):
    talk >> ("client", "SYN") << "client SYN-SENT"
    talk >> ("server", "SYN,ACK") << "server SYN-RECEIVED @1, client ESTABLISHED"
    talk >> ("client", "RST,ACK") << "client CLOSED, server LISTEN"
    assert talk.connection.opening is Opening.ABORTED and talk.connection.closing is Closing.NONE


def test_a_half_open_scan_never_came_to_established(talk):
    talk >> ("client", "SYN") << "client SYN-SENT"
    talk >> ("server", "SYN,ACK") << "server SYN-RECEIVED @1, client ESTABLISHED"
    talk >> ("client", "RST") << "client not ESTABLISHED, client CLOSED, server LISTEN"
    assert talk.connection.opening is Opening.ABORTED


def test_the_client_gives_up_after_its_syn(talk):
    talk >> ("client", "SYN") << "client SYN-SENT"
    talk >> ("client", "RST") << "client CLOSED"
    assert talk.connection.opening is Opening.ABORTED


def test_a_crossed_open_is_reset_to_closed(talk):
    talk >> ("client", "SYN") << "client SYN-SENT"
    talk >> ("server", "SYN") << "server SYN-SENT, server SYN-RECEIVED, client SYN-RECEIVED"
    talk >> ("server", "RST,ACK") << "server CLOSED, client CLOSED"


def to_fin_wait_1(talk):
    talk >> ("client", "FIN,ACK") << "client FIN-WAIT-1, server CLOSE-WAIT"


def to_fin_wait_2(talk):
    to_fin_wait_1(talk)
    talk >> ("server", "ACK") << "client FIN-WAIT-2"


def to_last_ack(talk):
    to_fin_wait_2(talk)
    talk >> ("server", "FIN,ACK") << "server LAST-ACK, client TIME-WAIT"


def to_closing(talk):
    to_fin_wait_1(talk)
    (
        talk
        >> ("server", "FIN,ACK", {"ack": 1001})
        << ("server not CLOSE-WAIT, server FIN-WAIT-1, server CLOSING, client CLOSING")
    )


@pytest.mark.parametrize("way", [to_fin_wait_1, to_fin_wait_2, to_last_ack, to_closing])
@pytest.mark.parametrize("who", ["client", "server"])
def test_a_close_under_way_is_reset(established, way, who):
    way(established)
    established >> (who, "RST,ACK") << "client CLOSED, server CLOSED"
    assert established.connection.closing is Closing.FIN_THEN_RESET


def test_a_reset_in_time_wait_comes_after_the_close(established):
    to_last_ack(established)
    established >> ("client", "ACK") << "server CLOSED"
    established >> ("server", "RST") << "client CLOSED"
    assert established.connection.closing is Closing.FOUR_WAY


def test_data_after_the_close_is_answered_by_a_reset(established):
    to_fin_wait_2(established)
    established >> ("server", "ACK", {"data": 10})
    established >> ("client", "RST") << "client CLOSED, server CLOSED"


def test_what_was_in_flight_does_not_revive_who_was_reset(established):
    established >> ("server", "RST,ACK") << "client CLOSED, server CLOSED"
    established >> ("client", "ACK", {"data": 5, "after": 1})
    established >> ("server", "RST")
    assert [step.packet for step in established.connection.transitions[-2:]] == [4, 4]


def test_a_reset_with_another_number_is_challenged_and_then_obeyed(established):
    established >> ("server", "ACK", {"data": 500})
    established >> ("server", "RST,ACK", {"seq": 5300}) << "server CLOSED"
    established >> ("client", "ACK", {"ack": 5001})
    established >> ("server", "RST", {"seq": 5001}) << "client CLOSED"


def test_a_reset_is_obeyed_by_who_acknowledged_up_to_it(established):
    established >> ("server", "ACK", {"data": 100})
    established >> ("client", "ACK")
    established >> ("server", "ACK", {"data": 100})
    established >> ("client", "ACK", {"ack": 5051})
    established >> ("server", "RST", {"seq": 5101}) << "client CLOSED, server CLOSED"


def test_a_forged_reset_closes_nobody_who_goes_on(established):
    established >> ("server", "RST", {"seq": 5001}) << "client CLOSED, server CLOSED"
    established >> ("server", "ACK", {"data": 5}) << "server not CLOSED"
    established >> ("client", "ACK") << "client not CLOSED"
    assert established.connection.closing is Closing.OPEN


def test_a_forged_reset_with_a_number_ahead_closes_nobody(established):
    established >> ("server", "RST", {"seq": 6001}) << "server CLOSED"
    established >> ("client", "ACK", {"data": 5})
    established >> ("server", "ACK", {"data": 5, "after": 100}) << "server not CLOSED"
    assert established.states() == ("ESTABLISHED", "ESTABLISHED")


def test_bytes_that_the_reset_overtook_do_not_revive_its_sender(established):
    established >> ("server", "RST", {"seq": 5006}) << "server CLOSED"
    established >> ("server", "ACK", {"data": 5, "after": 1})
    assert established.states()[1] == "CLOSED"


def test_a_capture_of_nothing_but_a_refusal(talk):
    talk.unseen("client", "SYN")
    talk >> ("server", "RST,ACK", {"seq": 0}) << "client CLOSED"
    assert talk.connection.client.port == 40000 and talk.connection.final_state("server") == "LISTEN"


def test_a_capture_that_begins_with_a_reset(talk):
    talk >> ("client", "RST", {"seq": 12345}) << "client CLOSED, server CLOSED"
    assert talk.connection.opening is Opening.MID_STREAM and talk.connection.closing is Closing.RESET
