"""Playing a capture at its own pace: which packet is due after so much time. Has no clock of its own.

Packets are due when their time has passed, counted from the packet before. Captures may have times that jump back
(several interfaces, a clock that was set): such a packet is due at once.
"""

from dataclasses import dataclass
from typing import Final

from netviz.model.packets import PacketTable

SPEEDS: Final = (0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 25.0, 100.0)
_NORMAL: Final = SPEEDS.index(1.0)
_MOST_STEPS: Final = 20_000
"""Packets that one tick passes at most, so that a dense capture at a high speed never holds the screen up."""


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

    def advance(self, packets: PacketTable, position: int, elapsed: float) -> int:
        """The packet number that has been reached `elapsed` seconds later."""
        self.waited += elapsed * self.speed * 1e9
        count, steps = len(packets), 0
        while position < count and steps < _MOST_STEPS:
            gap = self.gap(packets, position)
            if gap > self.waited:
                break
            self.waited -= gap
            position += 1
            steps += 1
        return position

    def gap(self, packets: PacketTable, position: int) -> int:
        """Nanoseconds from the packet at `position` to the next one; 0 before the first and where time jumps back."""
        if position < 1 or position >= len(packets):
            return 0
        return max(packets.value("time", position) - packets.value("time", position - 1), 0)
