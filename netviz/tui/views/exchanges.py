"""View 4: the HTTP exchanges, the chosen one's request and response side by side, and what they mean.

Where there is no room for all, the waterfall, the cookies, the messages, the stream and the DNS lookups share one place:
Tab brings each to the front.
"""

from netviz.tui.draw import narrowed
from netviz.tui.draw.exchange_panels import about_lines, jar_lines, messages_lines, waterfall_lines
from netviz.tui.draw.exchange_rows import ExchangeRows
from netviz.tui.draw.lookup_lines import lookup_lines
from netviz.tui.draw.message import request_lines, response_lines
from netviz.tui.draw.narrowed import Narrowed
from netviz.tui.draw.stream_lines import stream_lines
from netviz.tui.widgets.hex_panel import HexPanel
from netviz.tui.widgets.line_panel import LinePanel
from netviz.tui.widgets.row_list import RowList
from netviz.tui.widgets.view import View


def exchanges_view() -> View:
    """A new view of exchanges."""
    octets = HexPanel("exchanges--bytes")
    octets.add_class("-large-only")
    return View(
        "exchanges",
        [
            RowList("exchanges--list", Narrowed(ExchangeRows(), narrowed.exchanges)),
            LinePanel("exchanges--request", request_lines),
            LinePanel("exchanges--response", response_lines),
            LinePanel("exchanges--about", about_lines),
            LinePanel("exchanges--waterfall", waterfall_lines),
            LinePanel("exchanges--jar", jar_lines),
            LinePanel("exchanges--messages", messages_lines),
            LinePanel("exchanges--stream", stream_lines),
            LinePanel("exchanges--lookups", lookup_lines),
            octets,
        ],
    )
