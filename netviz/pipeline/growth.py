"""When what was worked out from all of a connection is worked out anew while the connection grows.

Exactly with each packet while it is short; later with each hundredth part more, so that a live screen is not held up by
what it shows. What is over is always exact.
"""

from typing import Final

from netviz.pipeline.store import Store

_SHORT: Final = 400
"""Packets of a connection up to which each counts."""

_PART: Final = 100


def growth(store: Store, connection: int) -> int:
    """A number that changes when what was worked out from the connection's packets has to be worked out anew."""
    size = store.deep(lambda reader: reader.size(connection))
    if store.finished or size <= _SHORT:
        return size
    step = size // _PART
    return -(size // step * step)
