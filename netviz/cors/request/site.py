"""Same site or not (HTML 7.1.1): scheme and registrable domain. An address, and a name of one label, are their own site.

Only text; which names are registries is in `http/suffix.py`.
"""

from netviz.cors.request.origin import parts_of
from netviz.http.suffix import registrable


def site_of(origin: str) -> str | None:
    """Scheme and registrable domain of a serialised origin; None for `null` and what is no origin."""
    parts = parts_of(origin)
    return f"{parts.scheme}://{registrable(parts.host) or parts.host}" if parts is not None else None


def is_same_site(one: str | None, other: str | None) -> bool | None:
    """Whether two origins are of one site; None where one of them is not known."""
    if one is None or other is None:
        return None
    first, second = site_of(one), site_of(other)
    return first == second if first is not None and second is not None else None
