"""The pair that a conditional request makes with the answer it knows, and a login's with the refusal before it."""

from netviz.explain.notes import Note, note, title
from netviz.explain.words import Language
from netviz.http.exchange import ReadExchange
from netviz.model.evidence import Evidence
from netviz.pipeline.same_url import Challenge, SameUrl, same_url
from netviz.pipeline.store import Store


def same_url_notes(store: Store, read: ReadExchange, as_of: int, language: Language) -> list[Note]:
    """What the exchange has to do with earlier and later ones for the same URL; empty where nothing."""
    beside = same_url(store, read.id, as_of)
    found = [*_pair(store, read, beside, as_of, language), *_again(store, beside, as_of, language)]
    if beside.challenge is not None:
        found += _answering(store, beside.challenge, language)
    if beside.answered is not None:
        at = _asked_at(store, beside.answered)
        found.append(note("http.same.answered", language, "plain", at, exchange=beside.answered, packet=at.packet))
    return [title("http.title.same-url", language), *found] if found else []


def _pair(store: Store, read: ReadExchange, beside: SameUrl, as_of: int, language: Language) -> list[Note]:
    copy = beside.copy
    if copy is None:
        unseen = beside.is_conditional
        return [note("http.same.unseen", language, "faint", read.request.line_at)] if unseen and read.request else []
    first = store.read(copy.exchange).response
    details = {"exchange": copy.exchange, "field": copy.field, "value": copy.value, "bytes": copy.body_bytes}
    status = first.status if first is not None else 200
    found = [note("http.same.copy", language, "plain", copy.at, status=status, packet=copy.at.packet, **details)]
    response = read.exchange.response
    if response is not None and response.head_row < as_of and response.status == 304:
        size = response.body_start - response.start
        at = Evidence(response.head_row + 1)
        found.append(note("http.same.saved", language, "good", at, size=size, bytes=copy.body_bytes))
    return found


def _again(store: Store, beside: SameUrl, as_of: int, language: Language) -> list[Note]:
    found = []
    for number in beside.asked_again[:4]:
        at = _asked_at(store, number)
        answer = store.exchanges[number - 1].response
        known = answer is not None and answer.head_row < as_of
        status = answer.status if answer is not None and known else "…"
        found.append(note("http.same.again", language, "plain", at, exchange=number, packet=at.packet, status=status))
    return found


def _answering(store: Store, challenge: Challenge, language: Language) -> list[Note]:
    packet = challenge.at.packet
    details = {"exchange": challenge.exchange, "status": challenge.status, "packet": packet}
    found = [note("http.same.refused", language, "plain", challenge.at, **details)]
    for header in challenge.added[:8]:
        found.append(note("http.same.added", language, "warn", header.name_at, name=header.name))
    return found


def _asked_at(store: Store, number: int) -> Evidence:
    request = store.exchanges[number - 1].request
    assert request is not None
    return Evidence(request.first_row + 1)
