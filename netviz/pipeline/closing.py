"""Which packet closed a connection on a request that had no answer. Reads columns; knows no HTTP."""

from typing import Final

import numpy as np
import numpy.typing as npt

from netviz.model.packets import PacketTable

_FIN: Final = 0x001
_SYN: Final = 0x002
_RST: Final = 0x004
_ACK: Final = 0x010


def closed_row(packets: PacketTable, rows: npt.NDArray[np.int64], asked_row: int, direction: int) -> int | None:
    """Row of the first FIN or RST after a request's head, by either side.

    `rows`: those of the connection, ascending, shape (k,); `direction`: the side that asked. None where there is no
    such packet, or where the asker acknowledged bytes that the capture lacks: they may have been the answer.
    """
    flags, side = packets["flags"][rows], packets["side"][rows]
    closing = rows[(rows > asked_row) & ((flags & (_FIN | _RST)) != 0)]
    if not len(closing):
        return None
    asks = side == direction
    return None if _misses_bytes(packets, rows[~asks], rows[asks & ((flags & _ACK) != 0)]) else int(closing[0])


def _misses_bytes(packets: PacketTable, answers: npt.NDArray[np.int64], asks: npt.NDArray[np.int64]) -> bool:
    """Whether acknowledgements go further than what was captured of the other side (RFC 9293 3.4)."""
    if not len(answers) or not len(asks):
        return bool(len(asks)) and not len(answers)
    flags = packets["flags"][answers]
    opened = ((flags & (_SYN | _FIN)) != 0).astype(np.uint32)
    ends = packets["seq"][answers] + packets["payload_length"][answers].astype(np.uint32) + opened
    base = ends[0]
    # Sequence numbers wrap: distances from one of them do not, within half of the number space.
    furthest = (ends - base).astype(np.int32).max()
    return bool((packets["ack"][asks] - base).astype(np.int32).max() > furthest)


def resets(packets: PacketTable, row: int) -> bool:
    """Whether a packet is a RST."""
    return bool(packets.value("flags", row) & _RST)
