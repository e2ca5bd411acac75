"""Where browsers differ in their verdict on one fetch: the same packets, read by another profile (R33, R36)."""

from collections.abc import Mapping, Sequence
from typing import Final

from netviz.cors.terms import Browser, Word
from netviz.cors.verdict import Fetch

_DECIDED: Final = frozenset({"allowed", "blocked"})
"""Only these are a browser's doing; that packets tell more of one browser than of another is none."""


def differing_verdicts(
    fetches: Mapping[Browser, Sequence[Fetch]], browser: Browser
) -> dict[int, list[tuple[Browser, Word, str | None]]]:
    """Number of a fetch in `browser` -> (other browser, verdict, code) where both decide, and differ."""
    found: dict[int, list[tuple[Browser, Word, str | None]]] = {}
    own = {fetch.exchanges[0]: fetch for fetch in fetches[browser]}
    for name, others in fetches.items():
        for other in others if name != browser else ():
            fetch = own.get(other.exchanges[0])
            if fetch is None or not {fetch.verdict, other.verdict} <= _DECIDED or fetch.verdict == other.verdict:
                continue
            found.setdefault(fetch.id, []).append((name, other.verdict, other.code))
    return found
