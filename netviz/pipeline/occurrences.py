"""At which packets something of one kind happens: what playback steps to, and what it can be told to stop at.

Kinds are told apart on the columns, a million rows in some milliseconds. A retransmission is a matter of a connection's
whole story, so the columns only say where one may be (`suspect`), and the connection's own analysis decides.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from netviz.model.protocols import ACK, FIN, RST, SYN, Broken
from netviz.pipeline.store import Store, known_row

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
        self._suspects: tuple[int, Numbers] = (-1, np.empty(0, np.int64))
        self._decided: dict[int, bool] = {}

    def numbers(self, kind: str) -> Numbers:
        """All packets of a kind so far; of `retransmission` those that have been decided."""
        if kind == "retransmission":
            return np.array(sorted(number for number, is_one in self._decided.items() if is_one), np.int64)
        version = self._store.version
        known = self._known.get(kind)
        if known is None or known[0] != version:
            known = self._known[kind] = (version, self._found(kind))
        return known[1]

    def after(self, kind: str, packet: int, until: int | None = None) -> int | None:
        """The first of a kind after a packet, and not after `until`."""
        if kind == "retransmission":
            return self._retransmission(packet, until)
        numbers = self.numbers(kind)
        at = int(np.searchsorted(numbers, packet, side="right"))
        found = int(numbers[at]) if at < len(numbers) else None
        return found if found is None or until is None or found <= until else None

    def before(self, kind: str, packet: int) -> int | None:
        """The last of a kind before a packet."""
        numbers = self.numbers(kind)
        at = int(np.searchsorted(numbers, packet, side="left"))
        return int(numbers[at - 1]) if at else None

    def suspect(self) -> None:
        """Find where retransmissions may be: the one costly part, so that it can be done in a thread."""
        version = self._store.version
        if self._suspects[0] != version:
            self._suspects = (version, suspects(self._store))

    def decide(self, most: int) -> int:
        """Decide up to `most` suspects that are not decided yet; returns how many were left to decide."""
        left = [number for number in self._suspects[1].tolist() if number not in self._decided]
        for number in left[:most]:
            self._is_retransmission(number)
        return len(left)

    def _retransmission(self, packet: int, until: int | None) -> int | None:
        self.suspect()
        numbers = self._suspects[1]
        for number in numbers[np.searchsorted(numbers, packet, side="right") :].tolist():
            if until is not None and number > until:
                return None
            if self._is_retransmission(number):
                return int(number)
        return None

    def _is_retransmission(self, number: int) -> bool:
        decided = self._decided.get(number)
        if decided is None:
            decided = self._decided[number] = "retransmission" in self._store.analysis(number - 1)
        return decided

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


def suspects(store: Store) -> Numbers:
    """Packets that may be retransmissions: their first number lies below one that was sent, or acknowledged, before.

    Every retransmission is among them. Sequence numbers of one direction of one connection are followed in order of the
    capture, each as its distance from the one before, so that they may wrap (RFC 9293 section 3.4).
    """
    packets = store.packets
    count = len(packets)
    rows = np.flatnonzero(packets["connection"][:count] >= 0)
    connection, side = packets["connection"][rows].astype(np.int64), packets["side"][rows].astype(np.int64)
    flags, length = packets["flags"][rows], packets["payload_length"][rows].astype(np.int64)
    seq, ack = packets["seq"][rows].astype(np.int64), packets["ack"][rows].astype(np.int64)
    own = np.maximum(length, 0) + ((flags & np.uint16(SYN | FIN)) != 0)
    sends, acknowledges = np.flatnonzero(own > 0), np.flatnonzero((flags & np.uint16(ACK)) != 0)
    direction = np.concatenate(
        (connection[sends] * 2 + side[sends], connection[acknowledges] * 2 + 1 - side[acknowledges])
    )
    first = np.concatenate((seq[sends], ack[acknowledges]))
    size = np.concatenate((own[sends], np.zeros(len(acknowledges), np.int64)))
    row = np.concatenate((rows[sends], rows[acknowledges]))
    order = np.lexsort((row, direction))
    direction, first, size, row = direction[order], first[order], size[order], row[order]
    if not len(row):
        return np.empty(0, np.int64)
    steps = np.diff(first, prepend=first[0])
    steps = (steps + (1 << 31)) % (1 << 32) - (1 << 31)
    starts = np.flatnonzero(np.diff(direction, prepend=direction[0] - 1))
    steps[starts] = 0
    place = np.cumsum(steps)
    # Each direction gets a range of its own, so that one running maximum serves all of them.
    lengths = np.diff(np.append(starts, len(row)))
    place -= np.repeat(place[starts], lengths)
    span = int((np.abs(place) + size).max()) + 1
    place += np.repeat(np.arange(len(starts), dtype=np.int64) * 2 * span, lengths)
    reached = np.maximum.accumulate(np.concatenate((place[:1], place + size)))[:-1]
    reached[starts] = place[starts]
    return np.unique(row[(size > 0) & (place < reached)]) + 1
