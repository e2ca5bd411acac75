"""Server-sent events: the specification's own examples, cut anywhere, each with the row that completed it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netviz.http.event_stream import EventReader, StreamEvent


def read(data: bytes, cut: int = 0, most: int = 1000) -> EventReader:
    reader = EventReader(most)
    size = cut or max(len(data), 1)
    for at in range(0, len(data), size):
        reader.feed(data[at : at + size], at // size)
    return reader


def told(event: StreamEvent) -> tuple[object, ...]:
    return event.event, "\n".join(event.data), event.id, event.retry, tuple(event.comments)


CASES = {
    b"data: YHOO\ndata: +2\ndata: 10\n\n": [("", "YHOO\n+2\n10", None, None, ())],
    b": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n": [
        ("", "", None, None, ("test stream",)), ("", "first event", "1", None, ()), ("", "second event", "", None, ()),
        ("", " third event", None, None, ()),
    ],
    b"data\n\ndata\ndata\n\ndata:": [("", "", None, None, ()), ("", "\n", None, None, ())],
    b"event: add\r\ndata: 1\r\n\r\nevent: remove\rdata: 2\r\r": [
        ("add", "1", None, None, ()), ("remove", "2", None, None, ()),
    ],
    b"\xef\xbb\xbfdata: bom\n\n": [("", "bom", None, None, ())],
    b"retry: 3000\nretry: soon\nid: a\0b\nother: x\ndata: y\n\n": [("", "y", None, 3000, ())],
    b"\n\n\ndata: x\n\n": [("", "x", None, None, ())],
    b"data: \xed\x95\x9c\n\n": [("", "한", None, None, ())],
}  # fmt: skip


@pytest.mark.parametrize("data", CASES)
@pytest.mark.parametrize("cut", [0, 1, 2, 5])
def test_events(data: bytes, cut: int) -> None:
    # A lone CR at the very end may be the first half of CR LF.
    reader = read(data + (b"\n" if data.endswith(b"\r") else b""), cut)
    assert [told(each) for each in reader.events] == CASES[data]


@given(st.lists(st.sampled_from([b"data: a", b"\n", b"\r\n", b"\r", b":c", b"id: 1", b"\xff", b"x"]), max_size=30))
def test_any_cut_gives_the_same_events(parts: list[bytes]) -> None:
    data = b"".join(parts)
    whole = [(told(each), each.start, each.end) for each in read(data).events]
    for cut in (1, 3, 7):
        assert [(told(each), each.start, each.end) for each in read(data, cut).events] == whole


def test_an_event_is_known_with_its_empty_line() -> None:
    reader = EventReader(10)
    reader.feed(b"data: a\n", 3)
    assert reader.events == [] and reader.unfinished_row == 3
    reader.feed(b"\ndata: b", 5)
    (event,) = reader.events
    assert (event.first_row, event.row, reader.unfinished_row) == (3, 5, 5)
    reader.feed(b"\n\n", 4)
    assert reader.events[1].row == 5, "a packet that came early knows nothing before the one it waits for"
    assert reader.unfinished_row is None


def test_no_more_than_the_bound_is_listed() -> None:
    reader = read(b"data: x\n\n" * 9, most=4)
    assert len(reader.events) == 4 and reader.stopped
