"""Values that a field has in a capture, as they are written in a filter: what is typed most, the most frequent first."""

from collections import Counter
from typing import Any, Final

import numpy as np

from netviz.filter.part import Dense, Part, Values
from netviz.filter.rows import Reading
from netviz.filter.spelling import written
from netviz.filter.syntax import Field

_MOST_ROWS: Final = 20_000


def values_seen(reading: Reading, field: Field) -> list[str]:
    """Values of the newest packets, looked at for a bounded number of them."""
    count = len(reading.store.packets)
    if field.kind in ("protocol", "bytes", "seconds") or not count:
        return []
    part = Part(reading.store.packets, max(count - _MOST_ROWS, 0), count)
    counted: Counter[Any] = Counter()
    for values in reading.values(field, part):
        counted.update(_counts(values))
    return [text for value, _ in counted.most_common() if (text := written(field.kind, value)) is not None]


def _counts(values: Values) -> dict[Any, int]:
    if not isinstance(values, Dense):
        return dict(Counter(values.data))
    data = values.data[values.present]
    if data.ndim == 2:
        return dict(Counter(row.tobytes() for row in data))
    found, counts = np.unique(data, return_counts=True)
    numbers = zip(found.tolist(), counts.tolist(), strict=True)
    return {values.labels[number] if values.labels is not None else number: count for number, count in numbers}
