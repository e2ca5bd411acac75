"""The two ladders side by side: OSI's seven layers and the Internet's four, lit where this packet has bytes."""

from rich.cells import cell_len
from rich.style import Style
from rich.text import Text

from netviz.model.layers import Layer
from netviz.model.osi import TCPIP_OF_OSI, Osi
from netviz.model.safe import safe
from netviz.tui.cells import centred, fit, right
from netviz.tui.draw.line import Line, Link, plain
from netviz.tui.draw.names import osi_name, tcpip_name
from netviz.tui.scene import Scene


def protocols_by_osi(scene: Scene) -> dict[int, list[Layer]]:
    """The packet's layers by their place; a protocol netviz only names has none."""
    found: dict[int, list[Layer]] = {}
    for layer in scene.dissection.layers if scene.dissection is not None else ():
        if layer.place is not None:
            found.setdefault(int(layer.place.osi), []).append(layer)
    return found


def ladder_lines(scene: Scene, width: int, height: int, at: int | None = None) -> list[Line]:
    """Thirteen lines: both ladders in one table whose rows mean the same bytes.

    `at` is the OSI layer at work while the packet goes through the layers: it alone is filled, the others that have
    bytes are written in their colours. None fills them all.
    """
    if scene.row is None:
        return [plain(scene.say("empty.packet"), scene.palette.faint())]
    layers = protocols_by_osi(scene)
    left = (width - 3) * 11 // 20
    other = width - 3 - left
    edge, faint = scene.glyphs, scene.palette.faint()
    frame = scene.glyphs.frame(0)
    head = Text(
        f"  {fit('OSI 7', left)} {fit('TCP/IP 4', other)}", style=scene.palette.plain(True), no_wrap=True, end=""
    )
    lines = [Line(head), plain(frame[0] + edge.across * left + edge.across + edge.across * other + frame[1], faint)]
    for number in range(7, 0, -1):
        lines.append(_rung(scene, number, layers, left, other, at))
        if number in (5, 4, 3):
            lines.append(plain(edge.down + edge.across * left + edge.cross + edge.across * other + edge.down, faint))
    lines.append(plain(frame[2] + edge.across * left + edge.across + edge.across * other + frame[3], faint))
    return lines if height >= 13 else [line for line in lines if line.link is not None or line.mark]


def _rung(scene: Scene, number: int, layers: dict[int, list[Layer]], left: int, other: int, at: int | None) -> Line:
    here = layers.get(number, [])
    colour = scene.palette.layer(number)
    names = "+".join(dict.fromkeys(safe(layer.protocol, 24) for layer in here))
    style = _lit(scene, colour, bool(here) or number == at, at in (None, number))
    down = scene.glyphs.down
    name = f"{scene.glyphs.closed if number == at else ' '}{number} {osi_name(scene, number)}"
    tail = f"{names or scene.say('ladder.none')} "
    if cell_len(name) + cell_len(tail) >= left:
        tail = f"{names} " if names else ""
    label = fit(name, max(left - cell_len(tail), 8), scene.glyphs.ellipsis) + tail
    text = Text(no_wrap=True, end="")
    text.append(down, scene.palette.faint())
    text.append(fit(label, left), style)
    text.append(down, scene.palette.faint())
    text.append_text(_internet_cell(scene, number, layers, other, at))
    text.append(down, scene.palette.faint())
    link = Link(scene.moment.selected, here[-1].header) if here else None
    return Line(text, link, f"rung{number}")


def _lit(scene: Scene, colour: str, present: bool, filled: bool) -> Style:
    palette = scene.palette
    return palette.faint() if not present else palette.on(colour) if filled else palette.ink(colour, True)


def _internet_cell(scene: Scene, number: int, layers: dict[int, list[Layer]], width: int, working: int | None) -> Text:
    group = TCPIP_OF_OSI[Osi(number)]
    members = [osi for osi in range(7, 0, -1) if TCPIP_OF_OSI[Osi(osi)] == group]
    present = [layer for osi in members for layer in layers.get(osi, [])]
    lit = max((int(layer.place.osi) for layer in present if layer.place is not None), default=0)
    here = working is None or TCPIP_OF_OSI[Osi(working)] == group
    style = _lit(scene, scene.palette.layer(lit), bool(present), here)
    words = [f" {int(group)} {tcpip_name(scene, int(group))}"]
    protocols = "+".join(dict.fromkeys(safe(layer.protocol, 24) for layer in present))
    at = members.index(number)
    if len(members) == 1:
        tail = f"{protocols} " if protocols else ""
        text = fit(words[0], width - len(tail)) + right(tail, len(tail)) if width > len(tail) + 8 else words[0]
    elif at == 0:
        text = words[0]
    else:
        text = f"   {protocols}" if at == 1 else ""
    return Text(fit(text, width), style=style, no_wrap=True, end="")


def absent_layers(scene: Scene) -> list[int]:
    """OSI layers above the physical one and below the packet's top of which it has no bytes of their own."""
    layers = protocols_by_osi(scene)
    top = max(layers, default=0)
    return [number for number in range(2, max(top, 7) + 1) if number not in layers]


def bar_line(scene: Scene, width: int) -> Text:
    """All bytes of the frame as one bar, each layer's share to scale but never too narrow to be read."""
    text = Text(no_wrap=True, end="")
    if scene.dissection is None or not scene.dissection.layers:
        return text
    parts = [
        (layer, layer.header.end - layer.header.start)
        for layer in scene.dissection.layers
        if layer.header.end > layer.header.start
    ]
    top = scene.dissection.layers[-1]
    if parts and parts[-1][0] is top:
        parts[-1] = (top, parts[-1][1] + top.payload.end - top.payload.start)
    total = max(sum(size for _, size in parts), 1)
    labels = [f" {int(layer.place.osi) if layer.place else '?'} {size}B" for layer, size in parts]
    least = [len(label) + 1 for label in labels]
    cells = [max(minimum, round(size / total * width)) for minimum, (_, size) in zip(least, parts, strict=True)]
    while sum(cells) > width and any(cell > minimum for cell, minimum in zip(cells, least, strict=True)):
        widest = max(range(len(cells)), key=lambda index: cells[index] - least[index])
        cells[widest] -= 1
    if cells and sum(cells) < width:
        cells[-1] += width - sum(cells)
    for index, ((layer, _), label, cell) in enumerate(zip(parts, labels, cells, strict=True)):
        edge = scene.glyphs.down if index + 1 < len(parts) else ""
        colour = scene.layer_colour(layer.protocol)
        text.append(
            fit(centred(label.strip(), cell - len(edge)), cell - len(edge)) + edge,
            Style.chain(scene.palette.on(colour)),
        )
    return text
