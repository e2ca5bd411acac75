"""`netviz lesson [NAME]`: the list, or a lesson on the screen, or as text where there is no terminal."""

import argparse
import json
import sys

from rich.console import Console

from netviz.capture.opening import open_capture
from netviz.cli.choices import language_of
from netviz.cli.shipped import shipped
from netviz.cli.showing import give, named
from netviz.lessons.shelf import LESSONS
from netviz.pipeline.analyzer import analyze
from netviz.report import lesson as report


def lesson(options: argparse.Namespace) -> int:
    """List the lessons, or give one. Raises: BadArgument where no lesson has the name."""
    console = Console(highlight=False, markup=False, emoji=False, soft_wrap=not sys.stdout.isatty())
    chosen = named(options.name) if options.name else None
    if options.json:
        print(json.dumps(report.document((chosen,) if chosen else LESSONS), ensure_ascii=False, indent=2))
        return 0
    if chosen is None:
        for line in report.shelf(language_of(options)):
            console.print(line)
        return 0
    if options.text or not sys.stdout.isatty():
        store = analyze(open_capture(str(shipped(chosen.capture))))
        for line in report.text(chosen, store, language_of(options)):
            console.print(line)
        return 0
    return give(chosen, options)
