"""The same field in several packets side by side: which stay, which change, and how. No language.

A field is the same in two packets where its layer, its name and its place among fields of that name are the same: the
second 802.1Q tag is compared with the second.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal, NamedTuple

from netviz.model.layers import Dissection, Field

Pattern = Literal["constant", "counts", "grows", "changes"]
"""`counts`: by the same step each time; `grows`: never less than before."""

_LEADING: Final = re.compile(r"0x[0-9a-fA-F]+|-?[0-9]+(?![0-9.:a-fA-F])")
_LEAST_FOR_A_STEP: Final = 3


class Place(NamedTuple):
    """Which field it is, in any packet that has it."""

    layer: str
    """Protocol; a second one of the same name in a packet has ` 2` after it."""

    key: str
    nth: int
    """Which of the layer's fields of that key, from 1."""


@dataclass(frozen=True, slots=True)
class Row:
    """One field over all packets."""

    place: Place
    field: Field
    """The field in the first packet that has it."""

    values: tuple[str | None, ...]
    """As text, one a packet; None where a packet does not have the field."""

    pattern: Pattern
    step: int | None = None
    """By how much it counts; None where it does not."""

    @property
    def present(self) -> int:
        """Packets that have it."""
        return sum(value is not None for value in self.values)

    @property
    def distinct(self) -> int:
        """Different values."""
        return len({value for value in self.values if value is not None})


def fields_by_place(dissection: Dissection) -> dict[Place, Field]:
    """The fields of one packet, lowest layer first, each under the place by which it is found in others."""
    layers: Counter[str] = Counter()
    found: dict[Place, Field] = {}
    for layer in dissection.layers:
        layers[layer.protocol] += 1
        nth = layers[layer.protocol]
        name = layer.protocol if nth == 1 else f"{layer.protocol} {nth}"
        keys: Counter[str] = Counter()
        for field in layer.fields:
            keys[field.key] += 1
            found[Place(name, field.key, keys[field.key])] = field
    return found


def compared(dissections: Iterable[Dissection]) -> list[Row]:
    """All fields of some packets, in the order in which they stand in the packets, each with its values and its pattern."""
    packets = [fields_by_place(each) for each in dissections]
    places = list(dict.fromkeys(place for fields in packets for place in fields))
    order = {name: at for at, name in enumerate(dict.fromkeys(place.layer for place in places))}
    return [_row(place, packets) for place in sorted(places, key=lambda place: order[place.layer])]


def _row(place: Place, packets: list[dict[Place, Field]]) -> Row:
    fields = [packet.get(place) for packet in packets]
    values = tuple(field.value if field is not None else None for field in fields)
    first = next(field for field in fields if field is not None)
    pattern, step = _pattern([value for value in values if value is not None])
    return Row(place, first, values, pattern, step)


def _pattern(values: list[str]) -> tuple[Pattern, int | None]:
    if len(set(values)) == 1:
        return "constant", None
    numbers = [_number(value) for value in values]
    if None in numbers:
        return "changes", None
    steps = {later - earlier for earlier, later in pairwise(each for each in numbers if each is not None)}
    if len(steps) == 1 and len(values) >= _LEAST_FOR_A_STEP:
        return "counts", steps.pop()
    return ("grows" if min(steps) >= 0 and len(values) >= _LEAST_FOR_A_STEP else "changes"), None


def _number(value: str) -> int | None:
    """The number with which a value begins: `0x0806 (ARP)`, `64`; None for addresses, names and bytes."""
    found = _LEADING.match(value)
    if found is None or value[found.end() : found.end() + 1] not in ("", " "):
        return None
    return int(found.group(), 0) if found.group().startswith("0x") else int(found.group())
