"""Runs of segments that only carry a stream on: found all at once, so that a body need not be followed packet by packet.

Nothing of the same connection lies between the segments of a run that matters to a stream: no byte and no flag of the
other side, no flag of their own, no start of a message, no gap. Knows numbers only.
"""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

_SEQ_MASK: Final = 0xFFFFFFFF
_LEAST: Final = 3
"""Segments of a run, the last of which is followed by itself: it often ends a message."""

Numbers = npt.NDArray[np.int64]


class Runs(NamedTuple):
    """Segments with their runs folded into one each. The last segment of a run is no part of it: it may end a message."""

    rows: Numbers
    """Rows of the segments that are left: those of no run, and the first of each run, in order."""

    of: list[int]
    """For each of these the number of the run that begins with it; -1: none."""

    sizes: list[int]
    """Bytes of each run."""

    members: list[Numbers]
    """Rows of each run, in order."""


def find_runs(
    rows: Numbers, connections: Numbers, sides: Numbers, seqs: Numbers, lengths: Numbers, plain: Numbers
) -> Runs:
    """Runs among segments, each given by its row; `plain` (boolean): it carries bytes on, all captured, and no more."""
    count = len(rows)
    order = _by_connection(connections)
    connection, side, seq, length, is_plain = (each[order] for each in (connections, sides, seqs, lengths, plain))
    begins = np.ones(count, np.bool_)
    begins[1:] = ~(
        (connection[1:] == connection[:-1]) & (side[1:] == side[:-1]) & is_plain[1:] & is_plain[:-1]
        & (seq[1:] == (seq[:-1] + length[:-1] & _SEQ_MASK))
    )  # fmt: skip
    first = np.flatnonzero(begins)
    counts = np.diff(first, append=count)
    long = counts >= _LEAST
    first, counts = first[long], counts[long] - 1
    of = np.full(count, -1, np.int64)
    of[order[first]] = np.arange(len(first))
    members = [order[start:stop] for start, stop in zip(first.tolist(), (first + counts).tolist(), strict=True)]
    kept = np.ones(count, np.bool_)
    if members:
        kept[np.concatenate([each[1:] for each in members])] = False
    ends = np.concatenate(([0], np.cumsum(length)))
    sizes = ends[first + counts] - ends[first]
    return Runs(rows[kept], of[kept].tolist(), sizes.tolist(), [rows[each] for each in members])


def _by_connection(connections: Numbers) -> Numbers:
    """An order in which segments of a connection stand together, else as they were."""
    if not len(connections):
        return np.zeros(0, np.int64)
    least = connections.min()
    # Sixteen bits are sorted by their digits, in linear time.
    is_narrow = connections.max() - least <= np.iinfo(np.uint16).max
    return np.argsort((connections - least).astype(np.uint16) if is_narrow else connections, kind="stable")
