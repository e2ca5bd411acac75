"""The quick way for messages in turn leaves what the general way leaves, wherever it is given up."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netviz.http.conversation import Conversation
from netviz.http.exchange import Exchange
from netviz.http.framing import sides_of
from netviz.model.limits import LimitCounter, Limits
from netviz.model.protocols import FIN, RST
from netviz.pipeline.follower import Follower, Taken
from netviz.pipeline.tidy import TidyTalk

GET = b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n"
POST = b"POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
HEAD = b"HEAD /h HTTP/1.1\r\nHost: x\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
BEGUN = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhe"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n"
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
PIECES = (
    GET,
    POST,
    HEAD,
    OK,
    BEGUN,
    CHUNKED,
    CONTINUE,
    b"llo",
    b"a",
    GET + GET,
    OK + OK,
    b"junk\r\n",
    b"\r\n",
    POST[:20],
)

SEQS = (1000, 0xFFFFFFF0)
"""First byte of each side; one wraps soon."""


def segments(*said: tuple[int, bytes, int]) -> list[Taken]:
    """(side, bytes, flags) one after another; where the bytes are empty, the segment only has its flags."""
    nexts, made = list(SEQS), []
    for row, (side, data, flags) in enumerate(said):
        buffer = b"##" + data
        made.append((row, 0, side, flags, nexts[side], 0, len(data), buffer, 2, len(buffer), False))
        nexts[side] = nexts[side] + len(data) & 0xFFFFFFFF
    return made


def general(taken: list[Taken]) -> list[Exchange]:
    exchanges: list[Exchange] = []
    counter = LimitCounter()
    follower = Follower(sides_of(Conversation(0, Limits(), counter, exchanges)), SEQS, Limits(), counter)
    for each in taken:
        follower.take(each)
    follower.finish(len(taken))
    return exchanges


def quick(taken: list[Taken]) -> tuple[list[Exchange], int]:
    """What is found, and how many segments were taken in the quick way."""
    exchanges: list[Exchange] = []
    talk: TidyTalk | Follower = TidyTalk(0, SEQS, Limits(), exchanges)
    tidy = 0
    for each in taken:
        if not talk.take(each):
            assert isinstance(talk, TidyTalk)
            talk = talk.general(each[0], LimitCounter())
            talk.take(each)
        tidy += isinstance(talk, TidyTalk)
    talk.finish(len(taken))
    return exchanges, tidy


def shape(exchanges: list[Exchange]) -> list[object]:
    return [
        (each.id, each.inferred, *(
            message and (
                message.kind, message.direction, message.start, message.head, message.head_row, message.first_row,
                message.last_row, message.verb, message.status, message.body_start, message.body_end,
                message.body_bytes, message.complete, message.framing, message.missing, message.violations,
                message.hints, message.gaps,
            )
            for message in (each.request, each.response, *each.interim)
        ))
        for each in exchanges
    ]  # fmt: skip


@pytest.mark.parametrize("said, tidy", [
    ([(0, GET, 0), (1, OK, 0), (0, POST, 0), (1, OK, FIN), (0, b"", FIN)], 5),
    ([(0, GET, 0), (1, BEGUN, 0), (1, b"llo", 0), (1, b"abcd", 0), (0, GET, 0), (1, OK, 0)], 6),
    ([(0, GET, 0), (1, BEGUN, 0), (0, b"", RST), (1, b"llo", 0)], 4),
    ([(0, GET, 0), (1, BEGUN, FIN)], 2),
    ([(0, GET, 0), (1, CHUNKED, 0), (0, GET, 0), (1, OK, 0)], 1),
    ([(0, HEAD, 0), (1, OK[:-5], 0), (0, GET, 0), (1, OK, 0)], 0),
    ([(0, GET + GET, 0), (1, OK + OK, 0)], 0),
    ([(0, GET, 0), (0, GET, 0), (1, OK, 0), (1, OK, 0)], 1),
    ([(0, GET, 0), (1, BEGUN, 0), (1, b"llo" + b"abcd" + OK, 0), (0, GET, 0)], 2),
])  # fmt: skip
def test_both_ways_tell_the_same(said: list[tuple[int, bytes, int]], tidy: int) -> None:
    taken = segments(*said)
    found, count = quick(taken)
    assert shape(found) == shape(general(taken))
    assert count == tidy


@given(
    st.lists(
        st.tuples(st.integers(0, 1), st.sampled_from(PIECES), st.sampled_from((0, 0, 0, 0, FIN, RST))),
        max_size=9,
    )
)
@settings(max_examples=400, deadline=None)
def test_any_conversation_is_told_the_same_both_ways(said: list[tuple[int, bytes, int]]) -> None:
    taken = segments(*said)
    assert shape(quick(taken)[0]) == shape(general(taken))


def test_a_run_within_a_body_is_passed_over() -> None:
    taken = segments((0, GET, 0), (1, BEGUN, 0), (1, b"ab", 0), (1, b"cd", 0), (1, b"efg", 0))
    exchanges: list[Exchange] = []
    talk = TidyTalk(0, SEQS, Limits(), exchanges)
    assert talk.take(taken[0])
    assert not talk.pass_over(taken[1], 4, 3)
    assert talk.take(taken[1])
    assert not talk.pass_over(taken[2], 7, 4)
    assert talk.pass_over(taken[2], 4, 3)
    assert talk.take(taken[4])
    assert shape(exchanges) == shape(general(taken))
