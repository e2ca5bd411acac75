"""What the numbers of a segment say: each name with the smallest conversation that shows it."""

import pytest

from netviz.explain.words import LANGUAGES, say
from netviz.tcp.marks import NAMES, deepest, names_of

SCALE_0 = b"\x03\x03\x00"
SCALE_3 = b"\x03\x03\x03"


def marks(talk, packet=None):
    talk.check()
    return set(names_of(talk.given[(talk.packet if packet is None else packet) - 1]))


def test_an_ordinary_exchange_is_not_marked(established):
    established >> ("client", "ACK", {"data": 5})
    established >> ("server", "ACK", {"data": 7})
    established >> ("client", "ACK")
    assert established.analysis == {}


def test_a_repeated_segment_is_a_retransmission_of_its_sender(established):
    established >> ("client", "ACK", {"data": 5})
    established >> 4
    assert marks(established) == {"retransmission"}
    assert established.analysis == {"retransmission": {"client": [5], "server": []}}


def test_a_repeated_syn_and_a_repeated_fin_are_retransmissions(talk):
    talk >> ("client", "SYN") << "client SYN-SENT"
    talk >> 1
    assert marks(talk) == {"retransmission"}
    talk >> ("server", "SYN,ACK") << "server SYN-RECEIVED @2, client ESTABLISHED"
    talk >> ("client", "ACK") << "server ESTABLISHED"
    talk >> ("client", "FIN,ACK") << "client FIN-WAIT-1, server CLOSE-WAIT"
    talk >> 5 << "server not CLOSE-WAIT, server CLOSE-WAIT"
    assert marks(talk) == {"retransmission"}


def test_what_was_acknowledged_already_is_sent_again_for_nothing(established):
    established >> ("client", "ACK", {"data": 5})
    established >> ("server", "ACK")
    established >> 4
    assert marks(established) == {"retransmission", "spurious-retransmission"}


def test_a_segment_behind_a_hole_and_the_late_one(established):
    established.unseen("client", "ACK", data=5)
    established >> ("client", "ACK", {"data": 5})
    assert marks(established) == {"previous-segment-lost"}
    established >> ("client", "ACK", {"seq": 1001, "data": 5, "after": 19})
    assert marks(established) == {"out-of-order"}


def test_a_hole_filled_after_a_round_trip_is_filled_by_a_retransmission(established):
    established.unseen("client", "ACK", data=5)
    established >> ("client", "ACK", {"data": 5})
    established >> ("client", "ACK", {"data": 5, "after": 30})
    established >> ("client", "ACK", {"seq": 1001, "data": 5, "after": 1})
    assert marks(established) == {"retransmission"}


def test_bytes_seen_before_are_never_out_of_order(established):
    established >> ("client", "ACK", {"data": 5})
    established >> ("client", "ACK", {"data": 5})
    established >> ("client", "ACK", {"seq": 1001, "data": 5, "after": 1})
    assert marks(established) == {"retransmission"}


def test_duplicate_acknowledgements_call_for_a_fast_retransmission(established):
    established.unseen("server", "ACK", data=100)
    established >> ("server", "ACK", {"data": 100})
    for _ in range(3):
        established >> ("client", "ACK", {"ack": 5001})
        assert marks(established) == {"duplicate-ack"}
    established >> ("server", "ACK", {"seq": 5001, "data": 100})
    assert marks(established) == {"retransmission", "fast-retransmission"}


def test_an_old_duplicate_acknowledgement_calls_for_nothing(established):
    established.unseen("server", "ACK", data=100)
    established >> ("server", "ACK", {"data": 100})
    for _ in range(3):
        established >> ("client", "ACK", {"ack": 5001})
    established >> ("server", "ACK", {"seq": 5001, "data": 100, "after": 21})
    assert marks(established) == {"retransmission"}


def test_new_acknowledgements_begin_the_count_of_duplicates_anew(established):
    established >> ("server", "ACK", {"data": 100})
    established >> ("client", "ACK")
    established >> ("client", "ACK")
    established >> ("server", "ACK", {"data": 100})
    established >> ("client", "ACK")
    established >> ("client", "ACK")
    established >> ("server", "ACK", {"seq": 5101, "data": 100})
    assert "fast-retransmission" not in marks(established)


def test_an_acknowledgement_of_what_was_not_captured_is_marked_once_a_hole(established):
    established >> ("server", "ACK", {"data": 1})
    established.unseen("server", "ACK", data=100)
    established >> ("client", "ACK")
    assert marks(established) == {"acked-unseen"}
    established >> ("client", "ACK")
    assert marks(established) == {"duplicate-ack"}
    established.unseen("server", "ACK", data=100)
    established >> ("client", "ACK")
    assert marks(established) == set()
    established >> ("server", "ACK", {"data": 5})
    assert marks(established) == {"previous-segment-lost"}
    established >> ("client", "ACK")
    assert marks(established) == {"acked-unseen"}


def test_windows_close_are_probed_and_open(established):
    established >> ("client", "ACK", {"data": 10})
    established >> ("server", "ACK", {"window": 0})
    assert marks(established) == {"zero-window"}
    established >> ("client", "ACK", {"data": 1})
    assert marks(established) == {"zero-window-probe"}
    established >> ("server", "ACK", {"window": 0, "ack": 1011})
    assert marks(established) == {"zero-window", "zero-window-probe-ack"}
    established >> ("server", "ACK", {"window": 500, "ack": 1011})
    assert marks(established) == {"window-update"}


def test_a_probe_in_the_form_of_a_keep_alive(established):
    established >> ("client", "ACK", {"data": 10})
    established >> ("server", "ACK", {"window": 0})
    established >> ("client", "ACK", {"seq": 1010})
    assert marks(established) == {"zero-window-probe"}
    established >> ("server", "ACK", {"window": 0})
    assert marks(established) == {"zero-window", "zero-window-probe-ack"}


def test_a_probe_whose_byte_was_taken(established):
    established >> ("client", "ACK", {"data": 10})
    established >> ("server", "ACK", {"window": 0})
    established >> ("client", "ACK", {"data": 1})
    established >> ("server", "ACK", {"window": 0})
    assert marks(established) == {"zero-window", "zero-window-probe-ack"}
    established >> ("client", "ACK", {"data": 10})
    assert marks(established) == set()


@pytest.mark.parametrize("data", [0, 1])
def test_keep_alives_and_their_answers(established, data):
    established >> ("client", "ACK", {"data": 5})
    established >> ("server", "ACK")
    established >> ("client", "ACK", {"seq": 1005, "data": data})
    assert marks(established) == {"keep-alive"}
    established >> ("server", "ACK")
    assert marks(established) == {"keep-alive-ack"}


@pytest.mark.parametrize(
    ("client", "server", "data"), [(SCALE_0, SCALE_3, 800), (b"", SCALE_3, 100), (SCALE_3, b"", 100)]
)
def test_a_window_is_full_by_the_scale_both_sides_offered(talk, client, server, data):
    talk >> ("client", "SYN", {"options": client}) << "client SYN-SENT"
    talk >> ("server", "SYN,ACK", {"options": server}) << "server SYN-RECEIVED @1, client ESTABLISHED"
    talk >> ("client", "ACK") << "server ESTABLISHED"
    talk >> ("server", "ACK", {"window": 100})
    talk >> ("client", "ACK", {"data": data - 1})
    assert marks(talk) == set()
    talk >> ("client", "ACK", {"data": 1})
    assert marks(talk) == {"window-full"}


def test_the_window_of_a_syn_is_not_scaled(talk):
    talk >> ("client", "SYN", {"options": SCALE_3}) << "client SYN-SENT"
    talk >> ("server", "SYN,ACK", {"options": SCALE_3, "window": 100}) << "server SYN-RECEIVED @1, client ESTABLISHED"
    talk >> ("client", "ACK", {"data": 100}) << "server ESTABLISHED"
    assert marks(talk) == {"window-full"}


def test_the_byte_of_a_probe_sent_with_what_follows_is_no_retransmission(established):
    established >> ("client", "ACK", {"data": 5})
    established >> ("client", "ACK", {"seq": 1005, "data": 10})
    assert marks(established) == set()


def test_a_window_of_unknown_scale_is_never_full(talk):
    talk >> ("server", "ACK", {"window": 100})
    talk >> ("client", "ACK", {"data": 100})
    assert marks(talk) == set()


def test_only_the_first_syn_of_used_ports_is_marked(talk):
    talk.is_reused = True
    talk >> ("client", "SYN") << "client SYN-SENT"
    assert marks(talk) == {"port-reused"}
    talk >> 1
    assert marks(talk) == {"retransmission"}


def test_a_reset_has_no_say_in_what_comes_next(talk):
    talk >> ("client", "SYN") << "client SYN-SENT"
    talk >> ("server", "RST,ACK", {"seq": 0, "ack": 1000})
    talk >> ("server", "SYN,ACK") << "server SYN-RECEIVED @1, client ESTABLISHED"
    assert marks(talk) == set()


@pytest.mark.parametrize("name", NAMES)
def test_every_name_has_words(name):
    for language in LANGUAGES:
        assert say(f"tcp.analysis.{name}", language)
        assert "4711" in say(f"tcp.analysis.{name}.meaning", language, packet=4711)


def test_what_is_said_more_exactly_is_not_said_twice():
    assert deepest(("retransmission", "fast-retransmission", "window-full")) == ("fast-retransmission", "window-full")
    assert deepest(("retransmission",)) == ("retransmission",) and deepest(()) == ()
