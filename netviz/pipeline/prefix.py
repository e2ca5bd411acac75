"""Sums over the first N rows of a table, for any N, without starting anew each time. Knows no packet."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]

STEP: Final = 1 << 15
"""Rows between two sums that are kept."""
_KEPT: Final = 6


class Prefix:
    """Sums over the first N rows of something that adds up, by what each run of rows contributes."""

    def __init__(self, part: Callable[[int, int], npt.NDArray[Any]]) -> None:
        """`part(first, stop)` gives an array for the rows first..stop; later rows may give a longer first axis."""
        self._part = part
        self._kept: OrderedDict[int, npt.NDArray[Any]] = OrderedDict()

    def upto(self, count: int) -> npt.NDArray[Any]:
        """The sum over the first `count` rows."""
        at, total = self._start(count)
        while at + STEP <= count:
            total = _added(total, self._part(at, at + STEP))
            at += STEP
            self._keep(at, total)
        return _added(total, self._part(at, count))

    def _start(self, count: int) -> tuple[int, npt.NDArray[Any] | None]:
        best = max((at for at in self._kept if at <= count), default=0)
        if count - best > 4 * STEP:
            # Far from what is kept, it is quicker to add all rows at once.
            round_count = count // STEP * STEP
            total = self._part(0, round_count)
            self._keep(round_count, total)
            return round_count, total
        return best, self._kept.get(best)

    def _keep(self, at: int, total: npt.NDArray[Any]) -> None:
        self._kept[at] = total
        self._kept.move_to_end(at)
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)


def _added(one: npt.NDArray[Any] | None, other: npt.NDArray[Any]) -> npt.NDArray[Any]:
    if one is None:
        return other
    if len(one) > len(other):
        one, other = other, one
    total = other.copy()
    total[: len(one)] += one
    return total


def sums_by(codes: npt.NDArray[Any], *weights: npt.NDArray[Any], least: int = 0) -> Ints:
    """Shape (codes, 1 + weights): how many rows have each code, and their weights summed."""
    counted = [np.bincount(codes, minlength=least)]
    counted += [np.bincount(codes, weights=weight, minlength=least).astype(np.int64) for weight in weights]
    return np.stack(counted, axis=1)
