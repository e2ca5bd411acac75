"""Whether an answer may be kept and how long it is fresh: RFC 9111 sections 3 and 4, at the packet's time.

From one request and its response alone; there is no cache here. Ages and lifetimes in seconds.
"""

import re
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from netviz.http.cookies import cookie_date
from netviz.http.exchange import Head
from netviz.model.evidence import Evidence

Source = Literal["s-maxage", "max-age", "expires", "heuristic", "none"]
"""Which field says how long the answer is fresh; `none`: nothing does."""

Storing = Literal["stored", "private", "no-store", "not-cacheable", "authorization"]

_DIRECTIVE: Final = re.compile(r'\s*([!#$%&\'*+\-.^_`|~0-9A-Za-z]+)\s*(?:=\s*("(?:[^"\\]|\\.)*"|[^,]*))?\s*(?:,|$)')
_DIGITS: Final = re.compile(r"[0-9]+")
_MOST_SECONDS: Final = 1 << 31
"""RFC 9111 1.2.2: a larger number counts as this."""

HEURISTIC: Final = frozenset((200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501))
"""Statuses that may be kept where nothing says how long (RFC 9110 15.1)."""

_FRACTION: Final = 10
"""RFC 9111 4.2.2: a tenth of the time since Last-Modified is typical."""


@dataclass(frozen=True, slots=True)
class Freshness:
    """What a cache that receives this answer may do with it."""

    storing: Storing
    """`stored`: any cache may; `private`: only the browser's own; else why none may."""

    source: Source
    lifetime: int | None
    """Seconds that it is fresh, from when the server made it; None where nothing says."""

    age: int
    """Seconds old on arrival (RFC 9111 4.2.3): the larger of Age and the packet's time minus Date."""

    must_ask: bool
    """no-cache: kept, but each use asks the server first."""

    must_revalidate: bool
    etag: str | None
    last_modified: str | None
    vary: str | None
    at: Evidence | None
    """The field that `source` is about."""

    @property
    def fresh_for(self) -> int | None:
        """Seconds left at the packet's time; 0 or less: stale on arrival. None where nothing says."""
        return None if self.lifetime is None else self.lifetime - self.age


class Condition(NamedTuple):
    """A condition that a request carries."""

    name: str
    """`If-None-Match` and its like."""

    value: str
    at: Evidence


CONDITIONS: Final = ("If-None-Match", "If-Modified-Since", "If-Match", "If-Unmodified-Since", "If-Range")


def conditions(request: Head) -> list[Condition]:
    """Conditions of a request, in the order of `CONDITIONS` (RFC 9110 section 13.1)."""
    return [Condition(name, each.value, each.value_at) for name in CONDITIONS for each in request.get_all(name)]


def directives(head: Head) -> dict[str, str]:
    """Cache-Control's directives in lower case, each with its argument, quotes off; the first of equal names counts."""
    found: dict[str, str] = {}
    for header in head.get_all("Cache-Control"):
        for name, argument in _DIRECTIVE.findall(header.value):
            found.setdefault(name.lower(), argument.strip().strip('"'))
    return found


def freshness(request: Head | None, response: Head, time: int) -> Freshness:
    """How long an answer is fresh. `time`: of the packet that brought it, in nanoseconds since the epoch."""
    given = directives(response)
    lifetime, source, at = _lifetime(response, given, time)
    return Freshness(
        _storing(request, response, given, lifetime),
        source,
        lifetime,
        _age(response, time),
        "no-cache" in given or ("no-cache" in (response.get("Pragma") or "") and not given),
        "must-revalidate" in given,
        response.get("ETag"),
        response.get("Last-Modified"),
        response.get("Vary"),
        at,
    )


def same_version(sent: str, etag: str) -> bool:
    """Whether an If-None-Match value names this entity tag, by weak comparison (RFC 9110 8.8.3.2)."""
    wanted = etag.removeprefix("W/")
    return sent.strip() == "*" or any(tag.strip().removeprefix("W/") == wanted for tag in sent.split(","))


def _seconds(text: str | None) -> int | None:
    found = _DIGITS.fullmatch(text.strip()) if text is not None else None
    return min(int(found[0][:12]), _MOST_SECONDS) if found else None


def _first_at(head: Head, name: str) -> Evidence | None:
    headers = head.get_all(name)
    return headers[0].value_at if headers else None


def _lifetime(response: Head, given: dict[str, str], time: int) -> tuple[int | None, Source, Evidence | None]:
    """RFC 9111 4.2.1, as a browser's own (private) cache reads it."""
    age = _seconds(given.get("max-age"))
    if age is not None:
        return age, "max-age", _first_at(response, "Cache-Control")
    made = cookie_date(response.get("Date") or "")
    made = made if made is not None else time // 1_000_000_000
    if response.get_all("Expires"):
        until = cookie_date(response.get_all("Expires")[0].value)
        # What is no date, like `0` and `-1`, has expired (RFC 9111 5.3).
        return (max(until - made, 0) if until is not None else 0), "expires", _first_at(response, "Expires")
    changed = cookie_date(response.get("Last-Modified") or "")
    if changed is not None and changed < made and response.status in HEURISTIC:
        return (made - changed) // _FRACTION, "heuristic", _first_at(response, "Last-Modified")
    return None, "none", None


def _age(response: Head, time: int) -> int:
    """RFC 9111 4.2.3 without a response delay, which one capture point does not have."""
    made = cookie_date(response.get("Date") or "")
    apparent = max(time // 1_000_000_000 - made, 0) if made is not None else 0
    return max(_seconds(response.get("Age")) or 0, apparent)


def _storing(request: Head | None, response: Head, given: dict[str, str], lifetime: int | None) -> Storing:
    """RFC 9111 section 3."""
    if "no-store" in given or (request is not None and "no-store" in directives(request)):
        return "no-store"
    if request is not None and request.method not in ("GET", "HEAD"):
        return "not-cacheable"
    if lifetime is None and response.status not in HEURISTIC and "public" not in given:
        return "not-cacheable"
    if "private" in given:
        return "private"
    shared = {"public", "must-revalidate", "s-maxage"} & given.keys()
    if request is not None and request.get_all("Authorization") and not shared:
        return "authorization"
    return "stored"
