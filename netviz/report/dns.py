"""`netviz dns`: each DNS query with its response: packets, server, type, authority, every record, and the time it took."""

from collections.abc import Container, Iterator

from rich.text import Text

from netviz.explain.lookup_notes import lookup_notes
from netviz.explain.words import Language, say
from netviz.model.endpoint import Endpoint
from netviz.pipeline.lookups import Lookup, lookups_of, read_lookup
from netviz.pipeline.store import Store
from netviz.report.exchange_depth import note_text
from netviz.report.form import document as envelope
from netviz.report.form import timestamp
from netviz.wire.dns_sections import DnsSections, Record


def text(store: Store, language: Language, only: Container[int] | None = None) -> Iterator[Text]:
    """One block a lookup; of all, or of those that have one of some packets (rows)."""
    found, as_of = _chosen(store, only), len(store.packets)
    if not found:
        yield Text(say("dns.none" if only is None else "filter.nothing", language))
        return
    open_ones = sum(each.response is None for each in found)
    yield Text(say("dns.count", language, count=len(found), open=open_ones), style="bold")
    for each in found:
        for note in lookup_notes(read_lookup(store, each, as_of), as_of, language):
            yield note_text(note._replace(indent=note.indent - 1))


def document(store: Store, only: Container[int] | None = None) -> dict[str, object]:
    """`netviz dns FILE --json`."""
    return envelope(lookups=[lookup_object(store, each) for each in _chosen(store, only)])


def lookup_object(store: Store, lookup: Lookup) -> dict[str, object]:
    """One lookup; what was not seen is null."""
    read = read_lookup(store, lookup, len(store.packets))
    return {
        "id": lookup.id,
        "client": _endpoint(read.client),
        "server": _endpoint(read.server),
        "transport": read.transport,
        "name": read.name or None,
        "type": read.type or None,
        "query": _message(store, read.query, lookup.query),
        "asked_again": [row + 1 for row in lookup.again],
        "response": _message(store, read.response, lookup.response),
        "addresses": list(read.addresses),
        "time": read.seconds,
    }


def _chosen(store: Store, only: Container[int] | None) -> list[Lookup]:
    found = lookups_of(store).upto(len(store.packets))
    if only is None:
        return found
    return [each for each in found if any(row in only for row in (each.query, each.response) if row is not None)]


def _endpoint(each: Endpoint) -> dict[str, object]:
    return {"address": each.address, "port": each.port}


def _message(store: Store, message: DnsSections | None, row: int | None) -> dict[str, object] | None:
    if message is None or row is None:
        return None
    questions, answers, authority, additional = message.counts
    return {
        "packet": row + 1,
        "time": timestamp(store.packets.value("time", row)),
        "id": message.id,
        "authoritative": message.authoritative,
        "truncated": message.truncated,
        "recursion_desired": message.recursion_desired,
        "recursion_available": message.recursion_available,
        "rcode": message.rcode,
        "counts": {"questions": questions, "answers": answers, "authority": authority, "additional": additional},
        "answers": [_record(each) for each in message.answers],
        "authority": [_record(each) for each in message.authority],
        "additional": [_record(each) for each in message.additional],
        "broken": message.broken,
    }


def _record(each: Record) -> dict[str, object]:
    return {"name": each.name, "type": each.type, "ttl": each.ttl, "data": each.data or None}
