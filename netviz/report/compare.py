"""`netviz compare FILE -Y FILTER`: which header fields stay the same over a series of packets, and which change how."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from rich.text import Text

from netviz.dissect.comparing import Row, compared
from netviz.explain.layers import field_name
from netviz.explain.notes import numbers, word
from netviz.explain.words import Language, say
from netviz.pipeline.dissecting import dissected
from netviz.pipeline.store import Store
from netviz.report.form import document as envelope

MOST: Final = 500
"""Packets that are compared unless more are asked for: each is taken apart by itself."""
_VALUES: Final = 8


def text(store: Store, rows: Sequence[int], left: int, language: Language) -> Iterator[Text]:
    """Layer by layer: what stays in one line, then each field that changes, its values and what it is for."""
    if not rows:
        yield Text(say("filter.nothing", language))
        return
    yield Text(say("compare.title", language, count=len(rows), packets=numbers([row + 1 for row in rows])), "bold")
    for layer, fields in groupby(compared(dissected(store, row) for row in rows), lambda row: row.place.layer):
        yield Text()
        yield from _layer(layer, list(fields), len(rows), language)
    if left:
        yield Text()
        yield Text(say("compare.left", language, count=left), "yellow")


def _layer(layer: str, fields: list[Row], count: int, language: Language) -> Iterator[Text]:
    yield Text(layer, "bold")
    same = [row for row in fields if row.pattern == "constant" and row.present == count]
    if same:
        line = Text(f"  {say('compare.constant', language)}: ", "green")
        line.append(" · ".join(f"{field_name(row.field, language)} {row.values[0]}" for row in same))
        yield line
    for row in fields:
        if row not in same:
            yield from _changing(row, count, language)


def _changing(row: Row, count: int, language: Language) -> Iterator[Text]:
    shown = [value for value in row.values if value is not None]
    values = " · ".join(shown[:_VALUES]) + (" · …" if len(shown) > _VALUES else "")
    line = Text("  ")
    line.append(f"{field_name(row.field, language)}: ", "bold yellow")
    line.append(values)
    line.append(f"  ({_how(row, count, language)})", "dim")
    yield line
    meaning = word(f"field.{row.field.key}.meaning", language)
    if meaning:
        yield Text(f"      {meaning}", "dim")


def _how(row: Row, count: int, language: Language) -> str:
    step = "" if row.step is None else f"{row.step:+}"
    how = say(f"compare.{row.pattern}", language, step=step, distinct=row.distinct)
    if row.present < count:
        how += f"; {say('compare.present', language, present=row.present, count=count)}"
    return how


def document(store: Store, rows: Sequence[int], left: int) -> dict[str, object]:
    """The same as JSON, every value included."""
    found = compared(dissected(store, row) for row in rows)
    return envelope(
        packets=[row + 1 for row in rows],
        left_out=left,
        fields=[
            {
                "layer": row.place.layer,
                "field": row.place.key,
                "nth": row.place.nth,
                "label": row.field.label,
                "pattern": row.pattern,
                "step": row.step,
                "distinct": row.distinct,
                "values": list(row.values),
            }
            for row in found
        ],
    )
