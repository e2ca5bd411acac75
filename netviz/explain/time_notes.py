"""Where an exchange's time went, and whether requests were one after the other or at once, in sentences with times."""

from collections import Counter
from typing import Any

from netviz.explain.lookup_notes import host_notes
from netviz.explain.notes import Note, note, seconds, title, word
from netviz.explain.words import Language
from netviz.http.exchange import ReadExchange
from netviz.http.overlap import Bar, overlap_of
from netviz.model.evidence import Evidence
from netviz.pipeline.exchange_times import bar_of, timing_of
from netviz.pipeline.host_lookups import host_lookups, page_begin
from netviz.pipeline.pages import Page
from netviz.pipeline.store import Store


def timing_notes(store: Store, read: ReadExchange, language: Language) -> list[Note]:
    """Each phase with its length and its packets."""
    exchange = read.exchange
    timing = timing_of(store, exchange)
    request, response = exchange.request, exchange.response
    found = [title("http.title.timing", language)]
    if timing.connect is None:
        found.append(note("http.time.connect-unknown", language, "faint"))
    elif timing.connect == 0:
        found.append(note("http.time.connect-none", language, "faint"))
    else:
        syn = store.connection(exchange.connection).handshake.syn
        at = Evidence(syn) if syn is not None else None
        found.append(note("http.time.connect", language, at=at, time=seconds(timing.connect)))
    found.append(note("http.time.no-tls", language, "faint"))
    if timing.blocked:
        found.append(note("http.time.blocked", language, "warn", time=seconds(timing.blocked)))
    if timing.send is not None and request is not None:
        at = Evidence(request.first_row + 1)
        found.append(note("http.time.send", language, at=at, time=seconds(timing.send)))
    if timing.wait is not None and response is not None:
        at = Evidence(response.first_row + 1)
        found.append(note("http.time.wait", language, at=at, time=seconds(timing.wait)))
    if timing.receive is not None and response is not None:
        at = Evidence(response.last_row + 1)
        found.append(note("http.time.receive", language, at=at, time=seconds(timing.receive)))
    return found


def page_notes(store: Store, page: Page, as_of: int, language: Language, host: str | None = None) -> list[Note]:
    """The page's requests told as a whole: what loaded what, how many at once, between which times.

    Of the DNS lookups all are told, or that of one `host`.
    """
    bars = [bar for each in page.members if (bar := bar_of(store, store.exchanges[each.id - 1], as_of)) is not None]
    if not bars:
        return []
    found = []
    if page.root is not None:
        root = store.read(page.root)
        url = (root.url or "").partition("?")[0]
        at = root.request.line_at if root.request is not None else None
        found.append(note("http.page.root", language, at=at, url=url, count=len(page.members)))
        kinds = Counter(each.kind for each in page.members)
        listed = ", ".join(f"{word(f'http.kind.{kind}', language, kind)} {count}" for kind, count in kinds.items())
        found.append(note("http.page.order", language, "faint", kinds=listed))
    else:
        found.append(note("http.page.burst", language, "faint", count=len(page.members)))
    hosts = host_lookups(store, page, as_of)
    zero = page_begin(store, page, hosts, as_of)
    found += host_notes([each for each in hosts if host is None or each.name == host], language)
    images = {each.id for each in page.members if each.kind == "image"}
    if len(images) > 1:
        found.append(_images([bar for bar in bars if bar.id in images], language))
    lies = overlap_of(bars)
    details: dict[str, Any] = {"count": len(bars), "most": lies.most, "connections": lies.connections}
    if lies.first is None or lies.begun is None:
        found.append(note(f"http.overlap.{lies.word}", language, **details))
        return found
    second = next(bar for bar in bars if bar.id == lies.first[1])
    message = store.exchanges[second.id - 1].request
    at = Evidence(message.first_row + 1) if message is not None else None
    begun = seconds((lies.begun - zero) / 1e9)
    ended = seconds((lies.ended - zero) / 1e9) if lies.ended is not None else "-"
    first, other = lies.first
    found.append(
        note(
            f"http.overlap.{lies.word}",
            language,
            "plain",
            at,
            first=first,
            second=other,
            begun=begun,
            ended=ended,
            **details,
        )
    )
    return found


def _images(bars: list[Bar], language: Language) -> Note:
    """Whether the page's images came one after the other or at once."""
    lies = overlap_of(bars)
    first, second = lies.first or (0, 0)
    word = "sequential" if lies.first is None else "parallel"
    details: dict[str, Any] = {"count": len(bars), "most": lies.most, "first": first, "second": second}
    return note(f"http.page.images-{word}", language, "plain", **details)
