"""Retry-After (RFC 9110 section 10.2.3): when a client may come back, as a delay or as a date."""

from typing import Final

from netviz.http.cookies import cookie_date
from netviz.http.exchange import Header

_MOST_SECONDS: Final = 1 << 31


def retry_after(header: Header, time: int) -> int | None:
    """Seconds from the packet's time (`time`, nanoseconds since the epoch); negative where that is past.

    None where the value is neither a number of seconds nor a date.
    """
    text = header.value.strip()
    if text.isascii() and text.isdecimal():
        return min(int(text[:12]), _MOST_SECONDS)
    until = cookie_date(text)
    return None if until is None else until - time // 1_000_000_000
