"""The packet list: one row a packet, columns that fit the width."""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from rich.text import Text

from netviz.filter.fields import field_named
from netviz.filter.part import Dense, Part
from netviz.filter.rows import Reading
from netviz.filter.spelling import written
from netviz.filter.syntax import Field
from netviz.model.safe import safe
from netviz.pipeline.lines import PacketLine, packet_line
from netviz.pipeline.times import time_text
from netviz.tcp.marks import deepest
from netviz.tui.cells import fit, right
from netviz.tui.columns import COLUMNS, column_of, layout
from netviz.tui.draw.findings import WEIGHTS
from netviz.tui.draw.line import Target
from netviz.tui.draw.names import layer_number
from netviz.tui.live_state import waiting_words
from netviz.tui.scene import Scene

_LONGEST: Final = 200


class PacketRows:
    """The packet table as rows of a list."""

    def __init__(self) -> None:
        self._reading: Reading | None = None

    def count(self, scene: Scene) -> int:
        """Packets up to the present position."""
        return min(scene.moment.as_of, scene.total)

    def head(self, scene: Scene, width: int) -> list[Text]:
        """Names of the columns."""
        names = [
            right(_heading(scene, name), cells) if column_of(name).right else fit(_heading(scene, name), cells)
            for name, cells in self._layout(scene, width)
        ]
        return [Text(" " + " ".join(names), style=scene.palette.ink(scene.palette.dim, True), no_wrap=True, end="")]

    def row(self, scene: Scene, index: int, width: int) -> Text:
        """One packet."""
        line = packet_line(scene.store, index)
        columns = self._layout(scene, width)
        cells = [
            right(value, cells) if column_of(name).right else fit(value, cells, scene.glyphs.ellipsis)
            for name, cells in columns
            for value in (self._value(scene, line, name),)
        ]
        text = Text(
            " " + " ".join(cells), style=scene.palette.ink(self.colour(scene, index, line)), no_wrap=True, end=""
        )
        colour = _warning(scene, line)
        if colour:
            at = next((place for place, (name, _) in enumerate(columns) if name == "info"), len(columns) - 1)
            start = 1 + sum(len(each) + 1 for each in cells[:at])
            text.stylize(scene.palette.ink(colour, True), start, start + len(cells[at]))
        return text

    @staticmethod
    def _layout(scene: Scene, width: int) -> tuple[tuple[str, int], ...]:
        return layout(scene.columns, width, len(str(scene.total)), scene.time_form, scene.present)

    def _value(self, scene: Scene, line: PacketLine, name: str) -> str:
        if name in COLUMNS:
            return _VALUES[name](scene, line)
        field = field_named(name)
        if field is None:
            return ""
        if self._reading is None or self._reading.store is not scene.store:
            self._reading = Reading(scene.store)
        return values_text(self._reading, field, line.number - 1)

    def colour(self, scene: Scene, index: int, line: PacketLine | None = None) -> str:
        """Colour of the highest layer that the packet has bytes of."""
        return scene.layer_colour((line or packet_line(scene.store, index)).protocol)

    def current(self, scene: Scene) -> int | None:
        """The selected packet."""
        return scene.row

    def target(self, scene: Scene, index: int) -> Target:
        """Selecting a packet."""
        return Target(index + 1)

    def empty(self, scene: Scene) -> str:
        """No packet yet, or none at all."""
        return waiting_words(scene) or scene.say("empty.packets" if scene.store.finished else "working.first")


def _warning(scene: Scene, line: PacketLine) -> str | None:
    """The colour of what a packet says, where that is a reason to look at it; what is only noted has none."""
    if line.broken:
        return scene.palette.bad
    return scene.palette.warn if any(WEIGHTS.get(name) == "warning" for name in line.analysis) else None


def _heading(scene: Scene, name: str) -> str:
    if name == "time" and scene.time_form != "relative":
        return scene.say(f"column.time-{scene.time_form}")
    return scene.say(f"column.{name}") if name in COLUMNS else name


def values_text(reading: Reading, field: Field, row: int) -> str:
    """A packet's values of a field, with commas between them."""
    found: list[str] = []
    for values in reading.values(field, Part(reading.store.packets, row, row + 1)):
        if not isinstance(values, Dense):
            found += [_spelled(field, value) for value in values.data]
        elif values.present[0]:
            given: Any = values.data[0]
            given = given.tobytes() if isinstance(given, np.ndarray) else int(given)
            found.append(_spelled(field, values.labels[given] if values.labels is not None else given))
    return safe(", ".join(dict.fromkeys(found)), _LONGEST)


def _spelled(field: Field, value: Any) -> str:
    if field.kind == "seconds":
        return f"{value / 1e9:.6f}"
    return value if isinstance(value, str) else written(field.kind, value) or ""


def _info(scene: Scene, line: PacketLine) -> str:
    info = line.info
    if line.analysis:
        names = ", ".join(scene.word(f"tcp.analysis.{name}", name) for name in deepest(line.analysis))
        info = f"{names} {scene.glyphs.bullet} {info}"
    return f"{scene.glyphs.bad} {info}" if line.broken else info


def _time(scene: Scene, line: PacketLine) -> str:
    return time_text(scene.store.packets, line.number - 1, scene.time_form, _shown_before(scene, line.number - 1))


def _shown_before(scene: Scene, row: int) -> int | None:
    """Row of the packet that stands before another in the list."""
    if scene.shown is None or not scene.shown.narrows:
        return row - 1 if row else None
    before = scene.shown.step(row + 1, -1)
    return None if before is None else before - 1


def _optional(number: int | None) -> str:
    return "" if number is None else str(number)


_VALUES: Final[dict[str, Callable[[Scene, PacketLine], str]]] = {
    "number": lambda scene, line: str(line.number),
    "time": _time,
    "delta": lambda scene, line: time_text(scene.store.packets, line.number - 1, "delta"),
    "source": lambda scene, line: line.source,
    "source-port": lambda scene, line: _optional(line.source_port),
    "destination": lambda scene, line: line.destination,
    "destination-port": lambda scene, line: _optional(line.destination_port),
    "layer": lambda scene, line: f"{layer_number(line.protocol)} {line.protocol}",
    "length": lambda scene, line: str(line.length),
    "captured": lambda scene, line: str(line.captured),
    "connection": lambda scene, line: _optional(line.connection),
    "exchange": lambda scene, line: _optional(line.exchange),
    "info": _info,
}
