"""One packet as nested boxes: a bar to scale, Ethernet around IP around TCP around HTTP with each sum, both ladders.

    2 14B| 3 20B |   4 32B    |                7 178B
    ╭─ 2 Ethernet · frame ──────────────────────────╮
    │ dst MAC 66:77:88:99:aa:bb  ...                 │
    │ ╭─ 3 IPv4 · packet ───────────────────────────╮ │
    │ ╰────────────────────────── 20 + 210 = 230 B ─╯ │
    ╰────────────────────────────── 14 + 230 = 244 B ─╯

A layer is told by its number, its frame and its name; colour comes last. Knows no Textual and no scapy.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from rich.cells import cell_len, chop_cells, set_cell_size
from rich.style import Style
from rich.text import Text

from netviz.dissect.ladders import Sum, ladders
from netviz.explain.layers import break_sentence, field_name
from netviz.explain.words import Language, say
from netviz.model.layers import Break, Dissection, Field, Layer
from netviz.model.osi import place_of
from netviz.model.safe import safe
from netviz.report.drawing import ASCII, UNICODE, Drawing
from netviz.report.ladders import ladder_table

LEAST_WIDTH: Final = 60
_LEAST_INSIDE: Final = 24
_VALUE_LINES: Final = 4


def boxes(
    dissection: Dissection,
    number: int,
    language: Language,
    width: int,
    ascii_only: bool = False,
    colour: bool = True,
) -> list[Text]:
    """The whole picture of packet `number`: title, bar, boxes, ladders and, where it is broken, why.

    Every line has at most `width` cells; a width below LEAST_WIDTH is taken as LEAST_WIDTH.
    """
    drawing = Drawing(language, ASCII if ascii_only else UNICODE, colour)
    width = max(width, LEAST_WIDTH)
    lines = [_title(dissection, number, drawing)]
    if dissection.layers:
        lines += [bar(dissection, width, drawing), *frames(dissection, width, drawing), Text()]
    else:
        lines += [Text(say("boxes.empty", language)), Text()]
    lines += ladder_table(ladders(dissection), width, drawing)
    if dissection.broken is not None:
        lines += [Text(), *break_lines(dissection.broken, width, drawing)]
    return lines


def _title(dissection: Dissection, number: int, drawing: Drawing) -> Text:
    key = "boxes.title" if dissection.captured >= dissection.length else "boxes.title-cut"
    words = say(key, drawing.language, number=number, captured=dissection.captured, length=dissection.length)
    return Text(words.replace("·", drawing.glyphs.bullet), style=Style(bold=True))


def _number_of(layer: Layer) -> int:
    return int(layer.place.osi) if layer.place is not None else 0


class _Part(NamedTuple):
    """A piece of the bar: bytes of one layer, or of neighbours where the width has no room for each."""

    lowest: int
    highest: int
    size: int

    @property
    def label(self) -> str:
        """`4 32B`; `3-4 52B` for neighbours of more than one layer."""
        numbers = (
            str(self.lowest or "?") if self.lowest == self.highest else f"{self.lowest or '?'}-{self.highest or '?'}"
        )
        return f"{numbers} {self.size}B"


def bar(dissection: Dissection, width: int, drawing: Drawing) -> Text:
    """The bytes to scale, each part with its layer's number and size; parts too small for words get a little more."""
    parts = _parts(dissection)
    while sum(len(part.label) + 1 for part in parts) > width and len(parts) > 1:
        parts = _merged(parts)
    cells = _shares([part.size for part in parts], [len(part.label) for part in parts], width - len(parts) + 1)
    line = Text()
    for index, (part, share) in enumerate(zip(parts, cells, strict=True)):
        if index:
            line.append(drawing.glyphs.table[-1], drawing.faint())
        before = (share - len(part.label)) // 2
        line.append(set_cell_size(" " * before + part.label, share), drawing.ground(part.highest))
    return line


def _parts(dissection: Dissection) -> list[_Part]:
    """From the first byte to the last: headers, what is carried, trailers."""
    layers = dissection.layers
    found = [(_number_of(layer), layer.header) for layer in layers]
    found.append((_number_of(layers[-1]), layers[-1].payload))
    found += [(_number_of(layer), layer.trailer) for layer in reversed(layers) if layer.trailer is not None]
    return [_Part(number, number, span.end - span.start) for number, span in found if span.end > span.start]


def _merged(parts: list[_Part]) -> list[_Part]:
    """Two neighbours as one: those of one layer if there are such, the smallest else."""

    def cost(index: int) -> tuple[int, int]:
        one, other = parts[index], parts[index + 1]
        return max(one.highest, other.highest) - min(one.lowest, other.lowest), one.size + other.size

    at = min(range(len(parts) - 1), key=cost)
    one, other = parts[at], parts[at + 1]
    both = _Part(min(one.lowest, other.lowest), max(one.highest, other.highest), one.size + other.size)
    return [*parts[:at], both, *parts[at + 2 :]]


def _shares(sizes: list[int], least: list[int], width: int) -> list[int]:
    """Cells for each part: to scale, none below its least, `width` in all; the widest gives what others need."""
    total = sum(sizes)
    cells = [max(low, width * size // total) for size, low in zip(sizes, least, strict=True)]
    while sum(cells) > width:
        spare = [have - low for have, low in zip(cells, least, strict=True)]
        if max(spare) <= 0:
            break
        cells[spare.index(max(spare))] -= 1
    cells[cells.index(max(cells))] += max(0, width - sum(cells))
    return cells


def frames(dissection: Dissection, width: int, drawing: Drawing) -> list[Text]:
    """The layers as boxes inside each other. Where the width ends, the innermost ones become lines."""
    return list(_frame(dissection, ladders(dissection).sums, 0, width, drawing))


def _frame(dissection: Dissection, sums: tuple[Sum, ...], index: int, width: int, drawing: Drawing) -> Iterator[Text]:
    layer = dissection.layers[index]
    number = _number_of(layer)
    pieces, style = drawing.glyphs.frames[number], drawing.style(number)
    inside = width - 4
    title = f" {layer_title(dissection, index, drawing)} "
    yield _edge(pieces[0], pieces[1], pieces[4], width, drawing, number, title, "")
    below, above = _split(layer)
    for line in _field_lines(below, inside, drawing):
        yield _walled(line, pieces[5], inside, style)
    if index + 1 < len(dissection.layers):
        inner = (
            _frame(dissection, sums, index + 1, inside, drawing)
            if inside - 4 >= _LEAST_INSIDE
            else _flat(dissection, sums, index + 1, inside, drawing)
        )
        for line in inner:
            yield _walled(line, pieces[5], inside, style)
    for line in _field_lines(above, inside, drawing):
        yield _walled(line, pieces[5], inside, style)
    yield _edge(pieces[2], pieces[3], pieces[4], width, drawing, number, "", f" {sum_text(sums[index])} ")


def layer_title(dissection: Dissection, index: int, drawing: Drawing) -> str:
    """`4 TCP · segment`; a layer quoted in an error or without a place has no number."""
    layer = dissection.layers[index]
    name, bullet = safe(layer.protocol, 40), drawing.glyphs.bullet
    if layer.place is not None:
        unit = "bytes" if layer.protocol == "Data" else layer.place.unit
        return f"{int(layer.place.osi)} {name} {bullet} {say(f'unit.{unit}', drawing.language)}"
    quoted = place_of(layer.protocol) is not None and any(
        each.protocol in ("ICMP", "ICMPv6") for each in dissection.layers[:index]
    )
    return f"{name} {bullet} {say('boxes.quoted' if quoted else 'unit.bytes', drawing.language)}"


def sum_text(sum_: Sum) -> str:
    """`32 + 178 = 210 B`; with a trailer `14 + 46 + 18 = 78 B`; alone `178 B`."""
    parts = [sum_.header, sum_.payload, sum_.trailer]
    if not sum_.trailer:
        parts.pop()
    if len(parts) == 2 and not sum_.payload:
        return f"{sum_.total} B"
    return " + ".join(str(part) for part in parts) + f" = {sum_.total} B"


def _edge(left: str, right: str, across: str, width: int, drawing: Drawing, number: int, title: str, end: str) -> Text:
    title = drawing.cut(title, width - 4)
    fill = width - 4 - cell_len(title) - cell_len(end)
    line = Text(left + across, drawing.style(number))
    line.append(title, drawing.style(number, bold=True))
    line.append(across * fill, drawing.style(number))
    line.append(end, drawing.style(number, bold=True))
    line.append(across + right, drawing.style(number))
    return line


def _walled(line: Text, down: str, inside: int, style: Style) -> Text:
    whole = Text(f"{down} ", style)
    whole.append_text(line)
    whole.append(" " * (inside - cell_len(line.plain)))
    whole.append(f" {down}", style)
    return whole


def _flat(dissection: Dissection, sums: tuple[Sum, ...], index: int, width: int, drawing: Drawing) -> Iterator[Text]:
    for each in range(index, len(dissection.layers)):
        title, end = layer_title(dissection, each, drawing), sum_text(sums[each])
        title = drawing.cut(title, max(1, width - cell_len(end) - 1))
        style = drawing.style(_number_of(dissection.layers[each]), bold=True)
        gap = " " * max(1, width - cell_len(title) - cell_len(end))
        yield Text(set_cell_size(f"{title}{gap}{end}", width), style)


def _split(layer: Layer) -> tuple[list[Field], list[Field]]:
    """Fields before what the layer carries, and those behind it."""
    behind = layer.trailer.start if layer.trailer is not None else None
    above = [field for field in layer.fields if behind is not None and field.span.start >= behind]
    return [field for field in layer.fields if field not in above], above


def _field_lines(fields: list[Field], width: int, drawing: Drawing) -> Iterator[Text]:
    """Fields one behind the other as far as a line goes; one that is longer than a line begins its own."""
    line = Text()
    for field in fields:
        if field.key == "http.head_end":
            continue
        item = _item(field, drawing)
        alone = field.key.startswith("http.") or cell_len(item.plain) > width
        room = width - cell_len(line.plain) - 2
        if line.plain and (alone or cell_len(item.plain) > room):
            yield line
            line = Text()
        if alone:
            yield from _folded(item, width, drawing)
            continue
        line.append("  " if line.plain else "")
        line.append_text(item)
    if line.plain:
        yield line


def _item(field: Field, drawing: Drawing) -> Text:
    item = Text()
    if field.key != "http.start_line":
        colon = ":" if field.key == "http.header" else ""
        item.append(f"{field_name(field, drawing.language)}{colon} ", drawing.faint())
    item.append(safe(field.value, 1000).replace("…", drawing.glyphs.ellipsis), Style(bold=True))
    return item


def _folded(item: Text, width: int, drawing: Drawing) -> Iterator[Text]:
    """An item over as many lines as it needs, up to a few."""
    pieces = chop_cells(item.plain, width) or [""]
    shown, at = pieces[:_VALUE_LINES], 0
    for index, piece in enumerate(shown):
        line = item[at : at + len(piece)]
        at += len(piece)
        if index == _VALUE_LINES - 1 and len(pieces) > _VALUE_LINES:
            line = Text(drawing.cut(piece + drawing.glyphs.ellipsis * 2, width), Style(bold=True))
        yield line


def break_lines(broken: Break, width: int, drawing: Drawing) -> list[Text]:
    """The sentence that says where and why it stopped, over as many lines as it needs."""
    sentence = break_sentence(broken, drawing.language)
    style = Style(color="red", bold=True) if drawing.colour else Style(bold=True)
    text = Text(f"{drawing.glyphs.bad} {sentence}", style)
    return [Text(piece, style) for piece in _wrapped(text.plain, width)]


def _wrapped(text: str, width: int) -> list[str]:
    """Words of a sentence over lines of a width."""
    lines, line = [], ""
    for word in text.split(" "):
        if line and cell_len(line) + 1 + cell_len(word) > width:
            lines.append(line)
            line = ""
        line = f"{line} {word}" if line else word
    return [*lines, line]
