"""A dictionary of what was worked out before, with a bound. Knows nothing of what is kept."""

from collections.abc import Hashable
from typing import Final, TypeVar

_MOST_KEPT: Final = 4096

_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")


class Kept(dict[_Key, _Value]):
    """What was worked out before; forgotten all at once when there is too much of it."""

    def keep(self, key: _Key, value: _Value) -> _Value:
        """Keep a value by its key; returns it."""
        if len(self) >= _MOST_KEPT:
            self.clear()
        self[key] = value
        return value
