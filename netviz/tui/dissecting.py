"""Takes the selected packet apart in a thread, so that the first import of the dissector holds nothing up."""

from collections import OrderedDict
from typing import Final

from netviz.model.layers import Dissection
from netviz.pipeline.store import Store

_KEPT: Final = 256


class Dissections:
    """The packets taken apart last, by row."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: OrderedDict[int, Dissection] = OrderedDict()

    def get(self, row: int) -> Dissection | None:
        """The packet's layers and fields, None where it has not been taken apart yet."""
        return self._known.get(row)

    def make(self, row: int, continues: bool) -> Dissection:
        """Take a packet apart; slow the first time, since the dissector has to be loaded.

        `continues`: it goes on with an HTTP message. It is asked for beforehand, as the store's index of exchanges is
        for the screen's thread alone.
        """
        from netviz.dissect.packet import dissect

        packets = self._store.packets
        carried = "HTTP" if continues else None
        found = dissect(packets.frame(row), packets.value("link_type", row), packets.value("length", row), carried)
        self._known[row] = found
        if len(self._known) > _KEPT:
            self._known.popitem(last=False)
        return found

    def continues_message(self, row: int) -> bool:
        """Whether a packet goes on with an HTTP message that an earlier packet began."""
        number = self._store.exchange_of(row)
        if number is None:
            return False
        exchange = self._store.exchanges[number - 1]
        messages = (exchange.request, *exchange.interim, exchange.response)
        return not any(message is not None and message.first_row == row for message in messages)
