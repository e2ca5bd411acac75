"""Fields of the capture itself: numbers, lengths, times, comments; and what a packet is called. No conversation."""

from typing import Final

import numpy as np

from netviz.filter.headers import Read, presence, start_of
from netviz.filter.part import Dense, Part, Sparse, Values
from netviz.model.protocols import PROTOCOL_NAMES, Broken
from netviz.wire.dns import TYPES, question


def _numbers(part: Part) -> list[Values]:
    return [Dense(part.everywhere(), np.arange(part.first + 1, part.stop + 1))]


def _column(name: str) -> Read:
    return lambda part: [Dense(part.everywhere(), part.column(name))]


def _relative(part: Part) -> list[Values]:
    first = part.packets.value("time", 0) if len(part.packets) else 0
    return [Dense(part.everywhere(), part.column("time") - first)]


def _delta(part: Part) -> list[Values]:
    times = part.packets["time"][max(part.first - 1, 0) : part.stop]
    steps = np.diff(times, prepend=times[:1])
    return [Dense(part.everywhere(), steps if part.first == 0 else steps[1:])]


def _comments(part: Part) -> list[Values]:
    rows = sorted(row for row in part.packets.comments.copy() if part.first <= row < part.stop)
    return [Sparse(np.array(rows, np.int64) - part.first, [part.packets.comments[row] for row in rows])]


def _marked(part: Part) -> list[Values]:
    marked = part.packets.marked
    there = part.none()
    there[[row - part.first for row in marked if part.first <= row < part.stop]] = True
    return [Dense(part.everywhere(), there.astype(np.int64))]


_LABELS: Final = tuple(PROTOCOL_NAMES.get(number, "") for number in range(max(PROTOCOL_NAMES) + 1))
_BROKEN: Final = tuple(reason.name.lower().replace("_", "-") for reason in Broken)


def _protocols(part: Part) -> list[Values]:
    return [Dense(part.everywhere(), part.column("protocol"), _LABELS)]


def _broken(part: Part) -> list[Values]:
    reasons = part.column("broken")
    return [Dense(reasons != 0, reasons, _BROKEN)]


def _asked(part: Part, names: bool) -> list[Values]:
    found: list[tuple[int, str]] = []
    for protocol in ("dns", "mdns"):
        start = start_of(part, protocol) - part.column("payload_offset")
        for row in np.flatnonzero(presence(part, protocol)).tolist():
            message = question(part.packets.payload(part.first + row)[int(start[row]) :])
            value = None if message is None else message.name if names else message.type
            if value is not None:
                found.append((row, value))
    return [Sparse(np.array([row for row, _ in found], np.int64), [value for _, value in found])]


def _question_types(part: Part) -> list[Values]:
    numbers = {name: number for number, name in TYPES.items()}
    named = _asked(part, False)[0]
    assert isinstance(named, Sparse)
    return [Sparse(named.at, [numbers.get(name) or int(name.removeprefix("TYPE")) for name in named.data])]


def _handshakes(part: Part) -> list[Values]:
    there, kind = part.number(presence(part, "tls"), start_of(part, "tls"), 1, True)
    there, value = part.number(there & (kind == 22), start_of(part, "tls") + 5, 1, True)
    return [Dense(there, value)]


READERS: Final[dict[str, Read]] = {
    "frame.number": _numbers,
    "frame.len": _column("length"),
    "frame.cap_len": _column("captured"),
    "frame.interface_id": _column("interface"),
    "frame.time_epoch": _column("time"),
    "frame.time_relative": _relative,
    "frame.time_delta": _delta,
    "frame.comment": _comments,
    "frame.marked": _marked,
    "protocol": _protocols,
    "broken": _broken,
    "dns.qry.name": lambda part: _asked(part, True),
    "dns.qry.type": _question_types,
    "tls.handshake.type": _handshakes,
}
"""Field -> how its values are read."""
