"""TCP connections and UDP conversations in one order, by their first packet: the rows of a list that has both."""

from typing import Final, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from netviz.pipeline.store import Store

Kind = Literal["both", "tcp", "udp"]
KINDS: Final[tuple[Kind, ...]] = ("both", "tcp", "udp")

Ints = npt.NDArray[np.int64]


class Appearance(NamedTuple):
    """One connection or conversation."""

    is_udp: bool
    number: int
    """Of the connection, or of the UDP conversation."""


class Appearances:
    """Which there are, of one kind or of both, as of any packet."""

    def __init__(self, kind: Kind = "both") -> None:
        self.kind: Kind = kind
        self._key: tuple[object, ...] = ()
        self._first_rows: Ints = np.empty(0, np.int64)
        self._codes: Ints = np.empty(0, np.int64)
        """Twice the number, and one more for UDP."""
        self._places: dict[int, int] = {}

    def count(self, store: Store, as_of: int) -> int:
        """How many had appeared by packet number `as_of`."""
        self._know(store)
        return int(np.searchsorted(self._first_rows, as_of))

    def at(self, store: Store, index: int) -> Appearance:
        """The one at a place of the list."""
        self._know(store)
        number, is_udp = divmod(int(self._codes[index]), 2)
        return Appearance(bool(is_udp), number)

    def place(self, store: Store, found: Appearance) -> int | None:
        """Its place in the list; None where this kind is left out, or it is not there."""
        self._know(store)
        return self._places.get(2 * found.number + found.is_udp)

    def matching(self, store: Store, connections: Ints, conversations: Ints) -> Ints:
        """Places of chosen connections and UDP conversations, ascending."""
        self._know(store)
        wanted = np.concatenate((2 * connections, 2 * conversations + 1))
        return np.flatnonzero(np.isin(self._codes, wanted))

    def _know(self, store: Store) -> None:
        key = (id(store), self.kind, store.connection_count(), store.datagrams.count())
        if key == self._key:
            return
        tcp = store.assigner.first_rows.astype(np.int64) if self.kind != "udp" else np.empty(0, np.int64)
        udp = store.datagrams.first_rows if self.kind != "tcp" else np.empty(0, np.int64)
        first = np.concatenate((tcp, udp))
        codes = np.concatenate((2 * np.arange(len(tcp)), 2 * np.arange(len(udp)) + 1))
        order = np.argsort(first, kind="stable")
        self._first_rows, self._codes = first[order], codes[order]
        self._places = {code: place for place, code in enumerate(self._codes.tolist())}
        self._key = key
