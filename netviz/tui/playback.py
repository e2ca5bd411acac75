"""Playing a capture at its own pace: which packet is due after so much time. Has no clock of its own.

Packets are due when their time has passed, counted from the packet before. Captures may have times that jump back
(several interfaces, a clock that was set): such a packet is due at once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from netviz.model.packets import PacketTable

SPEEDS: Final = (0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 25.0, 100.0)
_NORMAL: Final = SPEEDS.index(1.0)
_MOST_STEPS: Final = 20_000
"""Packets that one tick passes at most, so that a dense capture at a high speed never holds the screen up."""

Following = Callable[[int], int | None]


@dataclass(slots=True)
class Playback:
    """Whether time runs, how fast, and how much of the pause before the next packet has passed."""

    playing: bool = False
    pace: int = _NORMAL
    waited: float = 0.0
    """Nanoseconds of capture time since the packet of the present position."""

    @property
    def speed(self) -> float:
        """Seconds of the capture for each second of the user."""
        return SPEEDS[self.pace]

    def toggle(self) -> None:
        """Play or pause."""
        self.playing = not self.playing
        self.waited = 0.0

    def pause(self) -> None:
        """Stop playing."""
        self.playing = False
        self.waited = 0.0

    def faster(self, by: int) -> None:
        """`by` notches faster, or slower where negative."""
        self.pace = min(max(self.pace + by, 0), len(SPEEDS) - 1)

    def advance(self, packets: PacketTable, position: int, elapsed: float, following: Following | None = None) -> int:
        """The packet number that has been reached `elapsed` seconds later; `following` says which packet comes after
        another, None after the last, where not all are shown."""
        self.waited += elapsed * self.speed * 1e9
        count, steps = len(packets), 0
        while steps < _MOST_STEPS:
            target = position + 1 if following is None else following(position)
            if target is None or target > count:
                break
            gap = self.gap(packets, position, target)
            if gap > self.waited:
                break
            self.waited -= gap
            position = target
            steps += 1
        return position

    def gap(self, packets: PacketTable, position: int, target: int | None = None) -> int:
        """Nanoseconds from the packet at `position` to the next one (or to `target`); 0 before the first and where time
        jumps back."""
        target = position + 1 if target is None else target
        if position < 1 or target > len(packets):
            return 0
        return max(packets.value("time", target - 1) - packets.value("time", position - 1), 0)
