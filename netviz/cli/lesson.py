"""`netviz lesson [NAME]`: the list, or a lesson on the screen, or as text where there is no terminal."""

import argparse
import json
import sys
from dataclasses import replace

from rich.console import Console

from netviz.capture.opening import open_capture
from netviz.cli.choices import language_of
from netviz.cli.opening import shipped
from netviz.errors import BadArgument
from netviz.lessons.lesson import Lesson
from netviz.lessons.shelf import LESSONS, lesson_named
from netviz.pipeline.analyzer import Analyzer, analyze
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


def named(name: str) -> Lesson:
    """The lesson of a name. Raises: BadArgument where there is none."""
    found = lesson_named(name)
    if found is None:
        raise BadArgument("no-such-lesson", name=name, known=", ".join(each.id for each in LESSONS))
    return found


def give(chosen: Lesson, options: argparse.Namespace) -> int:
    """A lesson on the screen."""
    from netviz.cli.elsewhere import elsewhere, go_on
    from netviz.tui.app import run

    source = open_capture(str(shipped(chosen.capture)))
    settings = replace(options.settings, view=chosen.steps[0].view)
    places = elsewhere(options)
    analyzer, language = Analyzer(source.info), language_of(options)
    status = run(analyzer, source, language, options.theme, settings, lesson=chosen, elsewhere=places)
    return go_on(places, status, options)
