"""Every form of an HTTP/1.x message, whole, byte by byte, with other messages behind, and with a gap at every offset.

One table. h11 is a second reader of the forms that are well-formed: method, target, version, fields, body and trailers.
"""

import re
from dataclasses import dataclass
from typing import Any

import h11
import pytest

from netviz.http.body import read_body
from netviz.model.limits import DEFAULT_LIMITS, LimitCounter

CLIENT, SERVER = 0, 1
NEXT = b"GET /z HTTP/1.1\r\nHost: h\r\n\r\n"
NEXT_OK = b"HTTP/1.1 299 Z\r\nContent-Length: 1\r\n\r\nz"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
LONG = b"x" * 9000


@dataclass(frozen=True)
class Form:
    """What is said in turn, and what is to be found."""

    name: str
    turns: tuple[tuple[int, bytes], ...]
    answers: tuple[tuple[str | None, int | None], ...]
    """Target and status of each exchange."""

    bodies: tuple[int, int]
    """Bytes of the first request's body, and of the response's."""

    framing: str
    """Of the first response; of the request where there is no response."""

    goes_on: bool = True
    """Other messages may follow on the connection."""

    told_by_packets: bool = False
    """That its body does not come is told from where packets begin."""

    marks: frozenset[str] = frozenset()
    interim: tuple[int, ...] = ()
    strict: bool = True
    """Well-formed: h11 reads it too."""

    @property
    def followed(self) -> bool:
        """Another message may lie behind it in the same packet."""
        whole = all(target and status for target, status in self.answers)
        return self.goes_on and whole and not self.told_by_packets


def form(name: str, *turns: bytes, answers: Any, **facts: Any) -> Form:
    """A form of which the turns tell by their first bytes who said them: a response begins with HTTP/."""
    sides: list[tuple[int, bytes]] = []
    for turn in turns:
        if turn.startswith((b"<", b">")):
            sides.append((CLIENT if turn[:1] == b">" else SERVER, turn[1:]))
        else:
            sides.append((SERVER if turn.startswith(b"HTTP/") else CLIENT, turn))
    return Form(name, tuple(sides), tuple(answers), **facts)


def get(target: bytes = b"/a", more: bytes = b"", method: bytes = b"GET", version: bytes = b"1.1") -> bytes:
    return b"%b %b HTTP/%b\r\nHost: h\r\n%b\r\n" % (method, target, version, more)


FORMS = [
    form("keep-alive", get(), OK, get(b"/b"), OK, answers=[("/a", 200), ("/b", 200)], bodies=(0, 2), framing="length"),
    form("pipelined in one packet", get() + get(b"/b") + get(b"/c"), OK + OK + OK,
         answers=[("/a", 200), ("/b", 200), ("/c", 200)], bodies=(0, 2), framing="length", strict=False),
    form("chunked", get(), b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n3;x=y\r\nyou\r\n0\r\n\r\n",
         answers=[("/a", 200)], bodies=(0, 8), framing="chunked"),
    form("chunked with trailers", get(more=b"TE: trailers\r\n"),
         b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: A, C\r\n\r\n5\r\nhello\r\n0\r\nA: b\r\nC: d\r\n\r\n",
         answers=[("/a", 200)], bodies=(0, 5), framing="chunked"),
    form("a chunked request", get(method=b"POST", more=b"Transfer-Encoding: chunked\r\n") + b"4\r\nbody\r\n0\r\n\r\n", OK,
         answers=[("/a", 200)], bodies=(4, 2), framing="length"),
    form("interim: 100 and 103", get(method=b"POST", more=b"Content-Length: 0\r\n"),
         b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + OK,
         answers=[("/a", 200)], bodies=(0, 2), framing="length", interim=(100, 103)),
    form("Expect: 100-continue, sent on", get(method=b"POST", more=b"Expect: 100-continue\r\nContent-Length: 4\r\n"),
         b"HTTP/1.1 100 Continue\r\n\r\n", b">body", OK,
         answers=[("/a", 200)], bodies=(4, 2), framing="length", interim=(100,)),
    form("Expect: 100-continue, refused", get(method=b"POST", more=b"Expect: 100-continue\r\nContent-Length: 400\r\n"),
         b"HTTP/1.1 417 No\r\nContent-Length: 0\r\n\r\n",
         answers=[("/a", 417)], bodies=(0, 0), framing="length", strict=False, told_by_packets=True),
    form("HEAD with a length", get(method=b"HEAD"), b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n",
         answers=[("/a", 200)], bodies=(0, 0), framing="none"),
    form("HEAD, chunked", get(method=b"HEAD"), b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
         answers=[("/a", 200)], bodies=(0, 0), framing="none"),
    form("204", get(), b"HTTP/1.1 204 No Content\r\n\r\n", answers=[("/a", 204)], bodies=(0, 0), framing="none"),
    form("304 with a length", get(), b"HTTP/1.1 304 Not Modified\r\nContent-Length: 500\r\n\r\n",
         answers=[("/a", 304)], bodies=(0, 0), framing="none"),
    form("205 with an empty body", get(), b"HTTP/1.1 205 Reset\r\nContent-Length: 0\r\n\r\n",
         answers=[("/a", 205)], bodies=(0, 0), framing="length"),
    form("Upgrade", get(more=b"Connection: Upgrade\r\nUpgrade: websocket\r\n"),
         b"HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n\x81\x02hi", b">\x81\x82\0\0\0\0hi",
         answers=[("/a", 101)], bodies=(0, 0), framing="upgrade", goes_on=False),
    form("Upgrade declined", get(more=b"Connection: Upgrade\r\nUpgrade: h2c\r\n"), OK,
         answers=[("/a", 200)], bodies=(0, 2), framing="length"),
    form("CONNECT", get(b"h:443", method=b"CONNECT"), b"HTTP/1.1 200 Established\r\n\r\n", b">\x16\x03\x01", b"<\x16\x03",
         answers=[("h:443", 200)], bodies=(0, 0), framing="tunnel", goes_on=False),
    form("CONNECT with a length that does not count", get(b"h:443", method=b"CONNECT"),
         b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n", b">\x16\x03\x01",
         answers=[("h:443", 200)], bodies=(0, 0), framing="tunnel", goes_on=False),
    form("CONNECT refused", get(b"h:443", method=b"CONNECT"), b"HTTP/1.1 403 No\r\nContent-Length: 3\r\n\r\nno!",
         answers=[("h:443", 403)], bodies=(0, 3), framing="length"),
    form("close-delimited", get(), b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nuntil", b"< the end",
         answers=[("/a", 200)], bodies=(0, 13), framing="close", goes_on=False),
    form("HTTP/1.0, close-delimited", get(version=b"1.0"), b"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nuntil",
         answers=[("/a", 200)], bodies=(0, 5), framing="close", goes_on=False),
    form("HTTP/1.0 kept alive", get(version=b"1.0", more=b"Connection: keep-alive\r\n"),
         b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok",
         answers=[("/a", 200)], bodies=(0, 2), framing="length"),
    form("absolute-form", get(b"http://h/a?q=1"), OK, answers=[("http://h/a?q=1", 200)], bodies=(0, 2), framing="length"),
    form("asterisk-form", get(b"*", method=b"OPTIONS"), b"HTTP/1.1 204 No Content\r\nAllow: GET\r\n\r\n",
         answers=[("*", 204)], bodies=(0, 0), framing="none"),
    form("obs-fold", get(more=b"X: a\r\n b\r\n\tc\r\n"), b"HTTP/1.1 200 OK\r\nX: a\r\n  b\r\nContent-Length: 2\r\n\r\nok",
         answers=[("/a", 200)], bodies=(0, 2), framing="length", marks=frozenset({"obs-fold"})),
    form("repeated fields", get(more=b"Accept: a\r\nAccept: b\r\n"),
         b"HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nContent-Length: 2\r\n\r\nok",
         answers=[("/a", 200)], bodies=(0, 2), framing="length"),
    form("a very long field", get(more=b"X: " + LONG + b"\r\n"), OK, answers=[("/a", 200)], bodies=(0, 2), framing="length"),
    form("a very long target", get(b"/" + LONG), OK, answers=[("/" + LONG.decode(), 200)], bodies=(0, 2), framing="length"),
    form("both lengths", get(method=b"POST", more=b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n") +
         b"4\r\nbody\r\n0\r\n\r\n", OK, answers=[("/a", 200)], bodies=(4, 2), framing="length",
         marks=frozenset({"both-lengths"}), strict=False),
    form("two lengths", get(), b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok",
         answers=[("/a", 200)], bodies=(0, 2), framing="length", marks=frozenset({"differing-lengths"}), strict=False),
    form("a method of one's own", get(method=b"PURGE"), OK, answers=[("/a", 200)], bodies=(0, 2), framing="length"),
    form("a request without a response", get(), answers=[("/a", None)], bodies=(0, 0), framing="none", strict=False),
    form("a response without a request", OK, answers=[(None, 200)], bodies=(0, 2), framing="length", strict=False),
]  # fmt: skip

each_form = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)


def say(conversation: Any, form: Form) -> Any:
    for side, data in form.turns:
        conversation.say(side, data)
    return conversation


def assert_found(form: Form, conversation: Any) -> None:
    first = conversation.exchanges[0]
    assert conversation.answers()[: len(form.answers)] == list(form.answers)
    assert tuple(each.status for each in first.interim) == form.interim
    sizes = tuple(0 if each is None else each.body_bytes for each in (first.request, first.response))
    assert sizes == form.bodies
    assert (first.response or first.request).framing == form.framing
    marks = {mark for each in (first.request, first.response) if each for mark in each.violations}
    assert marks - {"body-not-sent"} == form.marks


@each_form
def test_it_is_found_whole_and_byte_by_byte(talk: Any, cut: Any, form: Form) -> None:
    conversation = say(talk(cut), form).end("fin")
    assert_found(form, conversation)
    assert len(conversation.exchanges) == len(form.answers)
    last = conversation.exchanges[-1].response
    assert last is None or last.complete


@pytest.mark.parametrize("form", [each for each in FORMS if each.followed], ids=lambda form: form.name)
def test_what_is_behind_it_in_the_same_packet_is_the_next_message(talk: Any, cut: Any, form: Form) -> None:
    sides = [side for side, _ in form.turns]
    last = {len(sides) - 1 - sides[::-1].index(CLIENT): NEXT, len(sides) - 1 - sides[::-1].index(SERVER): NEXT_OK}
    conversation = talk(cut)
    for number, (side, data) in enumerate(form.turns):
        conversation.say(side, data + last.get(number, b""))
    assert_found(form, conversation)
    assert conversation.answers() == [*form.answers, ("/z", 299)]


def places(data: bytes) -> list[int]:
    """Offsets to lose bytes at: each, or of long ones the ends and a few in between."""
    return (
        list(range(len(data))) if len(data) < 400 else [*range(120), *range(200, len(data) - 60, 2000), len(data) - 30]
    )


def started(form: Form) -> set[str]:
    """Method and target of every request of the form, and status of every response."""
    said = b"\r\n".join(data for _, data in form.turns) + b"\r\n" + NEXT + b"\r\n" + NEXT_OK
    return {
        line.decode() for line in re.findall(rb"([A-Z]+ [^ \r\n]+) HTTP/|HTTP/1.[01] ([0-9]+)", said) for line in line
    }


def found(conversation: Any) -> set[str]:
    """The same of what was found."""
    heads = [(each.request and conversation.head(each.request), each.response) for each in conversation.exchanges]
    return {f"{head.method} {head.target}" for head, _ in heads if head} | {str(one.status) for _, one in heads if one}


@pytest.mark.parametrize("length", [1, 7])
@each_form
def test_a_gap_at_every_offset_invents_nothing_and_loses_no_other_message(talk: Any, form: Form, length: int) -> None:
    said = started(form)
    for turn, (_, data) in enumerate(form.turns):
        for at in places(data):
            conversation = talk()
            for number, (side, text) in enumerate(form.turns):
                if number != turn:
                    conversation.say(side, text)
                    continue
                if at:
                    conversation.say(side, text[:at])
                conversation.lost(side, min(length, len(text) - at))
                if at + length < len(text):
                    conversation.say(side, text[at + length :])
            conversation.client(NEXT).server(NEXT_OK).end("fin")
            where = f"{length} lost at {at} of turn {turn}: {conversation.answers()}"
            assert found(conversation) <= said, where
            if form.goes_on:
                assert {"GET /z", "299"} <= found(conversation), where
            messages = [each for exchange in conversation.exchanges for each in (exchange.request, exchange.response)]
            assert not any(each and each.complete and each.missing for each in messages), where


# The second reader.


def h11_request(data: bytes) -> tuple[list[Any], h11.Request, bytes]:
    connection = h11.Connection(h11.SERVER)
    connection.receive_data(data)
    events, body = [], b""
    while True:
        event = connection.next_event()
        if event is h11.NEED_DATA or event is h11.PAUSED:
            break
        events.append(event)
        if isinstance(event, h11.Data):
            body += bytes(event.data)
        if isinstance(event, h11.EndOfMessage):
            break
    return events, events[0], body


def h11_response(request_events: list[Any], data: bytes) -> tuple[Any, list[int], bytes, list[tuple[str, str]]]:
    connection = h11.Connection(h11.CLIENT)
    for event in request_events:
        if isinstance(event, h11.Request):
            # h11 reads 1.0 and writes 1.1.
            event = h11.Request(method=event.method, target=event.target, headers=event.headers)
        connection.send(event)
    connection.receive_data(data)
    final, interim, body, trailers = None, [], b"", []
    ended = False
    while True:
        event = connection.next_event()
        if event is h11.NEED_DATA and not ended:
            connection.receive_data(b"")
            ended = True
            continue
        if isinstance(event, h11.InformationalResponse):
            if event.status_code == 101:
                return event, interim, b"", []
            interim.append(event.status_code)
        elif isinstance(event, h11.Response):
            final = event
        elif isinstance(event, h11.Data):
            body += bytes(event.data)
        elif isinstance(event, h11.EndOfMessage):
            trailers = fields(event.headers)
            return final, interim, body, trailers
        else:
            return final, interim, body, trailers


def fields(headers: Any) -> list[tuple[str, str]]:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers.raw_items()] if headers else []


@pytest.mark.oracle
@pytest.mark.parametrize("form", [each for each in FORMS if each.strict], ids=lambda form: form.name)
def test_h11_reads_the_same(talk: Any, form: Form) -> None:
    conversation = say(talk(), form).end("fin")
    exchange = conversation.exchanges[0]
    asked, answered = conversation.head(exchange.request), conversation.head(exchange.response)
    streams = [b"".join(data for side, data in form.turns if side == wanted) for wanted in (CLIENT, SERVER)]
    events, request, body = h11_request(streams[CLIENT])
    assert (asked.method, asked.target) == (request.method.decode(), request.target.decode())
    assert asked.version == f"HTTP/{request.http_version.decode()}"
    assert [(each.name, each.value) for each in asked.headers] == fields(request.headers)
    assert exchange.request.body_bytes == len(body)
    final, interim, content, trailers = h11_response(events, streams[SERVER])
    assert (answered.status, answered.reason) == (final.status_code, final.reason.decode())
    assert [(each.name, each.value) for each in answered.headers] == fields(final.headers)
    assert [each.status for each in exchange.interim] == interim
    assert exchange.response.body_bytes == len(content)
    response, counter = exchange.response, LimitCounter()
    raw = streams[SERVER][response.body_start : response.body_end]
    read = read_body(response, answered, raw, DEFAULT_LIMITS, counter)
    assert (read.raw, list(read.trailers)) == (content, trailers)
