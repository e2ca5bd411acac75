"""What other fetches of a capture tell about one: who the pages are, which origins a server was seen to allow.

Gathered while fetches are written down, asked for later. Knows Seen and nothing of findings.
"""

from dataclasses import dataclass, field
from typing import Final

from netviz.cors.evidence.seen import Seen
from netviz.cors.terms import Browser

_ORIGINS_KEPT: Final = 16
_PAGES_KEPT: Final = 4096


@dataclass(frozen=True, slots=True)
class Page:
    """A document that was loaded."""

    address: str
    """Of the server that sent it."""

    embedder_policy: str | None
    """Cross-Origin-Embedder-Policy."""


@dataclass(slots=True)
class Surroundings:
    """One for a whole judgement; every fetch of it refers to it."""

    browser: Browser = "chromium"
    pages: dict[str, Page] = field(default_factory=dict)
    """By origin; the newest document of each."""

    reflected: dict[str, set[str]] = field(default_factory=dict)
    """Target's origin -> Origins that it sent back in Access-Control-Allow-Origin."""

    allowing: set[str] = field(default_factory=set)
    """Origins of targets that sent Access-Control-Allow-Origin with a status below 400."""

    def look_at_page(self, seen: Seen) -> None:
        """Note a document."""
        if seen.exchange.response is None or len(self.pages) >= _PAGES_KEPT:
            return
        policy = seen.response.value("cross-origin-embedder-policy")
        self.pages[seen.target_origin] = Page(seen.exchange.server, policy)

    def look_at_answer(self, seen: Seen) -> None:
        """Note which origin an answer allows."""
        if seen.exchange.response is None:
            return
        allowed = seen.response.value("access-control-allow-origin")
        if allowed is None:
            return
        if seen.status < 400:
            self.allowing.add(seen.target_origin)
        if allowed == seen.origin:
            origins = self.reflected.setdefault(seen.target_origin, set())
            if len(origins) < _ORIGINS_KEPT:
                origins.add(allowed)
