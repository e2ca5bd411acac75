"""View 6: what a capture holds, counted as of the present position; each row leads to its packets."""

from netviz.tui.draw.hierarchy_rows import HierarchyRows
from netviz.tui.draw.route_lines import route_lines
from netviz.tui.draw.shares import layer_lines, length_lines, rate_lines, transport_lines
from netviz.tui.draw.traffic_rows import ConversationRows, EndpointRows
from netviz.tui.widgets.findings_panel import FindingsPanel
from netviz.tui.widgets.line_panel import LinePanel
from netviz.tui.widgets.table_list import TableList
from netviz.tui.widgets.view import View


def statistics_view() -> View:
    """A new view of statistics."""
    return View(
        "statistics",
        [
            TableList("statistics--list", HierarchyRows()),
            LinePanel("statistics--layers", layer_lines),
            LinePanel("statistics--transports", transport_lines),
            LinePanel("statistics--rates", rate_lines),
            LinePanel("statistics--lengths", length_lines),
            FindingsPanel("statistics--findings"),
            LinePanel("statistics--routes", route_lines),
            TableList("statistics--conversations", ConversationRows()),
            TableList("statistics--endpoints", EndpointRows()),
        ],
    )
