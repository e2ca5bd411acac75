"""Messages begin and end where their bytes say: whole, byte by byte, with other bytes behind, and after losses."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from netviz.model.limits import Limits

GET = b"GET /a HTTP/1.1\r\nHost: h\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

# (name, request, response, (response's framing, body bytes, complete), violations of both)
CASES: list[tuple[str, bytes, bytes, tuple[str, int, bool], tuple[str, ...]]] = [
    ("length", GET, b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", ("length", 5, True), ()),
    ("no length at all is zero", GET, b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", ("length", 0, True), ()),
    ("chunked", GET, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n3;x=y\r\nyou\r\n0\r\n\r\n",
     ("chunked", 8, True), ()),
    ("chunked with trailers", GET,
     b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: A\r\n\r\nA\r\n0123456789\r\n0\r\nA: b\r\nC: d\r\n\r\n",
     ("chunked", 10, True), ()),
    ("coded, then chunked", GET, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
     ("chunked", 1, True), ()),
    ("HEAD has no body", b"HEAD / HTTP/1.1\r\nHost: h\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n",
     ("none", 0, True), ()),
    ("204", GET, b"HTTP/1.1 204 No Content\r\n\r\n", ("none", 0, True), ()),
    ("204 with a length", GET, b"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", ("none", 0, True),
     ("length-without-body",)),
    ("304 may say how long it would be", GET, b"HTTP/1.1 304 Not Modified\r\nContent-Length: 500\r\n\r\n",
     ("none", 0, True), ()),
    ("both lengths: chunked wins", GET,
     b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
     ("chunked", 5, True), ("both-lengths",)),
    ("the same length twice", GET, b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok",
     ("length", 2, True), ("repeated-length",)),
    ("the same length in a list", GET, b"HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\nok",
     ("length", 2, True), ("repeated-length",)),
    ("two lengths", GET, b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 9\r\n\r\nok",
     ("length", 2, True), ("differing-lengths",)),
    ("lines end with LF alone", b"GET /a HTTP/1.1\nHost: h\n\n", b"HTTP/1.1 200 OK\nContent-Length: 2\n\nok",
     ("length", 2, True), ("bare-lf",)),
    ("chunk lines end with LF alone", GET, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\nok\n0\n\n",
     ("chunked", 2, True), ("bare-lf",)),
    ("space before the colon", GET, b"HTTP/1.1 200 OK\r\nContent-Length : 2\r\n\r\nok", ("length", 2, True),
     ("space-before-colon",)),
    ("a folded field", GET, b"HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length:\r\n 2\r\n\r\nok", ("length", 2, True),
     ("obs-fold",)),
    ("space behind a chunk size", GET, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2 \r\nok\r\n0\r\n\r\n",
     ("chunked", 2, True), ("chunk-size-space",)),
    ("empty lines first", b"\r\n\r\n" + GET, OK, ("length", 2, True), ("empty-line-before",)),
    ("no reason, no space", GET, b"HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok", ("length", 2, True),
     ("no-space-after-status",)),
    ("no fields", b"GET /a HTTP/1.0\r\n\r\n", b"HTTP/1.0 204 No Content\r\n\r\n", ("none", 0, True), ()),
]  # fmt: skip


def response_of(talk: Any) -> Any:
    response = talk.exchanges[0].response
    return response.framing, response.body_bytes, response.complete


@pytest.mark.parametrize(("request_", "response", "found", "marks"), [case[1:] for case in CASES],
                         ids=[case[0] for case in CASES])  # fmt: skip
def test_a_message_ends_where_it_says(
    talk: Any, cut: Any, request_: bytes, response: bytes, found: tuple[str, int, bool], marks: tuple[str, ...]
) -> None:
    conversation = talk(cut).client(request_).server(response)
    (exchange,) = conversation.exchanges
    assert response_of(conversation) == found
    assert set(exchange.request.violations) | set(exchange.response.violations) == set(marks)
    assert exchange.request.complete
    assert exchange.response.body_end == len(response)


@pytest.mark.parametrize(("request_", "response", "found", "marks"), [case[1:] for case in CASES],
                         ids=[case[0] for case in CASES])  # fmt: skip
def test_what_follows_is_another_message(
    talk: Any, cut: Any, request_: bytes, response: bytes, found: tuple[str, int, bool], marks: tuple[str, ...]
) -> None:
    conversation = talk(cut).client(request_ + b"PUT /z HTTP/1.1\r\nContent-Length: 1\r\n\r\n!").server(response + OK)
    first, second = conversation.exchanges
    assert response_of(conversation) == found
    assert (second.request.verb, second.request.body_bytes, second.request.start) == ("PUT", 1, len(request_))
    assert (second.response.start, second.response.complete) == (len(response), True)
    assert first.response.body_end == len(response)


def test_the_head_of_a_message_is_where_its_bytes_are(talk: Any, cut: Any) -> None:
    conversation = talk(cut).client(GET[:10]).client(GET[10:] + GET)
    first, second = (each.request for each in conversation.exchanges)
    assert b"".join(conversation.bytes_of(piece) for piece in first.head) == GET
    assert b"".join(conversation.bytes_of(piece) for piece in second.head) == GET
    assert (first.first_row, first.last_row, first.head_row) == (0, 1, 1)
    assert (second.first_row, second.last_row) == (1, 1)


def test_a_body_ends_with_the_connection(talk: Any, cut: Any) -> None:
    conversation = talk(cut).client(GET).server(b"HTTP/1.0 200 OK\r\n\r\nuntil").server(b" the end")
    assert response_of(conversation) == ("close", 13, False)
    conversation.end("fin")
    assert response_of(conversation) == ("close", 13, True)


@pytest.mark.parametrize("how", ["reset", "capture-end"])
def test_a_body_that_only_an_orderly_close_completes(talk: Any, how: str) -> None:
    conversation = talk().client(GET).server(b"HTTP/1.0 200 OK\r\n\r\nuntil").end(how)
    assert response_of(conversation) == ("close", 5, False)


def test_interim_responses_stand_beside_the_final_one(talk: Any, cut: Any) -> None:
    conversation = talk(cut).client(b"POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n")
    conversation.server(b"HTTP/1.1 100 Continue\r\n\r\n").client(b"body")
    conversation.server(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + OK)
    (exchange,) = conversation.exchanges
    assert [message.status for message in exchange.interim] == [100, 103]
    assert (exchange.response.status, exchange.request.body_bytes, exchange.request.complete) == (200, 4, True)


def test_a_body_that_was_expected_and_never_sent(talk: Any) -> None:
    conversation = talk().client(b"POST /big HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 400\r\n\r\n")
    conversation.server(b"HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n").client(GET).server(OK)
    assert conversation.answers() == [("/big", 417), ("/a", 200)]
    assert conversation.exchanges[0].request.violations == ("body-not-sent",)
    assert not conversation.exchanges[0].request.complete


def test_upgrade_ends_http_on_both_sides(talk: Any, cut: Any) -> None:
    conversation = talk(cut).client(b"GET /ws HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n")
    conversation.server(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\nGET / HTTP/1.1\r\n\r\n")
    conversation.client(GET).server(OK)
    (exchange,) = conversation.exchanges
    assert (exchange.response.framing, exchange.response.complete) == ("upgrade", True)


def test_connect_opens_a_tunnel_only_where_it_succeeds(talk: Any, cut: Any) -> None:
    connect = b"CONNECT h:443 HTTP/1.1\r\nHost: h:443\r\n\r\n"
    refused = talk(cut).client(connect).server(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n").client(GET)
    assert len(refused.exchanges) == 2
    opened = talk(cut).client(connect).server(b"HTTP/1.1 200 Connection established\r\n\r\n").client(GET).server(OK)
    (exchange,) = opened.exchanges
    assert exchange.response.framing == "tunnel"


def test_the_other_protocols_of_ports_are_no_http(talk: Any, cut: Any) -> None:
    for data in (
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0",
        b"DESCRIBE rtsp://h/ RTSP/1.0\r\nCSeq: 1\r\n\r\n",
        b"EHLO there\r\n",
        b"GET /\r\n",
    ):
        assert talk(cut).client(data).server(data).end().exchanges == []


def test_messages_go_on_after_what_is_none(talk: Any, cut: Any) -> None:
    conversation = talk(cut).client(b"\x00\x01 binary").client(GET).server(b"rest of a body").server(OK)
    assert conversation.answers() == [("/a", 200)]
    assert talk(cut).client(b"rest").client(b"\r\n\r\n" + GET).answers() == [("/a", None)]
    assert talk(cut).client(b"rest").client(GET[:7]).client(GET[7:]).answers() == [("/a", None)]


def test_a_start_line_inside_a_body_is_body(talk: Any, cut: Any) -> None:
    inner = GET + OK
    request = b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % len(inner)
    conversation = talk(cut).client(request).client(inner).server(OK)
    assert len(conversation.exchanges) == 1
    assert conversation.exchanges[0].request.body_bytes == len(inner)


def test_smuggled_requests_are_told_from_both_lengths(talk: Any, cut: Any) -> None:
    smuggled = b"GET /admin HTTP/1.1\r\nHost: h\r\n\r\n"
    outer = b"POST /x HTTP/1.1\r\nContent-Length: %d\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" % (
        5 + len(smuggled)
    )
    conversation = talk(cut).client(outer + smuggled)
    assert conversation.answers() == [("/x", None), ("/admin", None)]
    assert "both-lengths" in conversation.exchanges[0].request.violations


@pytest.mark.parametrize("value", [b"chunked, identity", b"\x0bchunked", b"xchunked", b"identity"])
def test_a_transfer_coding_that_is_not_chunked_last(talk: Any, cut: Any, value: bytes) -> None:
    response = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: %b\r\n\r\n5\r\nhello" % value
    conversation = talk(cut).client(GET).server(response)
    assert response_of(conversation) == ("close", 8, False)
    assert set(conversation.exchanges[0].response.violations) <= {"chunked-not-last", "not-chunked"}
    assert conversation.exchanges[0].response.violations


@pytest.mark.parametrize("value", [b"+2", b"-1", b"0x2", b"2 2", b"", b"1_0", b"9" * 40, b"\xb2"])
def test_a_length_that_is_no_number_counts_for_nothing(talk: Any, cut: Any, value: bytes) -> None:
    response = b"HTTP/1.1 200 OK\r\nContent-Length: %b\r\n\r\nok" % value
    conversation = talk(cut).client(GET).server(response)
    assert response_of(conversation) == ("close", 2, False)
    assert "bad-length" in conversation.exchanges[0].response.violations


def test_broken_chunks_lose_the_way_until_the_next_packet(talk: Any, cut: Any) -> None:
    broken = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nokZZ" + OK
    conversation = talk(cut).client(GET).server(broken).client(GET).server(OK)
    first, second = conversation.exchanges
    assert (first.response.complete, first.response.violations) == (False, ("bad-chunk",))
    assert second.response.complete


def test_a_head_past_the_bound_is_cut_and_counted(talk: Any, cut: Any) -> None:
    limits = Limits(message_head_bytes=200)
    conversation = talk(cut, limits).client(b"GET /a HTTP/1.1\r\nX: " + b"x" * 500 + b"\r\n\r\n").client(GET)
    first, second = (each.request for each in conversation.exchanges)
    assert "head-too-long" in first.violations and not first.complete
    assert sum(piece.stop - piece.start for piece in first.head) <= 201
    assert second.complete
    assert conversation.counter.counts == {"message_head_bytes": 1}


def test_too_many_fields_are_counted(talk: Any) -> None:
    conversation = talk(limits=Limits(message_headers=3)).client(b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 4 + b"\r\n")
    assert conversation.counter.counts == {"message_headers": 1}
    assert len(conversation.head(conversation.exchanges[0].request).headers) == 3


def test_a_mapped_or_viewed_buffer_is_read_like_bytes(talk: Any) -> None:
    import mmap

    conversation = talk()
    mapped = mmap.mmap(-1, len(GET) + 9)
    mapped[9:] = GET
    conversation.sides[0].feed(0, mapped, 9, 9 + len(GET))
    conversation.sides[0].feed(1, memoryview(b"##" + GET), 2, 2 + len(GET))
    conversation.sides[0].feed(2, memoryview(GET), 0, 9)
    conversation.sides[0].feed(3, memoryview(GET), 9, len(GET))
    assert [each.request.head[0].start for each in conversation.exchanges] == [9, 2, 0]


@pytest.mark.parametrize("cut_at", range(len(GET)))
def test_a_gap_anywhere_in_a_head(talk: Any, cut: Any, cut_at: int) -> None:
    """With its start line a request is known, without it is not; the next one is found in any case."""
    conversation = talk(cut).client(GET[:cut_at]).lost(0, len(GET) - cut_at).client(GET).server(OK)
    line_known = cut_at >= GET.index(b"\n") + 1
    assert len(conversation.exchanges) == 1 + line_known
    assert conversation.exchanges[-1].request.complete
    assert conversation.exchanges[-1].response.status == 200
    if line_known:
        assert conversation.exchanges[0].request.violations[-1] == "gap-in-head"
        assert not conversation.exchanges[0].request.complete


@pytest.mark.parametrize("begin", range(9))
@pytest.mark.parametrize("length", range(1, 10))
def test_a_gap_inside_a_body_of_known_length(talk: Any, cut: Any, begin: int, length: int) -> None:
    body = b"012345678"
    end = min(begin + length, len(body))
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"
    conversation = talk(cut).client(GET).client(GET).server(head + body[:begin]).lost(1, end - begin)
    conversation.server(body[end:] + OK)
    first, second = (each.response for each in conversation.exchanges)
    assert (first.missing, first.body_bytes, first.complete) == (end - begin, 9 - (end - begin), False)
    assert first.gaps == ((len(head) + begin, end - begin),)
    assert first.body_end == len(head) + 9
    assert (second.complete, second.start) == (True, len(head) + 9)
    assert not conversation.exchanges[1].inferred


def test_a_gap_that_swallows_the_end_of_a_body_and_more(talk: Any, cut: Any) -> None:
    conversation = talk(cut).client(GET).server(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n0123").lost(1, 50)
    conversation.client(GET).server(OK)
    first, second = conversation.exchanges
    assert (first.response.missing, first.response.complete) == (5, False)
    assert (second.response.complete, second.inferred) == (True, True)


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def test_a_gap_inside_a_chunk(talk: Any, cut: Any) -> None:
    conversation = talk(cut).client(GET).server(CHUNKED + b"8\r\n0123").lost(1, 2).server(b"67\r\n0\r\n\r\n" + OK)
    response = conversation.exchanges[0].response
    assert (response.body_bytes, response.missing, response.complete) == (6, 2, False)
    assert conversation.exchanges[1].response.complete


def test_a_gap_over_a_chunk_line(talk: Any, cut: Any) -> None:
    conversation = talk(cut).client(GET).server(CHUNKED + b"4\r\n0123\r\n").lost(1, 12).server(b"more").client(GET)
    conversation.server(OK)
    first, second = conversation.exchanges
    assert (first.response.missing, first.response.body_bytes, first.response.complete) == (12, 4, False)
    assert second.response.status == 200


def test_a_gap_in_a_body_that_ends_with_the_connection(talk: Any, cut: Any) -> None:
    conversation = talk(cut).client(GET).server(b"HTTP/1.0 200 OK\r\n\r\nab").lost(1, 3).server(b"fg").end("fin")
    response = conversation.exchanges[0].response
    assert (response.body_bytes, response.missing, response.complete) == (4, 3, False)


def test_a_head_that_never_ends(talk: Any, cut: Any) -> None:
    conversation = talk(cut).client(b"GET /a HTTP/1.1\r\nHost: h\r\nOri").end("reset")
    request = conversation.exchanges[0].request
    assert request.violations == ("head-cut-short",)
    assert [header.name for header in conversation.head(request).headers] == ["Host"]


def test_a_response_without_its_request_may_answer_head(talk: Any) -> None:
    conversation = talk().server(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n").client(GET).server(OK)
    first, second = conversation.exchanges
    assert (first.response.framing, first.response.complete) == ("none", True)
    assert (second.request.verb, second.response.complete) == ("GET", True)


def test_packets_out_of_order_leave_their_rows(talk: Any) -> None:
    """The packet that fills a hole comes after what it was missing for: a message is known from the newest on."""
    conversation = talk()
    side = conversation.sides[0]
    side.feed(5, GET, 0, 10)
    side.feed(3, GET, 10, len(GET))
    side.feed(4, GET, 0, len(GET))
    first, second = (each.request for each in conversation.exchanges)
    assert (first.first_row, first.last_row, first.head_row) == (3, 5, 5)
    assert (second.first_row, second.head_row) == (4, 5)


MESSAGES = st.sampled_from(
    [case[1] for case in CASES]
    + [case[2] for case in CASES]
    + [GET, OK, CHUNKED, b"0\r\n\r\n", b"\r\n", b"\n", b"\x16\x03\x01", b"GE", b"HTTP/1.1 ", b" ", b"5\r\nhello\r\n"]
    + [b"X / HTTP/1.1", b"rest", b"GET / HT"]
)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("say"), st.integers(0, 1), st.one_of(MESSAGES, st.binary(max_size=40))),
        st.tuples(st.just("say"), st.just(0), st.just(GET)),
        st.tuples(st.just("lost"), st.integers(0, 1), st.integers(1, 60)),
    ),
    max_size=16,
)


def played(conversation: Any, steps: list[tuple[str, int, Any]]) -> Any:
    for name, side, what in steps:
        getattr(conversation, name)(side, what)
    return conversation.end("fin")


def pieces(data: bytes, cuts: list[int]) -> list[bytes]:
    places = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    return [data[begin:end] for begin, end in pairwise(places)]


@given(STEPS, st.lists(st.integers(0, 200), max_size=6))
def test_how_a_packet_is_cut_makes_no_difference(talk: Any, steps: list[tuple[str, int, Any]], cuts: list[int]) -> None:
    limits = Limits(message_head_bytes=120, pipelined_requests=4)
    in_one = played(talk(limits=limits), steps)
    # Whether a response without a request has a body is told from the beginning of the packet behind it.
    assume(all(each.request is not None for each in in_one.exchanges))
    assert played(talk(lambda data: pieces(data, cuts), limits), steps).shape() == in_one.shape()


@given(STEPS)
def test_whatever_comes_is_bounded_and_in_order(talk: Any, steps: list[tuple[str, int, Any]]) -> None:
    conversation = played(talk(limits=Limits(message_head_bytes=120)), steps)
    exchanges = conversation.exchanges
    assert [each.id for each in exchanges] == list(range(1, len(exchanges) + 1))
    known = [(each.request or each.response).head_row for each in exchanges]
    assert known == sorted(known)
    for exchange in exchanges:
        for message in (exchange.request, *exchange.interim, exchange.response):
            if message is not None:
                assert sum(piece.stop - piece.start for piece in message.head) <= 121
                assert message.first_row <= message.last_row <= conversation.row
                assert message.start < message.body_start <= message.body_end
                assert not (message.complete and message.missing)
                assert conversation.head(message).line_at.packet == message.head[0].row + 1


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 9), st.binary(max_size=60)), max_size=30))
def test_rows_in_any_order_never_raise(talk: Any, runs: list[tuple[int, int, bytes]]) -> None:
    conversation = talk()
    for side, row, data in runs:
        conversation.sides[side].feed(row, data, 0, len(data))
    conversation.end()
