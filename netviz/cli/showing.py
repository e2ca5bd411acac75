"""A capture or a lesson on the screen, and from there another, without the shell between."""

import argparse
import os
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from netviz.capture.opening import open_capture
from netviz.capture.pipe import PipeSource
from netviz.capture.spilled import SpilledSource
from netviz.cli.choices import language_of
from netviz.cli.recent import recent_files, remember
from netviz.cli.shipped import is_shipped, shipped, shipped_captures, telling_packet
from netviz.errors import BadArgument
from netviz.lessons.lesson import Lesson
from netviz.lessons.shelf import LESSONS, lesson_named
from netviz.model.frames import Source
from netviz.pipeline.analyzer import Analyzer
from netviz.report.tour import print_tour

if TYPE_CHECKING:
    from netviz.tui.commands import Elsewhere

_LONGEST_NUMBER = 12


def show(name: str, options: argparse.Namespace, start_packet: int = 1) -> int:
    """The screen where standard output is a terminal, else a tour in text. `name` may be a place: `FILE#12`."""
    name, packet = place_of(name)
    start_packet = packet or start_packet
    language = language_of(options)
    if options.text or not sys.stdout.isatty():
        return print_tour(open_capture(name), language)
    from netviz.tui.app import run

    analyzer, source = _prepared(name)
    if not is_shipped(name):
        remember(name, options.settings.recent)
    places = _elsewhere(options)
    status = run(analyzer, source, language, options.theme, options.settings, start_packet, elsewhere=places)
    return _go_on(places, status, options)


def give(chosen: Lesson, options: argparse.Namespace) -> int:
    """A lesson on the screen."""
    from netviz.tui.app import run

    source = open_capture(str(shipped(chosen.capture)))
    settings = replace(options.settings, view=chosen.steps[0].view)
    places = _elsewhere(options)
    analyzer, language = Analyzer(source.info), language_of(options)
    status = run(analyzer, source, language, options.theme, settings, lesson=chosen, elsewhere=places)
    return _go_on(places, status, options)


def named(name: str) -> Lesson:
    """The lesson of a name. Raises: BadArgument where there is none."""
    found = lesson_named(name)
    if found is None:
        raise BadArgument("no-such-lesson", name=name, known=", ".join(each.id for each in LESSONS))
    return found


def place_of(name: str) -> tuple[str, int | None]:
    """`FILE#12` as the file and the packet, as the screen copies it; a file that is really called so stays one."""
    file, mark, packet = name.rpartition("#")
    is_place = mark and file and packet.isascii() and packet.isdigit() and 0 < len(packet) <= _LONGEST_NUMBER
    return (file, max(int(packet), 1)) if is_place and not os.path.exists(name) else (name, None)


def _elsewhere(options: argparse.Namespace) -> "Elsewhere":
    """The shipped captures, the lessons, and the captures opened last."""
    from netviz.tui.commands import Elsewhere

    return Elsewhere(shipped_captures, recent_files()[: options.settings.recent])


def _go_on(places: "Elsewhere", status: int, options: argparse.Namespace) -> int:
    """Show what was picked; the exit status of what was shown last."""
    kind, _, name = places.wanted.partition(":")
    if kind == "lesson":
        return give(named(name), options)
    return show(name, options, telling_packet(name)) if kind == "file" else status


def _prepared(name: str) -> tuple[Analyzer, Source]:
    source = open_capture(name, stdin_fd=_keyboard_back()) if name == "-" else open_capture(name)
    if isinstance(source, PipeSource):
        source = SpilledSource(source)
    return Analyzer(source.info), source


def _keyboard_back() -> int:
    """Standard input is the capture: move it aside, so that keys can be read from the terminal.

    Raises: BadArgument where there is no terminal to read keys from.
    """
    capture = os.dup(0)
    try:
        terminal = os.open("/dev/tty", os.O_RDWR)
    except OSError:
        raise BadArgument("no-terminal") from None
    os.dup2(terminal, 0)
    os.close(terminal)
    sys.stdin = sys.__stdin__ = os.fdopen(0, "r", closefd=False)  # type: ignore[misc]
    return capture
