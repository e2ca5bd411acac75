"""Segments of one connection as columns, in the order of the capture. Data only."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]


class Run(NamedTuple):
    """Segments of one connection in the order of the capture; all of shape (n,)."""

    packet: Integers
    side: npt.NDArray[np.int8]
    flags: Integers
    seq: Integers
    ack: Integers
    length: Integers

    def part(self, start: int, stop: int) -> "Run":
        """Some of them."""
        here = slice(start, stop)
        return Run(
            self.packet[here], self.side[here], self.flags[here], self.seq[here], self.ack[here], self.length[here]
        )  # fmt: skip
