"""CORS's elders in words: server-sent events as they come, a script that calls back, a form and why it may cross origins."""

from typing import Final

from netviz.explain.notes import Note, note, title
from netviz.explain.websocket_notes import websocket_notes
from netviz.explain.words import Language
from netviz.http.content import describe, media_type
from netviz.http.exchange import Head, Message, ReadExchange
from netviz.http.jsonp import jsonp_of
from netviz.http.secrets import shown_message
from netviz.model.evidence import Evidence
from netviz.pipeline.event_stream import EventStream, SeenEvent, event_stream_of
from netviz.pipeline.store import Store

_MOST_EVENTS: Final = 300
_MOST_TEXT: Final = 300
_LARGEST_SCRIPT: Final = 1 << 20
_FORMS: Final = ("application/x-www-form-urlencoded", "multipart/form-data", "text/plain")


def neighbour_notes(store: Store, number: int, as_of: int, language: Language, show_secrets: bool) -> list[Note]:
    """What an exchange is besides a request with an answer: a WebSocket, an event stream, JSONP, a form."""
    found = websocket_notes(store, number, as_of, language, show_secrets)
    found += event_notes(store, number, as_of, language, show_secrets)
    read = store.read(number)
    found += _jsonp(store, read, as_of, language)
    return found + _form(read, language)


def event_notes(store: Store, number: int, as_of: int, language: Language, show_secrets: bool) -> list[Note]:
    """Each event of a `text/event-stream` response that had come by packet `as_of`."""
    stream = event_stream_of(store, number)
    read = store.read(number)
    if stream is None or read.exchange.response is None or read.exchange.response.head_row >= as_of:
        return []
    found = [title("events.title", language)]
    again = read.request.get_all("Last-Event-ID") if read.request is not None else []
    for header in again:
        found.append(note("events.again", language, "warn", header.value_at, id=header.value))
    if stream.coded:
        return [*found, note("events.coded", language, "warn", coding=stream.coded)]
    events = stream.until(as_of)
    given = sum(each.event.is_dispatched for each in events)
    found.append(note("events.count", language, "faint", count=given))
    if len(events) > _MOST_EVENTS:
        found.append(note("events.earlier", language, "faint", count=len(events) - _MOST_EVENTS))
    for each in events[-_MOST_EVENTS:]:
        found += _event(each, language, show_secrets)
    return found + _end(stream, read, as_of, len(store.packets), language)


def _event(each: SeenEvent, language: Language, show_secrets: bool) -> list[Note]:
    event, at = each.event, each.at
    text = shown_message("\n".join(event.data), show_secrets).replace("\n", " ⏎ ")
    text = text[:_MOST_TEXT] + ("…" if len(text) > _MOST_TEXT else "")
    found = []
    if event.is_dispatched:
        details = {"number": each.number, "type": event.event or "message", "data": text}
        key = "events.event" if event.id is None else "events.event-id"
        extra = {} if event.id is None else {"id": event.id}
        found.append(note(key, language, "plain", at, **details, **extra))
    elif event.id is not None or event.event:
        found.append(note("events.no-data", language, "warn", at))
    if event.retry is not None:
        found.append(note("events.retry", language, "faint", at, milliseconds=event.retry)._replace(indent=2))
    for comment in event.comments[:3]:
        found.append(note("events.comment", language, "faint", at, text=comment[:_MOST_TEXT])._replace(indent=2))
    for name in event.other[:3]:
        found.append(note("events.other", language, "warn", at, name=name[:60])._replace(indent=2))
    return found


def _end(stream: EventStream, read: ReadExchange, as_of: int, total: int, language: Language) -> list[Note]:
    response = read.exchange.response
    if as_of < total or response is None:
        return (
            [note("events.going-on", language, "faint")] if response is not None and response.last_row >= as_of else []
        )
    found = []
    if stream.gap_row is not None:
        found.append(note("events.gap", language, "bad", Evidence(stream.gap_row + 1)))
    if stream.stopped:
        found.append(note("events.stopped", language, "warn"))
    if stream.unfinished_row is not None:
        found.append(note("events.unfinished", language, "warn", Evidence(stream.unfinished_row + 1)))
    return [*found, note("events.over" if stream.is_over else "events.going-on", language, "faint")]


def _jsonp(store: Store, read: ReadExchange, as_of: int, language: Language) -> list[Note]:
    head, answer, message = read.request, read.response, read.exchange.response
    if head is None or answer is None or message is None or message.last_row >= as_of or "?" not in head.target:
        return []
    if not 0 < message.body_bytes <= _LARGEST_SCRIPT:
        return []
    call = jsonp_of(head, describe(answer, store.body(message, read.exchange.connection)))
    if call is None:
        return []
    details = {"parameter": call.parameter, "function": call.function}
    return [
        title("jsonp.title", language),
        note("jsonp.call", language, "warn", head.line_at, **details),
        note("jsonp.why", language, "plain"),
        note("jsonp.instead", language, "plain"),
    ]


def _form(read: ReadExchange, language: Language) -> list[Note]:
    head, message = read.request, read.exchange.request
    if head is None or not _is_form(head, message):
        return []
    kind = head.get_all("Content-Type")[-1]
    found = [title("form.title", language), note("form.type", language, at=kind.value_at, type=media_type(head)[0])]
    origins = head.get_all("Origin")
    crosses = bool(origins) and origins[0].value != f"http://{head.get('Host') or ''}"
    if crosses:
        details = {"origin": origins[0].value, "host": head.get("Host") or "-"}
        found.append(note("form.crosses", language, "warn", origins[0].value_at, **details))
    found.append(note("form.why", language, "plain" if crosses else "faint"))
    if crosses and head.get_all("Cookie"):
        found.append(note("form.cookie", language, "warn", head.get_all("Cookie")[0].value_at))
    return found


def _is_form(head: Head, message: Message | None) -> bool:
    return message is not None and head.method == "POST" and media_type(head)[0] in _FORMS
