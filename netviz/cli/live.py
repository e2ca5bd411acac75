"""`netviz live` and `netviz interfaces`: open the socket, give up every privilege, then look at packets."""

import argparse
import sys

from netviz.capture.interface import LiveSource, interface_names, link_type_of
from netviz.capture.link_types import link_type_name
from netviz.capture.opening import open_capture
from netviz.capture.privileges import drop_privileges
from netviz.capture.recording import RecordedSource
from netviz.cli.choices import language_of
from netviz.cli.opening import DEMO, shipped
from netviz.errors import BadArgument, NotPermitted
from netviz.explain.words import Language, say
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
    _rehearse(on_screen, language)
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


def _rehearse(on_screen: bool, language: Language) -> None:
    """Do once, on a shipped capture, all that will be done: it loads what Python and scapy otherwise load late.

    The user this process becomes may not be able to read the installation.
    """
    from netviz.dissect.packet import dissect, preload

    preload()
    if on_screen:
        import netviz.tui.app  # noqa: F401
    store = analyze(open_capture(str(shipped(DEMO))))
    list(Happenings(store, language).lines())
    for row in range(len(store.packets)):
        dissect(store.packets.frame(row), store.packets.value("link_type", row))


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
