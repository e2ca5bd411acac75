"""View 2: the selected packet on its way down the sender's stack and up the receiver's, and on the two ladders."""

from netviz.tui.draw import narrowed
from netviz.tui.draw.boxes import box_lines
from netviz.tui.draw.motion import motion_lines, stepped_ladder_lines
from netviz.tui.draw.narrowed import Narrowed
from netviz.tui.draw.packet_rows import PacketRows
from netviz.tui.widgets.hex_panel import HexPanel
from netviz.tui.widgets.line_panel import LinePanel
from netviz.tui.widgets.row_list import RowList
from netviz.tui.widgets.view import View


def layers_view() -> View:
    """A new view of layers."""
    octets = HexPanel("layers--bytes")
    octets.add_class("-large-only")
    return View(
        "layers",
        [
            RowList("layers--list", Narrowed(PacketRows(), narrowed.packets)),
            LinePanel("layers--motion", motion_lines),
            LinePanel("layers--ladders", stepped_ladder_lines),
            LinePanel("layers--boxes", box_lines),
            octets,
        ],
    )
