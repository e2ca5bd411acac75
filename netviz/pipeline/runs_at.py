"""Where in which packet a stretch of a stream lies. Runs as `Store.stream` gives them."""

from bisect import bisect_right
from collections.abc import Sequence

from netviz.model.evidence import Evidence, Span
from netviz.model.frames import Buffer
from netviz.model.packets import PacketTable

StreamRun = tuple[int, int, Buffer, int, int]
"""Stream offset, row, buffer, start and stop in it."""


def evidence_at(packets: PacketTable, runs: Sequence[StreamRun], begin: int, end: int) -> Evidence:
    """The packet in which the stretch begins, with its bytes there; without bytes where it lies in no frame."""
    index = max(bisect_right(runs, begin, key=lambda run: run[0]) - 1, 0)
    offset, row, _, start, stop = runs[index]
    if row in packets.reassembled:
        return Evidence(row + 1)
    first = start + max(begin - offset, 0) - packets.value("offset", row)
    last = min(start + max(end - offset, 0), stop) - packets.value("offset", row)
    return Evidence(row + 1, Span(first, max(last, first)))
