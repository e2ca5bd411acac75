"""Going from one capture to another without the shell between: what can be gone to, and going there."""

import argparse

from netviz.cli.recent import recent_files
from netviz.tui.commands import Elsewhere


def elsewhere(options: argparse.Namespace) -> Elsewhere:
    """The shipped captures, the lessons, and the captures opened last."""
    from netviz.cli.starting import shipped_captures

    return Elsewhere(shipped_captures, recent_files()[: options.settings.recent])


def go_on(places: Elsewhere, status: int, options: argparse.Namespace) -> int:
    """Show what was picked; the exit status of what was shown last."""
    from netviz.cli.lesson import give, named
    from netviz.cli.opening import show, telling_packet

    kind, _, name = places.wanted.partition(":")
    if kind == "lesson":
        return give(named(name), options)
    return show(name, options, telling_packet(name)) if kind == "file" else status
