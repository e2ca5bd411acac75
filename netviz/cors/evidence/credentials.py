"""The credentials mode, which no packet states: what it is inferred from, and how surely (R71).

Each inference names the packet that it rests on. Signs of one request come before signs of its connection: requests
with and without credentials never share a connection in a browser that splits them, so one tells of its neighbours.
"""

from collections.abc import Iterable
from typing import Final, Literal, NamedTuple

from netviz.cors.browser import names_storage_access
from netviz.cors.evidence.outcome import Reading, Step
from netviz.cors.evidence.seen import Seen
from netviz.cors.request.safelist import SAFE_METHODS
from netviz.cors.verdict import UNKNOWN_CREDENTIALS, Credentials

_SUBRESOURCES: Final = frozenset({"image", "style"})


class Inference(NamedTuple):
    """One sign of the credentials mode."""

    include: bool
    sign: str
    """Key: `cookie`, `request-followed`, `never-followed`, `connection` ..."""

    confidence: Literal["certain", "high", "low"]
    seen: Seen | None = None
    """The exchange that shows it."""

    header: str | None = None
    """The header that shows it, in lower case."""


def credentials_of(inference: Inference | None) -> Credentials:
    """As the verdict reports it."""
    if inference is None:
        return UNKNOWN_CREDENTIALS
    return Credentials("include" if inference.include else "omit", (inference.sign,), inference.confidence)


def infer(steps: list[Step], readings: tuple[Reading, Reading], ended: bool) -> Inference | None:
    """What a chain itself tells: its headers, then which reading its own traffic contradicts.

    `readings` are (without credentials, with). `ended`: no further packet will come.
    """
    shown = _shown(steps)
    if shown is not None:
        return shown
    omit, include = readings
    if include.is_contradicted and not omit.is_contradicted:
        return Inference(False, "request-followed", "high", steps[-1].seen)
    if ended and omit.condition == "request-not-seen" and include.word == "blocked" and not _is_forced(steps[-1].seen):
        return Inference(True, "never-followed", "high", steps[-1].seen)
    return None


def _is_forced(preflight: Seen) -> bool:
    # R19: asked for by neither method nor header. A streamed body then fails by itself where HTTP/1.1 is all there is.
    asked = preflight.asked
    return asked is not None and asked.method in SAFE_METHODS and not asked.names


def _shown(steps: list[Step]) -> Inference | None:
    preflight: Seen | None = None
    for step in steps:
        seen = step.seen
        if seen.is_preflight:
            preflight = seen
            continue
        if not step.is_checked:
            continue
        if seen.signs.has_cookie:
            return Inference(True, "cookie", "certain", seen, "cookie")
        marked = marks_credentials(seen)
        if marked:
            return Inference(True, "storage-access", "certain", seen, "sec-fetch-storage-access")
        if marked is False:
            return Inference(False, "no-storage-access", "high", seen, "sec-fetch-site")
        if seen.fields.value("sec-fetch-dest") == "font":
            return Inference(False, "font", "high", seen, "sec-fetch-dest")
        if "authorization" in seen.fields and _is_unasked(preflight, "authorization"):
            return Inference(True, "authorization-unasked", "certain", seen, "authorization")
    return None


def marks_credentials(seen: Seen) -> bool | None:
    """Whether Sec-Fetch-Storage-Access says that credentials are included; None where it says nothing.

    It stands on cross-site requests to trustworthy URLs, exactly on those whose credentials mode is include.
    """
    site = seen.signs.fetch_site
    if site is not None and "sec-fetch-storage-access" in seen.fields:
        return True
    if site != "cross-site" or seen.is_preflight:
        return None
    return False if names_storage_access(seen.fields.value("user-agent")) else None


def _is_unasked(preflight: Seen | None, name: str) -> bool:
    return preflight is not None and preflight.asked is not None and name not in preflight.asked.names


class _Kept(NamedTuple):
    include: bool
    seen: Seen | None
    is_mixed: bool = False


class ConnectionClasses:
    """For each connection whether its requests carry credentials, as far as one of them shows it."""

    def __init__(self) -> None:
        self._kept: dict[int, _Kept] = {}

    def look(self, seen: Seen) -> None:
        """Take what one exchange shows by itself."""
        shown = shows_credentials(seen)
        if shown is not None:
            self.mark(seen.connection, shown, seen)

    def mark(self, connection: int, include: bool, seen: Seen | None) -> None:
        """Say that an exchange on a connection was sent with credentials, or without; `seen` is the proof."""
        kept = self._kept.get(connection)
        if kept is None:
            self._kept[connection] = _Kept(include, seen)
        elif kept.include != include and not kept.is_mixed:
            self._kept[connection] = kept._replace(is_mixed=True)

    def include(self, connection: int) -> bool | None:
        """Whether requests of a connection carry credentials; None where none tells, or they disagree."""
        kept = self._kept.get(connection)
        return kept.include if kept is not None and not kept.is_mixed else None

    def agreed(self, connections: Iterable[int]) -> bool | None:
        """The same for several connections."""
        told = {include for include in map(self.include, connections) if include is not None}
        return told.pop() if len(told) == 1 else None

    def infer(self, steps: list[Step]) -> Inference | None:
        """What the connections of a chain's requests tell; None where none tells, or they disagree."""
        found: Inference | None = None
        for step in steps:
            if step.seen.is_preflight or not step.is_checked:
                continue
            kept = self._kept.get(step.seen.connection)
            if kept is None or kept.is_mixed:
                continue
            if found is not None and found.include != kept.include:
                return None
            found = found or Inference(kept.include, "connection", "high", kept.seen)
        return found


def shows_credentials(seen: Seen) -> bool | None:
    """Whether an exchange alone shows that it was sent with credentials, or without."""
    signs, word = seen.signs, seen.mode.word
    if seen.is_preflight:
        return False
    if word == "navigate" or signs.has_cookie:
        return True
    if signs.fetch_site is not None:
        if seen.origin is None and signs.fetch_mode == "no-cors" and seen.fields.value("sec-fetch-dest") != "empty":
            return True
        return marks_credentials(seen)
    if seen.origin is not None or not seen.is_browser or word in ("websocket", "none"):
        return None
    # An element's load without `crossorigin` always carries credentials.
    return True if signs.accepts in _SUBRESOURCES else None
