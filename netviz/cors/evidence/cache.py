"""The preflight cache (Fetch 4.9; R36 to R39): which request went without a preflight, by an earlier answer.

Times are nanoseconds of packets; nothing here has a clock.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from netviz.cors.answer.answer import listed
from netviz.cors.answer.preflight import AUTHORIZATION
from netviz.cors.browser import DEFAULT_MAX_AGE, Profile
from netviz.cors.evidence.seen import Seen
from netviz.cors.request.safelist import SAFE_METHODS

Why = Literal["covered", "never-asked", "expired", "not-covered"]
_SECOND: Final = 1_000_000_000
_LONGEST_NUMBER: Final = 18


def max_age_of(value: str | None, profile: Profile) -> int:
    """Seconds for which a preflight's answer is kept, from its Access-Control-Max-Age (R36)."""
    seconds = declared_age(value) if value is not None else None
    if seconds is None:
        return DEFAULT_MAX_AGE
    if seconds < 0:
        return profile.negative_max_age
    return seconds if profile.max_age_cap is None else min(seconds, profile.max_age_cap)


def declared_age(value: str) -> int | None:
    """Seconds that an Access-Control-Max-Age says; None where it is no number."""
    sign, digits = (value[0], value[1:]) if value[:1] in ("-", "+") else ("", value)
    if not (digits.isascii() and digits.isdigit()) or len(digits) > _LONGEST_NUMBER:
        return None
    return -int(digits) if sign == "-" else int(digits)


@dataclass(frozen=True, slots=True)
class Entry:
    """One preflight's answer as the browser keeps it."""

    preflight: Seen
    max_age: int
    """Seconds, the cap applied."""

    expires: int
    """Nanoseconds since the epoch."""

    methods: frozenset[str]
    headers: frozenset[str]
    include: bool | None
    """Made for a request with credentials; None: not known."""

    def covers(self, method: str, names: Iterable[str]) -> bool:
        """Whether a request may go by this answer."""
        wild = self.include is not True
        if method not in SAFE_METHODS and method not in self.methods and not (wild and "*" in self.methods):
            return False
        any_header = wild and "*" in self.headers
        return all(name in self.headers or (any_header and name != AUTHORIZATION) for name in names)


class Found(NamedTuple):
    """Whether an earlier answer covers a request, and if none does, why not."""

    why: Why
    entry: Entry | None = None


class PreflightCache:
    """Answers kept by client address, page origin and URL, query included (R37)."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._entries: dict[tuple[str, str | None, str], list[Entry]] = {}

    def keep(self, preflight: Seen, include: bool | None) -> Entry | None:
        """Keep the answer of a preflight that passed; None where it may not be kept."""
        time = preflight.exchange.response_time
        if time is None or preflight.exchange.response is None:
            return None
        value = preflight.response.value
        age = max_age_of(value("access-control-max-age"), self._profile)
        entry = Entry(
            preflight,
            age,
            time + age * _SECOND,
            frozenset(listed(value("access-control-allow-methods"))),
            frozenset(name.lower() for name in listed(value("access-control-allow-headers"))),
            include,
        )
        self._entries.setdefault((preflight.client, preflight.origin, preflight.key), []).append(entry)
        return entry

    def find(self, seen: Seen, names: Iterable[str]) -> Found:
        """The newest answer by which a request may have gone without a preflight of its own."""
        time = seen.exchange.request_time
        known = self._entries.get((seen.client, seen.origin, seen.key), [])
        earlier = [entry for entry in known if (entry.preflight.answered_row or 0) < seen.first_row]
        if not earlier or time is None:
            return Found("never-asked")
        wanted = tuple(names)
        fresh = [entry for entry in earlier if time < entry.expires]
        if not fresh:
            return Found("expired", earlier[-1])
        for entry in reversed(fresh):
            if entry.covers(seen.method, wanted):
                return Found("covered", entry)
        return Found("not-covered", fresh[-1])

    def drop(self, seen: Seen) -> None:
        """R39: a preflighted request that ended in an error empties the entries for its URL, in some browsers."""
        if self._profile.forgets_on_error:
            self._entries.pop((seen.client, seen.origin, seen.key), None)
