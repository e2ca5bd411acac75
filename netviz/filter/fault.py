"""The one error of this package: what is wrong with a filter, and at which characters of its text."""

from typing import Final

from netviz.errors import BadArgument

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
