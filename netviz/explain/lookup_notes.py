"""DNS lookups in words: who asked whom for what, what came back, and what a page's hosts had to do with it."""

from typing import Any

from netviz.explain.notes import Note, Weight, note, seconds, word
from netviz.explain.words import Language
from netviz.model.evidence import Evidence
from netviz.pipeline.host_lookups import HostLookup
from netviz.pipeline.lookups import ReadLookup
from netviz.wire.dns_sections import DnsSections, Record

_MOST_ANSWERS = 4
_MOST_RECORDS = 20


def lookup_line(read: ReadLookup, language: Language) -> Note:
    """One lookup in a line: question, answer, time."""
    lookup, response = read.lookup, read.response
    query = f"#{lookup.query + 1}" if lookup.query is not None else "-"
    if response is None or lookup.response is None:
        unanswered = {"id": lookup.id, "query": query, "type": read.type, "name": read.name}
        return note("dns.open", language, "warn", Evidence(lookup.first + 1), **unanswered)
    listed = [each for each in response.answers if each.data][:_MOST_ANSWERS]
    answers = ", ".join(f"{each.type} {each.data}" for each in listed)
    weight: Weight = "plain" if response.rcode == "NOERROR" else "bad"
    details = {
        "id": lookup.id, "query": query, "response": f"#{lookup.response + 1}", "type": read.type, "name": read.name,
        "answers": answers or (word("dns.nothing", language) if response.rcode == "NOERROR" else response.rcode),
        "time": seconds(read.seconds) if read.seconds is not None else "-",
    }  # fmt: skip
    return note("dns.line", language, weight, Evidence(lookup.first + 1), **details)


def lookup_notes(read: ReadLookup, as_of: int, language: Language) -> list[Note]:
    """One lookup whole, as of a packet: both ends, flags, counts, and every record of the answer."""
    lookup = read.lookup
    found = [lookup_line(read, language)]
    ends: dict[str, Any] = {"client": str(read.client), "server": str(read.server), "transport": read.transport}
    found.append(note("dns.ends", language, "faint", **ends)._replace(indent=2))
    if read.query is not None and lookup.query is not None:
        found.append(_message("query", read.query, lookup.query, language))
    for row in lookup.again:
        if row < as_of:
            found.append(note("dns.again", language, "warn", Evidence(row + 1))._replace(indent=2))
    if read.response is None or lookup.response is None:
        return found
    found.append(_message("response", read.response, lookup.response, language))
    authority = "dns.authoritative" if read.response.authoritative else "dns.not-authoritative"
    found.append(note(authority, language, at=Evidence(lookup.response + 1))._replace(indent=2))
    for section in ("answers", "authority", "additional"):
        records: tuple[Record, ...] = getattr(read.response, section)
        found += [_record(section, each, lookup.response, language) for each in records[:_MOST_RECORDS]]
    return found


def _message(kind: str, message: DnsSections, row: int, language: Language) -> Note:
    questions, answers, authority, additional = message.counts
    counts = {"questions": questions, "answers": answers, "authority": authority, "additional": additional}
    flags = [
        word(f"dns.flag.{name}", language)
        for name in ("recursion_desired", "recursion_available", "truncated")
        if getattr(message, name)
    ]
    details = {"id": f"0x{message.id:04x}", "rcode": message.rcode, "flags": ", ".join(flags) or "-", **counts}
    return note(f"dns.{kind}", language, "plain", Evidence(row + 1), **details)._replace(indent=2)


def _record(section: str, record: Record, row: int, language: Language) -> Note:
    details = {"name": record.name, "type": record.type, "data": record.data or "…", "ttl": record.ttl}
    key = "dns.record-opt" if record.type == "OPT" else "dns.record"
    words = note(key, language, "plain", Evidence(row + 1), section=word(f"dns.section.{section}", language), **details)
    return words._replace(indent=3)


def host_notes(hosts: list[HostLookup], language: Language) -> list[Note]:
    """For each host of a page that has a name: the lookup that gave its address, or that there was none, and why."""
    return [_host(each, language) for each in hosts if not each.is_address]


def _host(host: HostLookup, language: Language) -> Note:
    if host.lookup is None:
        return note("dns.host-unseen", language, "faint", Evidence(host.used), host=host.name)
    lookup = host.lookup.lookup
    details: dict[str, Any] = {
        "host": host.name, "query": (lookup.query if lookup.query is not None else lookup.first) + 1,
        "response": (lookup.response or 0) + 1, "address": host.address, "server": host.lookup.server.address,
        "type": host.lookup.type, "time": seconds(host.lookup.seconds or 0),
    }  # fmt: skip
    if not host.cached:
        return note("dns.host", language, "plain", Evidence(details["response"]), **details)
    before = {"before": seconds(host.age), "ttl": host.ttl}
    key = "dns.host-cached" if host.age <= host.ttl else "dns.host-old"
    return note(key, language, "plain", Evidence(details["response"]), **details, **before)
