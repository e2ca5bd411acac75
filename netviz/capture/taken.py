"""Frames as they are taken off an interface, before they are kept: a block of memory and where its frames lie in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt


@dataclass(slots=True)
class Taken:
    """Frames of one interface. Arrays have shape (n,); valid until the receiver is asked for the next."""

    memory: Any
    """Bytes-like: frames are memory[offset : offset + captured]."""

    offsets: npt.NDArray[np.int64]
    captured: npt.NDArray[np.int32]
    lengths: npt.NDArray[np.int32]
    times: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.offsets)

    def first(self, count: int) -> "Taken":
        """The first `count` frames."""
        return self._part(slice(0, count))

    def rest(self, count: int) -> "Taken":
        """All but the first `count` frames."""
        return self._part(slice(count, None))

    def _part(self, rows: slice) -> "Taken":
        return Taken(self.memory, self.offsets[rows], self.captured[rows], self.lengths[rows], self.times[rows])


class Receiver(Protocol):
    """Takes frames off one interface."""

    way: str
    """`ring`, `socket` or `dumpcap`."""

    def fileno(self) -> int:
        """What to poll."""
        ...

    def blocks(self) -> Iterator[Taken]:
        """What is there now, without waiting.

        Raises: OSError where the interface can not be read.
        """
        ...

    def statistics(self) -> tuple[int, int]:
        """Frames received and dropped by the kernel since the last call."""
        ...

    def trouble(self) -> str:
        """`down`, `gone` or empty."""
        ...

    def close(self) -> None: ...
