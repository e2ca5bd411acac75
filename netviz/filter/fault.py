"""The one error of this package: what is wrong with a filter, and at which characters of its text."""

from typing import Final

from rich.cells import cell_len

from netviz.errors import BadArgument
from netviz.model.safe import safe

LONGEST_FILTER: Final = 4096


class FilterError(BadArgument):
    """A filter that can not be used. `text[start:end]` is what is wrong; `suggestions` are names that may be meant."""

    def __init__(
        self, key: str, text: str, start: int, end: int, suggestions: tuple[str, ...] = (), **details: object
    ) -> None:
        super().__init__(f"filter.{key}", **details)
        self.text = text
        self.start = min(start, len(text))
        self.end = max(end, self.start + 1)
        self.suggestions = suggestions

    def marked(self) -> tuple[str, ...]:
        """The filter, and under it signs at what is wrong with it: as wide as the characters are on a terminal."""
        before, wrong = shown(self.text[: self.start]), shown(self.text[self.start : self.end])
        return shown(self.text), " " * cell_len(before) + "^" * max(cell_len(wrong), 1)


def shown(text: str) -> str:
    """Part of a filter as it goes to a terminal."""
    return safe(text, LONGEST_FILTER)
