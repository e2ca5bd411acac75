"""Where the user is: as of which packet everything is drawn, which packet is selected, and which of its bytes are lit.

Values only. Every view is a function of these and of the store, so stepping back needs no undoing.
"""

from dataclasses import dataclass, field, replace

from netviz.model.evidence import Span


@dataclass(frozen=True, slots=True)
class Moment:
    """Packet numbers, from 1; 0 while there is no packet."""

    as_of: int = 0
    """Playback position: nothing that later packets tell is shown."""

    selected: int = 0
    lit: Span | None = None
    """Bytes of the selected packet that are lit."""

    def select(self, packet: int, lit: Span | None = None) -> "Moment":
        """Another packet selected; the position follows where that packet lies after it."""
        return replace(self, selected=packet, lit=lit, as_of=max(self.as_of, packet))

    def go(self, packet: int) -> "Moment":
        """The position moved, and its packet selected: what a step does."""
        return Moment(packet, packet)


@dataclass(frozen=True, slots=True)
class Choice:
    """What is looked at besides the packet. None: nothing yet."""

    connection: int | None = None
    exchange: int | None = None
    fetch: int | None = None
    conversation: int | None = None
    """Of UDP; where one is looked at, it stands in the place of the connection."""


@dataclass(frozen=True, slots=True)
class Place:
    """A stop on the way, to come back to."""

    view: int
    moment: Moment
    choice: Choice


@dataclass(slots=True)
class Trail:
    """The places that were left by following a link, newest last, and those that were come back from."""

    places: list[Place] = field(default_factory=list)
    longest: int = 100
    ahead: list[Place] = field(default_factory=list)
    """Where forward leads, the nearest last."""

    def leave(self, place: Place) -> None:
        """Remember a place before going elsewhere; from there nothing is ahead."""
        self.ahead.clear()
        if not self.places or self.places[-1] != place:
            self.places.append(place)
            del self.places[: -self.longest]

    def back(self, here: Place) -> Place | None:
        """The place that was left last, or None; forward then leads here again."""
        return _exchanged(self.places, self.ahead, here)

    def forward(self, here: Place) -> Place | None:
        """The place that was come back from last, or None."""
        return _exchanged(self.ahead, self.places, here)


def _exchanged(whence: list[Place], to: list[Place], here: Place) -> Place | None:
    while whence:
        place = whence.pop()
        if place != here:
            to.append(here)
            return place
    return None
