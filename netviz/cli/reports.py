"""`netviz summary|packets|connections|exchanges|cors`: a capture read to its end, and a report on standard output."""

import argparse
import gc
import json
import sys
from collections.abc import Callable, Iterable

from rich.console import Console, RenderableType

from netviz.capture.opening import open_capture
from netviz.cli.choices import file_of, language_of
from netviz.explain.words import say
from netviz.pipeline.analyzer import Analyzer, analyze
from netviz.pipeline.lines import packet_line
from netviz.pipeline.store import Store
from netviz.report import connections, cors, exchanges, packets, summary

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
    store = analyze(open_capture(file_of(options)))
    _kept[:] = [store]
    run: Callable[[argparse.Namespace, Store], int] = _COMMANDS[options.command]
    status = run(options, store)
    _warn_if_cut(store, options)
    return status


def _summary(options: argparse.Namespace, store: Store) -> int:
    if options.json:
        _print_json(summary.document(store))
    else:
        _console().print(summary.text(store, language_of(options)))
    return 0


def _connections(options: argparse.Namespace, store: Store) -> int:
    if options.json:
        _print_json(connections.document(store))
    else:
        _print_all(connections.text(store, language_of(options)))
    found = (store.connection(each) for each in range(store.connection_count()))
    return _CHECK_FAILED if options.check and any(map(connections.is_illegal, found)) else 0


def _exchanges(options: argparse.Namespace, store: Store) -> int:
    if options.json:
        _print_json(exchanges.document(store, options.show_secrets))
    else:
        _print_all(exchanges.text(store, language_of(options), options.show_secrets))
    return 0


def _cors(options: argparse.Namespace, store: Store) -> int:
    if options.json:
        _print_json(cors.document(store, options.browser, options.show_secrets))
    else:
        _print_all(cors.text(store, options.browser, language_of(options)))
    blocked = any(fetch.verdict == "blocked" for fetch in store.judgement(options.browser).fetches)
    return _CHECK_FAILED if options.check and blocked else 0


_COMMANDS = {"summary": _summary, "connections": _connections, "exchanges": _exchanges, "cors": _cors}


def _packets(options: argparse.Namespace) -> int:
    """A pipe's packets are printed as they come; a file's when all is read, as later packets explain earlier ones."""
    name = file_of(options)
    source = open_capture(name)
    analyzer = Analyzer(source.info)
    store = analyzer.store
    shown = 0
    for batch in source.batches():
        analyzer.feed(batch)
        if name == "-":
            shown = _print_packets(options, store, shown)
        if options.count and len(store.packets) >= options.count:
            break
    analyzer.finish()
    _print_packets(options, store, shown)
    if not len(store.packets) and not options.json:
        print(say("packets.none", language_of(options)))
    _warn_if_cut(store, options)
    return 0


def _print_packets(options: argparse.Namespace, store: Store, shown: int) -> int:
    stop = min(len(store.packets), options.count or len(store.packets))
    if options.json:
        for each in packets.documents(store, shown, stop):
            print(json.dumps(each, ensure_ascii=False))
    elif stop > shown:
        first_time = store.packets.value("time", 0)
        for row in range(shown, stop):
            print(packets.text_line(packet_line(store, row), first_time))
    sys.stdout.flush()
    return stop


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
    json.dump(found, sys.stdout, ensure_ascii=False, indent=1)
    print()
