"""Labels for what the transcripts of the other tests do not reach, and words for each."""

import pytest

from netviz.explain.words import LANGUAGES, say
from netviz.tcp.connection import Closing, Opening


@pytest.mark.parametrize("label", [*(f"opening.{word}" for word in Opening), *(f"closing.{word}" for word in Closing)])
def test_every_label_has_words(label):
    for language in LANGUAGES:
        assert say(f"tcp.{label}", language)
        assert "4711" in say(f"tcp.{label}.meaning", language, packet=4711)


def test_a_syn_ack_that_nobody_acknowledges(talk):
    talk >> ("client", "SYN") << "client SYN-SENT"
    talk >> ("server", "SYN,ACK") << "server SYN-RECEIVED @1, client ESTABLISHED"
    assert (talk.connection.opening, talk.connection.closing) == (Opening.INCOMPLETE, Closing.NONE)


def test_a_reset_of_an_older_connection_does_not_close_this_one(talk):
    talk >> ("client", "SYN") << "client SYN-SENT"
    talk >> ("server", "ACK", {"seq": 7777, "ack": 3333})
    talk >> ("client", "RST", {"seq": 3333}) << "server CLOSED"
    talk >> 1
    talk >> ("server", "SYN,ACK", {"seq": 5000, "ack": 1001}) << "server SYN-RECEIVED @4, client ESTABLISHED"
    talk >> ("client", "ACK") << "server ESTABLISHED"
    assert (talk.connection.opening, talk.connection.closing) == (Opening.THREE_WAY, Closing.OPEN)


def test_the_steps_of_a_close_of_which_only_one_half_is_there(established):
    established >> ("server", "FIN,ACK") << "server FIN-WAIT-1, client CLOSE-WAIT"
    steps = established.connection.close_steps
    assert (steps.fin_1, steps.ack_1, steps.fin_2, steps.ack_2, steps.active_closer) == (4, None, None, None, "server")


def test_an_open_connection_has_no_steps_of_closing(established):
    steps = established.connection.close_steps
    assert (steps.fin_1, steps.active_closer) == (None, None)
    assert established.connection.closing is Closing.OPEN
