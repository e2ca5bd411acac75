"""The header fields of one head by name: values as RFC 9110 5.2 combines them, and the bytes that prove them."""

from functools import lru_cache

from netviz.http.exchange import Head, Header, IndexedHeaders
from netviz.model.evidence import Evidence


@lru_cache(maxsize=4096)
def distinct_names(names: tuple[str, ...]) -> tuple[str, ...]:
    """Names, each once, in order of appearance."""
    return tuple(dict.fromkeys(names))


class Fields:
    """Fields of a head by name in lower case. Only names and values: what they mean is for others.

    Verdicts ask every head for a dozen names, so an indexed head is asked without a detour.
    """

    __slots__ = ("_found", "_values", "head")

    def __init__(self, head: Head) -> None:
        self.head = head
        self._found: dict[str, Header | None] = {}
        headers = head.headers
        self._values = headers.values if isinstance(headers, IndexedHeaders) else self._search

    def _search(self, name: str) -> list[str]:
        return [header.value for header in self.head.get_all(name)]

    def __contains__(self, name: str) -> bool:
        return bool(self._values(name))

    def names(self) -> tuple[str, ...]:
        """All names in lower case, each once, in order of appearance."""
        return distinct_names(tuple(self.head.names()))

    def value(self, name: str) -> str | None:
        """Value of a field, several joined by `, `; None where it is absent. `name` in lower case."""
        found = self._values(name)
        if not found:
            return None
        return found[0] if len(found) == 1 else ", ".join(found)

    def header(self, name: str) -> Header | None:
        """The first field of a name."""
        # Several checks rest on one header, and its evidence is worked out anew whenever a head is asked for it.
        if name not in self._found:
            self._found[name] = next(iter(self.head.get_all(name)), None) if self._values(name) else None
        return self._found[name]

    def at(self, name: str | None) -> Evidence:
        """Bytes of a field's value; of the start line where the field is absent, or no name is given."""
        header = self.header(name) if name is not None else None
        return header.value_at if header is not None else self.head.line_at
