"""The display filter on the command line: `-Y`, and `netviz filters`, which lists what it knows."""

import argparse

import numpy as np
import numpy.typing as npt

from netviz.cli.choices import language_of
from netviz.explain.words import say
from netviz.filter.fields import FIELDS
from netviz.filter.parser import parse
from netviz.filter.rows import FilteredRows, Reading
from netviz.pipeline.store import Store


class PacketFilter:
    """What `-Y` was given. Raises: FilterError before anything is read."""

    def __init__(self, text: str) -> None:
        self._expression = parse(text)
        self._rows: FilteredRows | None = None

    def rows(self, store: Store) -> npt.NDArray[np.int64]:
        """Rows that match so far, ascending."""
        if self._rows is None:
            self._rows = FilteredRows(self._expression, Reading(store))
        return self._rows.update()


def list_fields(options: argparse.Namespace) -> int:
    """`netviz filters [WORD]`: each field with its kind and its meaning. Exit status 1 where none has the word."""
    language = language_of(options)
    word = options.word.lower()
    found = [
        (field.name, say(f"filter.kind.{field.kind}", language), say(f"filter.field.{field.name}", language))
        for field in FIELDS.values()
    ]
    found.append(("http.header.NAME", say("filter.kind.text", language), say("filter.any-header", language)))
    chosen = sorted(row for row in found if word in row[0].lower() or word in row[2].lower())
    for name, kind, meaning in chosen:
        print(f"{name:<36} {meaning} [{kind}]")
    print(say("filter.title", language, count=len(chosen)) if chosen else say("filter.none", language, word=word))
    if not word:
        print(say("filter.functions", language))
    return 0 if chosen else 1
