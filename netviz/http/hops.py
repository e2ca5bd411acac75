"""Which header fields end with this hop and which go from end to end (RFC 9110 section 7.6.1). Knows no message but one."""

from collections.abc import Sequence
from typing import Final

from netviz.http.exchange import Head

HOP_BY_HOP: Final = frozenset(
    ("connection", "keep-alive", "proxy-connection", "te", "transfer-encoding", "upgrade", "trailer",
     "proxy-authenticate", "proxy-authorization", "proxy-authentication-info")
)  # fmt: skip
"""Fields about the connection itself: a proxy takes them off, and never stores or forwards them."""


def nominated(head: Head) -> frozenset[str]:
    """Names, in lower case, that this message's Connection field declares to be about this hop too."""
    options = (head.get("Connection") or "").split(",")
    return frozenset(option.strip().lower() for option in options) - {"", "close", "keep-alive"}


def is_hop_by_hop(name: str, named: frozenset[str] = frozenset()) -> bool:
    """Whether a field ends with this hop; `named` as `nominated` has it."""
    lower = name.lower()
    return lower in HOP_BY_HOP or lower in named


def hops(head: Head) -> Sequence[bool]:
    """For each header field of a message, in order, whether it ends with this hop."""
    named = nominated(head)
    return [is_hop_by_hop(header.name, named) for header in head.headers]
