"""One line of a panel and where it leads. Data only."""

from collections.abc import Callable
from typing import NamedTuple, Protocol

from rich.text import Text

from netviz.model.evidence import Span
from netviz.tui.scene import Scene


class Link(NamedTuple):
    """Where a line leads: a packet, and the bytes in it that prove what the line says."""

    packet: int
    span: Span | None = None


class Target(NamedTuple):
    """What becomes current when a row is chosen. None: stays as it is."""

    packet: int | None = None
    span: Span | None = None
    connection: int | None = None
    conversation: int | None = None
    """Of UDP."""

    exchange: int | None = None
    fetch: int | None = None


class Line(NamedTuple):
    """One line as it is drawn."""

    text: Text
    link: Link | None = None
    mark: str = ""
    """Names what the line stands for, where a panel has to find it again: a field's path."""


Draw = Callable[[Scene, int, int], list[Line]]
"""A panel's content from a scene, the width and the height in cells. It may be longer than the height."""


class Rows(Protocol):
    """A list of any length that is asked only for the rows on screen."""

    def count(self, scene: Scene) -> int:
        """How many rows there are at the present position."""
        ...

    def head(self, scene: Scene, width: int) -> list[Text]:
        """Lines that stay above the rows."""
        ...

    def row(self, scene: Scene, index: int, width: int) -> Text:
        """One row."""
        ...

    def colour(self, scene: Scene, index: int) -> str:
        """Colour of the ground of a row when it is the current one."""
        ...

    def current(self, scene: Scene) -> int | None:
        """The row that the moment or the choice points at, None where none does."""
        ...

    def target(self, scene: Scene, index: int) -> Target | None:
        """What choosing a row means."""
        ...

    def empty(self, scene: Scene) -> str:
        """What is said where there are no rows."""
        ...


def plain(text: str, style: object = "") -> Line:
    """A line of one style that leads nowhere."""
    return Line(Text(text, style=style, no_wrap=True, end=""))  # type: ignore[arg-type]
