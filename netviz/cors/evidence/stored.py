"""What the browser's HTTP cache held when a server answered 304: the stored response's headers count then (R48).

Knows only what this capture shows, and keeps of each response only what a later check can need.
"""

from typing import Final, NamedTuple

from netviz.cors.evidence.seen import Seen

_MAY_BE_CHECKED: Final = frozenset({"cors", "no-cors", "quiet"})
"""Modes of requests whose stored response a later CORS request can use: it comes from another origin, or may do so."""


class Stored(NamedTuple):
    """A response that a later 304 can confirm."""

    row: int
    """Row of the packet with which its head was complete."""

    allow_origin: str | None
    allow_credentials: str | None
    expose_headers: str | None
    names: tuple[str, ...]


class StoredResponses:
    """Answers 200 to GET that carry a validator, by client address and URL, in the order of their requests."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], list[Stored]] = {}

    def look(self, seen: Seen) -> None:
        """Keep what a browser may store of an exchange."""
        stored = stored_of(seen)
        if stored is not None:
            self.keep(seen.client, seen.key, stored)

    def keep(self, client: str, url: str, stored: Stored) -> None:
        """Keep a response. One that says the same as the one before it, and came later, need not be kept again."""
        kept = self._kept.setdefault((client, url), [])
        if not kept or kept[-1].row > stored.row or kept[-1][1:] != stored[1:]:
            kept.append(stored)

    def before(self, seen: Seen) -> Stored | None:
        """The newest stored response that a 304 can confirm; None where the capture has none."""
        earlier = [stored for stored in self._kept.get((seen.client, seen.key), ()) if stored.row < seen.first_row]
        return earlier[-1] if earlier else None


def stored_of(seen: Seen) -> Stored | None:
    """What a browser may store of an exchange that a later CORS request can use; None where it may not."""
    if seen.status != 200 or seen.method != "GET" or seen.mode.word not in _MAY_BE_CHECKED:
        return None
    fields, value = seen.response, seen.response.value
    if "etag" not in fields and "last-modified" not in fields:
        return None
    return Stored(
        seen.answered_row or 0,
        value("access-control-allow-origin"),
        value("access-control-allow-credentials"),
        value("access-control-expose-headers"),
        fields.names(),
    )
