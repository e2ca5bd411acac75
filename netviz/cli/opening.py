"""`netviz FILE` and `netviz demo`: a capture on the screen, or as text where there is no terminal."""

import argparse

from netviz.cli.choices import file_of
from netviz.cli.shipped import DEMO, shipped, telling_packet
from netviz.cli.showing import show


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
