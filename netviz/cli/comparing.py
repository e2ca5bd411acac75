"""`netviz compare FILE`: the header fields of several packets side by side."""

import argparse
import json
import sys

from rich.console import Console

from netviz.capture.opening import open_capture
from netviz.cli.choices import file_of, language_of
from netviz.cli.filtering import PacketFilter
from netviz.pipeline.analyzer import analyze
from netviz.report import compare as report


def compare(options: argparse.Namespace) -> int:
    """Print which fields stay and which change; exit status 1 where no packet matches. Raises: FilterError."""
    wanted = PacketFilter(options.filter) if options.filter is not None else None
    store = analyze(open_capture(file_of(options)))
    rows = wanted.rows(store).tolist() if wanted is not None else list(range(len(store.packets)))
    chosen = rows[: options.count or report.MOST]
    left = len(rows) - len(chosen)
    if options.json:
        print(json.dumps(report.document(store, chosen, left), ensure_ascii=False, indent=2))
    else:
        console = Console(highlight=False, markup=False, emoji=False, soft_wrap=not sys.stdout.isatty())
        for line in report.text(store, chosen, left, language_of(options)):
            console.print(line)
    return 0 if rows else 1
