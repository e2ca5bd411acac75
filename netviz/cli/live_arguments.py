"""What may be typed after `netviz live`, `replay`, `interfaces` and `doctor`. Standard library only."""

import argparse
from typing import Final

from netviz.errors import BadArgument

CONDITIONS: Final = {
    "-a": ("duration", "filesize", "packets", "files"),
    "-b": ("duration", "filesize", "packets", "files"),
    "--keep": ("duration", "filesize", "packets"),
}
"""Option -> the conditions that it takes, in tshark's words."""


def add_live(command: argparse.ArgumentParser) -> None:
    """Options of `netviz live`."""
    add = command.add_argument
    add(
        "-i",
        dest="interfaces",
        metavar="IFACE",
        action="append",
        default=[],
        help="interface to watch, by name or by its number in `netviz interfaces`; may be given again; `any`: all",
    )
    add("-f", dest="filter", metavar="BPF", default="", help="capture filter, pcap-filter(7)")
    add("-w", dest="write", metavar="FILE", help="also write what is captured, as pcapng")
    add("-c", dest="count", type=positive, metavar="N", help="stop after N packets")
    add(
        "-a",
        dest="until",
        metavar="COND",
        action="append",
        default=[],
        help="stop after duration:SECONDS, filesize:kB, packets:N or files:N",
    )
    add(
        "-b",
        dest="ring",
        metavar="COND",
        action="append",
        default=[],
        help="with -w: next file after duration:SECONDS, filesize:kB or packets:N; files:N keeps the newest N",
    )
    add("--cors", action="store_true", help="print CORS verdicts as they fall, and nothing else")
    add("-s", dest="snaplen", type=positive, metavar="BYTES", help="keep only so much of each packet")
    add("-B", dest="buffer", type=positive, metavar="MiB", help="kernel buffer of each interface (64)")
    add("--promiscuous", action="store_true", help="also take what is addressed to other stations")
    add("-p", action="store_true", help="not promiscuous, as in tshark; that is how netviz captures anyway")
    add("--keep", metavar="COND", action="append", default=[],
        help="bound of what is kept to look at: packets:N, filesize:kB, duration:SECONDS; capture and -w go on")  # fmt: skip


def add_replay(command: argparse.ArgumentParser) -> None:
    """Options of `netviz replay`."""
    add = command.add_argument
    add("file", metavar="FILE", help="a capture file")
    add("--speed", metavar="X", type=_speed, default=1.0, help="so many times as fast (0.5: half; default 1)")
    add("--step", action="store_true", help="packet by packet: Enter shows the next (with --text or -i)")
    add(
        "-i",
        dest="interface",
        metavar="IFACE",
        help="put the packets on an interface; loopback or one in a network namespace of its own",
    )
    add("--onto-a-real-network", action="store_true",
        help="allow -i any other interface: other machines then receive packets that claim to be from others")  # fmt: skip


def bounds(option: str, conditions: list[str]) -> dict[str, float]:
    """Conditions as numbers by their word: seconds, bytes, packets, files.

    Raises: BadArgument for a condition that is none.
    """
    known = CONDITIONS[option]
    found: dict[str, float] = {}
    for text in conditions:
        word, _, value = text.partition(":")
        try:
            number = float(value) if word == "duration" else int(value)
        except ValueError:
            number = 0
        if word not in known or not 0 < number < 1e15:
            raise BadArgument("bad-condition", option=option, text=text, known=", ".join(known))
        found[word] = number * 1000 if word == "filesize" else number
    return found


def positive(text: str) -> int:
    """A whole number from 1 on."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def _speed(text: str) -> float:
    number = float(text)
    if not 0.001 <= number <= 1e6:
        raise argparse.ArgumentTypeError("from 0.001 to 1000000")
    return number
