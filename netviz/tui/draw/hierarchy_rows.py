"""The protocols of a capture as a tree of rows, each with its place on both ladders and its share of the packets."""

from rich.text import Text

from netviz.pipeline.hierarchy import Branch, flattened, hierarchy
from netviz.pipeline.statistics import statistics_of
from netviz.tui.cells import fit, right
from netviz.tui.draw.bars import bar, percent, short
from netviz.tui.draw.line import Target
from netviz.tui.scene import Scene


class HierarchyRows:
    """Protocols among the packets up to the present position."""

    def __init__(self) -> None:
        self._key: tuple[int, int] = (-1, -1)
        self._branches: list[Branch] = []

    def _all(self, scene: Scene) -> list[Branch]:
        key = (id(scene.store), scene.moment.as_of)
        if key != self._key:
            self._branches = flattened(hierarchy(statistics_of(scene.store).stacks(scene.moment.as_of)))
            self._key = key
        return self._branches

    def count(self, scene: Scene) -> int:
        """How many."""
        return len(self._all(scene)) if scene.total else 0

    def head(self, scene: Scene, width: int) -> list[Text]:
        """Names of the columns."""
        name, room = _measures(width)
        text = f" {fit(scene.say('column.protocol'), name)} OSI TCP/IP {right(scene.say('column.packets'), 7)} "
        text += right(scene.say("column.share"), room + 8) + right(scene.say("column.bytes"), 9)
        return [Text(text, style=scene.palette.ink(scene.palette.dim, True), no_wrap=True, end="")]

    def row(self, scene: Scene, index: int, width: int) -> Text:
        """One protocol: what carries it stands above it, further left."""
        branch, palette = self._all(scene)[index], scene.palette
        name, room = _measures(width)
        place = branch.place
        colour = palette.layer(place.osi if place else None)
        text = Text(" ", no_wrap=True, end="")
        text.append(fit("  " * branch.depth + branch.protocol, name), palette.ink(colour, True))
        osi, tcpip = (str(int(place.osi)), str(int(place.tcpip))) if place else ("?", "?")
        text.append(f" {osi:^3} {tcpip:^6} ", palette.ink(colour, True))
        text.append(f"{short(branch.packets):>7} ", palette.plain(True))
        whole = scene.moment.as_of
        text.append(bar(scene, branch.packets / whole, room), palette.ink(colour))
        text.append(f"{percent(branch.packets, whole):>8}", palette.plain())
        text.append(f"{short(branch.bytes):>9}", palette.plain())
        return text

    def colour(self, scene: Scene, index: int) -> str:
        """The colour of its layer."""
        place = self._all(scene)[index].place
        return scene.palette.layer(place.osi if place else None)

    def protocol(self, scene: Scene, index: int) -> str:
        """The protocol that a row counts."""
        return self._all(scene)[index].protocol

    def current(self, scene: Scene) -> int | None:
        """The table keeps its own."""
        return None

    def target(self, scene: Scene, index: int) -> Target | None:
        """The first packet that has the protocol."""
        counts = statistics_of(scene.store)
        rows = [counts.first_row(stack, scene.moment.as_of) for stack in self._all(scene)[index].stacks]
        found = [row for row in rows if row is not None]
        return Target(min(found) + 1) if found else None

    def empty(self, scene: Scene) -> str:
        """No packet yet."""
        return scene.say("empty.packets" if scene.store.finished else "working.first")


def _measures(width: int) -> tuple[int, int]:
    """Cells of the name and of the bar; no bar where there is no room."""
    rest = width - 1 - 12 - 8 - 8 - 9
    name = min(max(rest - 6, 14), 24)
    return name, max(rest - name, 0) if rest - name >= 4 else 0
