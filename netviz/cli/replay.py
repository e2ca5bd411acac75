"""`netviz replay FILE` and `netviz --follow FILE`: a capture at its own pace on the screen, as text, or on an interface."""

import argparse
import sys

from netviz.capture.following import FollowedFile
from netviz.capture.opening import open_capture
from netviz.capture.pacing import PacedSource, SteppedSource
from netviz.capture.privileges import drop_privileges
from netviz.capture.sending import Sender
from netviz.capture.spilled import SpilledSource
from netviz.cli.choices import language_of
from netviz.errors import BadArgument, NotPermitted
from netviz.explain.words import Language, say, tables
from netviz.model.frames import Source
from netviz.pipeline.analyzer import Analyzer
from netviz.report.happenings import Happenings


def replay(options: argparse.Namespace) -> int:
    """Show a capture at its pace, or send it."""
    language = language_of(options)
    source = open_capture(options.file)
    if options.interface:
        return _send(source, options, language)
    on_screen = sys.stdout.isatty() and not options.text
    if options.step and not on_screen:
        return print_as_it_comes(SteppedSource(source, _enter), language)
    if not on_screen:
        return print_as_it_comes(PacedSource(source, options.speed), language)
    from netviz.tui.app import run

    # Stepwise, the screen has all of it: `.` and `,` step, and it begins at the first packet.
    paced = source if options.step else PacedSource(source, options.speed)
    return run(Analyzer(source.info), paced, language, options.theme, options.settings, from_first=bool(options.step))


def follow(name: str, options: argparse.Namespace) -> int:
    """Show a file that another program is still writing."""
    language = language_of(options)
    source = FollowedFile(name)
    if options.text or not sys.stdout.isatty():
        return print_as_it_comes(SpilledSource(source), language)
    from netviz.tui.app import run

    return run(Analyzer(source.info), SpilledSource(source), language, options.theme, options.settings)


def print_as_it_comes(source: Source, language: Language) -> int:
    """Lines about a source's packets as they are delivered."""
    analyzer = Analyzer(source.info)
    happenings = Happenings(analyzer.store, language)
    try:
        for batch in source.batches():
            analyzer.feed(batch)
            for line in happenings.lines():
                print(line)
            sys.stdout.flush()
    except KeyboardInterrupt:
        pass
    finally:
        source.close()
    analyzer.finish()
    for line in happenings.lines():
        print(line)
    print(say("replay.shown", language, packets=len(analyzer.store.packets)), file=sys.stderr)
    if source.info.cut_short:
        print(say(f"cut.{source.info.cut_reason}", language), file=sys.stderr)
    return 0


def _send(source: Source, options: argparse.Namespace, language: Language) -> int:
    sender = Sender(options.interface, options.onto_a_real_network)
    # The sentences are loaded now: the user this process becomes may not be able to read the installation.
    tables()
    try:
        drop_privileges()
    except (OSError, RuntimeError) as error:
        raise NotPermitted("still-privileged", reason=str(error)) from None
    paced = SteppedSource(source, _enter) if options.step else PacedSource(source, options.speed)
    print(say("replay.sending", language, interface=options.interface), file=sys.stderr)
    try:
        for batch in paced.batches():
            sender.send(batch)
    except KeyboardInterrupt:
        pass
    finally:
        paced.close()
        sender.close()
        print(say("replay.sent", language, count=sender.sent, interface=options.interface), file=sys.stderr)
        if sender.other_link:
            print(say("replay.other-link", language, count=sender.other_link), file=sys.stderr)
        if sender.too_long:
            print(say("replay.too-long", language, count=sender.too_long), file=sys.stderr)
    return 0


def _enter() -> bool:
    """Wait for Enter; False at the end of standard input, or for q."""
    if not sys.stdin.isatty() and sys.stdin.closed:
        raise BadArgument("no-terminal")
    line = sys.stdin.readline()
    return bool(line) and line.strip().lower() != "q"
