"""What a live capture says of itself: what was taken, lost, kept and written, and what happened on the way.

One capture thread writes, screens and reports read; each number is replaced whole. Knows no clock and no socket.
"""

from dataclasses import dataclass, field
from typing import NamedTuple


class Note(NamedTuple):
    """Something that happened to a capture: the key of a sentence under `live.note` in `explain/`, and its details."""

    key: str
    details: dict[str, object]
    grave: bool = False
    """Something was lost, or has ended before it was asked to."""


@dataclass(slots=True)
class LiveState:
    """The gauges of a live capture. Counts are frames, sizes bytes, durations nanoseconds."""

    captured: int = 0
    """Frames taken off the wire, also those that were not kept."""

    captured_bytes: int = 0

    dropped_by_kernel: int = 0
    """Frames that the kernel had no room for."""

    dropped_by_queue: int = 0
    """Frames taken off the wire that the analysis was too far behind for; they are in the written file all the same."""

    waiting: int = 0
    """Frames kept that the analysis has not been given yet."""

    newest: int = 0
    """Time of the newest frame taken, ns since the epoch."""

    analysed_to: int = 0
    """Time of the newest frame that the analysis was given."""

    kept: int = 0
    """Frames kept to look at."""

    kept_bytes: int = 0
    kept_since: int = 0
    """Time of the first frame kept."""

    most_packets: int = 0
    """Bounds on what is kept; 0 where there is none."""

    most_bytes: int = 0
    most_seconds: int = 0

    not_kept: int = 0
    """Frames that came after a bound was reached. They are counted, and written where a file is written."""

    file: str = ""
    """The file that is being written, where there is one."""

    files: int = 0
    """Files made so far: more than one with -b."""

    written: int = 0
    written_bytes: int = 0

    way: str = ""
    """How frames are taken: `ring`, `socket` or `dumpcap`."""

    notes: list[Note] = field(default_factory=list)

    @property
    def lag(self) -> int:
        """How far the analysis is behind the wire, ns; 0 where nothing waits."""
        return max(self.newest - self.analysed_to, 0) if self.waiting and self.analysed_to else 0

    @property
    def lost(self) -> int:
        """Frames lost in all."""
        return self.dropped_by_kernel + self.dropped_by_queue

    @property
    def fill(self) -> float:
        """How full the fullest bound is, from 0 to 1."""
        span = (self.newest - self.kept_since) / 1e9 if self.kept else 0
        pairs = ((self.kept, self.most_packets), (self.kept_bytes, self.most_bytes), (span, self.most_seconds))
        return 1.0 if self.not_kept else min(max((value / most for value, most in pairs if most), default=0.0), 1.0)

    def note(self, key: str, grave: bool = False, **details: object) -> None:
        """Add a note."""
        self.notes.append(Note(key, details, grave))
