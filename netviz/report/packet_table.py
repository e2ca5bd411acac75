"""Packets as a table for other programs: comma-separated values (RFC 4180), or JSON Lines as `netviz packets` has them."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import Final

from netviz.model.safe import safe
from netviz.pipeline.lines import packet_line
from netviz.pipeline.store import Store
from netviz.report.form import timestamp
from netviz.report.packets import documents

_COLUMNS: Final = (
    "number", "time", "source", "source_port", "destination", "destination_port", "protocol", "length", "captured",
    "connection", "exchange", "analysis", "info", "comment",
)  # fmt: skip
_OBEYED: Final = ("=", "+", "-", "@")
"""A spreadsheet takes what begins with these for a formula."""


def csv_lines(store: Store, rows: Iterable[int]) -> Iterator[str]:
    """The names of the columns, then a line a packet; texts are safe for a terminal and for a spreadsheet."""
    yield _line(_COLUMNS)
    for row in rows:
        line = packet_line(store, row)
        yield _line(
            (
                line.number, timestamp(line.time), line.source, line.source_port, line.destination, line.destination_port,
                line.protocol, line.length, line.captured, line.connection, line.exchange, " ".join(line.analysis),
                _inert(line.info), _inert(safe(store.packets.comments.get(row, ""))),
            )
        )  # fmt: skip


def json_lines(store: Store, rows: Iterable[int]) -> Iterator[str]:
    """One object a packet."""
    for each in documents(store, rows):
        yield json.dumps(each, ensure_ascii=False) + "\n"


def _line(values: Iterable[object]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(["" if value is None else value for value in values])
    return out.getvalue()


def _inert(text: str) -> str:
    return f"'{text}" if text.startswith(_OBEYED) else text
