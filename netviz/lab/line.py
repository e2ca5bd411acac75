"""What a bad line does to frames: loss, delay, disorder, doubles. Chance with a seed, so that a class sees the same twice.

A frame that overtakes nothing can not be out of order: what is to come late waits for `lateness` and lets others pass.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from netviz.lab.wire import Sender

_DOUBLE_FOLLOWS: Final = 0.001
_LATE_AT_LEAST: Final = 0.02


@dataclass(slots=True)
class Line:
    """A line of these qualities; `fate` of a wire. The same seed and the same frames give the same fates."""

    delay: float = 0.0
    """Seconds that a frame takes."""

    loss: float = 0.0
    """Share of frames that do not arrive, 0 to 1; likewise the next two."""

    reorder: float = 0.0
    duplicate: float = 0.0
    seed: int = 1
    only_from: Sender | None = None
    """Where given: frames of the other end suffer nothing but the delay."""

    shortest: int = 0
    """Frames below so many bytes are not lost, doubled or late: a handshake survives, data does not."""

    lost: int = 0
    late: int = 0
    doubled: int = 0
    _chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)

    def __call__(self, sender: Sender, frame: bytes) -> Sequence[float]:
        """When copies of the frame arrive, in seconds from now; none where it is lost."""
        if (self.only_from and sender != self.only_from) or len(frame) < self.shortest:
            return (self.delay,)
        loses, late, doubles = (self._chance.random() < share for share in (self.loss, self.reorder, self.duplicate))
        if loses:
            self.lost += 1
            return ()
        arrival = self.delay
        if late:
            self.late += 1
            arrival += max(self.delay, _LATE_AT_LEAST)
        if doubles:
            self.doubled += 1
            return (arrival, arrival + _DOUBLE_FOLLOWS)
        return (arrival,)
