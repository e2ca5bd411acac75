"""At which packets something of one kind happens: what playback steps to, and what it can be told to stop at.

Kinds are told apart on the columns, a million rows in some milliseconds. Retransmissions are found by the TCP analysis
of all packets, which `look` works out ahead.
"""

from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt

from netviz.model.protocols import ACK, FIN, RST, SYN, Broken
from netviz.pipeline.store import Store, known_row
from netviz.tcp.marks import RETRANSMISSION

_TCP: Final = 6
_FIRST_ERROR_STATUS: Final = 400

Numbers = npt.NDArray[np.int64]
"""Packet numbers, ascending. Shape (k,)."""

KINDS: Final = ("connection", "exchange", "syn", "fin", "rst", "retransmission", "error-status", "broken")


class Occurrences:
    """Packet numbers by kind, worked out when first asked for and again when packets have come since."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[str, tuple[int, Numbers]] = {}
        self._retransmissions: tuple[int, int, Numbers] = (-1, -1, np.empty(0, np.int64))

    def numbers(self, kind: str) -> Numbers:
        """All packets of a kind so far; of `retransmission` those that the analysis has come to."""
        if kind == "retransmission":
            return self._sent_again()
        version = self._store.version
        known = self._known.get(kind)
        if known is None or known[0] != version:
            known = self._known[kind] = (version, self._found(kind))
        return known[1]

    def after(self, kind: str, packet: int, until: int | None = None) -> int | None:
        """The first of a kind after a packet, and not after `until`."""
        if kind == "retransmission":
            self._store.tcp_columns.advance(until)
        numbers = self.numbers(kind)
        at = int(np.searchsorted(numbers, packet, side="right"))
        found = int(numbers[at]) if at < len(numbers) else None
        return found if found is None or until is None or found <= until else None

    def before(self, kind: str, packet: int) -> int | None:
        """The last of a kind before a packet."""
        numbers = self.numbers(kind)
        at = int(np.searchsorted(numbers, packet, side="left"))
        return int(numbers[at - 1]) if at else None

    def look(self, go_on: Callable[[], bool] = lambda: True) -> None:
        """Find where retransmissions are: the one costly part, so that it can be done in a thread."""
        self._store.tcp_columns.advance(go_on=go_on)

    def _sent_again(self) -> Numbers:
        columns = self._store.tcp_columns
        columns.keep_up()
        covered, revision = columns.covered, columns.revision
        if self._retransmissions[:2] != (covered, revision):
            found = np.flatnonzero(columns.marks & np.uint16(RETRANSMISSION)) + 1
            self._retransmissions = covered, revision, found
        return self._retransmissions[2]

    def _found(self, kind: str) -> Numbers:
        if kind in ("exchange", "error-status"):
            return self._of_exchanges(kind)
        packets = self._store.packets
        flags = packets["flags"]
        count = len(flags)
        if kind == "broken":
            happens = packets["broken"][:count] != Broken.NO
        elif kind == "connection":
            column = packets["connection"][:count]
            before = np.maximum.accumulate(np.concatenate((np.array([-1], column.dtype), column)))[:-1]
            happens = column > before
        else:
            happens = (flags & np.uint16({"fin": FIN, "rst": RST}.get(kind, SYN | ACK))) != 0
            if kind == "syn":
                happens = (flags & np.uint16(SYN | ACK)) == SYN
            happens &= packets["ip_protocol"][:count] == _TCP
        return np.flatnonzero(happens).astype(np.int64) + 1

    def _of_exchanges(self, kind: str) -> Numbers:
        exchanges = self._store.exchanges
        if kind == "exchange":
            rows = [known_row(exchange) for exchange in exchanges]
        else:
            responses = (exchange.response for exchange in exchanges)
            rows = [
                response.head_row
                for response in responses
                if response is not None and response.status >= _FIRST_ERROR_STATUS
            ]
        return np.unique(np.array(rows, np.int64)) + 1
