"""`netviz exchanges FILE --exchange N`: one exchange in depth, as text and as JSON. Secrets are covered unless asked for."""

from collections.abc import Iterator

from rich.style import Style
from rich.text import Text

from netviz.explain.body_notes import body_notes
from netviz.explain.exchange_notes import exchange_notes
from netviz.explain.neighbour_notes import neighbour_notes
from netviz.explain.notes import Note, seconds, title, word
from netviz.explain.time_notes import page_notes
from netviz.explain.words import Language, say
from netviz.http.caching import conditions, freshness
from netviz.http.content import describe
from netviz.http.exchange import Head, Message, ReadExchange
from netviz.http.hops import hops
from netviz.http.overlap import overlap_of
from netviz.http.secrets import shown, shown_target
from netviz.http.smuggling import ambiguity
from netviz.model.safe import safe
from netviz.pipeline.exchange_times import bar_of, timing_of
from netviz.pipeline.host_lookups import host_lookups, page_begin
from netviz.pipeline.pages import page_of
from netviz.pipeline.same_url import same_url
from netviz.pipeline.store import Store
from netviz.report.neighbours import neighbours

_STYLES = {"title": "bold", "faint": "dim", "good": "green", "bad": "red", "warn": "yellow", "plain": ""}
_SIGNS = {"good": "✓ ", "bad": "✗ ", "warn": "! "}
_LONGEST = 4096


def note_text(each: Note) -> Text:
    """A note as a line of text, with the packet that proves it."""
    packet = f"  (#{each.at.packet})" if each.at is not None and f"#{each.at.packet}" not in each.text else ""
    line = f"{'  ' * each.indent}{_SIGNS.get(each.weight, '')}{each.text}{packet}"
    return Text(line, style=Style.parse(_STYLES[each.weight] or "none"))


def text(store: Store, number: int, language: Language, show_secrets: bool) -> Iterator[Text]:
    """Both messages with every header in plain words, bodies by kind, and all that is said about the exchange."""
    read = store.read(number)
    yield Text(f"[{read.id}] {read.client}:{read.client_port} → {read.server}:{read.server_port}", style="bold")
    for head, message in _sides(read):
        yield Text("")
        yield from _message(store, read, head, message, language, show_secrets)
    yield Text("")
    for each in exchange_notes(store, number, len(store.packets), language, show_secrets):
        yield note_text(each)
    for each in neighbour_notes(store, number, len(store.packets), language, show_secrets):
        yield note_text(each)
    yield from _page(store, number, language)


def _sides(read: ReadExchange) -> Iterator[tuple[Head, Message]]:
    for head, message in ((read.request, read.exchange.request), (read.response, read.exchange.response)):
        if head is not None and message is not None:
            yield head, message


def _message(
    store: Store, read: ReadExchange, head: Head, message: Message, language: Language, show_secrets: bool
) -> Iterator[Text]:
    if message.kind == "request":
        line = f"→ {head.method} {shown_target(head.target, show_secrets)} {head.version}"
        meaning = word(f"http.method.{safe(head.method, 20)}", language)
    else:
        line, meaning = f"← {head.version} {head.status} {head.reason}", ""
    yield Text(
        safe(line, _LONGEST) + f"  (#{head.line_at.packet})", style="cyan" if message.kind == "request" else "green"
    )
    if meaning:
        yield Text(f"  {meaning}", style="dim")
    for header, is_hop in zip(head.headers, hops(head), strict=True):
        value = shown(header.name, header.value, show_secrets)
        yield Text(f"  {safe(header.name, _LONGEST)}: {safe(value, _LONGEST)}")
        reach = say(f"http.hop.{'hop-by-hop' if is_hop else 'end-to-end'}", language)
        told = word(f"http.field.{safe(header.name.lower(), 60)}", language, say("http.field.unknown", language))
        yield Text(f"      {reach} · {told}", style="dim")
    if message.body_bytes:
        body = store.body(message, read.exchange.connection)
        if body.coding:
            sizes = {"bytes": len(body.content), "raw": len(body.raw), "coding": body.coding}
            yield Text(f"  {say('screen.body.coded', language, **sizes)}")
        if body.problem:
            yield Text(f"  ✗ {word(f'http.body.{body.problem}', language, body.problem)}", style="red")
        for each in body_notes(head, body, language, show_secrets):
            yield note_text(each)


def _page(store: Store, number: int, language: Language) -> Iterator[Text]:
    as_of = len(store.packets)
    page = page_of(store, number, as_of)
    notes = page_notes(store, page, as_of, language)
    if notes:
        yield note_text(title("http.title.page", language))
    for each in notes:
        yield note_text(each)
    bars = {each.id: bar_of(store, store.exchanges[each.id - 1], as_of) for each in page.members}
    hosts = host_lookups(store, page, as_of)
    zero = page_begin(store, page, hosts, as_of)
    asked = [(each, each.span(store)) for each in hosts if not each.cached]
    for host, span in sorted(asked, key=lambda each: each[1] or (0, 0)):
        if span is not None and host.lookup is not None:
            begun, ended = seconds((span[0] - zero) / 1e9), seconds((span[1] - zero) / 1e9)
            yield Text(f"  [-] {begun} – {ended}  DNS {host.lookup.type} {safe(host.name, 120)}")
    for member in page.members:
        bar, head = bars[member.id], store.read(member.id).request
        if bar is None or head is None:
            continue
        begun = seconds((bar.start - zero) / 1e9)
        ended = seconds((bar.end - zero) / 1e9) if bar.end is not None else "…"
        kind = word(f"http.kind.{member.kind}", language, member.kind)
        target = safe(shown_target(head.target, False), 120)
        yield Text(f"  [{member.id}] {begun} – {ended}  {safe(head.method, 20)} {target}  {kind}")


def detail(store: Store, number: int, show_secrets: bool = False) -> dict[str, object]:
    """What `--exchange N --json` adds to the exchange: facts behind the text."""
    read = store.read(number)
    as_of = len(store.packets)
    return {
        "messages": {
            message.kind: _message_object(store, read, head, message, show_secrets) for head, message in _sides(read)
        },
        "caching": _caching(read),
        "limits_hit": dict(store.limit_counter.counts),
        "same_url": _same_url(store, number, as_of),
        "cookies_judged": _judged(store, read),
        "page": _page_object(store, number, as_of),
        "timing": dict(timing_of(store, read.exchange)._asdict()),
        **neighbours(store, number, show_secrets),
    }


def _message_object(
    store: Store, read: ReadExchange, head: Head, message: Message, show_secrets: bool
) -> dict[str, object]:
    body = store.body(message, read.exchange.connection)
    content = describe(head, body)
    doubt = ambiguity(message, head)
    return {
        "head_bytes": message.body_start - message.start,
        "framing": message.framing,
        "violations": list(dict.fromkeys((*message.violations, *head.violations))),
        "ambiguous": None
        if doubt is None
        else {"content_lengths": list(doubt.by_length), "chunked_bytes": doubt.by_chunks, "read_by": doubt.counted},
        "hop_by_hop": [header.name for header, hop in zip(head.headers, hops(head), strict=True) if hop],
        "segments": [
            {
                "packet": each.packet,
                "span": list(each.span) if each.span else None,
                "offset": each.offset,
                "bytes": each.length,
            }
            for each in store.carriers(message, read.exchange.connection)
        ],
        "body": {
            "kind": content.kind,
            "coding": body.coding or None,
            "raw_bytes": len(body.raw),
            "content_bytes": len(body.content),
            "problem": body.problem or None,
            "media_type": content.media_type or None,
            "charset": content.charset or None,
            "image": {"format": content.image, "size": list(content.size) if content.size else None}
            if content.image
            else None,
            "parts": [
                {"name": part.name, "file_name": part.file_name, "bytes": part.content_bytes} for part in content.parts
            ],
            "trailers": [[name, shown(name, value, show_secrets)] for name, value in body.trailers],
        },
    }


def _caching(read: ReadExchange) -> dict[str, object] | None:
    if read.response is None:
        return None
    fresh = freshness(read.request, read.response, read.response_time or 0)
    given = conditions(read.request) if read.request is not None else []
    return {
        "conditions": [{"name": each.name, "value": each.value, "packet": each.at.packet} for each in given],
        "storing": fresh.storing,
        "lifetime": fresh.lifetime,
        "lifetime_from": fresh.source,
        "age": fresh.age,
        "fresh_for": fresh.fresh_for,
        "must_ask": fresh.must_ask,
        "etag": fresh.etag,
        "last_modified": fresh.last_modified,
        "vary": fresh.vary,
    }


def _same_url(store: Store, number: int, as_of: int) -> dict[str, object]:
    beside = same_url(store, number, as_of)
    copy, challenge = beside.copy, beside.challenge
    return {
        "copy": copy
        and {"exchange": copy.exchange, "packet": copy.at.packet, "field": copy.field, "value": copy.value}
        | {"body_bytes": copy.body_bytes},
        "asked_again": list(beside.asked_again),
        "refused": challenge
        and {"exchange": challenge.exchange, "packet": challenge.at.packet, "status": challenge.status}
        | {"added": [header.name for header in challenge.added]},
        "answered": beside.answered,
    }


def _judged(store: Store, read: ReadExchange) -> list[dict[str, object]]:
    message = read.exchange.request
    if read.request is None or message is None:
        return []
    time = store.packets.value("time", message.head_row)
    return [
        {
            "name": each.version.name, "domain": each.version.domain, "path": each.version.path or None,
            "sent": each.sent, "rule": each.why, "known_from": each.version.at.packet,
            "attributes_known": each.version.set_by is not None,
        }
        for each in store.cookies().judged(read.client, read.request, message.head_row, time)
    ]  # fmt: skip


def _page_object(store: Store, number: int, as_of: int) -> dict[str, object]:
    page = page_of(store, number, as_of)
    found = (bar_of(store, store.exchanges[each.id - 1], as_of) for each in page.members)
    lies = overlap_of([bar for bar in found if bar is not None])
    return {
        "document": page.root,
        "requests": [{"exchange": each.id, "kind": each.kind, "initiator": each.initiator} for each in page.members],
        "lookups": [
            {"host": each.name, "address": each.address, "used": each.used, "from_cache": each.cached}
            | {"query": each.packets[0], "response": each.packets[1]}
            | {"time": each.lookup.seconds if each.lookup is not None else None}
            for each in host_lookups(store, page, as_of)
        ],
        "overlap": lies.word,
        "most_at_once": lies.most,
        "connections": lies.connections,
        "first_together": list(lies.first) if lies.first else None,
    }
