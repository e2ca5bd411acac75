"""The bytes of the selected packet, coloured by layer, with the lit ones marked and flags as bits."""

from rich.style import Style
from rich.text import Text

from netviz.model.evidence import Span
from netviz.tui.cells import joined
from netviz.tui.draw.fields import current_field
from netviz.tui.draw.found import found_bytes, found_style
from netviz.tui.draw.line import Line, plain
from netviz.tui.scene import Scene

_SIXTEEN = 72


def hex_lines(scene: Scene, width: int, height: int) -> list[Line]:
    """Sixteen bytes a line where they fit, else eight; the lines with lit bytes carry the mark `lit`."""
    frame = scene.frame
    if scene.row is None or not frame:
        return [plain(scene.say("empty.packet"), scene.palette.faint())]
    each = bytes_a_line(width)
    owner = _owners(scene)
    lit = scene.moment.lit or Span(0, 0)
    found = found_bytes(scene)
    return [_row(scene, start, each, owner, lit, found) for start in range(0, len(frame), each)]


def bytes_a_line(width: int) -> int:
    """Sixteen where they fit, else eight."""
    return 16 if width >= _SIXTEEN else 8


def first_lit(scene: Scene, width: int) -> int | None:
    """Index of the line on which the lit bytes begin."""
    span = scene.moment.lit
    return None if span is None or span.end <= span.start else span.start // bytes_a_line(width)


def _owners(scene: Scene) -> list[str]:
    """Colour of every byte: the layer whose header or trailer it is."""
    colours = [scene.palette.text] * len(scene.frame)
    if scene.dissection is None:
        return colours
    for layer in scene.dissection.layers:
        colour = scene.layer_colour(layer.protocol)
        for span in (layer.header, layer.payload, layer.trailer):
            if span is not None:
                end = min(span.end, len(colours))
                colours[span.start : end] = [colour] * max(end - span.start, 0)
    return colours


def _row(scene: Scene, start: int, each: int, owner: list[str], lit: Span, found: frozenset[int]) -> Line:
    part = scene.frame[start : start + each]
    text = Text(f"{start:04x}  ", style=scene.palette.faint(), no_wrap=True, end="")
    letters = Text(" ", no_wrap=True, end="")
    for at, byte in enumerate(part, start):
        inside = lit.start <= at < lit.end
        style = scene.palette.on(owner[at]) if inside else Style(color=owner[at])
        if at in found:
            style = found_style(scene)
        text.append(f"{byte:02x}", style)
        joined_on = inside and at + 1 < lit.end and at + 1 < start + len(part)
        text.append(" " * (2 if at - start == 7 and each == 16 else 1), style if joined_on else Style())
        sign = chr(byte) if 0x20 <= byte < 0x7F else scene.glyphs.dot
        letters.append(sign, style)
    missing = each - len(part)
    text.append(" " * (3 * missing + (1 if missing and each == 16 and len(part) < 8 else 0)))
    text.append_text(letters)
    return Line(text)


def bits_line(scene: Scene) -> Text | None:
    """The lit field as bits where it is shorter than its bytes: `flags 1000 0000 0001 1000`, its own bits marked."""
    field = current_field(scene)
    if field is None or ((field.bit_end - field.bit_start) % 8 == 0 and not field.children):
        return None
    span = field.span
    if span.end - span.start > 4:
        return None
    bits = "".join(f"{byte:08b}" for byte in scene.frame[span.start : span.end])
    text = joined((" ", scene.palette.faint()))
    for index, bit in enumerate(bits):
        inside = field.bit_start <= span.start * 8 + index < field.bit_end
        text.append(bit, scene.palette.plain(True) if inside else scene.palette.faint())
        if index % 4 == 3:
            text.append(" ")
    return text
