"""One packet of the store taken apart, as what it is: a payload may go on with what an earlier packet began."""

from netviz.model.layers import Dissection
from netviz.model.protocols import Protocol
from netviz.pipeline.store import Store
from netviz.pipeline.websocket import carries_websocket, rest_of_frame


def carrying(store: Store, row: int) -> tuple[str | None, int]:
    """Protocol of the message that a packet's payload goes on with, None where the payload begins by itself.

    Of a WebSocket connection also how many of its bytes are the rest of a frame which an earlier packet began, else 0.
    """
    if store.packets.value("protocol", row) == Protocol.HTTP or store.exchange_of(row) is None:
        return None, 0
    if not carries_websocket(store, row):
        return "HTTP", 0
    rest = rest_of_frame(store, row)
    return (None, 0) if rest is None else ("WebSocket", rest)


def dissected(store: Store, row: int) -> Dissection:
    """The layers and fields of a packet. The dissector is loaded when the first is asked for."""
    from netviz.dissect.packet import dissect

    packets = store.packets
    return dissect(
        packets.frame(row), packets.value("link_type", row), packets.value("length", row), *carrying(store, row)
    )
