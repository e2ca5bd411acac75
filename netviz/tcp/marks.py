"""The names that the analysis gives to segments, those tshark has as `tcp.analysis.*`, as bits. Knows no segment."""

from typing import Final

import numpy as np
import numpy.typing as npt

from netviz.tcp.connection import Role

RETRANSMISSION: Final = 1 << 0
FAST_RETRANSMISSION: Final = 1 << 1
SPURIOUS_RETRANSMISSION: Final = 1 << 2
OUT_OF_ORDER: Final = 1 << 3
PREVIOUS_SEGMENT_LOST: Final = 1 << 4
ACKED_UNSEEN: Final = 1 << 5
DUPLICATE_ACK: Final = 1 << 6
ZERO_WINDOW: Final = 1 << 7
WINDOW_FULL: Final = 1 << 8
WINDOW_UPDATE: Final = 1 << 9
ZERO_WINDOW_PROBE: Final = 1 << 10
ZERO_WINDOW_PROBE_ACK: Final = 1 << 11
KEEP_ALIVE: Final = 1 << 12
KEEP_ALIVE_ACK: Final = 1 << 13
PORT_REUSED: Final = 1 << 14
NETWORK_DUPLICATE: Final = 1 << 15

NAMES: Final[tuple[str, ...]] = (
    "retransmission",
    "fast-retransmission",
    "spurious-retransmission",
    "out-of-order",
    "previous-segment-lost",
    "acked-unseen",
    "duplicate-ack",
    "zero-window",
    "window-full",
    "window-update",
    "zero-window-probe",
    "zero-window-probe-ack",
    "keep-alive",
    "keep-alive-ack",
    "port-reused",
    "network-duplicate",
)
"""Name of each bit, in order. Names that describe one thing at two depths stand together: a fast retransmission is also
a retransmission."""

Marks = npt.NDArray[np.uint16]


def names_of(marks: int) -> tuple[str, ...]:
    """The names of some bits."""
    return tuple(name for bit, name in enumerate(NAMES) if marks >> bit & 1) if marks else ()


def deepest(names: tuple[str, ...]) -> tuple[str, ...]:
    """Without the name that another one says more exactly."""
    exact = {"fast-retransmission", "spurious-retransmission"} & set(names)
    return tuple(name for name in names if name != "retransmission") if exact else names


def bit_of(name: str) -> int:
    """The bit of a name. Raises: ValueError."""
    return 1 << NAMES.index(name)


def counts(marks: Marks) -> dict[str, int]:
    """How often each name was given; names that never were are left out."""
    given = marks[marks != 0]
    found = {name: int(np.count_nonzero(given & np.uint16(1 << bit))) for bit, name in enumerate(NAMES)}
    return {name: times for name, times in found.items() if times}


def packets_by_name(
    marks: Marks, packets: npt.NDArray[np.int64], is_client: npt.NDArray[np.bool_]
) -> dict[str, dict[Role, list[int]]]:
    """Name -> who sent it -> packet numbers, of the segments of one connection. All arrays have shape (n,)."""
    given = np.flatnonzero(marks)
    marks, packets, is_client = marks[given], packets[given], is_client[given]
    found: dict[str, dict[Role, list[int]]] = {}
    for bit, name in enumerate(NAMES):
        chosen = marks & np.uint16(1 << bit) != 0
        if chosen.any():
            found[name] = {
                "client": packets[chosen & is_client].tolist(),
                "server": packets[chosen & ~is_client].tolist(),
            }
    return found
