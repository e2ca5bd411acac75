"""View 3: connections and conversations, the ladder of the chosen one, its graphs, both states, its sums, all in time."""

from netviz.tui.draw.connection_rows import ConnectionRows
from netviz.tui.draw.datagram_lines import datagram_lines, stateless_lines
from netviz.tui.draw.datagram_rows import LadderRows
from netviz.tui.draw.narrowed import Narrowed
from netviz.tui.widgets.graph_panel import GraphPanel
from netviz.tui.widgets.kind_list import KindList
from netviz.tui.widgets.line_panel import LinePanel
from netviz.tui.widgets.row_list import RowList
from netviz.tui.widgets.view import View


def connections_view() -> View:
    """A new view of connections."""
    kinds = ConnectionRows()
    rows = Narrowed(kinds, kinds.matching)
    return View(
        "connections",
        [
            KindList("connections--list", rows, kinds),
            RowList("connections--sequence", LadderRows()),
            GraphPanel("connections--graph", rows, kinds),
            LinePanel("connections--machine", stateless_lines),
            LinePanel("connections--steps", datagram_lines),
        ],
    )
