"""`netviz live` and `netviz interfaces`: open the socket, give up every privilege, then look at packets."""

import argparse
import os
import sys

import rich

import netviz
from netviz.capture.interface import LiveSource, interface_names, link_type_of
from netviz.capture.link_types import link_type_name
from netviz.capture.opening import open_capture
from netviz.capture.privileges import drop_privileges, readable_afterwards
from netviz.capture.recording import RecordedSource
from netviz.cli.choices import language_of
from netviz.cli.opening import DEMO, shipped
from netviz.errors import BadArgument, NotPermitted
from netviz.explain.words import Language, say, tables
from netviz.pipeline.analyzer import Analyzer, analyze
from netviz.report.happenings import Happenings


def interfaces(options: argparse.Namespace) -> int:
    """List the interfaces of this machine with their link types."""
    for name in interface_names():
        print(f"{name}\t{link_type_name(link_type_of(name))}")
    return 0


def live(options: argparse.Namespace) -> int:
    """Watch an interface on the screen, or as text where there is no terminal."""
    if not options.interface:
        raise BadArgument("no-interface", known=", ".join(interface_names()))
    on_screen = sys.stdout.isatty() and not options.text
    language = language_of(options)
    source = LiveSource(options.interface, options.filter, options.count, options.snaplen)
    # The output file is made with the rights of who may make it; everything after this line has none.
    recorded = RecordedSource(source, options.write) if options.write else source
    _load_before_the_fall(on_screen, language)
    try:
        drop_privileges()
    except (OSError, RuntimeError) as error:
        source.close()
        raise NotPermitted("still-privileged", reason=str(error)) from None
    analyzer = Analyzer(source.info)
    if on_screen:
        from netviz.tui.app import run

        return run(analyzer, recorded, language, options.theme)
    return _as_text(analyzer, recorded, source, language)


def _load_before_the_fall(on_screen: bool, language: Language) -> None:
    """Load what Python and scapy load late: the user this process becomes may not be able to read the installation.

    Where that is so, all that will be done is done once on a shipped capture, which finds out what is needed.
    """
    from netviz.dissect.packet import preload

    preload()
    tables()
    if readable_afterwards((os.__file__, rich.__file__, netviz.__file__)):
        return
    if on_screen:
        from netviz.tui.rehearsal import rehearse

        rehearse(open_capture(str(shipped(DEMO))), language)
    store = analyze(open_capture(str(shipped(DEMO))))
    list(Happenings(store, language).lines())


def _as_text(analyzer: Analyzer, recorded: LiveSource | RecordedSource, source: LiveSource, language: Language) -> int:
    happenings = Happenings(analyzer.store, language)
    print(say("live.listening", language, interface=source.info.file), file=sys.stderr)
    try:
        for batch in recorded.batches():
            analyzer.feed(batch)
            for line in happenings.lines():
                print(line)
            sys.stdout.flush()
    except KeyboardInterrupt:
        source.close()
    finally:
        recorded.close()
    analyzer.finish()
    for line in happenings.lines():
        print(line)
    counts = {"packets": len(analyzer.store.packets), "kernel": source.drops.kernel, "queue": source.drops.queue}
    print(say("live.done", language, **counts), file=sys.stderr)
    if source.info.cut_short:
        print(say(f"cut.{source.info.cut_reason}", language), file=sys.stderr)
        return 1 if source.info.cut_reason.startswith("interface") else 0
    return 0
