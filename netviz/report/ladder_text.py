"""A connection's ladder as plain text: client on the left, server on the right, a line a packet; to paste into a report."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from rich.cells import cell_len

from netviz.explain.words import Language, say
from netviz.model.protocols import ACK, flags_text
from netviz.model.safe import safe
from netviz.pipeline.store import Store
from netviz.tcp.connection import Connection, Role, Segment

_MASK = 0xFFFFFFFF
_SHAFT = 46


def ladder_lines(store: Store, number: int, language: Language, rows: npt.NDArray[np.int64]) -> Iterator[str]:
    """The ladder of connection `number`, of those of its packets that are among `rows` (ascending)."""
    found = store.connection(number)
    client, server = safe(str(found.client)), safe(str(found.server))
    yield f"{say('role.client', language)} {client}  →  {say('role.server', language)} {server}"
    yield ""
    segments = store.segments(number)
    states = _states(found)
    begun = segments[0].time if segments else 0
    wanted = set(rows.tolist())
    for segment in segments:
        if segment.packet - 1 not in wanted:
            continue
        role = found.role_of(segment.side)
        words = _words(found, segment, role)
        arrow = _arrow(words, role)
        exchange = store.exchange_of(segment.packet - 1)
        told = [*states.get(segment.packet, ()), *store.analysis(segment.packet - 1)]
        told += [f"HTTP {exchange}"] if exchange is not None else []
        line = f"{'#' + str(segment.packet):>8} {(segment.time - begun) / 1e9:>12.6f}  |{arrow}|  {'  '.join(told)}"
        yield line.rstrip()


def _states(found: Connection) -> dict[int, list[str]]:
    """Packet -> the states that were entered with it."""
    entered: dict[int, list[str]] = {}
    for step in found.transitions:
        if not step.illegal:
            entered.setdefault(step.packet, []).append(f"{step.endpoint}: {step.to_state}")
    return entered


def _words(found: Connection, segment: Segment, role: Role) -> str:
    """Flags, and numbers counted from each end's first."""
    other: Role = "server" if role == "client" else "client"
    parts = [flags_text(segment.flags), f"seq={_counted(segment.seq, found.first_seq.get(role))}"]
    if segment.flags & ACK:
        parts.append(f"ack={_counted(segment.ack, found.first_seq.get(other))}")
    if segment.length:
        parts.append(f"len={segment.length}")
    return " ".join(parts)


def _counted(number: int, first: int | None) -> int:
    return number if first is None else (number - first) & _MASK


def _arrow(words: str, role: Role) -> str:
    room = max(_SHAFT - cell_len(words) - 3, 2)
    if role == "client":
        return f"─ {words} {'─' * room}>"
    return f"<{'─' * room} {words} ─"
