"""The segments that only go on where their side stopped: what they are marked with, all at once, in numpy.

A segment is plain where what `analysis.step` would do with it can be told from the segments just before it of either
side. Whether it is rests on both directions being as the columns show them; `walk` sees to it that they are.
"""

import numpy as np
import numpy.typing as npt

from netviz.model.protocols import ACK, FIN, RST, SYN
from netviz.tcp.analysis import NOT_OFFERED, UNKNOWN
from netviz.tcp.arithmetic import HALF, MASK
from netviz.tcp.marks import DUPLICATE_ACK, PORT_REUSED, WINDOW_FULL, WINDOW_UPDATE, ZERO_WINDOW
from netviz.tcp.view import View

Integers = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


def look(view: View) -> None:
    """Fill in `marks`, `is_plain` and `duplicates` of a view."""
    turns, flags, length = view.turns, view.flags, view.length
    before, opposite = turns.before, turns.opposite
    has_before, has_opposite = before >= 0, opposite >= 0
    before, opposite = np.maximum(before, 0), np.maximum(opposite, 0)
    special = flags & (SYN | FIN | RST) != 0
    same_ack = has_before & (view.ack == view.last_ack[before])
    window = view.window
    same_window = window == view.window[before]
    is_idle = ~special & (length == 0) & (turns.ahead == 0) & same_ack & (window != 0) & ~view.is_carried
    repeats = is_idle & same_window
    marks = np.where(~special & (window == 0), ZERO_WINDOW, 0)
    marks |= np.where(repeats, DUPLICATE_ACK, 0) | np.where(is_idle & ~same_window, WINDOW_UPDATE, 0)
    sends = length > 0
    if sends.any():
        fills = sends & ~special & has_opposite & _reaches_edge(view, opposite)
        marks |= np.where(fills, WINDOW_FULL, 0)
    opens = flags & (SYN | ACK) == SYN
    marks |= np.where(opens & view.is_reused, PORT_REUSED, 0)
    view.marks = np.where(view.is_carried, 0, marks)
    view.is_plain = _is_plain(view, has_before, has_opposite, opposite)
    _count(view, repeats, same_ack)


def _is_plain(view: View, has_before: Mask, has_opposite: Mask, opposite: Integers) -> Mask:
    flags, length, turns = view.flags, view.length, view.turns
    is_syn, is_reset = flags & SYN != 0, flags & RST != 0
    number = turns.reached[opposite]
    beyond = has_opposite & (view.last_ack >= 0) & ((view.ack - number - 1 & MASK) < HALF - 1)
    theirs = view.last_ack[opposite]
    ends = view.seq + length & MASK
    received = has_opposite & (length > 0) & (theirs >= 0) & ((theirs - ends & MASK) < HALF)
    probes = has_opposite & (length == 1) & (view.window[opposite] == 0)
    begins = ~has_before & (~has_opposite | ((flags & ACK != 0) & (view.ack == number)))
    in_turn = np.where(is_syn, begins & ~is_reset, turns.ahead == 0)
    found: Mask = ~beyond & ((in_turn & ~received & ~probes & ~is_reset) | (is_reset & ~is_syn))
    return found | view.is_carried


def _reaches_edge(view: View, opposite: Integers) -> Mask:
    """Whether a segment goes exactly up to the edge of the window that the other side last offered (RFC 7323)."""
    own, theirs = view.scale[view.turns.head], view.scale[view.turns.head[opposite]]
    last_ack = view.last_ack[opposite]
    shift = np.where(view.is_scaled[opposite] & (theirs > 0) & (own != NOT_OFFERED), theirs, 0)
    edge = last_ack + (view.window[opposite] << shift) & MASK
    found: Mask = (theirs != UNKNOWN) & (last_ack >= 0) & (view.seq + view.length & MASK == edge)
    return found


def _count(view: View, repeats: Mask, same_ack: Mask) -> None:
    """How many duplicate acknowledgements each side has sent since one that was none, after each segment."""
    after = np.zeros(len(repeats), np.int64)
    counts = view.is_carried | (view.flags & RST == 0)
    for side in (0, 1):
        mine = np.flatnonzero(counts & (view.side == side))
        if not len(mine):
            continue
        total = np.cumsum(repeats[mine])
        anew = ~same_ack[mine] | view.is_carried[mine] | (view.turns.head[mine] == mine)
        last = np.maximum.accumulate(np.where(anew, np.arange(len(mine)), 0))
        after[mine] = view.duplicates[mine[last]] + total - total[last]
    view.duplicates = after
