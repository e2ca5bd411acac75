"""Which names belong to one owner: the registrable domain, by the public suffix list that the installed package carries.

The list is read when a name is first asked for, from the package: nothing is looked up. A newer list may know more.
"""

import ipaddress
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList


@cache
def _list() -> "PublicSuffixList":
    # A tenth of a second, and most captures never ask.
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList()


@lru_cache(maxsize=4096)
def registrable(host: str) -> str | None:
    """The public suffix of a host and one label more (`a.b.example.co.kr` -> `example.co.kr`), in lower case.

    None for an address, for a name of one label, and for what is itself a public suffix.
    """
    name = host.lower().rstrip(".")
    if not name or is_address(name):
        return None
    found: str | None = _list().privatesuffix(name)
    return found


def is_public_suffix(domain: str) -> bool:
    """Whether names directly under a domain belong to different owners: `co.kr`, `github.io`, any single label."""
    name = domain.lower().rstrip(".")
    return bool(name) and not is_address(name) and registrable(name) is None


def is_address(host: str) -> bool:
    """Whether a host is an IPv4 or IPv6 address, the latter with or without its brackets."""
    try:
        ipaddress.ip_address(host.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    return True
