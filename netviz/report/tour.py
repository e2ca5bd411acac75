"""A tour of a capture in plain text: what the screen would show, for where there is no terminal."""

import sys
from collections.abc import Iterator

from rich.console import Console, RenderableType
from rich.rule import Rule
from rich.text import Text

from netviz.explain.words import Language, say
from netviz.model.frames import Source
from netviz.pipeline.analyzer import analyze
from netviz.pipeline.dissecting import dissected
from netviz.pipeline.lines import packet_line
from netviz.pipeline.store import Store
from netviz.report import connections, cors_text, exchanges, packets, summary
from netviz.report.boxes import boxes

_PACKETS_SHOWN = 40


def print_tour(source: Source, language: Language) -> int:
    """Read a capture and print the tour; returns the exit status."""
    store = analyze(source)
    console = Console(highlight=False, markup=False, emoji=False, soft_wrap=not sys.stdout.isatty())
    for part in _parts(store, language, console.width):
        console.print(part)
    return 0


def _parts(store: Store, language: Language, width: int) -> Iterator[RenderableType]:
    yield summary.text(store, language)
    yield _heading("tour.packets", language)
    first_time = store.packets.value("time", 0) if len(store.packets) else 0
    for row in range(min(len(store.packets), _PACKETS_SHOWN)):
        yield Text(packets.text_line(packet_line(store, row), first_time, language))
    if len(store.packets) > _PACKETS_SHOWN:
        yield Text(say("tour.more", language, count=len(store.packets) - _PACKETS_SHOWN))
    telling = most_telling(store)
    if telling is not None:
        yield _heading("tour.layers", language, number=telling + 1)
        yield from boxes(dissected(store, telling), telling + 1, language, width)
    yield _heading("tour.connections", language)
    yield from connections.text(store, language)
    yield _heading("tour.exchanges", language)
    yield from exchanges.text(store, language, show_secrets=False)
    yield _heading("tour.cors", language)
    yield from cors_text.text(store, "chromium", language)


def _heading(key: str, language: Language, **details: object) -> Rule:
    return Rule(Text(say(key, language, **details), style="bold"), align="left")


def most_telling(store: Store) -> int | None:
    """Row of the packet worth taking apart: a preflight, else the first request, else the first packet."""
    for exchange in store.exchanges:
        if exchange.request is not None and exchange.request.verb == "OPTIONS":
            return exchange.request.head_row
    for exchange in store.exchanges:
        if exchange.request is not None:
            return exchange.request.head_row
    return 0 if len(store.packets) else None
