"""A filter over one store: the rows that match so far, found anew only where more came or something became known."""

from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt

from netviz.filter import frames, headers
from netviz.filter.conversations import Conversations
from netviz.filter.evaluate import matching
from netviz.filter.functions import values_of
from netviz.filter.messages import Messages
from netviz.filter.parser import parse
from netviz.filter.part import Dense, Part, Values
from netviz.filter.sockets import Sockets
from netviz.filter.syntax import Derived, Expression, Field, fields_of
from netviz.pipeline.store import Store

_CHUNK: Final = 1 << 17
_LATER: Final = (
    "tcp.state",
    "handshake",
    "close",
    "connection.",
    "tcp.completeness",
    "cors",
    "exchange",
    "websocket",
)
"""Beginnings of the fields whose values of earlier packets later packets may change."""

Rows = npt.NDArray[np.int64]


class Cancelled(Exception):
    """The rows are not wanted any more."""


class Reading:
    """How the values of all fields of one store are read; what is worked out is kept from filter to filter."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.messages = Messages(store)
        self._conversations = Conversations(store).readers() | Sockets(store).readers()

    def values(self, field: Field, part: Part) -> list[Values]:
        """A field's values in a part."""
        found: list[Values] = part.kept(f"field {field.name}", lambda: self._values(field, part))
        return found

    def _values(self, field: Field, part: Part) -> list[Values]:
        if isinstance(field, Derived):
            return values_of(field, self.values(field.inner, part), part)
        reader = self.messages.reader(field.name) or headers.READERS.get(field.name) or frames.READERS.get(field.name)
        reader = reader or self._conversations.get(field.name)
        if reader is not None:
            return reader(part)
        protocol = field.name.partition(".")[0]
        there = headers.presence(part, protocol)
        if field.kind == "bytes":
            there = there & (part.column("payload_length") > 0)
        return [Dense(there, there.astype(np.int64))]


class FilteredRows:
    """The rows of one filter over one store. `update` may be called from one thread at a time."""

    def __init__(self, expression: Expression | str, reading: Reading) -> None:
        self.expression = parse(expression) if isinstance(expression, str) else expression
        self._reading = reading
        names = {field.name for field in fields_of(self.expression)}
        self._may_change = any(name.startswith(_LATER) for name in names)
        self._has_messages = any(name.startswith("http") for name in names)
        self._revision = reading.store.tcp_columns.revision
        self._settled = 0
        self._finished = False
        self._known: tuple[int, Rows] = (0, np.empty(0, np.int64))

    @property
    def covered(self) -> int:
        """Packets that have been looked at."""
        return self._known[0]

    @property
    def rows(self) -> Rows:
        """Rows that match, ascending."""
        return self._known[1]

    def update(self, go_on: Callable[[], bool] = lambda: True) -> Rows:
        """Look at what came since; returns the rows that match. Raises: Cancelled where `go_on` says no."""
        store = self._reading.store
        finished = store.finished
        stop = len(store.packets)
        covered, rows = self._known
        start = self._first_open(covered, finished)
        if start >= stop:
            return rows
        found = [rows[: np.searchsorted(rows, start)]]
        for first in range(start, stop, _CHUNK):
            if not go_on():
                raise Cancelled
            part = Part(store.packets, first, min(first + _CHUNK, stop))
            found.append(np.flatnonzero(matching(self.expression, part, self._reading.values)) + first)
        self._known = (stop, np.concatenate(found))
        self._finished = finished
        return self._known[1]

    def _first_open(self, covered: int, finished: bool) -> int:
        """From where rows have to be looked at."""
        if self._finished:
            return covered
        revision, self._revision = self._revision, self._reading.store.tcp_columns.revision
        if self._may_change or revision != self._revision:
            return 0
        unsettled = self._reading.messages.unsettled if self._has_messages else None
        start = covered if unsettled is None else min(covered, unsettled)
        if self._has_messages and finished:
            # With the end of the capture, messages that were open are known to stay so.
            start = min(start, self._settled)
        self._settled = start
        return start
