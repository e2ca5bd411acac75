"""Plain `netviz`: the start screen, and what was chosen on it; after a capture has been looked at, the start screen again."""

import argparse
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from netviz.cli.choices import language_of
from netviz.cli.recent import recent_files
from netviz.cli.shipped import shipped_captures, telling_packet
from netviz.errors import NetvizError
from netviz.explain.words import Language, has, say

if TYPE_CHECKING:
    from netviz.tui.start import Chosen

_CAP_NET_RAW = 13


def start(options: argparse.Namespace) -> int:
    """Show the start screen until the user quits it or goes live."""
    from netviz.tui.start import Beginning, begin

    said = " ".join(options.settings.said)
    while True:
        known = Beginning(recent_files()[: options.settings.recent], shipped_captures(), may_capture(), said)
        chosen = begin(known, language_of(options), options.theme, options.settings)
        if chosen is None:
            return 0
        options.lang = chosen.language
        options.theme = chosen.theme
        try:
            if chosen.kind == "live":
                return _live(chosen)
            said = _lesson(chosen.name, options) if chosen.kind == "lesson" else _open(chosen.name, options)
        except NetvizError as error:
            said = sentence(error, chosen.language)


def may_capture() -> bool:
    """Whether this process could watch an interface: by its own privilege (capabilities(7)) or by dumpcap's."""
    if os.geteuid() == 0 or shutil.which("dumpcap"):
        return True
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
        effective = next(line.split()[1] for line in status.splitlines() if line.startswith("CapEff:"))
    except (OSError, StopIteration, IndexError):
        return False
    return bool(int(effective, 16) >> _CAP_NET_RAW & 1)


def _open(name: str, options: argparse.Namespace) -> str:
    """Show a capture; what to say on the start screen afterwards."""
    from netviz.cli.showing import show

    show(name, options, telling_packet(name))
    return ""


def _lesson(name: str, options: argparse.Namespace) -> str:
    """Give a lesson; what to say on the start screen afterwards."""
    from netviz.cli.showing import give, named

    give(named(name), options)
    return ""


def _live(chosen: "Chosen") -> int:
    from netviz.cli.arguments import parser
    from netviz.cli.live import live
    from netviz.cli.settings import settle

    looks = ["--lang", chosen.language, "--theme", chosen.theme]
    options = parser().parse_args(["live", f"-i{chosen.name}", f"-f{chosen.filter}", *looks])
    settle(options)
    return live(options)


def sentence(error: NetvizError, language: Language) -> str:
    """What went wrong, for the start screen."""
    key = f"error.{error.key}"
    return say(key, language, **error.details) if has(key) else str(error)
