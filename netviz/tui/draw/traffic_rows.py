"""Tables of who talked how much: endpoints and conversations as of the present position, in an order that can be chosen."""

from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt
from rich.text import Text

from netviz.pipeline.stack import IP_PROTOCOLS
from netviz.pipeline.statistics import Conversations, Traffic, statistics_of
from netviz.tui.cells import fit, right
from netviz.tui.draw.bars import bar, short
from netviz.tui.draw.line import Target
from netviz.tui.scene import Scene

Order = Literal["bytes", "packets", "sent", "received", "first", "seconds"]
Ints = npt.NDArray[np.int64]
_TCP: Final = 6


class _TrafficRows:
    """What both tables share: an order, kept until the packets or the order change."""

    orders: tuple[Order, ...] = ("bytes", "packets", "sent", "received", "first")

    def __init__(self) -> None:
        self.order: Order = "bytes"
        self.reversed = False
        self._key: tuple[object, ...] = ()
        self._places: Ints = np.empty(0, np.int64)

    def vary(self, by: int) -> None:
        """Another order."""
        self.order = self.orders[(self.orders.index(self.order) + by) % len(self.orders)]

    def flip(self) -> None:
        """The other way round."""
        self.reversed = not self.reversed

    def values(self, scene: Scene) -> Ints:
        """What the rows are ordered by, the greatest first."""
        raise NotImplementedError

    def places(self, scene: Scene) -> Ints:
        """Which row of the data stands at each place."""
        key = (id(scene.store), scene.moment.as_of, self.order, self.reversed)
        if key != self._key:
            values = self.values(scene) if scene.moment.as_of else np.empty(0, np.int64)
            ascending = (self.order == "first") != self.reversed
            self._places = np.argsort(values if ascending else -values, kind="stable")
            self._key = key
        return self._places

    def count(self, scene: Scene) -> int:
        """How many."""
        return len(self.places(scene)) if scene.total else 0

    def current(self, scene: Scene) -> int | None:
        """The table keeps its own."""
        return None

    def marked(self, scene: Scene, name: str, order: Order) -> str:
        """A column's name, with a sign where the rows are in its order."""
        sign = scene.glyphs.rise if self.reversed != (order == "first") else scene.glyphs.opened
        return f"{scene.say(f'column.{name}')}{sign if order == self.order else ''}"

    def empty(self, scene: Scene) -> str:
        """Nothing with an address yet."""
        return scene.say("empty.traffic" if scene.store.finished else "working.first")


def _ordered(traffic: Traffic, order: Order) -> Ints:
    known = {
        "bytes": traffic.bytes,
        "packets": traffic.packets,
        "sent": traffic.sent_bytes,
        "received": traffic.received_bytes,
    }
    return known[order]


class EndpointRows(_TrafficRows):
    """Addresses, with what they sent and received."""

    def _data(self, scene: Scene) -> tuple[list[str], Traffic, Ints]:
        return statistics_of(scene.store).endpoints(scene.moment.as_of)

    def values(self, scene: Scene) -> Ints:
        """Numbers of the chosen column."""
        _, traffic, first = self._data(scene)
        return first if self.order == "first" else _ordered(traffic, self.order)

    def head(self, scene: Scene, width: int) -> list[Text]:
        """Names of the columns."""
        address, _ = _endpoint_measures(width)
        text = f" {fit(self.marked(scene, 'address', 'first'), address)} {right(self.marked(scene, 'packets', 'packets'), 9)}"
        text += f" {right(self.marked(scene, 'bytes', 'bytes'), 9)} {right(self.marked(scene, 'sent', 'sent'), 9)}"
        text += f" {right(self.marked(scene, 'received', 'received'), 9)}"
        return [Text(fit(text, width), style=scene.palette.ink(scene.palette.dim, True), no_wrap=True, end="")]

    def row(self, scene: Scene, index: int, width: int) -> Text:
        """One address."""
        names, traffic, _ = self._data(scene)
        at, palette = int(self.places(scene)[index]), scene.palette
        address, room = _endpoint_measures(width)
        text = Text(" ", no_wrap=True, end="")
        text.append(fit(names[at], address, scene.glyphs.ellipsis), palette.ink(palette.layer(3), True))
        text.append(f" {short(int(traffic.packets[at])):>9} {short(int(traffic.bytes[at])):>9}", palette.plain(True))
        text.append(
            f" {short(int(traffic.sent_bytes[at])):>9} {short(int(traffic.received_bytes[at])):>9} ", palette.plain()
        )
        if room:
            most = max(int(traffic.bytes.max()), 1)
            text.append(bar(scene, int(traffic.bytes[at]) / most, room), palette.ink(palette.layer(3)))
        return text

    def colour(self, scene: Scene, index: int) -> str:
        """The network layer's."""
        return scene.palette.layer(3)

    def address(self, scene: Scene, index: int) -> str:
        """The address that a row counts."""
        return self._data(scene)[0][int(self.places(scene)[index])]

    def target(self, scene: Scene, index: int) -> Target | None:
        """Its first packet."""
        return Target(int(self._data(scene)[2][self.places(scene)[index]]) + 1)


def _endpoint_measures(width: int) -> tuple[int, int]:
    rest = width - 1 - 4 * 10 - 1
    address = min(max(rest, 15), 39 if rest > 60 else 20)
    return address, max(rest - address, 0) if rest - address >= 6 else 0


class ConversationRows(_TrafficRows):
    """Flows between two endpoints, TCP and UDP and what has no ports."""

    orders: tuple[Order, ...] = ("bytes", "packets", "sent", "received", "seconds", "first")

    def _data(self, scene: Scene) -> Conversations:
        return statistics_of(scene.store).conversations(scene.moment.as_of)

    def _lasted(self, scene: Scene, found: Conversations) -> Ints:
        times: npt.NDArray[Any] = scene.store.packets["time"]
        lasted: Ints = (times[found.last_row] - times[found.first_row]).astype(np.int64)
        return lasted

    def values(self, scene: Scene) -> Ints:
        """Numbers of the chosen column."""
        found = self._data(scene)
        if self.order == "first":
            return found.first_row
        return self._lasted(scene, found) if self.order == "seconds" else _ordered(found.traffic, self.order)

    def head(self, scene: Scene, width: int) -> list[Text]:
        """Names of the columns."""
        end, room = _conversation_measures(width)
        text = f" {fit(scene.say('column.over'), 5)}{fit(self.marked(scene, 'side-a', 'first'), end)}   "
        text += f"{fit(scene.say('column.side-b'), end)} {right(self.marked(scene, 'packets', 'packets'), 8)}"
        text += f" {right(self.marked(scene, 'bytes', 'bytes'), 9)}"
        if room:
            text += f" {right(self.marked(scene, 'out', 'sent'), 9)} {right(self.marked(scene, 'in', 'received'), 9)}"
            text += f" {right(self.marked(scene, 'seconds', 'seconds'), 9)}"
        return [Text(fit(text, width), style=scene.palette.ink(scene.palette.dim, True), no_wrap=True, end="")]

    def row(self, scene: Scene, index: int, width: int) -> Text:
        """One conversation, its first sender on the left."""
        counts, found = statistics_of(scene.store), self._data(scene)
        at, palette = int(self.places(scene)[index]), scene.palette
        flow = int(found.numbers[at])
        end, room = _conversation_measures(width)
        number = counts.ip_protocol(flow)
        one, other = (str(each) if each.port else each.address for each in counts.ends(flow))
        text = Text(" ", no_wrap=True, end="")
        text.append(
            fit(IP_PROTOCOLS.get(number, str(number)), 4) + " ",
            palette.ink(palette.layer(4 if number != 1 else 3), True),
        )
        text.append(fit(one, end, scene.glyphs.ellipsis), palette.plain())
        text.append(f" {scene.glyphs.both[:1]} ", palette.faint())
        text.append(fit(other, end, scene.glyphs.ellipsis), palette.plain())
        text.append(
            f" {short(int(found.traffic.packets[at])):>8} {short(int(found.traffic.bytes[at])):>9}", palette.plain(True)
        )
        if room:
            text.append(
                f" {short(int(found.traffic.sent_bytes[at])):>9} {short(int(found.traffic.received_bytes[at])):>9}"
            )
            text.append(f" {int(self._lasted(scene, found)[at]) / 1e9:>9.3f}")
        return text

    def colour(self, scene: Scene, index: int) -> str:
        """The transport layer's."""
        return scene.palette.layer(4)

    def flow(self, scene: Scene, index: int) -> int:
        """Number of the flow that a row counts."""
        return int(self._data(scene).numbers[int(self.places(scene)[index])])

    def target(self, scene: Scene, index: int) -> Target | None:
        """Its first packet, and its connection where it is TCP."""
        row = int(self._data(scene).first_row[self.places(scene)[index]])
        return Target(row + 1, connection=scene.store.connection_of(row))


def _conversation_measures(width: int) -> tuple[int, int]:
    """Cells of an endpoint, and of the columns that only a wide table has."""
    room = 30 if width >= 96 else 0
    return min(max((width - 6 - 3 - 19 - room) // 2, 12), 47), room
