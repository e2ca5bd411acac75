"""The cookies of each client over time, put together from what its requests and their responses show.

A cookie is a chain of versions, each with the packets at which it began and ended, so the jar can be looked at as of
any packet. What was set before the capture, or by a script, shows first in a request: its attributes are not known.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from netviz.http.cookie_rules import Sending, Why, default_path, refusal, sending_of, why_not
from netviz.http.cookies import CookiePair, SetCookie, sent_cookies, set_cookies
from netviz.http.exchange import Head
from netviz.model.evidence import Evidence

Kind = Literal["set", "changed", "renewed", "deleted", "delete-unknown", "refused", "appeared", "altered", "expired"]
"""What happened to a cookie. `appeared`: a request has it that no response set; `altered`: its value is another one than
was set; `renewed`: set again with the same value."""


class Use(NamedTuple):
    """A request that a cookie went with."""

    exchange: int
    row: int
    at: Evidence


@dataclass(slots=True, eq=False)
class Version:
    """A cookie between two changes."""

    client: str
    host: str
    name: str
    value: str
    path: str
    set_by: SetCookie | None
    """None: known from a request only."""

    exchange: int
    row: int
    """Row of the packet with which it was known."""

    at: Evidence
    time: int
    ended_row: int | None = None
    ended_by: Kind | None = None
    uses: list[Use] = field(default_factory=list)

    @property
    def domain(self) -> str:
        """Hosts it is for: a domain with its subdomains (leading dot), or one host."""
        return f".{self.set_by.domain}" if self.set_by is not None and self.set_by.domain else self.host

    def expired(self, time: int) -> bool:
        """Whether it is over at a time in nanoseconds."""
        expires = self.set_by.expires if self.set_by is not None else None
        return expires is not None and expires <= time // 1_000_000_000


class Event(NamedTuple):
    """Something that happened to a cookie, with its packet."""

    kind: Kind
    row: int
    time: int
    exchange: int
    version: Version
    before: Version | None
    reason: str
    """Why it was refused, `http.cookie.*`."""

    at: Evidence


class Judged(NamedTuple):
    """A cookie of the jar and one request."""

    version: Version
    sent: bool
    why: Why | None
    """The rule by which it stays behind; None where every rule that can be judged lets it pass."""


class Jar:
    """All cookies seen. Messages are given in the order of their rows."""

    def __init__(self, most_versions: int) -> None:
        self._most = most_versions
        self._current: dict[tuple[str, str], dict[tuple[str, str], Version]] = {}
        """(client, name) -> (domain, path) -> the version that is in the jar."""
        self._ending: dict[str, list[Version]] = {}
        """Client -> versions that are to expire."""
        self.versions: list[Version] = []
        self.events: list[Event] = []
        self.full = False
        """The bound was reached: later cookies are not kept."""

    def asked(self, client: str, head: Head, exchange: int, row: int, time: int) -> None:
        """A request: its cookies are used, or turn out to be there."""
        sending = sending_of(head)
        ending = self._ending.get(client, [])
        for version in [each for each in ending if each.expired(time)]:
            ending.remove(version)
            if version.ended_row is None:
                self._end(version, "expired", row, time, exchange, version.at)
        for pair in sent_cookies(head):
            self._sent(client, sending, pair, (exchange, row, time))

    def answered(self, client: str, request: Head | None, head: Head, exchange: int, row: int, time: int) -> None:
        """A response: what it sets, changes and deletes. Without its request the host is not known, so nothing is kept."""
        if request is None:
            return
        sending = sending_of(request)
        for cookie in set_cookies(head, time):
            self._set(client, sending, cookie, (exchange, row, time))

    def at(self, row: int, client: str | None = None) -> list[Version]:
        """Cookies that are in the jar after the packet of a row, oldest first."""
        return [
            each
            for each in self.versions
            if each.row <= row
            and (each.ended_row is None or each.ended_row > row)
            and (client is None or each.client == client)
        ]

    def events_between(self, first_row: int, last_row: int) -> list[Event]:
        """What happened from one row to another, both with it, in order."""
        begin = bisect_left(self.events, first_row, key=lambda event: event.row)
        return self.events[begin : bisect_right(self.events, last_row, key=lambda event: event.row)]

    def judged(self, client: str, head: Head, row: int, time: int) -> list[Judged]:
        """Every cookie that the client had before a request, and whether and why (not) it went along."""
        sending = sending_of(head)
        names = {(pair.name, pair.value) for pair in sent_cookies(head)}
        found = []
        # An expired cookie leaves the jar with the very request that finds it so: that one is judged too.
        over = [each for each in self.versions if each.ended_by == "expired" and each.ended_row == row]
        for version in [*self.at(row, client), *(each for each in over if each.client == client)]:
            if version.set_by is None and version.host != sending.host:
                continue
            sent = (version.name, version.value) in names
            why = self._why(version, sending, time)
            found.append(Judged(version, sent, why))
        return found

    def _why(self, version: Version, sending: Sending, time: int) -> Why | None:
        if version.set_by is None:
            return None
        return why_not(version.set_by, version.host, version.path, sending, time)

    def _of(self, client: str, name: str) -> dict[tuple[str, str], Version]:
        return self._current.setdefault((client, name), {})

    def _sent(self, client: str, sending: Sending, pair: CookiePair, where: tuple[int, int, int]) -> None:
        exchange, row, time = where
        fitting = [
            each
            for each in self._of(client, pair.name).values()
            if (
                each.host == sending.host if each.set_by is None else self._why(each, sending, time) in (None, "secure")
            )
        ]
        same = [each for each in fitting if each.value == pair.value]
        if same:
            same[0].uses.append(Use(exchange, row, pair.at))
            return
        version = Version(client, sending.host, pair.name, pair.value, "", None, exchange, row, pair.at, time)
        version.uses.append(Use(exchange, row, pair.at))
        before = fitting[0] if fitting else None
        if before is not None:
            self._replace(before, version, "altered", where)
        elif self._keep(version):
            self.events.append(Event("appeared", row, time, exchange, version, None, "", pair.at))

    def _set(self, client: str, sending: Sending, cookie: SetCookie, where: tuple[int, int, int]) -> None:
        exchange, row, time = where
        path = cookie.path or default_path(sending.path)
        version = Version(client, sending.host, cookie.name, cookie.value, path, cookie, exchange, row, cookie.at, time)
        reason = refusal(cookie, sending)
        if len(self.events) >= 2 * self._most:
            self.full = True
        elif reason:
            self.events.append(Event("refused", row, time, exchange, version, None, reason, cookie.at))
        else:
            self._store(version, cookie, where)

    def _store(self, version: Version, cookie: SetCookie, where: tuple[int, int, int]) -> None:
        exchange, row, time = where
        known = self._of(version.client, cookie.name)
        before = known.get(_key(version)) or known.get((version.host, ""))
        if cookie.lifetime == "deleted":
            if before is None:
                self.events.append(Event("delete-unknown", row, time, exchange, version, None, "", cookie.at))
            else:
                self._end(before, "deleted", row, time, exchange, cookie.at)
        elif before is None:
            if self._keep(version):
                self.events.append(Event("set", row, time, exchange, version, None, "", cookie.at))
        else:
            self._replace(before, version, "renewed" if before.value == version.value else "changed", where)

    def _replace(self, before: Version, after: Version, kind: Kind, where: tuple[int, int, int]) -> None:
        exchange, row, time = where
        if len(self.versions) >= self._most:
            self.full = True
            return
        self._leave(before, kind, row)
        self._keep(after)
        self.events.append(Event(kind, row, time, exchange, after, before, "", after.at))

    def _end(self, version: Version, kind: Kind, row: int, time: int, exchange: int, at: Evidence) -> None:
        self._leave(version, kind, row)
        self.events.append(Event(kind, row, time, exchange, version, version, "", at))

    def _leave(self, version: Version, kind: Kind, row: int) -> None:
        version.ended_row, version.ended_by = row, kind
        self._of(version.client, version.name).pop(_key(version), None)

    def _keep(self, version: Version) -> bool:
        if len(self.versions) >= self._most:
            self.full = True
            return False
        self.versions.append(version)
        self._of(version.client, version.name)[_key(version)] = version
        if version.set_by is not None and version.set_by.expires is not None:
            self._ending.setdefault(version.client, []).append(version)
        return True


def _key(version: Version) -> tuple[str, str]:
    """RFC 6265bis 5.7: cookies of one name are told apart by domain and path."""
    return version.domain, version.path
