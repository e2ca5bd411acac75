"""Same site or not (HTML 7.1.1), as far as names tell: without the public suffix list this is a guess, and says so.

Only text. An IP address and a name with one label are their own site.
"""

import re
from typing import Final

from netviz.cors.origin import parts_of

_IPV4: Final = re.compile(r"[0-9.]+")
_SHORT_SUFFIXES: Final = frozenset({"co", "com", "org", "net", "ac", "go", "or", "ne", "re", "pe", "gov", "edu"})
"""Second labels under a country's top label that are registries, not names (co.kr, com.au)."""


def site_of(origin: str) -> str | None:
    """Scheme and registrable domain of a serialised origin; None for `null` and what is no origin."""
    parts = parts_of(origin)
    if parts is None:
        return None
    return f"{parts.scheme}://{_registrable(parts.host)}"


def _registrable(host: str) -> str:
    if host.startswith("[") or _IPV4.fullmatch(host):
        return host
    labels = host.rstrip(".").split(".")
    count = 3 if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SHORT_SUFFIXES else 2
    return ".".join(labels[-count:])


def is_same_site(one: str | None, other: str | None) -> bool | None:
    """Whether two origins are of one site; None where one of them is not known."""
    if one is None or other is None:
        return None
    first, second = site_of(one), site_of(other)
    return first == second if first is not None and second is not None else None
