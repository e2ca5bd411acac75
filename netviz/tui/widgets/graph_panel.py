"""A pane with a graph of the chosen connection, or the timeline of all. Its cursor is the selected packet."""

from typing import Final

import numpy as np
from rich.text import Text
from textual import events
from textual.geometry import Size
from textual.strip import Strip

from netviz.tcp.connection import Connection, Role
from netviz.tui.cells import wrapped
from netviz.tui.draw.connection_rows import ConnectionRows
from netviz.tui.draw.datagram_rows import chosen_conversation
from netviz.tui.draw.graphs import KINDS, Graph, draw_graph
from netviz.tui.draw.line import Link, Target
from netviz.tui.draw.measure_tables import draw_numbers, draw_segments
from netviz.tui.draw.narrowed import Narrowed
from netviz.tui.draw.sequence import chosen_connection
from netviz.tui.draw.timeline import Lanes, draw_timeline
from netviz.tui.draw.trace import trace_of
from netviz.tui.keys import bindings
from netviz.tui.scene import Scene
from netviz.tui.widgets.messages import Chosen, Followed
from netviz.tui.widgets.pane import Pane

_ALL: Final = (*KINDS, "segments", "numbers", "timeline")
_PAGES: Final = {"segments": draw_segments, "numbers": draw_numbers}


class GraphPanel(Pane):
    """One of several graphs, of one of both directions; the last one is the timeline."""

    BINDINGS = bindings("graph")

    def __init__(self, name: str, rows: Narrowed, kinds: ConnectionRows) -> None:
        super().__init__(name)
        self._rows = rows
        self._kinds = kinds
        self._kind = 0
        self._flipped = False
        self._zoomed = False
        self._graph = Graph([])
        self._lanes: Lanes | None = None
        """Where the timeline is drawn, its lanes."""

    def scene_changed(self) -> None:
        """Draw anew."""
        scene, width = self.scene, self.room
        if scene is None or not width:
            return
        connection = chosen_connection(scene)
        numbers = {"number": self._kind + 1, "of": len(_ALL)}
        self._graph, lanes = Graph([]), None
        if chosen_conversation(scene) is not None or _ALL[self._kind] == "timeline":
            lanes = self._timeline(scene, width)
            self._graph = Graph(lanes.lines)
            numbers["number"] = len(_ALL)
        elif connection is None:
            empty = Text(scene.say("empty.sequence"), style=scene.palette.faint(), no_wrap=True, end="")
            self._graph = Graph([empty])
        else:
            self._graph = self._drawn(scene, connection, width)
        self._lanes = lanes
        self.border_subtitle = Text(scene.say("graph.keys" if lanes is None else "timeline.keys", **numbers))
        self.virtual_size = Size(width, len(self._graph.lines))
        self.refresh()

    def _timeline(self, scene: Scene, width: int) -> Lanes:
        """The lanes; where another graph was asked for, with the reason why UDP has none."""
        told = [] if _ALL[self._kind] == "timeline" else wrapped(scene.say("udp.no-graph"), width - 2)
        lines = [Text(f" {text}", style=scene.palette.faint(), no_wrap=True, end="") for text in told]
        top, height = self._lanes.top if self._lanes is not None else 0, self.size.height - len(lines)
        lanes = draw_timeline(scene, self._rows, self._kinds, top, self._zoomed, width, height)
        lanes.lines[:0] = lines
        lanes.first_line += len(lines)
        return lanes

    def _drawn(self, scene: Scene, connection: Connection, width: int) -> Graph:
        trace = trace_of(scene.store, connection.id)
        busier: Role = "server" if connection.bytes["server"] >= connection.bytes["client"] else "client"
        idle: Role = "client" if busier == "server" else "server"
        role = idle if self._flipped else busier
        kind = _ALL[self._kind]
        if kind in _PAGES:
            return _PAGES[kind](scene, connection, role, width, self.size.height)
        return draw_graph(scene, connection, trace, kind, role, width, self.size.height)

    def line_at(self, y: int) -> Strip:
        """One line of the screen."""
        index = y + self.scroll_offset.y
        if self.scene is None or index >= len(self._graph.lines):
            return self.blank()
        return self.painted(self._graph.lines[index])

    def _select(self, packet: int) -> None:
        self.post_message(Chosen(Target(packet)))

    def action_move(self, by: int) -> None:
        """The next packet on the graph, or the one before; on the timeline another lane."""
        scene, packets = self.scene, self._graph.packet
        if scene is not None and self._lanes is not None:
            self._go_to_lane(scene, self._lanes, by)
            return
        if scene is None or not len(packets):
            return
        at = int(np.searchsorted(packets, scene.moment.selected, side="left"))
        here = at < len(packets) and packets[at] == scene.moment.selected
        index = at + by if here or by < 0 else at + by - 1
        self._select(int(packets[min(max(index, 0), len(packets) - 1)]))

    def _go_to_lane(self, scene: Scene, lanes: Lanes, by: int) -> None:
        if lanes.total:
            at = self._rows.current(scene)
            place = by - (by > 0) if at is None else at + by
            target = self._rows.target(scene, min(max(place, 0), lanes.total - 1))
            if target is not None:
                self.post_message(Chosen(target))

    def action_page(self, by: int) -> None:
        """As many lanes, or packets, as are on screen."""
        self.action_move(
            by * (max(self._lanes.count - 1, 1) if self._lanes is not None else max(self.size.height - 2, 1))
        )

    def action_across(self, by: int) -> None:
        """The next packet in another column, or the one before."""
        scene, graph = self.scene, self._graph
        if scene is not None and self._lanes is not None:
            packet = self._beside(scene, self._lanes, by)
            if packet is not None:
                self._select(packet)
            return
        if scene is None or graph.plot is None or not len(graph.packet):
            return
        columns = graph.plot.x(graph.x) // 2
        at = int(np.searchsorted(graph.packet, scene.moment.selected, side="left"))
        if at >= len(columns) or graph.packet[at] != scene.moment.selected:
            self.action_move(by)
            return
        found = np.flatnonzero(columns > columns[at]) if by > 0 else np.flatnonzero(columns < columns[at])
        if len(found):
            self._select(int(graph.packet[found[0] if by > 0 else found[-1]]))
        else:
            self.action_move(by)

    def _beside(self, scene: Scene, lanes: Lanes, by: int) -> int | None:
        """The packet of the current lane after the selected one, or before it."""
        rows = lanes.rows.get(self._rows.current(scene) or 0)
        if rows is None or not len(rows):
            return None
        at = int(np.searchsorted(rows, scene.moment.selected - 1, side="right" if by > 0 else "left"))
        at += 0 if by > 0 else -1
        return int(rows[at]) + 1 if 0 <= at < len(rows) else None

    def action_edge(self, by: int) -> None:
        """The first or the last packet on the graph, or the first or last lane."""
        packets = self._graph.packet
        if self._lanes is not None and self.scene is not None:
            self._go_to_lane(self.scene, self._lanes, by * self._lanes.total)
        elif len(packets):
            self._select(int(packets[0 if by < 0 else -1]))

    def action_follow(self) -> None:
        """The bytes of the selected packet."""
        scene = self.scene
        if scene is None:
            return
        lane = self._lanes.rows.get(self._rows.current(scene) or 0) if self._lanes is not None else None
        if scene.moment.selected in self._graph.packet or (lane is not None and scene.moment.selected - 1 in lane):
            self.post_message(Followed(Link(scene.moment.selected)))

    def action_vary(self, by: int) -> None:
        """Another graph."""
        self._kind = (self._kind + by) % len(_ALL)
        self.scene_changed()

    def action_flip(self) -> None:
        """The other direction; on the timeline the other axis."""
        if self._lanes is not None:
            self._zoomed = not self._zoomed
        else:
            self._flipped = not self._flipped
        self.scene_changed()

    def on_click(self, event: events.Click) -> None:
        """Select the packet nearest to the click; twice is following it."""
        inside, graph = event.get_content_offset(self), self._graph
        if inside is None:
            return
        if self._lanes is not None:
            packet = self._clicked(self._lanes, inside.x, inside.y + self.scroll_offset.y)
        elif graph.plot is not None and len(graph.packet):
            x = graph.plot.x(graph.x) // 2 - (inside.x - graph.plot.margin)
            y = graph.plot.y(graph.y) // 4 - (inside.y + self.scroll_offset.y - graph.top)
            # Across counts more than down: people aim at a time.
            packet = int(graph.packet[int((4 * np.abs(x) + np.abs(y)).argmin())])
        else:
            packet = None
        if packet is not None:
            self._select(packet)
            if event.chain > 1:
                self.post_message(Followed(Link(packet)))

    def _clicked(self, lanes: Lanes, x: int, y: int) -> int | None:
        """The packet of the lane in a line that is nearest to a column."""
        rows = lanes.rows.get(lanes.top + y - lanes.first_line)
        if self.scene is None or rows is None or not len(rows):
            return None
        times = self.scene.store.packets["time"][rows]
        columns = (times - lanes.start) * (lanes.columns - 1) // lanes.span
        return int(rows[int(np.abs(columns - (x - lanes.label - 1)).argmin())]) + 1
