"""Everything that is said about one exchange, as of a packet, in the order in which one reads it."""

from typing import Any

from netviz.explain.cache_notes import cache_notes
from netviz.explain.companion_notes import companion_notes, redirect_notes
from netviz.explain.cookie_notes import request_cookie_notes, set_cookie_notes
from netviz.explain.message_notes import framing_note, interim_notes, packets_note, status_notes, wrong_notes
from netviz.explain.notes import Note, note, title
from netviz.explain.same_url_notes import same_url_notes
from netviz.explain.time_notes import timing_notes
from netviz.explain.token_notes import auth_notes, challenge_notes, message_tokens, token_notes
from netviz.explain.uri_notes import uri_notes
from netviz.explain.words import Language
from netviz.http.exchange import Message, ReadExchange
from netviz.model.evidence import Evidence
from netviz.pipeline.reading import Carrier
from netviz.pipeline.store import Store

_MOST_SEGMENTS = 40


def exchange_notes(
    store: Store, number: int, as_of: int, language: Language, show_secrets: bool, segments: bool = True
) -> list[Note]:
    """Notes on one exchange, by its number. What later packets than `as_of` tell is left out."""
    read = store.read(number)
    exchange = read.exchange
    response = read.response if _known(exchange.response, as_of) else None
    whole = response is not None and exchange.response is not None and exchange.response.last_row < as_of
    found = wrong_notes(exchange.request, read.request, language)
    if response is not None:
        found += wrong_notes(exchange.response, response, language)
        found += status_notes(read, language)
        found += companion_notes(read, response, language, show_secrets)
        found += redirect_notes(store, read, as_of, language)
    found += interim_notes(read, as_of, language)
    found += _connection(store, read, language)
    if segments:
        found += _segments(store, read, as_of, language)
    if whole or (exchange.response is None and store.finished):
        found += timing_notes(store, read, language)
    if read.request is not None:
        found += uri_notes(read.request, language, show_secrets)
    found += cache_notes(read, response, language)
    found += same_url_notes(store, read, as_of, language)
    found += request_cookie_notes(store, read, language, show_secrets)
    if response is not None:
        found += set_cookie_notes(read, language, show_secrets)
    found += auth_notes(read.request, language, show_secrets)
    found += challenge_notes(response, language)
    return found + _tokens(store, read, as_of, language, show_secrets)


def _known(message: Message | None, as_of: int) -> bool:
    return message is not None and message.head_row < as_of


def _connection(store: Store, read: ReadExchange, language: Language) -> list[Note]:
    exchange = read.exchange
    numbers = store.exchanges_of_connection(exchange.connection)
    first = exchange.request or exchange.response
    at = Evidence(first.first_row + 1) if first is not None else None
    details: dict[str, Any] = {
        "connection": exchange.connection, "client": f"{read.client}:{read.client_port}",
        "server": f"{read.server}:{read.server_port}", "place": numbers.index(exchange.id) + 1, "count": len(numbers),
    }  # fmt: skip
    return [title("http.title.connection", language), note("http.note.connection", language, at=at, **details)]


def _segments(store: Store, read: ReadExchange, as_of: int, language: Language) -> list[Note]:
    """The packets that carried each message, each with its bytes of it, and the payload set apart."""
    found = []
    for kind, message in (("request", read.exchange.request), ("response", read.exchange.response)):
        if message is None or message.head_row >= as_of:
            continue
        carriers = [each for each in store.carriers(message, read.exchange.connection) if each.packet <= as_of]
        size = sum(each.length for each in carriers)
        packets = tuple(dict.fromkeys(each.packet for each in carriers))
        found.append(packets_note(kind, packets, size, language))
        for each in carriers[:_MOST_SEGMENTS]:
            at = Evidence(each.packet, each.span)
            last = each.offset + each.length - 1
            details = {"packet": each.packet, "bytes": each.length, "first": each.offset, "last": last}
            details |= {"relative": message.start + each.offset + 1, "seq": _sequence(store, each)}
            found.append(note("http.note.segment", language, "plain", at, **details)._replace(indent=2))
        head = message.body_start - message.start
        framing = size - head - message.body_bytes
        key = "http.note.payload-chunked" if message.framing == "chunked" and framing > 0 else "http.note.payload"
        sizes: dict[str, Any] = {"head": head, "body": message.body_bytes, "total": size, "framing": framing}
        found.append(note(key, language, "faint", **sizes))
        found.append(framing_note(message, language))
    return [title("http.title.segments", language), *found] if found else []


def _sequence(store: Store, carrier: Carrier) -> int:
    """Sequence number, as on the wire, of a carrier's first byte of the message."""
    packets, row = store.packets, carrier.packet - 1
    inside = carrier.span.start - packets.value("payload_offset", row) if carrier.span is not None else 0
    return (packets.value("seq", row) + inside) % (1 << 32)


def _tokens(store: Store, read: ReadExchange, as_of: int, language: Language, show_secrets: bool) -> list[Note]:
    exchange, found = read.exchange, list[Note]()
    sides = ((read.request, exchange.request), (read.response, exchange.response))
    for head, message in sides:
        if message is None or message.last_row >= as_of:
            continue
        time = store.packets.value("time", message.head_row)
        tokens = message_tokens(store, read, head, message, time)
        found += token_notes(tokens, time, message.head_row + 1, language, show_secrets)
    return found
