"""Searching a store a piece at a time: which packets, or which exchanges, hold what is searched for. Knows no screen.

Packets are counted by row from 0. A piece is small enough that whoever waits for the thread that searches waits little.
"""

from collections.abc import Callable
from typing import Final

from netviz.filter.evaluate import matching
from netviz.filter.needle import Needle, Query
from netviz.filter.parser import parse
from netviz.filter.part import Part
from netviz.filter.rows import Reading
from netviz.filter.syntax import Expression, fields_of
from netviz.http.exchange import Message
from netviz.model.evidence import Span
from netviz.model.layers import Dissection, Field, Layer
from netviz.pipeline.dissecting import dissected
from netviz.pipeline.lines import packet_line
from netviz.pipeline.store import Store

PIECES: Final = {"list": 100, "fields": 10, "filter": 20_000, "hex": 2_000, "text": 2_000, "body": 1}
"""Packets (for bodies: exchanges) that are looked at in one piece: some milliseconds each."""

Naming = Callable[[Field | Layer | str], str]
"""The name of a field, of a layer, or of what TCP analysis says, in the user's language."""


class Search:
    """One query over one store.

    Raises: FilterError where the query can not be used.
    """

    def __init__(self, query: Query, store: Store, naming: Naming = lambda part: "") -> None:
        self.query = query
        self._store = store
        self._naming = naming
        self._reading = Reading(store)
        self.needle: Needle | None = None
        self.expression: Expression | None = None
        self.names: frozenset[str] = frozenset()
        """Names of the fields that a display filter looks at."""
        if query.kind == "filter":
            self.expression = parse(query.text)
            self.names = frozenset(field.name for field in fields_of(self.expression))
        else:
            self.needle = Needle(query)

    def rows(self, first: int, stop: int) -> list[int]:
        """Rows of the packets in first..stop in which it is found; for every kind but `body`."""
        if self.expression is not None:
            part = Part(self._store.packets, first, stop)
            return [first + int(row) for row in matching(self.expression, part, self._reading.values).nonzero()[0]]
        needle, kind = self.needle, self.query.kind
        assert needle is not None
        if kind == "list":
            # All packets' analysis at once costs a quarter of what it costs packet by packet.
            self._store.tcp_columns.advance(stop)
            return [row for row in range(first, stop) if needle.found_in(self._line(row))]
        if kind == "fields":
            return [row for row in range(first, stop) if self._in_fields(row)]
        return [row for row in range(first, stop) if needle.found_in(self._store.packets.frame(row))]

    def bodies(self, first: int, stop: int) -> list[tuple[int, Message]]:
        """(index, message) of the messages of the exchanges first..stop (from 0) whose decoded body holds it."""
        exchanges, found = self._store.exchanges, list[tuple[int, Message]]()
        for index in range(first, stop):
            for message in (exchanges[index].request, exchanges[index].response):
                if message is not None and self._in_body(message, exchanges[index].connection):
                    found.append((index, message))
        return found

    def _in_body(self, message: Message, connection: int) -> bool:
        needle = self.needle
        if needle is None or message.body_end <= message.body_start:
            return False
        return needle.found_in(self._store.body(message, connection).content)

    def _line(self, row: int) -> bytes:
        """What the packet list says of a packet, in one line."""
        line = packet_line(self._store, row)
        said = " ".join(f"{name} {self._naming(name)}" for name in line.analysis)
        text = f"{line.number} {line.source} {line.destination} {line.protocol} {line.length} {said} {line.info}"
        return text.encode("utf-8", "surrogatepass")

    def _in_fields(self, row: int) -> bool:
        assert self.needle is not None
        return any(
            self.needle.found_in(_octets(text)) for text in field_texts(dissected(self._store, row), self._naming)
        )

    def span(self, row: int) -> Span | None:
        """The bytes of a packet that are lit when it is gone to: the first that match, or of the first field that does."""
        if self.needle is None:
            return None
        if self.query.kind in ("hex", "text"):
            found = self.needle.spans(self._store.packets.frame(row), 1)
            return Span(*found[0]) if found else None
        if self.query.kind == "fields":
            return self._field_span(dissected(self._store, row))
        return None

    def _field_span(self, dissection: Dissection) -> Span | None:
        """The first that matches, the whole before its parts."""
        assert self.needle is not None
        pending = [field for layer in reversed(dissection.layers) for field in reversed(layer.fields)]
        while pending:
            field = pending.pop()
            if self.needle.found_in(_octets(field_text(field, self._naming))):
                return field.span
            pending.extend(reversed(field.children))
        return None


def checked(query: Query) -> None:
    """Whether a query can be used. Raises: FilterError where it can not."""
    if query.kind == "filter":
        parse(query.text)
    else:
        Needle(query)


def field_texts(dissection: Dissection, naming: Naming) -> list[str]:
    """Names and values of all layers and fields, one text for each."""
    found = [f"{layer.protocol} {naming(layer)}" for layer in dissection.layers]
    pending = [field for layer in dissection.layers for field in layer.fields]
    while pending:
        field = pending.pop()
        found.append(field_text(field, naming))
        pending.extend(field.children)
    return found


def field_text(field: Field, naming: Naming) -> str:
    """A field's name in filters, its own name, its name in the user's language, and its value."""
    return f"{field.key} {field.label} {naming(field)} {field.value}"


def _octets(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
