"""Keeps Python's garbage collector away from what was found: it would walk through all of it again and again.

Facts are kept to the end, so none of them is garbage; a walk through those of a million packets stops every thread for
a second, the one that takes frames off the wire too. Knows no facts and no threads.
"""

import gc
from typing import Final

_PACKETS: Final = 50_000
"""So many packets are analysed between two times that what they left is set aside."""


class Settling:
    """Sets aside what lives (gc.freeze), every so many packets."""

    def __init__(self) -> None:
        self._packets = 0

    def after(self, packets: int) -> None:
        """So many packets more have been analysed."""
        self._packets += packets
        if self._packets >= _PACKETS:
            self._packets = 0
            # What is young and garbage goes first: set aside, it would stay.
            gc.collect(1)
            gc.freeze()
