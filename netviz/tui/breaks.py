"""Where playing stops by itself: kinds of events that are armed, and packets that were chosen. Values only."""

from dataclasses import dataclass
from typing import Final, NamedTuple

from netviz.pipeline.occurrences import Occurrences
from netviz.tui.scene import Scene

BREAK_KINDS: Final = ("syn", "rst", "retransmission", "error-status", "blocked", "broken")
"""Kinds that can be armed; `screen.break.<kind>` has the words."""


class Stop(NamedTuple):
    """Where playing stops, and why: a kind, or `packet`."""

    packet: int
    kind: str


@dataclass(frozen=True, slots=True)
class Breaks:
    """What is armed."""

    kinds: frozenset[str] = frozenset()
    packets: frozenset[int] = frozenset()

    def with_kind(self, kind: str) -> "Breaks":
        """A kind armed, or no longer."""
        return Breaks(self.kinds ^ {kind}, self.packets)

    def with_packet(self, packet: int) -> "Breaks":
        """A packet chosen, or no longer."""
        return Breaks(self.kinds, self.packets ^ {packet})

    def first(self, scene: Scene, occurrences: Occurrences, after: int, until: int) -> Stop | None:
        """The first stop after one packet and not after another."""
        found = [Stop(packet, "packet") for packet in self.packets if after < packet <= until]
        for kind in sorted(self.kinds):
            packet = blocked_after(scene, after, until) if kind == "blocked" else occurrences.after(kind, after, until)
            if packet is not None:
                found.append(Stop(packet, kind))
        return min(found, default=None)


def blocked_packets(scene: Scene) -> list[int]:
    """Packets with which the browser's verdict became `blocked`, as far as the rules have been applied."""
    return sorted(
        fetch.decided_at for fetch in scene.fetches or () if fetch.verdict == "blocked" and fetch.decided_at is not None
    )


def blocked_after(scene: Scene, after: int, until: int) -> int | None:
    """The first packet of a blocked verdict after one packet and not after another."""
    return next((packet for packet in blocked_packets(scene) if after < packet <= until), None)
