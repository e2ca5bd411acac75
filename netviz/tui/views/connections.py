"""View 3: the connections, the ladder of the chosen one, its graphs, both endpoints' states, its sums, and all in time."""

from netviz.tui.draw import narrowed
from netviz.tui.draw.connection_rows import ConnectionRows
from netviz.tui.draw.machine import machine_lines
from netviz.tui.draw.narrowed import Narrowed
from netviz.tui.draw.sequence import SequenceRows
from netviz.tui.draw.steps import step_lines
from netviz.tui.widgets.graph_panel import GraphPanel
from netviz.tui.widgets.line_panel import LinePanel
from netviz.tui.widgets.row_list import RowList
from netviz.tui.widgets.view import View


def connections_view() -> View:
    """A new view of connections."""
    return View(
        "connections",
        [
            RowList("connections--list", Narrowed(ConnectionRows(), narrowed.connections)),
            RowList("connections--sequence", SequenceRows()),
            GraphPanel("connections--graph"),
            LinePanel("connections--machine", machine_lines),
            LinePanel("connections--steps", step_lines),
        ],
    )
