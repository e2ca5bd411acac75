"""View 1: the list, the selected packet as a tree of fields, as nested boxes, as bytes, and on the two ladders."""

from netviz.tui.draw import narrowed
from netviz.tui.draw.boxes import box_lines
from netviz.tui.draw.ladders import ladder_lines
from netviz.tui.draw.narrowed import Narrowed
from netviz.tui.draw.packet_rows import PacketRows
from netviz.tui.widgets.field_tree import FieldTree
from netviz.tui.widgets.hex_panel import HexPanel
from netviz.tui.widgets.line_panel import LinePanel
from netviz.tui.widgets.row_list import RowList
from netviz.tui.widgets.view import View


def packets_view() -> View:
    """A new view of packets."""
    ladders = LinePanel("packets--ladders", ladder_lines)
    ladders.add_class("-large-only")
    return View(
        "packets",
        [
            RowList("packets--list", Narrowed(PacketRows(), narrowed.packets)),
            FieldTree("packets--fields"),
            LinePanel("packets--boxes", box_lines),
            HexPanel("packets--bytes"),
            ladders,
        ],
    )
