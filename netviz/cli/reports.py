"""`netviz summary`, `packets` and the other reports: a capture read to its end, and text or JSON on standard output.

Each command loads its own report only: a summary need not know how fetches are told.
"""

import argparse
import gc
import json
import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from rich.console import Console, RenderableType

from netviz.capture.opening import open_capture
from netviz.cli.choices import file_of, language_of
from netviz.errors import BadArgument
from netviz.explain.words import say
from netviz.pipeline.analyzer import Analyzer, analyze
from netviz.pipeline.chosen import Chosen, chosen
from netviz.pipeline.lines import packet_line
from netviz.pipeline.store import Store
from netviz.report.form import json_text

if TYPE_CHECKING:
    from netviz.cli.filtering import PacketFilter

_CHECK_FAILED = 3
_kept: list[Store] = []
"""What was found last: the process ends with it (`cli.main.run`), which is faster than taking it apart before."""


def report(options: argparse.Namespace) -> int:
    """Run one report command; returns the exit status."""
    # What a report finds lives until it is printed: looking for garbage among it would only cost time.
    gc.disable()
    try:
        return _report(options)
    finally:
        gc.enable()


def _report(options: argparse.Namespace) -> int:
    if options.command == "packets":
        return _packets(options)
    if options.command == "cors" and options.codes is not None:
        return _cors_codes(options)
    wanted = _filter(options)
    if options.command == "tokens":
        from netviz.cli.keys import keys

        options.keys = keys(options)
    store = analyze(open_capture(file_of(options)))
    _kept[:] = [store]
    run: Callable[[argparse.Namespace, Store, Chosen | None], int] = _COMMANDS[options.command]
    status = run(options, store, chosen(store, wanted.rows(store)) if wanted else None)
    _warn_if_cut(store, options)
    return status


def _summary(options: argparse.Namespace, store: Store, only: Chosen | None) -> int:
    from netviz.report import summary

    if options.json:
        _print_json(summary.document(store, only))
    else:
        _console().print(summary.text(store, language_of(options), only))
    return 0


def _connections(options: argparse.Namespace, store: Store, only: Chosen | None) -> int:
    from netviz.report import connections

    wanted = None if only is None else only.connections
    number: int | None = options.connection
    if number is not None:
        from netviz.report import connection_depth

        if number >= store.connection_count():
            raise BadArgument("no-connection", number=number, count=store.connection_count())
        wanted = [number]
        if options.json:
            _print_json(connection_depth.document(store, number))
        else:
            _print_all(connection_depth.text(store, number, language_of(options)))
    elif options.json:
        _print_json(connections.document(store, wanted))
    else:
        _print_all(connections.text(store, language_of(options), wanted))
    found = map(store.connection, range(store.connection_count()) if wanted is None else wanted)
    return _CHECK_FAILED if options.check and any(map(connections.is_illegal, found)) else 0


def _datagrams(options: argparse.Namespace, store: Store, only: Chosen | None) -> int:
    from netviz.report import datagrams

    as_of = min(options.count or len(store.packets), len(store.packets))
    number: int | None = options.conversation
    if number is not None and number >= store.datagrams.count():
        raise BadArgument("no-such-conversation", number=number, count=store.datagrams.count())
    wanted = [number] if number is not None else None if only is None else only.udp
    if options.json:
        _print_json(datagrams.document(store, as_of, wanted))
    else:
        _print_all(datagrams.text(store, language_of(options), as_of, wanted, number is not None))
    return 0


def _exchanges(options: argparse.Namespace, store: Store, only: Chosen | None) -> int:
    from netviz.report import exchanges

    wanted = None if only is None else only.exchanges
    number: int | None = options.exchange
    if number is not None:
        return _exchange(options, store, number)
    if options.body or options.copy_as:
        raise BadArgument("needs-exchange")
    if options.json:
        _print_json(exchanges.document(store, options.show_secrets, wanted))
    else:
        _print_all(exchanges.text(store, language_of(options), options.show_secrets, wanted))
    return 0


def _exchange(options: argparse.Namespace, store: Store, number: int) -> int:
    """One exchange in depth."""
    from netviz.report import exchange_depth, exchanges

    if number > len(store.exchanges):
        raise BadArgument("no-exchange", number=number, count=len(store.exchanges))
    if options.body or options.copy_as:
        from netviz.cli.taking import take

        return take(options, store, number)
    if options.json:
        _print_json(exchanges.document_of(store, number, options.show_secrets))
    else:
        _print_all(exchange_depth.text(store, number, language_of(options), options.show_secrets))
    return 0


def _tokens(options: argparse.Namespace, store: Store, only: Chosen | None) -> int:
    from netviz.report import tokens

    wanted = None if only is None else only.exchanges
    if options.json:
        _print_json(tokens.document(store, options.keys, options.show_secrets, wanted))
    else:
        _print_all(tokens.text(store, options.keys, language_of(options), options.show_secrets, wanted))
    return 0


def _cookies(options: argparse.Namespace, store: Store, only: Chosen | None) -> int:
    from netviz.report import cookies

    wanted = None if only is None else only.exchanges
    if options.json:
        _print_json(cookies.document(store, options.show_secrets, wanted))
    else:
        _print_all(cookies.text(store, language_of(options), options.show_secrets, wanted))
    return 0


def _dns(options: argparse.Namespace, store: Store, only: Chosen | None) -> int:
    from netviz.report import dns

    wanted = None if only is None else set(only.packets.rows.tolist())
    if options.json:
        _print_json(dns.document(store, wanted))
    else:
        _print_all(dns.text(store, language_of(options), wanted))
    return 0


def _routes(options: argparse.Namespace, store: Store, only: Chosen | None) -> int:
    from netviz.report import routes

    wanted = None if only is None else set(only.packets.rows.tolist())
    if options.json:
        _print_json(routes.document(store, wanted))
    else:
        _print_all(routes.text(store, language_of(options), wanted))
    return 0


def _cors(options: argparse.Namespace, store: Store, only: Chosen | None) -> int:
    from netviz.report import cors, cors_text

    browser, language, number = options.browser, language_of(options), options.fetch
    count = len(store.judgement(browser).fetches)
    if number is not None and number > count:
        raise BadArgument("no-such-fetch", number=number, count=count)
    wanted = None if only is None else only.exchanges
    fetches = cors.chosen_fetches(store, browser, wanted, number)
    if options.json:
        _print_json(cors.document(store, browser, options.show_secrets, wanted, number))
    elif options.mend is not None:
        print("\n".join(cors_text.mending(store, options.mend, language, fetches, number is not None)))
    else:
        _print_all(cors_text.text(store, browser, language, wanted, number))
    return _CHECK_FAILED if options.check and any(fetch.verdict == "blocked" for fetch in fetches) else 0


def _cors_codes(options: argparse.Namespace) -> int:
    """Exit status 1 where no code has the word."""
    from netviz.report import cors_codes

    chosen = cors_codes.codes(options.codes)
    if options.json:
        _print_json(cors_codes.document(chosen))
    else:
        _print_all(cors_codes.text(chosen, language_of(options)))
    return 0 if chosen else 1


def _statistics(options: argparse.Namespace, store: Store, only: Chosen | None) -> int:
    from netviz.report import statistics

    if options.json:
        _print_json(statistics.document(store, only))
    else:
        _print_all(statistics.text(store, language_of(options), only))
    return 0


_COMMANDS = {
    "statistics": _statistics,
    "summary": _summary,
    "connections": _connections,
    "datagrams": _datagrams,
    "exchanges": _exchanges,
    "cookies": _cookies,
    "tokens": _tokens,
    "dns": _dns,
    "routes": _routes,
    "cors": _cors,
}


def _packets(options: argparse.Namespace) -> int:
    """A pipe's packets are printed as they come; a file's when all is read, as later packets explain earlier ones."""
    wanted = _filter(options)
    name = file_of(options)
    source = open_capture(name)
    analyzer = Analyzer(source.info)
    store = analyzer.store
    shown = 0
    for batch in source.batches():
        analyzer.feed(batch)
        if name == "-":
            shown = _print_packets(options, store, wanted, shown)
        if options.count and len(store.packets) >= options.count:
            break
    analyzer.finish()
    _print_packets(options, store, wanted, shown)
    if not len(store.packets) and not options.json:
        print(say("packets.none", language_of(options)))
    _warn_if_cut(store, options)
    return 0


def _print_packets(options: argparse.Namespace, store: Store, wanted: "PacketFilter | None", shown: int) -> int:
    from netviz.pipeline.times import LETTERS, time_text
    from netviz.report import packets

    stop = min(len(store.packets), options.count or len(store.packets))
    rows: Iterable[int] = range(shown, stop)
    if wanted:
        found = wanted.rows(store)
        rows = found[(found >= shown) & (found < stop)].tolist()
    if options.json:
        for each in packets.documents(store, rows):
            print(json.dumps(each, ensure_ascii=False))
    elif stop > shown:
        form, first_time = LETTERS[options.times], store.packets.value("time", 0)
        store.tcp_columns.advance(stop)
        before = int(found[found < shown][-1]) if wanted and (found < shown).any() else None if wanted else shown - 1
        for row in rows:
            when = time_text(store.packets, row, form, before if before is None or before >= 0 else None)
            print(packets.text_line(packet_line(store, row), first_time, language_of(options), when))
            before = row
    sys.stdout.flush()
    return stop


def _filter(options: argparse.Namespace) -> "PacketFilter | None":
    """The display filter that was given. Raises: FilterError before anything is read."""
    if options.filter is None:
        return None
    from netviz.cli.filtering import PacketFilter

    return PacketFilter(options.filter)


def _warn_if_cut(store: Store, options: argparse.Namespace) -> None:
    if store.info.cut_short:
        reason = say(f"cut.{store.info.cut_reason or 'record-cut'}", language_of(options))
        print(f"netviz: {reason}", file=sys.stderr)


def _console() -> Console:
    return Console(highlight=False, markup=False, emoji=False, soft_wrap=True)


def _print_all(parts: Iterable[RenderableType]) -> None:
    console = _console()
    for part in parts:
        console.print(part)


def _print_json(found: dict[str, object]) -> None:
    print(json_text(found))
