"""The events of a `text/event-stream` response, each with the packet that brought it, also while more of them come."""

from functools import lru_cache
from typing import NamedTuple

from netviz.http.body import codings
from netviz.http.chunked import ChunkReader
from netviz.http.content import media_type
from netviz.http.event_stream import EventReader, StreamEvent
from netviz.model.evidence import Evidence, Span
from netviz.pipeline.growth import growth
from netviz.pipeline.runs_at import StreamRun
from netviz.pipeline.store import Store


class SeenEvent(NamedTuple):
    """An event and where it was seen."""

    number: int
    """Of the events that a page gets, from 1; of a block that it does not get, the number of the one before."""

    event: StreamEvent
    at: Evidence
    """The packet with which it was complete; its bytes there, where the packet has all of them in one piece."""


class EventStream(NamedTuple):
    """The events of one response."""

    events: tuple[SeenEvent, ...]
    unfinished_row: int | None
    """Row of the newest packet with lines of an event that no empty line has ended; None where there are none."""

    coded: str
    """A content coding that hides which packet brought what; there are no events then."""

    gap_row: int | None
    """Row from which on bytes are missing: events behind it are not told."""

    stopped: bool
    is_over: bool
    """The server ended the response, or the connection was closed."""

    def until(self, as_of: int) -> tuple[SeenEvent, ...]:
        """The events that were complete by packet `as_of`."""
        return tuple(each for each in self.events if each.event.row < as_of)


def event_stream_of(store: Store, number: int) -> EventStream | None:
    """The events of the response of exchange `number`; None where it is no event stream."""
    read = store.read(number)
    if read.response is None or media_type(read.response)[0] != "text/event-stream" or read.response.status != 200:
        return None
    return _made(store, number, growth(store, read.exchange.connection))


@lru_cache(maxsize=8)
def _made(store: Store, number: int, grown: int) -> EventStream:
    """Kept until the connection has more packets."""
    read = store.read(number)
    head, message = read.response, read.exchange.response
    assert head is not None and message is not None
    named = (*codings(head, "Content-Encoding"), *codings(head, "Transfer-Encoding"))
    coded = ", ".join(each for each in named if each != "chunked")
    if coded:
        return EventStream((), None, coded, None, False, message.complete)
    end = min(message.body_end, message.body_start + store.limits.body_raw_bytes)
    place = read.exchange.connection, message.direction, message.body_start, end
    runs = store.deep(lambda reader: reader.stream(*place))
    reader, gap_row = _read(runs, message.body_start, message.framing == "chunked", store)
    if reader.stopped:
        store.limit_counter.hit("stream_events")
    by_row = {run[1]: run for run in runs}
    events, count = list[SeenEvent](), 0
    for each in reader.events:
        count += each.is_dispatched
        events.append(SeenEvent(count, each, _evidence(store, by_row[each.row], each)))
    return EventStream(tuple(events), reader.unfinished_row, "", gap_row, reader.stopped, message.complete)


def _read(runs: list[StreamRun], begin: int, chunked: bool, store: Store) -> tuple[EventReader, int | None]:
    reader = EventReader(store.limits.stream_events)
    chunks = ChunkReader(store.limits.message_head_bytes) if chunked else None
    for offset, row, buffer, start, stop in runs:
        if offset != begin:
            return reader, row
        begin += stop - start
        data = bytes(buffer[start:stop])
        if chunks is not None:
            joined = bytearray()
            chunks.feed(data, 0, joined)
            data = bytes(joined)
        reader.feed(data, row)
    return reader, None


def _evidence(store: Store, run: StreamRun, event: StreamEvent) -> Evidence:
    """The first line of the event in the packet that completed it, where it is there."""
    _, row, buffer, start, stop = run
    line = f"data: {event.data[0]}".encode() if event.data else b""
    data = bytes(buffer[start:stop])
    at = data.find(line) if line and data.count(line) == 1 else -1
    if at < 0 or event.first_row != event.row or row in store.packets.reassembled:
        return Evidence(row + 1)
    begin = start + at - store.packets.value("offset", row)
    return Evidence(row + 1, Span(begin, begin + len(line)))
