"""The two ladders side by side as one table whose rows mean the same bytes, and what the packet's layers cost."""

from collections.abc import Iterator

from rich.cells import cell_len, set_cell_size
from rich.style import Style
from rich.text import Text

from netviz.dissect.ladders import Ladders, Rung, osi_numbers
from netviz.explain.words import say
from netviz.model.osi import TcpIp
from netviz.model.safe import safe
from netviz.report.drawing import Drawing


def ladder_table(found: Ladders, width: int, drawing: Drawing) -> list[Text]:
    """OSI-7 beside TCP/IP-4 as one table whose rows mean the same bytes; below it why a layer has none."""
    right = max(20, (width - 3) * 11 // 25)
    left = width - 3 - right
    glyphs = drawing.glyphs.table
    lines = [_rule(glyphs[0:3], glyphs[9], left, right, drawing)]
    lines.append(
        _row(
            _cell("OSI 7", "", left, Style(bold=True)),
            Text(set_cell_size(" TCP/IP 4", right), Style(bold=True)),
            drawing,
        )
    )
    for layer in reversed(TcpIp):
        lines.append(_rule(glyphs[3:6], glyphs[9], left, right, drawing))
        lines.extend(_rows_of(found, layer, left, right, drawing))
    lines.append(_rule(glyphs[6:9], glyphs[9], left, right, drawing))
    physical = f"1 {say('layer.osi.1', drawing.language)}: {say('layer.note.not-in-capture', drawing.language)}"
    lines.append(Text(drawing.cut(physical, width), drawing.faint()))
    words = say("boxes.overhead", drawing.language, overhead=found.overhead, carried=found.carried)
    lines.append(Text(drawing.cut(words, width), drawing.faint()))
    return lines


def _rows_of(found: Ladders, layer: TcpIp, left: int, right: int, drawing: Drawing) -> Iterator[Text]:
    """The rows of one TCP/IP layer: one for each OSI layer beside it."""
    numbers = osi_numbers(layer)
    rung = next(each for each in found.tcpip if each.number == int(layer))
    names = _names(rung, drawing)
    title = f" {int(layer)} {say(f'layer.tcpip.{int(layer)}', drawing.language)}"
    said = [title, f"   {names}"] if len(numbers) > 1 else [f"{title} {drawing.glyphs.bullet} {names}"]
    number = int(next((each.number for each in found.osi if each.number in numbers and each.protocols), numbers[0]))
    style = drawing.style(number, bold=True) if rung.protocols else drawing.faint()
    for row, each in enumerate(numbers):
        cell = Text(set_cell_size(drawing.cut(said[row] if row < len(said) else "", right), right), style)
        yield _row(_osi_cell(found, each, left, drawing), cell, drawing)


def _osi_cell(found: Ladders, number: int, width: int, drawing: Drawing) -> Text:
    rung = next(each for each in found.osi if each.number == number)
    title = f"{number} {say(f'layer.osi.{number}', drawing.language)}"
    if not rung.protocols:
        return _cell(title, drawing.glyphs.none, width, drawing.faint())
    size = f"  {rung.own} B"
    names = drawing.cut(_names(rung, drawing), max(0, width - cell_len(title) - cell_len(size) - 4))
    return _cell(title, names + size, width, drawing.style(number, bold=True))


def _names(rung: Rung, drawing: Drawing) -> str:
    """Protocols of a rung, each once; how often where a tunnel has one several times."""
    if not rung.protocols:
        return drawing.glyphs.none
    counted = dict.fromkeys(rung.protocols)
    times = {name: rung.protocols.count(name) for name in counted}
    return ", ".join(safe(name, 30) + (f" x{times[name]}" if times[name] > 1 else "") for name in counted)


def _cell(title: str, end: str, width: int, style: Style) -> Text:
    gap = width - 2 - cell_len(title) - cell_len(end)
    return Text(f" {title}{' ' * max(0, gap)}{end} ", style)


def _row(left: Text, right: Text, drawing: Drawing) -> Text:
    down = drawing.glyphs.table[10]
    line = Text(down, drawing.faint())
    line.append_text(left)
    line.append(down, drawing.faint())
    line.append_text(right)
    line.append(down, drawing.faint())
    return line


def _rule(corners: str, across: str, left: int, right: int, drawing: Drawing) -> Text:
    return Text(f"{corners[0]}{across * left}{corners[1]}{across * right}{corners[2]}", drawing.faint())
