"""Which response belongs to which request: in order, pipelined, and when packets are missing."""

from typing import Any

import pytest

from netviz.model.limits import Limits


def get(name: str) -> bytes:
    return f"GET /{name} HTTP/1.1\r\nHost: h\r\n\r\n".encode()


def ok(status: int = 200) -> bytes:
    return f"HTTP/1.1 {status} X\r\nContent-Length: 0\r\n\r\n".encode()


def test_responses_answer_in_order(talk: Any, cut: Any) -> None:
    conversation = talk(cut).client(get("a") + get("b")).client(get("c")).server(ok(201) + ok(202)).server(ok(203))
    assert conversation.answers() == [("/a", 201), ("/b", 202), ("/c", 203)]


def test_a_request_without_a_response_and_the_reverse(talk: Any) -> None:
    assert talk().client(get("a")).server(ok()).client(get("b")).end().answers() == [("/a", 200), ("/b", None)]
    assert talk().server(ok(404)).client(get("a")).server(ok()).answers() == [(None, 404), ("/a", 200)]


@pytest.mark.parametrize("lost", range(5))
def test_one_lost_response_does_not_shift_the_others(talk: Any, lost: int) -> None:
    conversation = talk()
    for number in range(5):
        conversation.client(get(str(number)))
        if number == lost:
            conversation.lost(1, len(ok()))
        else:
            conversation.server(ok(200 + number))
    assert conversation.answers() == [(f"/{n}", None if n == lost else 200 + n) for n in range(5)]


def test_a_loss_that_shows_only_when_the_next_request_is_out(talk: Any) -> None:
    """A hole is known when the next segment is acknowledged: the request after it is already there by then."""
    conversation = talk().client(get("a")).server(ok(201)).client(get("b")).client(get("c"))
    late = ok(203)
    side = conversation.sides[1]
    conversation.client(get("d"))
    conversation.lost(1, len(ok()))
    side.feed(3 + 1, late, 0, len(late))
    conversation.server(ok(204))
    assert conversation.answers()[:2] == [("/a", 201), ("/b", None)]
    assert [status for _, status in conversation.answers()].count(203) == 1
    assert conversation.answers()[-1] == ("/d", 204)


def test_lost_responses_in_a_row(talk: Any) -> None:
    conversation = talk().client(get("a")).lost(1, 10).client(get("b")).lost(1, 10).client(get("c")).server(ok(203))
    assert conversation.answers() == [("/a", None), ("/b", None), ("/c", 203)]
    assert [each.inferred for each in conversation.exchanges] == [False, False, True]


def test_a_lost_request_leaves_its_response_alone(talk: Any) -> None:
    conversation = talk().client(get("a")).server(ok(201)).lost(0, 30).server(ok(202)).client(get("c")).server(ok(203))
    assert conversation.answers() == [("/a", 201), (None, 202), ("/c", 203)]


def test_a_response_can_not_come_before_its_request(talk: Any) -> None:
    conversation = talk()
    conversation.row = 9
    conversation.client(get("a"))
    early = ok()
    conversation.sides[1].feed(4, early, 0, len(early))
    assert [(each.request is None, each.response is None) for each in conversation.exchanges] == [
        (False, True),
        (True, False),
    ]


def test_a_burst_after_a_loss_in_a_burst(talk: Any) -> None:
    burst = talk().client(get("a") + get("b")).server(ok(201) + ok(202)).client(get("c") + get("d") + get("e"))
    burst.server(ok(203)).lost(1, 20).server(ok(205)).client(get("f") + get("g")).server(ok(206) + ok(207))
    answers = burst.answers()
    assert answers[:3] == [("/a", 201), ("/b", 202), ("/c", 203)]
    assert (None, 205) in answers, "which of d and e it answers is not known"
    assert ("/f", 206) in answers and ("/g", 207) in answers


def test_overlapping_requests_after_a_loss_are_not_guessed(talk: Any) -> None:
    sliding = talk().client(get("a") + get("b")).server(ok(201)).client(get("c")).server(ok(202)).client(get("d"))
    sliding.lost(1, 20).server(ok(209)).client(get("e")).client(get("f")).server(ok(210))
    assert (None, 209) in sliding.answers()
    assert (None, 210) in sliding.answers()


def test_waiting_requests_are_bounded(talk: Any) -> None:
    conversation = talk(limits=Limits(pipelined_requests=3)).client(b"".join(get(str(n)) for n in range(5)))
    assert conversation.counter.counts == {"pipelined_requests": 2}
    assert len(conversation.exchanges) == 5


def test_interim_responses_wait_for_a_request_that_is_missing(talk: Any) -> None:
    conversation = talk().server(b"HTTP/1.1 100 Continue\r\n\r\n" + ok())
    (exchange,) = conversation.exchanges
    assert (exchange.request, exchange.interim[0].status, exchange.response.status) == (None, 100, 200)
