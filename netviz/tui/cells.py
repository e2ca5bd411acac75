"""Text measured in cells, as a terminal draws it: Hangul takes two. The last gate for text before it is painted.

Whatever is painted is built here, so nothing that a packet wrote can reach the terminal as a control sequence even
where a caller forgot `safe`.
"""

from collections.abc import Iterable
from itertools import pairwise

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.strip import Strip

from netviz.model.safe import safe

_NO_STYLE = Style()


def fit(text: str, width: int, ellipsis: str = "…") -> str:
    """Text in exactly `width` cells: padded, or cut with an ellipsis."""
    if width <= 0:
        return ""
    if cell_len(text) <= width:
        return set_cell_size(text, width)
    mark = cell_len(ellipsis)
    return set_cell_size(text, width - mark) + ellipsis if width > mark else set_cell_size(text, width)


def right(text: str, width: int) -> str:
    """Text at the right end of `width` cells; cut from the left where it is longer."""
    gap = width - cell_len(text)
    return " " * gap + text if gap >= 0 else fit(text, width)


def centred(text: str, width: int) -> str:
    """Text in the middle of `width` cells."""
    gap = max(width - cell_len(text), 0)
    return fit(" " * (gap // 2) + text, width)


def joined(*parts: tuple[str, Style] | str) -> Text:
    """A line from pieces with their styles."""
    return Text.assemble(*parts, no_wrap=True, end="")


def beside(left: Text, tail: Text, width: int) -> Text:
    """Two pieces at both ends of a line; the left one gives way."""
    room = max(width - tail.cell_len, 0)
    line = left.copy()
    line.truncate(room, overflow="ellipsis", pad=True)
    line.append_text(tail)
    return line


def sized(line: Text, width: int) -> Text:
    """The line in exactly `width` cells."""
    if line.cell_len != width:
        line = line.copy()
        line.truncate(max(width, 0), overflow="ellipsis", pad=True)
    return line


def wrapped(text: str, width: int, indent: str = "") -> list[str]:
    """Text cut to lines of at most `width` cells, at spaces where there are any; later lines are indented."""
    lines: list[str] = []
    current = ""
    for word in text.split(" "):
        candidate = f"{current} {word}" if current.strip() else f"{current}{word}"
        if cell_len(candidate) <= width:
            current = candidate
            continue
        if current.strip():
            lines.append(current)
            current = indent + word
        else:
            current = candidate
        while cell_len(current) > width > cell_len(indent) + 2:
            head = set_cell_size(current, width).rstrip(" ") if current[0] != " " else _cut(current, width)
            lines.append(head)
            current = indent + current[len(head) :]
    return [*lines, current] if current.strip() or not lines else lines


def _cut(text: str, width: int) -> str:
    used = 0
    for index, char in enumerate(text):
        used += cell_len(char)
        if used > width:
            return text[:index]
    return text


def strip_of(line: Text, width: int, base: Style) -> Strip:
    """A line as it is painted: exactly `width` cells, every character visible."""
    line = sized(line, width)
    segments = [Segment(_harmless(text), base + style) for text, style in _runs(line)]
    return Strip(segments).adjust_cell_length(width, base)


def _harmless(text: str) -> str:
    return text if text.isprintable() else safe(text, len(text) + 1)


def _runs(line: Text) -> Iterable[tuple[str, Style]]:
    """The line's pieces with their styles put together; cheaper than rendering it through a console."""
    plain, spans = line.plain, line.spans
    base = line.style if isinstance(line.style, Style) else _NO_STYLE
    if not spans:
        yield plain, base
        return
    edges = sorted({0, len(plain), *(edge for span in spans for edge in (span.start, span.end) if edge <= len(plain))})
    for start, end in pairwise(edges):
        style = base
        for span in spans:
            if span.start <= start and span.end >= end and isinstance(span.style, Style):
                style += span.style
        yield plain[start:end], style
