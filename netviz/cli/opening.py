"""`netviz FILE` and `netviz demo`: a capture on the screen, or as text where there is no terminal."""

import argparse
import os
import sys
from importlib.resources import as_file, files
from pathlib import Path

from netviz.capture.opening import open_capture
from netviz.capture.pipe import PipeSource
from netviz.capture.spilled import SpilledSource
from netviz.cli.choices import file_of, language_of
from netviz.cli.recent import remember
from netviz.errors import BadArgument
from netviz.model.frames import Source
from netviz.pipeline.analyzer import Analyzer, analyze
from netviz.report.tour import most_telling, print_tour

DEMO = "demo.pcapng"
_LONGEST_NUMBER = 12


def open_file(options: argparse.Namespace) -> int:
    """Open the named capture on the screen."""
    name = file_of(options)
    if options.follow and name != "-":
        from netviz.cli.replay import follow

        return follow(name, options)
    return show(name, options)


def demo(options: argparse.Namespace) -> int:
    """Open the shipped demonstration capture."""
    name = str(shipped(DEMO))
    return show(name, options, telling_packet(name))


def telling_packet(name: str) -> int:
    """The packet to begin with: of a shipped capture the one that its story is about, else the first."""
    return (most_telling(analyze(open_capture(name))) or 0) + 1 if is_shipped(name) else 1


def shipped(name: str) -> Path:
    """Path of a capture that comes with netviz: beside the package when installed, in the checkout otherwise.

    Raises: BadArgument where this installation has none.
    """
    package = files("netviz")
    for place in (package.joinpath("captures", name), package.joinpath("..", "captures", name)):
        with as_file(place) as path:
            if path.is_file():
                return path.resolve()
    raise BadArgument("not-shipped", name=name)


def is_shipped(name: str) -> bool:
    """Whether a capture is one of those that come with netviz."""
    try:
        return Path(name).resolve().parent == shipped(DEMO).parent
    except BadArgument:
        return False


def place_of(name: str) -> tuple[str, int | None]:
    """`FILE#12` as the file and the packet, as the screen copies it; a file that is really called so stays one."""
    file, mark, packet = name.rpartition("#")
    is_place = mark and file and packet.isascii() and packet.isdigit() and 0 < len(packet) <= _LONGEST_NUMBER
    return (file, max(int(packet), 1)) if is_place and not os.path.exists(name) else (name, None)


def show(name: str, options: argparse.Namespace, start_packet: int = 1) -> int:
    """The screen where standard output is a terminal, else a tour in text. `name` may be a place: `FILE#12`."""
    name, packet = place_of(name)
    start_packet = packet or start_packet
    language = language_of(options)
    if options.text or not sys.stdout.isatty():
        return print_tour(open_capture(name), language)
    from netviz.cli.elsewhere import elsewhere, go_on
    from netviz.tui.app import run

    analyzer, source = _prepared(name)
    if not is_shipped(name):
        remember(name, options.settings.recent)
    places = elsewhere(options)
    status = run(analyzer, source, language, options.theme, options.settings, start_packet, elsewhere=places)
    return go_on(places, status, options)


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
