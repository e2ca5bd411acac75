"""The packet as nested boxes: Ethernet around IP around TCP around HTTP, each with the sum of its bytes on its edge."""

from rich.style import Style
from rich.text import Text

from netviz.explain.layers import break_sentence, field_name
from netviz.model.layers import Field, Layer
from netviz.model.safe import safe
from netviz.tui.cells import sized
from netviz.tui.draw.fields import current_field
from netviz.tui.draw.ladders import bar_line
from netviz.tui.draw.line import Line, Link, plain
from netviz.tui.draw.motion import size_of, whole_of
from netviz.tui.draw.names import layer_title
from netviz.tui.scene import Scene


def box_lines(scene: Scene, width: int, height: int) -> list[Line]:
    """The bar to scale, then the boxes; fields get as many lines as the height has to spare."""
    if scene.row is None:
        return [plain(scene.say("empty.packet"), scene.palette.faint())]
    if scene.dissection is None:
        return [plain(scene.say("working.dissection"), scene.palette.faint())]
    layers = scene.dissection.layers
    rooms = _rooms(scene, layers, width, height)
    body: list[Line] = []
    if scene.dissection.broken is not None:
        style = scene.palette.ink(scene.palette.bad, True)
        words = f" {scene.glyphs.bad} {break_sentence(scene.dissection.broken, scene.language)}"
        body = [plain(words, style)]
    for index in range(len(layers) - 1, -1, -1):
        inner = width - 2 * index - 2
        fields = _flow(scene, layers[index], inner, rooms[index])
        body = _framed(scene, layers, index, [*fields, *body], width - 2 * index)
    return [Line(bar_line(scene, width)), *body]


def _rooms(scene: Scene, layers: tuple[Layer, ...], width: int, height: int) -> list[int]:
    """Lines for the fields of each layer: one each, and what is left over to those that want more, top down."""
    wanted = [len(_flow(scene, layer, width - 2 * index - 2, 99)) for index, layer in enumerate(layers)]
    rooms = [min(lines, 1) for lines in wanted]
    spare = height - 1 - 2 * len(layers) - sum(rooms)
    while spare > 0 and any(room < want for room, want in zip(rooms, wanted, strict=True)):
        for index in range(len(layers) - 1, -1, -1):
            if spare > 0 and rooms[index] < wanted[index]:
                rooms[index] += 1
                spare -= 1
    return rooms


def _flow(scene: Scene, layer: Layer, width: int, most: int) -> list[Line]:
    """The header's fields one after another, the lit one first so that it is always in sight."""
    lit = current_field(scene)
    fields = sorted(layer.fields, key=lambda field: field is not lit) if lit in layer.fields else list(layer.fields)
    long = layer.place is not None and layer.place.osi == 7 and layer.protocol not in ("DNS", "mDNS", "DHCP")
    lines: list[Line] = []
    text = Text(" ", no_wrap=True, end="")
    link: Link | None = None
    for field in fields:
        item = _item(scene, layer, field, lit)
        if link is not None and (long or text.cell_len + item.cell_len + 1 > width):
            lines.append(Line(text, link, layer.protocol))
            text, link = Text(" ", no_wrap=True, end=""), None
            if len(lines) >= most:
                return lines
        link = link or Link(scene.moment.selected, field.span)
        text.append_text(item)
    if link is not None and len(lines) < most:
        lines.append(Line(text, link, layer.protocol))
    return lines


def _item(scene: Scene, layer: Layer, field: Field, lit: Field | None) -> Text:
    style = scene.palette.plain(True)
    if field is lit:
        style = scene.palette.on(scene.layer_colour(layer.protocol))
    value = safe(field.value, 120)
    return Text.assemble((f"{field_name(field, scene.language)} ", scene.palette.faint()), (value, style), "  ")


def _framed(scene: Scene, layers: tuple[Layer, ...], index: int, inner: list[Line], width: int) -> list[Line]:
    layer = layers[index]
    style = scene.palette.ink(scene.layer_colour(layer.protocol))
    bold = style + Style(bold=True)
    pieces = scene.glyphs.frame(int(layer.place.osi) if layer.place else None)
    left_top, right_top, left_low, right_low, across, down = tuple(pieces)
    title = sized(
        Text(f" {layer_title(scene, layer)} ", style=bold),
        min(Text(layer_title(scene, layer)).cell_len + 2, max(width - 4, 1)),
    )
    top = Text(left_top + across, style=style, no_wrap=True, end="")
    top.append_text(title)
    top.append(across * max(width - 3 - title.cell_len, 0) + right_top, style)
    lines = [Line(top, Link(scene.moment.selected, layer.header), f"box{index}")]
    for line in inner:
        text = Text(down, style=style, no_wrap=True, end="")
        text.append_text(sized(line.text, width - 2))
        text.append(down, style)
        lines.append(Line(text, line.link, line.mark))
    sums = f" {_sum(layers, index)} "
    if Text(sums).cell_len > width - 4:
        sums = ""
    low = Text(left_low + across * max(width - 3 - len(sums), 0), style=style, no_wrap=True, end="")
    low.append(sums, style)
    low.append(across + right_low, style)
    lines.append(Line(low))
    return lines


def _sum(layers: tuple[Layer, ...], index: int) -> str:
    """`32 + 178 = 210 B`: own bytes, what is carried, together; a trailer is counted by itself."""
    layer = layers[index]
    header = layer.header.end - layer.header.start
    trailer = layer.trailer.end - layer.trailer.start if layer.trailer else 0
    whole = whole_of(layers, index)
    carried = whole - size_of(layer)
    if not carried and not trailer:
        return f"{header} B"
    parts = [str(header), str(carried)] + ([str(trailer)] if trailer else [])
    return f"{' + '.join(parts)} = {whole} B"
