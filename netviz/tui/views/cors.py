"""View 5: the fetches, every rule with its outcome and its bytes, who asked whom, and how to mend it."""

from netviz.tui.draw import narrowed
from netviz.tui.draw.checks import check_lines
from netviz.tui.draw.fetch_rows import FetchRows
from netviz.tui.draw.lanes import lane_lines, mend_lines
from netviz.tui.draw.narrowed import Narrowed
from netviz.tui.widgets.hex_panel import HexPanel
from netviz.tui.widgets.line_panel import LinePanel
from netviz.tui.widgets.row_list import RowList
from netviz.tui.widgets.view import View


def cors_view() -> View:
    """A new view of verdicts."""
    octets = HexPanel("cors--bytes")
    octets.add_class("-large-only")
    return View(
        "cors",
        [
            RowList("cors--list", Narrowed(FetchRows(), narrowed.fetches)),
            LinePanel("cors--checks", check_lines),
            LinePanel("cors--lanes", lane_lines),
            LinePanel("cors--mend", mend_lines),
            octets,
        ],
    )
