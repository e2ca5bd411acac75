"""Conversations as transcripts, a block for each state that packets can show."""

import pytest

from netviz.tcp.connection import Closing, Opening
from netviz.tcp.states import State

# Tests for CLOSED, LISTEN and SYN-SENT.


def test_three_way_handshake(talk):
    talk >> ("client", "SYN") << "client SYN-SENT"
    talk >> ("server", "SYN,ACK") << "server SYN-RECEIVED @1, client ESTABLISHED"
    talk >> ("client", "ACK") << "server ESTABLISHED"
    found = talk.connection
    assert found.initial_states == {"client": State.CLOSED, "server": State.LISTEN}
    assert (found.handshake.syn, found.handshake.syn_ack, found.handshake.ack) == (1, 2, 3)
    assert found.handshake.rtt == pytest.approx(0.02)
    assert found.opening is Opening.THREE_WAY and found.client.port == 40000 and not found.client_is_inferred


def test_syn_is_repeated_until_it_is_answered(talk):
    talk >> ("client", "SYN") << "client SYN-SENT"
    talk >> 1
    talk >> 1
    talk >> ("server", "SYN,ACK") << "server SYN-RECEIVED @3, client ESTABLISHED"
    talk >> ("client", "ACK") << "server ESTABLISHED"
    assert talk.connection.handshake.syn == 1


def test_the_echoed_timestamp_tells_which_syn_was_answered(talk):
    def times(value: int, echo: int) -> bytes:
        return b"\x08\x0a" + value.to_bytes(4, "big") + echo.to_bytes(4, "big")

    talk >> ("client", "SYN", {"options": times(100, 0)}) << "client SYN-SENT"
    talk >> ("client", "SYN", {"options": times(1100, 0), "seq": 1000, "after": 1000})
    talk >> ("server", "SYN,ACK", {"options": times(9, 100)}) << "server SYN-RECEIVED @1, client ESTABLISHED"


def test_a_silent_server_never_was_syn_received(talk):
    talk >> ("client", "SYN") << "client SYN-SENT"
    talk >> 1
    assert talk.states() == ("SYN-SENT", "LISTEN")
    assert talk.connection.opening is Opening.NO_ANSWER


def test_a_refused_client_is_closed_and_the_server_never_left_closed(talk):
    talk >> ("client", "SYN") << "client SYN-SENT"
    talk >> ("server", "RST,ACK", {"seq": 0}) << "client CLOSED"
    found = talk.connection
    assert found.states("server") == [] and found.initial_states["server"] is State.CLOSED
    assert (found.opening, found.closing) == (Opening.REFUSED, Closing.NONE)


def test_an_unreachable_server_closes_the_client(talk):
    talk >> ("client", "SYN") << "client SYN-SENT"
    talk.tracker.unreachable(2, 0, 1000)
    assert talk.connection.final_state("client") is State.CLOSED
    assert (talk.connection.opening, talk.connection.closing) == (Opening.UNREACHABLE, Closing.NONE)


def test_an_icmp_error_about_another_number_closes_nothing(talk):
    talk >> ("client", "SYN") << "client SYN-SENT"
    talk.tracker.unreachable(2, 0, 1001)
    assert talk.states() == ("SYN-SENT", "LISTEN")


def test_who_repeats_its_syn_had_not_given_up(talk):
    talk >> ("client", "SYN") << "client SYN-SENT"
    talk.tracker.unreachable(2, 0, 1000)
    talk.packet = 2
    talk >> 1
    assert talk.connection.opening is Opening.NO_ANSWER
    talk >> ("server", "SYN,ACK") << "server SYN-RECEIVED @3, client ESTABLISHED"


def test_an_open_connection_outlives_icmp_errors(established):
    established.tracker.unreachable(4, 0, 1001)
    established.tracker.unreachable(4, 0, 1000)
    assert established.states() == ("ESTABLISHED", "ESTABLISHED")


@pytest.mark.parametrize(("no_route", "state"), [(True, "CLOSED"), (False, "SYN-RECEIVED")])
def test_a_listener_forgets_whom_it_can_not_reach(talk, no_route, state):
    talk >> ("client", "SYN") << "client SYN-SENT"
    talk >> ("server", "SYN,ACK") << "server SYN-RECEIVED @1, client ESTABLISHED"
    talk.tracker.unreachable(3, 1, 5000, no_route)
    assert talk.connection.final_state("server").value == state


def test_simultaneous_open(talk):
    talk >> ("client", "SYN") << "client SYN-SENT"
    talk >> ("server", "SYN") << "server SYN-SENT, server SYN-RECEIVED, client SYN-RECEIVED"
    talk >> ("client", "SYN,ACK", {"seq": 1000}) << "server ESTABLISHED"
    talk >> ("server", "SYN,ACK", {"seq": 5000}) << "client ESTABLISHED"
    found = talk.connection
    assert found.opening is Opening.SIMULTANEOUS
    assert found.initial_states == {"client": State.CLOSED, "server": State.CLOSED}


def test_crossed_syns_of_which_one_was_lost(talk):
    talk >> ("client", "SYN") << "client SYN-SENT"
    talk >> ("server", "SYN") << "server SYN-SENT, server SYN-RECEIVED, client SYN-RECEIVED"
    talk >> ("client", "SYN,ACK", {"seq": 1000}) << "server ESTABLISHED"
    talk >> ("server", "ACK") << "client ESTABLISHED, server not SYN-RECEIVED"
    server = [step for step in talk.connection.transitions if step.endpoint == "server"]
    assert [(step.from_state, step.to_state) for step in server] == [
        (State.CLOSED, State.SYN_SENT),
        (State.SYN_SENT, State.ESTABLISHED),
    ]


def test_a_syn_ack_for_another_syn_opens_nobody(talk):
    talk >> ("client", "SYN") << "client SYN-SENT"
    talk >> ("server", "SYN,ACK", {"ack": 77})
    talk >> ("client", "RST", {"seq": 77})
    assert talk.states() == ("SYN-SENT", "LISTEN")


def test_a_late_copy_of_the_syn_ack_opens_nobody_anew(established):
    established >> ("server", "FIN,ACK") << "server FIN-WAIT-1, client CLOSE-WAIT"
    established >> ("client", "FIN,ACK") << "client LAST-ACK, server FIN-WAIT-2, server TIME-WAIT"
    established >> ("server", "RST,ACK", {"seq": 5002}) << "server CLOSED, client CLOSED"
    established >> 2


def test_a_syn_sent_again_without_its_data_keeps_the_data_acknowledgeable(talk):
    talk >> ("client", "SYN", {"data": 8}) << "client SYN-SENT"
    talk >> ("client", "SYN", {"seq": 1000})
    talk >> ("server", "SYN,ACK", {"ack": 1009}) << "server SYN-RECEIVED @2, client ESTABLISHED"
    talk >> ("client", "ACK") << "server ESTABLISHED"
    assert talk.connection.opening is Opening.FAST_OPEN


# Tests for SYN-RECEIVED.


def test_the_last_ack_of_the_handshake_carries_data(talk):
    talk >> ("client", "SYN") << "client SYN-SENT"
    talk >> ("server", "SYN,ACK") << "server SYN-RECEIVED @1, client ESTABLISHED"
    talk >> ("client", "ACK", {"data": 9}) << "server ESTABLISHED"
    assert talk.connection.handshake.ack == 3 and talk.connection.bytes["client"] == 9


def test_data_of_the_server_shows_that_its_syn_was_acknowledged(talk):
    talk >> ("client", "SYN") << "client SYN-SENT"
    talk >> ("server", "SYN,ACK") << "server SYN-RECEIVED @1, client ESTABLISHED"
    talk.unseen("client", "ACK")
    talk >> ("server", "ACK", {"data": 5}) << "server ESTABLISHED"


def test_fast_open_data_before_the_handshake_is_complete(talk):
    talk >> ("client", "SYN", {"data": 10}) << "client SYN-SENT"
    talk >> ("server", "SYN,ACK") << "server SYN-RECEIVED @1, client ESTABLISHED"
    talk >> ("server", "ACK", {"data": 100})
    talk >> ("client", "ACK") << "server ESTABLISHED"
    assert talk.connection.opening is Opening.FAST_OPEN
    assert talk.connection.bytes == {"client": 10, "server": 100}


def test_fast_open_server_closes_before_the_handshake_is_complete(talk):
    talk >> ("client", "SYN", {"data": 10}) << "client SYN-SENT"
    talk >> ("server", "SYN,ACK") << "server SYN-RECEIVED @1, client ESTABLISHED"
    talk >> ("server", "FIN,ACK", {"data": 100}) << "server FIN-WAIT-1, client CLOSE-WAIT"
    talk >> ("client", "ACK") << "server FIN-WAIT-2"
    assert talk.connection.handshake.ack == 4


# Tests for ESTABLISHED.


def test_data_and_keep_alives_change_no_state(established):
    established >> ("client", "ACK", {"data": 100})
    established >> ("server", "ACK", {"data": 50})
    established >> ("client", "ACK", {"seq": 1100})
    established >> ("server", "ACK")
    assert established.states() == ("ESTABLISHED", "ESTABLISHED")


def test_a_second_syn_is_challenged_and_a_second_syn_ack_is_illegal(established):
    established >> ("client", "SYN", {"seq": 900000})
    established >> ("server", "ACK", {"seq": 5001, "ack": 1001})
    established >> ("client", "ACK", {"seq": 1001, "data": 5})
    assert established.analysis == {"duplicate-ack": {"client": [], "server": [5]}}
    established >> ("server", "SYN,ACK", {"seq": 900000}) << "server illegal SEND_SYN_ACK"


# Tests for FIN-WAIT-1, FIN-WAIT-2, CLOSE-WAIT, LAST-ACK and TIME-WAIT.


def test_of_two_fins_the_one_behind_bytes_that_never_came_was_forged(established):
    established >> ("client", "FIN,ACK", {"seq": 1501}) << "client FIN-WAIT-1"
    established >> ("client", "FIN,ACK", {"seq": 1001}) << "client not FIN-WAIT-1, client FIN-WAIT-1, server CLOSE-WAIT"


def test_a_fin_lost_where_both_crossed(established):
    established >> ("server", "FIN,ACK", {"after": 50}) << "server FIN-WAIT-1, client CLOSE-WAIT"
    (
        established
        >> ("client", "FIN,ACK", {"ack": 5001, "after": 5})
        << ("client not CLOSE-WAIT, client FIN-WAIT-1, client CLOSING, server CLOSING")
    )
    established >> ("server", "ACK", {"seq": 5002, "after": 1}) << "client TIME-WAIT"
    established >> 4 << "client not CLOSING, client not TIME-WAIT, client FIN-WAIT-2 @6, client TIME-WAIT"
    established >> ("client", "ACK", {"ack": 5002}) << "server TIME-WAIT"
    assert established.connection.closing is Closing.SIMULTANEOUS
    assert established.connection.close_steps.active_closer is None


def test_a_number_skipped_before_the_second_fin_tells_that_it_was_sent_before(established):
    established >> ("client", "FIN,ACK") << "client FIN-WAIT-1, server CLOSE-WAIT"
    established.unseen("server", "FIN,ACK")
    established >> ("server", "ACK") << "client FIN-WAIT-2"
    established >> ("server", "FIN,ACK", {"seq": 5001}) << "server LAST-ACK, client TIME-WAIT"
    assert established.connection.closing is Closing.THREE_SEGMENT


@pytest.mark.parametrize(("first", "second"), [("client", "server"), ("server", "client")])
def test_four_way_close_by_either_side(established, first, second):
    established >> (first, "FIN,ACK") << f"{first} FIN-WAIT-1, {second} CLOSE-WAIT"
    established >> (second, "ACK") << f"{first} FIN-WAIT-2"
    established >> (second, "FIN,ACK") << f"{second} LAST-ACK, {first} TIME-WAIT"
    established >> (first, "ACK") << f"{second} CLOSED"
    found = established.connection
    steps = found.close_steps
    assert (steps.fin_1, steps.ack_1, steps.fin_2, steps.ack_2, steps.active_closer) == (4, 5, 6, 7, first)
    assert found.closing is Closing.FOUR_WAY


def test_three_segment_close(established):
    established >> ("client", "FIN,ACK") << "client FIN-WAIT-1, server CLOSE-WAIT"
    established >> ("server", "FIN,ACK") << "client FIN-WAIT-2, client TIME-WAIT, server LAST-ACK"
    established >> ("client", "ACK") << "server CLOSED"
    found = established.connection
    assert found.closing is Closing.THREE_SEGMENT
    assert (found.close_steps.ack_1, found.close_steps.fin_2) == (5, 5)


def test_a_fin_with_data_and_data_after_the_half_close(established):
    established >> ("client", "FIN,ACK", {"data": 10}) << "client FIN-WAIT-1, server CLOSE-WAIT"
    established >> ("server", "ACK") << "client FIN-WAIT-2"
    established >> ("server", "ACK", {"data": 3000})
    established >> ("client", "ACK")
    assert established.connection.closing is Closing.HALF_CLOSED
    established >> ("server", "FIN,ACK") << "server LAST-ACK, client TIME-WAIT"
    established >> ("client", "ACK") << "server CLOSED"
    assert established.connection.bytes == {"client": 10, "server": 3000}


def test_a_fin_behind_a_hole_waits_for_the_bytes_before_it(established):
    established.unseen("client", "ACK", data=5)
    established >> ("client", "FIN,ACK") << "client FIN-WAIT-1"
    established >> ("server", "ACK", {"ack": 1001})
    established >> ("client", "ACK", {"seq": 1001, "data": 5}) << "server CLOSE-WAIT"
    established >> ("server", "ACK") << "client FIN-WAIT-2"


def test_an_acknowledged_fin_arrived_though_the_capture_missed_what_was_before(established):
    established.unseen("client", "ACK", data=5)
    established >> ("client", "FIN,ACK") << "client FIN-WAIT-1"
    established >> ("server", "ACK") << "server CLOSE-WAIT, client FIN-WAIT-2"


def test_a_repeated_fin_in_time_wait_is_acknowledged_again(established):
    established >> ("client", "FIN,ACK") << "client FIN-WAIT-1, server CLOSE-WAIT"
    established >> ("server", "FIN,ACK") << "client FIN-WAIT-2, client TIME-WAIT, server LAST-ACK"
    established >> ("client", "ACK") << "server CLOSED"
    established >> 5 << "server not CLOSED"
    established >> 6 << "server CLOSED"
    assert established.states() == ("TIME-WAIT", "CLOSED")


def test_more_after_the_own_fin_is_illegal(established):
    established >> ("client", "FIN,ACK") << "client FIN-WAIT-1, server CLOSE-WAIT"
    established >> ("client", "FIN,ACK", {"data": 5}) << "client illegal SEND_FIN"


def test_the_close_goes_over_the_wrap_of_sequence_numbers(talk):
    talk.next = [0xFFFFFF00, 0xFFFFFFFF]
    talk >> ("client", "SYN") << "client SYN-SENT"
    talk >> ("server", "SYN,ACK") << "server SYN-RECEIVED @1, client ESTABLISHED"
    talk >> ("client", "ACK", {"data": 600}) << "server ESTABLISHED"
    talk >> ("server", "ACK")
    talk >> ("client", "FIN,ACK") << "client FIN-WAIT-1, server CLOSE-WAIT"
    talk >> ("server", "FIN,ACK") << "client FIN-WAIT-2, client TIME-WAIT, server LAST-ACK"
    talk >> ("client", "ACK") << "server CLOSED"
    assert talk.connection.bytes["client"] == 600 and talk.connection.analysis == {}


# Tests for CLOSING.


def test_simultaneous_close(established):
    established >> ("client", "FIN,ACK") << "client FIN-WAIT-1, server CLOSE-WAIT"
    (
        established
        >> ("server", "FIN,ACK", {"ack": 1001})
        << ("server not CLOSE-WAIT, server FIN-WAIT-1, server CLOSING, client CLOSING")
    )
    established >> ("client", "ACK") << "server TIME-WAIT"
    established >> ("server", "ACK") << "client TIME-WAIT"
    found = established.connection
    assert found.closing is Closing.SIMULTANEOUS and found.close_steps.active_closer is None
    assert found.states("server")[2:] == [State.FIN_WAIT_1, State.CLOSING, State.TIME_WAIT]


# Tests for captures that begin late or miss a direction.


def test_joined_mid_stream_the_lower_port_is_the_server(talk):
    talk >> ("server", "ACK", {"data": 10})
    talk >> ("client", "ACK")
    found = talk.connection
    assert found.client.port == 40000 and found.client_is_inferred
    assert found.opening is Opening.MID_STREAM and found.closing is Closing.OPEN
    assert found.initial_states == {"client": State.ESTABLISHED, "server": State.ESTABLISHED}
    talk >> ("client", "FIN,ACK") << "client FIN-WAIT-1, server CLOSE-WAIT"


def test_joined_at_the_syn_ack(talk):
    talk.unseen("client", "SYN")
    talk >> ("server", "SYN,ACK") << "client ESTABLISHED"
    found = talk.connection
    assert found.initial_states == {"client": State.SYN_SENT, "server": State.SYN_RECEIVED}
    assert found.client.port == 40000 and not found.client_is_inferred
    talk >> ("client", "ACK") << "server ESTABLISHED"


def test_only_the_client_was_captured(talk):
    talk >> ("client", "SYN") << "client SYN-SENT"
    talk.unseen("server", "SYN,ACK")
    talk >> ("client", "ACK") << "server SYN-RECEIVED @1, client ESTABLISHED, server ESTABLISHED"
    talk >> ("client", "ACK", {"data": 3})
    assert talk.connection.opening is Opening.THREE_WAY and talk.connection.handshake.syn_ack is None


def test_only_the_server_was_captured(talk):
    talk.unseen("client", "SYN")
    talk >> ("server", "SYN,ACK") << "client ESTABLISHED"
    talk.unseen("client", "ACK", data=5)
    talk >> ("server", "ACK") << "server ESTABLISHED"


def test_the_syn_ack_stands_before_the_syn_in_the_capture(talk):
    talk.unseen("client", "SYN")
    talk >> ("server", "SYN,ACK") << "client ESTABLISHED"
    (
        talk
        >> ("client", "SYN", {"seq": 1000})
        << ("client SYN-SENT, server SYN-RECEIVED, client ESTABLISHED, client not ESTABLISHED")
    )
    found = talk.connection
    assert found.initial_states == {"client": State.CLOSED, "server": State.LISTEN}
    assert found.states("client") == [State.SYN_SENT, State.ESTABLISHED]
    talk >> ("client", "ACK") << "server ESTABLISHED"


def test_the_whole_handshake_stands_behind_its_last_ack(talk):
    talk.unseen("client", "SYN").unseen("server", "SYN,ACK")
    talk >> ("client", "ACK")
    (
        talk
        >> ("client", "SYN", {"seq": 1000})
        << ("client SYN-SENT, client ESTABLISHED, server SYN-RECEIVED, server ESTABLISHED")
    )
    talk >> ("server", "SYN,ACK", {"seq": 5000})
    assert not talk.connection.client_is_inferred and talk.connection.handshake.syn_ack == 3
