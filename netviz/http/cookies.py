"""Cookie and Set-Cookie as a browser reads them: RFC 6265bis sections 5.4 to 5.6. Attributes are kept as sent.

What a browser would do is said from the packet's time and nothing else: it keeps no jar. Texts are as on the wire, and
values are secrets: `secrets.py` covers them.
"""

import re
from calendar import monthrange, timegm
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from netviz.http.exchange import Head
from netviz.model.evidence import Evidence

Lifetime = Literal["session", "persistent", "deleted"]
"""Until the browser ends its session; until a moment; removed at once (an expiry that is already over)."""

_SPACE: Final = " \t"
_MOST_NAME_AND_VALUE: Final = 4096
_MOST_ATTRIBUTE: Final = 1024
_CONTROL: Final = re.compile("[\x00-\x08\x0a-\x1f\x7f]")
_MAX_AGE: Final = re.compile(r"-?[0-9]+")
_LATEST: Final = 253402300799  # 9999-12-31T23:59:59Z
_SAME_SITE: Final = {"strict": "Strict", "lax": "Lax", "none": "None"}
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DATE_DELIMITERS: Final = re.compile(r"[\x09\x20-\x2f\x3b-\x40\x5b-\x60\x7b-\x7e]+")
_TIME: Final = re.compile(r"([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:[^0-9].*)?", re.DOTALL)
_DAY: Final = re.compile(r"([0-9]{1,2})(?:[^0-9].*)?", re.DOTALL)
_YEAR: Final = re.compile(r"([0-9]{2,4})(?:[^0-9].*)?", re.DOTALL)


class CookiePair(NamedTuple):
    """One cookie that a request carries."""

    name: str
    value: str
    at: Evidence
    """The Cookie field that has it."""


@dataclass(frozen=True, slots=True)
class SetCookie:
    """One Set-Cookie field."""

    name: str
    value: str
    attributes: tuple[tuple[str, str | None], ...]
    """All of them as sent, in order; None where one has no `=`."""

    lifetime: Lifetime
    expires: int | None
    """Seconds since the epoch, for a persistent or deleted cookie."""

    domain: str | None
    """Domain attribute, lower case, leading dot off; None: only the host that set it."""

    path: str | None
    """Path attribute; None: the directory of the request's path."""

    secure: bool
    http_only: bool
    same_site: str | None
    """`Strict`, `Lax`, `None` as text, or None where there is none: browsers then take Lax."""

    partitioned: bool
    refused: str
    """Key of why a browser ignores it: `too-long`, `control-character`, `no-name-and-value`, `prefix`; else empty."""

    at: Evidence


def sent_cookies(head: Head) -> list[CookiePair]:
    """Cookies of a request, in order (RFC 6265bis 5.8.3 read backwards). Without `=` it is a value without a name."""
    found = []
    for header in head.get_all("Cookie"):
        for part in header.value.split(";"):
            name, value = _pair(part)
            if name or value:
                found.append(CookiePair(name, value, header.value_at))
    return found


def set_cookies(head: Head, now: int) -> list[SetCookie]:
    """Cookies that a response sets, in order. `now`: the packet's time in nanoseconds since the epoch."""
    return [parse_set_cookie(header.value, now, header.value_at) for header in head.get_all("Set-Cookie")]


def parse_set_cookie(text: str, now: int, at: Evidence) -> SetCookie:
    """One Set-Cookie value, RFC 6265bis 5.6. Any text gives a cookie; `refused` says where a browser takes none."""
    pair, *rest = text.split(";")
    name, value = _pair(pair)
    attributes = tuple(_attribute(each) for each in rest if each.strip(_SPACE))
    used = {key.lower(): given for key, given in attributes if len(given or "") <= _MOST_ATTRIBUTE}
    lifetime, expires = _lifetime(attributes, now)
    domain = (used.get("domain") or "").lower().removeprefix(".") or None
    path = used.get("path") or ""
    secure = "secure" in used
    return SetCookie(
        name,
        value,
        attributes,
        lifetime,
        expires,
        domain,
        path if path.startswith("/") else None,
        secure,
        "httponly" in used,
        _SAME_SITE.get((used.get("samesite") or "").lower()),
        "partitioned" in used,
        _refused(text, name, value, (secure, domain, path)),
        at,
    )


def cookie_date(text: str) -> int | None:
    """A date as the algorithm of RFC 6265bis 5.1.1 reads it, in seconds since the epoch; None where it reads none."""
    time = day = month = year = None
    for token in _DATE_DELIMITERS.split(text):
        if time is None and (found := _TIME.fullmatch(token)):
            time = tuple(int(each) for each in found.groups())
        elif day is None and (found := _DAY.fullmatch(token)):
            day = int(found[1])
        elif month is None and token[:3].lower() in _MONTHS:
            month = _MONTHS.index(token[:3].lower()) + 1
        elif year is None and (found := _YEAR.fullmatch(token)):
            year = int(found[1])
    if time is None or day is None or month is None or year is None:
        return None
    year += 1900 if 70 <= year <= 99 else 2000 if year <= 69 else 0
    hour, minute, second = time
    if not (year >= 1601 and 1 <= day <= monthrange(year, month)[1] and hour <= 23 and minute <= 59 and second <= 59):
        return None
    return timegm((year, month, day, hour, minute, second, 0, 0, 0))


def _pair(text: str) -> tuple[str, str]:
    """Name and value, RFC 6265bis 5.6 step 3: without `=` it is all value."""
    name, equals, value = text.partition("=")
    return (name.strip(_SPACE), value.strip(_SPACE)) if equals else ("", text.strip(_SPACE))


def _attribute(text: str) -> tuple[str, str | None]:
    name, equals, value = text.partition("=")
    return name.strip(_SPACE), value.strip(_SPACE) if equals else None


def _lifetime(attributes: Sequence[tuple[str, str | None]], now: int) -> tuple[Lifetime, int | None]:
    """RFC 6265bis 5.5 and 5.7: the last usable Max-Age decides, else the last usable Expires, else the session."""
    seconds = now // 1_000_000_000
    by_age = by_date = None
    for name, value in attributes:
        if name.lower() == "max-age" and value is not None and _MAX_AGE.fullmatch(value):
            by_age = min(seconds + int(value[:18]), _LATEST) if not value.startswith("-") else 0
            by_age = 0 if value.strip("0") == "" else by_age
        elif name.lower() == "expires" and (moment := cookie_date(value or "")) is not None:
            by_date = moment
    expires = by_age if by_age is not None else by_date
    if expires is None:
        return "session", None
    return ("persistent" if expires > seconds else "deleted"), expires


def _refused(text: str, name: str, value: str, attributes: tuple[bool, str | None, str]) -> str:
    secure, domain, path = attributes
    if _CONTROL.search(text):
        return "control-character"
    if not name and not value:
        return "no-name-and-value"
    if len(name.encode()) + len(value.encode()) > _MOST_NAME_AND_VALUE:
        return "too-long"
    prefix = name.lower()
    if prefix.startswith("__secure-") and not secure:
        return "prefix"
    if prefix.startswith("__host-") and (not secure or domain is not None or path != "/"):
        return "prefix"
    return ""
