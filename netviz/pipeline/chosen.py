"""What a display filter leaves of a capture: the connections, exchanges and counts that its packets belong to."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from netviz.http.exchange import Exchange, Message
from netviz.model.packets import PacketTable
from netviz.pipeline.store import Store


class ChosenPackets:
    """Some rows of the packet table, read as a table of their own."""

    def __init__(self, packets: PacketTable, rows: npt.NDArray[np.int64]) -> None:
        self._packets = packets
        self._rows = rows
        chosen = set(rows.tolist()) if packets.comments else set()
        self.comments = {row: text for row, text in packets.comments.items() if row in chosen}

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def rows(self) -> npt.NDArray[np.int64]:
        """Their rows in the whole table, ascending. Shape (len(self),)."""
        return self._rows

    def __getitem__(self, name: str) -> npt.NDArray[np.integer[Any]]:
        column: npt.NDArray[np.integer[Any]] = self._packets[name][self._rows]
        return column


@dataclass(frozen=True, slots=True)
class Chosen:
    """Packets that match a filter, and what they belong to."""

    packets: ChosenPackets
    connections: list[int]
    exchanges: frozenset[int]
    """Those of which a packet carries bytes."""

    udp: list[int]
    """Numbers of the UDP conversations."""

    @property
    def conversations(self) -> int:
        """How many UDP conversations."""
        return len(self.udp)


def chosen(store: Store, rows: npt.NDArray[np.int64]) -> Chosen:
    """What the packets of some rows (ascending) belong to."""
    packets = store.packets
    connections = np.unique(packets["connection"][rows])
    flows = np.unique(packets["flow"][rows])
    return Chosen(
        ChosenPackets(packets, rows),
        connections[connections >= 0].tolist(),
        frozenset(each.id for each in store.exchanges if _has_one_of(packets, each, rows)),
        [number for flow in flows[flows >= 0].tolist() if (number := store.datagrams.of_flow(flow)) is not None],
    )


def first_rows(store: Store, found: Chosen) -> tuple[dict[int, int], dict[int, int]]:
    """Number of each connection, and of each exchange, that was found -> row of its first packet among the chosen."""
    packets, rows = store.packets, found.packets.rows
    numbers, first = np.unique(packets["connection"][rows], return_index=True)
    connections = dict(zip(numbers.tolist(), rows[first].tolist(), strict=True))
    connections.pop(-1, None)
    exchanges = {number: _first_of(packets, store.exchanges[number - 1], rows) for number in found.exchanges}
    return connections, exchanges


def _first_of(packets: PacketTable, exchange: Exchange, rows: npt.NDArray[np.int64]) -> int:
    messages = (exchange.request, *exchange.interim, exchange.response)
    carried = [_carrying(packets, exchange.connection, each, rows) for each in messages if each is not None]
    return min(int(each[0]) for each in carried if len(each))


def _has_one_of(packets: PacketTable, exchange: Exchange, rows: npt.NDArray[np.int64]) -> bool:
    messages = (exchange.request, *exchange.interim, exchange.response)
    return any(len(_carrying(packets, exchange.connection, each, rows)) for each in messages if each is not None)


def _carrying(
    packets: PacketTable, connection: int, message: Message, rows: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """Those of the rows that carry bytes of a message."""
    start, stop = np.searchsorted(rows, (message.first_row, message.last_row + 1))
    inside = rows[start:stop]
    if message.first_row == message.last_row or not len(inside):
        return inside
    own = (packets["connection"][inside] == connection) & (packets["side"][inside] == message.direction)
    carrying: npt.NDArray[np.int64] = inside[own & (packets["payload_length"][inside] > 0)]
    return carrying
