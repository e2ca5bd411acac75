"""Takes the selected packet apart. The dissector is loaded in a thread, so that the first picture need not wait."""

from collections import OrderedDict
from typing import Final

from netviz.model.layers import Dissection
from netviz.pipeline.dissecting import carrying
from netviz.pipeline.store import Store
from netviz.pipeline.websocket import carries_websocket

_KEPT: Final = 256


class Dissections:
    """The packets taken apart last, by row."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: OrderedDict[int, Dissection] = OrderedDict()
        self.loaded = False
        """Whether the dissector is there; before that no packet is taken apart."""

    def load(self) -> None:
        """Load the dissector: a third of a second, to be spent in a thread."""
        from netviz.dissect.packet import preload

        preload()
        self.loaded = True

    def get(self, row: int) -> Dissection | None:
        """The packet's layers and fields; None while the dissector is being loaded."""
        if not self.loaded:
            return None
        found = self._known.get(row)
        if found is None:
            found = self._known[row] = self._dissected(row)
            if len(self._known) > _KEPT:
                self._known.popitem(last=False)
        return found

    def _dissected(self, row: int) -> Dissection:
        from netviz.dissect.packet import dissect

        packets = self._store.packets
        carried = carrying(self._store, row)
        if carried[0] != "WebSocket":
            carried = ("HTTP" if self._continues_message(row) else None), 0
        return dissect(packets.frame(row), packets.value("link_type", row), packets.value("length", row), *carried)

    def _continues_message(self, row: int) -> bool:
        """Whether a packet goes on with an HTTP message that an earlier packet began."""
        number = self._store.exchange_of(row)
        if number is None:
            return False
        exchange = self._store.exchanges[number - 1]
        messages = (exchange.request, *exchange.interim, exchange.response)
        if carries_websocket(self._store, row):
            return False
        return not any(message is not None and message.first_row == row for message in messages)
