"""A pane with a graph of the chosen connection. Its cursor is the selected packet: moving it selects another."""

import numpy as np
from rich.text import Text
from textual import events
from textual.geometry import Size
from textual.strip import Strip

from netviz.tcp.connection import Role
from netviz.tui.draw.graphs import KINDS, Graph, draw_graph
from netviz.tui.draw.line import Link, Target
from netviz.tui.draw.sequence import chosen_connection
from netviz.tui.draw.trace import trace_of
from netviz.tui.keys import bindings
from netviz.tui.widgets.messages import Chosen, Followed
from netviz.tui.widgets.pane import Pane


class GraphPanel(Pane):
    """One of several graphs, of one of both directions."""

    BINDINGS = bindings("graph")

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._kind = 0
        self._flipped = False
        self._graph = Graph([])

    def scene_changed(self) -> None:
        """Draw anew."""
        scene, width = self.scene, self.room
        if scene is None or not width:
            return
        connection = chosen_connection(scene)
        if connection is None:
            empty = Text(scene.say("empty.sequence"), style=scene.palette.faint(), no_wrap=True, end="")
            self._graph = Graph([empty])
        else:
            trace = trace_of(scene.store, connection.id)
            busier: Role = "server" if connection.bytes["server"] >= connection.bytes["client"] else "client"
            idle: Role = "client" if busier == "server" else "server"
            role = idle if self._flipped else busier
            self._graph = draw_graph(scene, connection, trace, KINDS[self._kind], role, width, self.size.height)
        self.border_subtitle = Text(scene.say("graph.keys", number=self._kind + 1, of=len(KINDS)))
        self.virtual_size = Size(width, len(self._graph.lines))
        self.refresh()

    def line_at(self, y: int) -> Strip:
        """One line of the screen."""
        index = y + self.scroll_offset.y
        if self.scene is None or index >= len(self._graph.lines):
            return self.blank()
        return self.painted(self._graph.lines[index])

    def _select(self, packet: int) -> None:
        self.post_message(Chosen(Target(packet)))

    def action_move(self, by: int) -> None:
        """The next packet on the graph, or the one before."""
        scene, packets = self.scene, self._graph.packet
        if scene is None or not len(packets):
            return
        at = int(np.searchsorted(packets, scene.moment.selected, side="left"))
        here = at < len(packets) and packets[at] == scene.moment.selected
        index = at + by if here or by < 0 else at + by - 1
        self._select(int(packets[min(max(index, 0), len(packets) - 1)]))

    def action_across(self, by: int) -> None:
        """The next packet in another column, or the one before."""
        scene, graph = self.scene, self._graph
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

    def action_edge(self, by: int) -> None:
        """The first or the last packet on the graph."""
        packets = self._graph.packet
        if len(packets):
            self._select(int(packets[0 if by < 0 else -1]))

    def action_follow(self) -> None:
        """The bytes of the selected packet."""
        if self.scene is not None and self.scene.moment.selected in self._graph.packet:
            self.post_message(Followed(Link(self.scene.moment.selected)))

    def action_vary(self, by: int) -> None:
        """Another graph."""
        self._kind = (self._kind + by) % len(KINDS)
        self.scene_changed()

    def action_flip(self) -> None:
        """The other direction."""
        self._flipped = not self._flipped
        self.scene_changed()

    def on_click(self, event: events.Click) -> None:
        """Select the packet nearest to the click; twice is following it."""
        inside, graph = event.get_content_offset(self), self._graph
        if inside is None or graph.plot is None or not len(graph.packet):
            return
        x = graph.plot.x(graph.x) // 2 - (inside.x - graph.plot.margin)
        y = graph.plot.y(graph.y) // 4 - (inside.y + self.scroll_offset.y - graph.top)
        # Across counts more than down: people aim at a time.
        nearest = int((4 * np.abs(x) + np.abs(y)).argmin())
        self._select(int(graph.packet[nearest]))
        if event.chain > 1:
            self.action_follow()
