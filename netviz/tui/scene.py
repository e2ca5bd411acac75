"""Everything that a view is drawn from, in one value: the store as of a moment, the language, the look. No widget."""

from bisect import bisect_right
from dataclasses import dataclass, replace
from typing import Final

from netviz.cors.terms import Browser
from netviz.cors.verdict import Fetch
from netviz.explain import words
from netviz.explain.words import Language
from netviz.model.layers import Dissection
from netviz.model.osi import place_of
from netviz.pipeline.store import Store
from netviz.pipeline.times import TimeForm
from netviz.tui.compared import Compared
from netviz.tui.keys import KEYS, KeyRow
from netviz.tui.moment import Choice, Moment
from netviz.tui.shown import Shown
from netviz.tui.sought import Sought
from netviz.tui.theme import Glyphs, Palette

SLIDE_FRAMES: Final = 4
"""Pictures in which a header slides to its place."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What is drawn. Two equal scenes over a store that has not grown look the same."""

    store: Store
    moment: Moment
    choice: Choice
    language: Language
    palette: Palette
    glyphs: Glyphs
    frame: bytes = b""
    """Captured bytes of the selected packet."""

    dissection: Dissection | None = None
    """The selected packet taken apart; None while that is being done."""

    step: int = 0
    """How far the packet has come through the layers."""

    slide: int = SLIDE_FRAMES
    """How far the header of this step has slid to its place, up to SLIDE_FRAMES, which is at rest."""

    browser: Browser = "chromium"
    fetches: tuple[Fetch, ...] | None = None
    """What the CORS rules made of the exchanges; None while that is being worked out."""

    version: int = 0
    shown: Shown | None = None
    """What the display filter leaves in sight; None while there is no filter."""

    sought: Sought | None = None
    """What is searched for; None while nothing is."""

    columns: tuple[str, ...] = ()
    """The packet list's columns; empty for those that fit."""

    time_form: TimeForm = "relative"
    """How the packet list writes times."""

    marks: frozenset[int] = frozenset()
    """Packets that the user has marked."""

    secrets: bool = False
    """Cookies, tokens and passwords are shown in clear; covered until the user asks."""

    absolute: bool = False
    """Sequence numbers are shown as they are on the wire; counted from 0 until the user asks."""

    meanings: bool = True
    """Each header field is followed by what it is for."""

    compared: Compared | None = None
    """The packet before from the same sender, where the selected one is compared with it."""

    keys: tuple[KeyRow, ...] = KEYS
    """The table of keys, with those that the user has put in the place of others."""

    present: bool = False
    """Drawn for a class: few and large."""

    def say(self, key: str, **details: object) -> str:
        """A label of the screen in the user's language."""
        return words.say(f"screen.{key}", self.language, **details)

    def word(self, key: str, otherwise: str, **details: object) -> str:
        """A sentence of any table, or `otherwise` (a protocol's own name) where no table has it."""
        if not words.has(key):
            return otherwise
        try:
            return words.say(key, self.language, **details)
        except (KeyError, IndexError, ValueError):
            return otherwise

    @property
    def total(self) -> int:
        """Packets that have come so far."""
        return len(self.store.packets)

    @property
    def row(self) -> int | None:
        """Row of the selected packet, None while there is none."""
        return self.moment.selected - 1 if 0 < self.moment.selected <= self.total else None

    def layer_colour(self, protocol: str) -> str:
        """Colour of the layer a protocol belongs to."""
        place = place_of(protocol)
        return self.palette.layer(place.osi if place else None)

    def known_fetches(self) -> tuple[Fetch, ...]:
        """Fetches of which anything was known at the present position."""
        fetches = self.fetches or ()
        known = self.store.exchange_count(self.moment.as_of)
        # They come in the order of their first exchanges.
        return fetches[: bisect_right(fetches, known, key=lambda fetch: min(fetch.exchanges))]

    def with_moment(self, moment: Moment) -> "Scene":
        """The same at another moment."""
        return replace(self, moment=moment)
