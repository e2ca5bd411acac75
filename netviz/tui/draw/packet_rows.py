"""The packet list: one row a packet, columns that fit the width."""

from functools import lru_cache

from rich.text import Text

from netviz.pipeline.lines import PacketLine, packet_line
from netviz.tcp.marks import deepest
from netviz.tui.cells import fit, right
from netviz.tui.draw.findings import WEIGHTS
from netviz.tui.draw.line import Target
from netviz.tui.draw.names import layer_number
from netviz.tui.live_state import waiting_words
from netviz.tui.scene import Scene

_WIDE = 100
_WIDEST = 150


@lru_cache(maxsize=64)
def _columns(width: int, digits: int, present: bool) -> tuple[tuple[str, int], ...]:
    """Names and widths of the columns that fit; the last takes the rest."""
    if present:
        addresses = [("source", 15), ("destination", 15)] if width >= _WIDE else []
        few = [("number", max(digits, 3)), *addresses, ("layer", 8)]
        return (*few, ("info", max(width - sum(cells for _, cells in few) - len(few) - 1, 8)))
    number, time = max(digits, 3), 11 if width >= _WIDE else 9
    address = 23 if width >= _WIDEST else 17 if width >= _WIDE else 15
    fixed = [("number", number), ("time", time), ("source", address), ("destination", address), ("layer", 8)]
    if width >= 72:
        fixed.append(("length", 6))
    if width >= _WIDEST:
        fixed.append(("connection", 5))
    rest = width - sum(cells for _, cells in fixed) - len(fixed) - 1
    return (*fixed, ("info", max(rest, 8)))


class PacketRows:
    """The packet table as rows of a list."""

    def count(self, scene: Scene) -> int:
        """Packets up to the present position."""
        return min(scene.moment.as_of, scene.total)

    def head(self, scene: Scene, width: int) -> list[Text]:
        """Names of the columns."""
        columns = _columns(width, len(str(scene.total)), scene.present)
        ends = {"number", "length", "connection"}
        names = [
            right(scene.say(f"column.{name}"), cells) if name in ends else fit(scene.say(f"column.{name}"), cells)
            for name, cells in columns
        ]
        return [Text(" " + " ".join(names), style=scene.palette.ink(scene.palette.dim, True), no_wrap=True, end="")]

    def row(self, scene: Scene, index: int, width: int) -> Text:
        """One packet."""
        line = packet_line(scene.store, index)
        values = _values(scene, line)
        cells = [
            right(values[name], cells)
            if name in ("number", "length", "connection")
            else fit(values[name], cells, scene.glyphs.ellipsis)
            for name, cells in _columns(width, len(str(scene.total)), scene.present)
        ]
        text = Text(
            " " + " ".join(cells), style=scene.palette.ink(self.colour(scene, index, line)), no_wrap=True, end=""
        )
        colour = _warning(scene, line)
        if colour:
            text.stylize(scene.palette.ink(colour, True), len(text) - len(cells[-1]))
        return text

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


def _values(scene: Scene, line: PacketLine) -> dict[str, str]:
    first = scene.store.packets.value("time", 0)
    info = line.info
    if line.analysis:
        names = ", ".join(scene.word(f"tcp.analysis.{name}", name) for name in deepest(line.analysis))
        info = f"{names} {scene.glyphs.bullet} {info}"
    if line.broken:
        info = f"{scene.glyphs.bad} {info}"
    return {
        "number": str(line.number),
        "time": f"{(line.time - first) / 1e9:.6f}",
        "source": line.source,
        "destination": line.destination,
        "layer": f"{layer_number(line.protocol)} {line.protocol}",
        "length": str(line.length),
        "connection": "" if line.connection is None else str(line.connection),
        "info": info,
    }
