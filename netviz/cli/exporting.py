"""`netviz export FILE`: an HTTP archive, a table, a ladder, or a selection of packets, to a file or standard output."""

import argparse
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from netviz.capture.opening import open_capture
from netviz.cli.choices import file_of, language_of
from netviz.errors import BadArgument
from netviz.explain.words import say
from netviz.model.writing import write_file
from netviz.pipeline.analyzer import analyze
from netviz.pipeline.store import Store

if TYPE_CHECKING:
    from netviz.cli.filtering import PacketFilter


def export(options: argparse.Namespace) -> int:
    """Read the capture to its end and write what was asked for; what was written is told on standard error."""
    wanted = _filter(options)
    store = analyze(open_capture(file_of(options)))
    rows = wanted.rows(store) if wanted is not None else np.arange(len(store.packets))
    if options.write is not None:
        return _packets(options, store, rows)
    if options.har:
        return _har(options, store, None if wanted is None else rows)
    if options.ladder is not None:
        return _ladder(options, store, rows)
    return _table(options, store, rows)


def deliver(options: argparse.Namespace, parts: Iterable[str | bytes]) -> None:
    """To the file that was named, or to standard output. Raises: NetvizError where it can not be written."""
    if options.out is not None and options.out != "-":
        size = write_file(options.out, parts, options.force)
        tell("export.written", options, file=options.out, bytes=size)
        return
    out = sys.stdout.buffer
    sys.stdout.flush()
    for part in parts:
        out.write(part.encode("utf-8", "backslashreplace") if isinstance(part, str) else part)
    out.flush()


def tell(key: str, options: argparse.Namespace, **details: object) -> None:
    """A line on standard error."""
    print(f"netviz: {say(key, language_of(options), **details)}", file=sys.stderr)


def _filter(options: argparse.Namespace) -> "PacketFilter | None":
    if options.filter is None:
        return None
    from netviz.cli.filtering import PacketFilter

    return PacketFilter(options.filter)


def _har(options: argparse.Namespace, store: Store, rows: npt.NDArray[np.int64] | None) -> int:
    from netviz.pipeline.chosen import chosen
    from netviz.report.har import HarArchive

    archive = HarArchive(store, options.show_secrets, None if rows is None else chosen(store, rows).exchanges)
    deliver(options, archive.parts())
    if archive.left_out:
        numbers = ", ".join(map(str, archive.left_out[:10])) + (" …" if len(archive.left_out) > 10 else "")
        tell("export.without-request", options, count=len(archive.left_out), numbers=numbers)
    if not options.show_secrets:
        tell("export.covered", options)
    return 0


def _table(options: argparse.Namespace, store: Store, rows: npt.NDArray[np.int64]) -> int:
    from netviz.report.packet_table import csv_lines, json_lines

    deliver(options, (csv_lines if options.csv else json_lines)(store, rows.tolist()))
    return 0


def _ladder(options: argparse.Namespace, store: Store, rows: npt.NDArray[np.int64]) -> int:
    from netviz.report.ladder_text import ladder_lines

    number = options.ladder
    if not 0 <= number < store.connection_count():
        raise BadArgument("no-connection", number=number, count=store.connection_count())
    lines = ladder_lines(store, number, language_of(options), rows)
    deliver(options, (f"{line}\n" for line in lines))
    return 0


def _packets(options: argparse.Namespace, store: Store, rows: npt.NDArray[np.int64]) -> int:
    """The packets as they were, with their times, interfaces and comments."""
    from netviz.capture.selection import pcapng_blocks

    if options.write == "-" and sys.stdout.isatty():
        raise BadArgument("octets-to-terminal")
    options.out = options.write
    deliver(options, pcapng_blocks(store.packets, rows, store.info.interfaces))
    tell("export.packets", options, count=len(rows), total=len(store.packets))
    return 0
