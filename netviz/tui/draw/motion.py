"""Encapsulation in discrete steps on the packet's real bytes: down the sender's stack, across, up the receiver's.

With k layers in the packet there are 2k + 1 steps: the topmost protocol's own bytes, then one for each header that is
put in front on the way down, one on the wire, and one for each header that is taken off on the way up. Within a step the
header slides to its place in a few frames (`Scene.slide`); at rest, and where motion is not wanted, it is there at once.
"""

from dataclasses import dataclass
from typing import Literal

from rich.cells import cell_len
from rich.style import Style
from rich.text import Text

from netviz.explain.layers import field_name
from netviz.model.layers import Layer
from netviz.model.osi import Osi
from netviz.model.safe import safe
from netviz.pipeline.lines import packet_line
from netviz.tui.cells import centred, fit, right, wrapped
from netviz.tui.draw.ladders import absent_layers, ladder_lines
from netviz.tui.draw.line import Line, Link, plain
from netviz.tui.draw.names import osi_name, unit_name
from netviz.tui.scene import SLIDE_FRAMES, Scene

_NARROW, _WIDE = 16, 26
_MARGIN = 4
"""Cells before the outermost header: room for it to be taken off to."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the packet is at one step."""

    way: Literal["down", "wire", "up"]
    at: int
    """Index of the layer in the dissection, lowest first; -1 on the wire."""


def stages(layers: tuple[Layer, ...]) -> list[Stage]:
    """All steps of a packet, in order."""
    if not layers:
        return []
    top = len(layers) - 1
    return [
        *(Stage("down", index) for index in range(top, -1, -1)),
        Stage("wire", -1),
        *(Stage("up", index) for index in range(top + 1)),
    ]


def stage_of(scene: Scene) -> Stage | None:
    """The present step of the selected packet."""
    if scene.dissection is None:
        return None
    steps = stages(scene.dissection.layers)
    return steps[min(scene.step, len(steps) - 1)] if steps else None


def stepped_ladder_lines(scene: Scene, width: int, height: int) -> list[Line]:
    """The two ladders, with the layer lit at which the packet is at this step."""
    stage = stage_of(scene)
    layers = scene.dissection.layers if scene.dissection is not None else ()
    at = None if stage is None else int(Osi.PHYSICAL) if stage.way == "wire" else _floor_of(layers, stage.at)
    return ladder_lines(scene, width, height, at)


def size_of(layer: Layer) -> int:
    """Bytes of a layer's own: its header and its trailer."""
    trailer = layer.trailer.end - layer.trailer.start if layer.trailer else 0
    return layer.header.end - layer.header.start + trailer


def whole_of(layers: tuple[Layer, ...], index: int) -> int:
    """Bytes of the unit that a layer hands on: its own and all that it carries."""
    layer = layers[index]
    ends = [layer.header.end, layer.payload.end] + ([layer.trailer.end] if layer.trailer else [])
    return max(ends) - layer.header.start


def motion_lines(scene: Scene, width: int, height: int) -> list[Line]:
    """The picture: sender's stack, the unit as it is now, receiver's stack; then what happened at this step."""
    if scene.row is None:
        return [plain(scene.say("empty.packet"), scene.palette.faint())]
    if scene.dissection is None:
        return [plain(scene.say("working.dissection"), scene.palette.faint())]
    stage = stage_of(scene)
    if stage is None:
        return [plain(scene.say("empty.layers"), scene.palette.faint())]
    layers = scene.dissection.layers
    side = _WIDE if width >= 110 else _NARROW
    middle = max(width - 2 * side - 2, 20)
    lines = [_heads(scene, side, middle)]
    for number in range(7, 0, -1):
        lines.extend(_floor(scene, number, stage, layers, side, middle))
    lines.append(plain(""))
    lines.extend(_story(scene, stage, layers, width))
    return lines


def _heads(scene: Scene, side: int, middle: int) -> Line:
    line = packet_line(scene.store, scene.moment.selected - 1)
    tail = scene.say("motion.step", step=min(scene.step + 1, _last(scene)), steps=_last(scene))
    text = Text(no_wrap=True, end="")
    text.append(fit(f" {scene.say('motion.sender')}", side), scene.palette.plain(True))
    inner = f"{line.source} {scene.glyphs.right} {line.destination}"
    text.append(fit(centred(f"{inner}   {tail}", middle + 2), middle + 2), scene.palette.faint())
    text.append(right(f"{scene.say('motion.receiver')} ", side), scene.palette.plain(True))
    return Line(text)


def _last(scene: Scene) -> int:
    return len(stages(scene.dissection.layers)) if scene.dissection is not None else 0


def _floor(scene: Scene, number: int, stage: Stage, layers: tuple[Layer, ...], side: int, middle: int) -> list[Line]:
    """One OSI layer of both stacks, a line for each protocol that has bytes there."""
    here = [index for index in range(len(layers) - 1, -1, -1) if _floor_of(layers, index) == number]
    if number == Osi.PHYSICAL:
        return [_wire(scene, stage, layers, side, middle)]
    if not here:
        return [_absent(scene, number, stage, layers, side, middle)]
    return [_carried(scene, number, index, stage, layers, side, middle, first=index == here[0]) for index in here]


def _floor_of(layers: tuple[Layer, ...], index: int) -> int:
    """OSI layer on which a protocol is drawn; one without a place (quoted in an error) stands with its carrier."""
    for layer in reversed(layers[: index + 1]):
        if layer.place is not None:
            return int(layer.place.osi)
    return int(Osi.DATA_LINK)


def _absent(scene: Scene, number: int, stage: Stage, layers: tuple[Layer, ...], side: int, middle: int) -> Line:
    """A layer that has no bytes in this packet: said so, once the packet has passed it."""
    name = fit(f" {number} {osi_name(scene, number)}", side)
    top = max(_floor_of(layers, index) for index in range(len(layers)))
    at = 1 if stage.way == "wire" else _floor_of(layers, stage.at)
    passed = number < top and (number > at if stage.way != "up" else number < at)
    words = scene.say("motion.none-here") if passed else ""
    text = Text(style=scene.palette.faint(), no_wrap=True, end="")
    text.append(f"{name} {fit(' ' * _MARGIN + words, middle, scene.glyphs.ellipsis)} {name}")
    return Line(text)


def _carried(
    scene: Scene, number: int, index: int, stage: Stage, layers: tuple[Layer, ...], side: int, middle: int, first: bool
) -> Line:
    layer, palette = layers[index], scene.palette
    colour = palette.layer(number)
    down, now = stage.way == "down", stage.at == index
    name = f" {number} {osi_name(scene, number)}" if first else "  "
    protocol = f"{safe(layer.protocol, 16)} " if side == _WIDE or not first else ""
    label = fit(name, max(side - len(protocol), 2)) + protocol
    sent = stage.way != "down" or index >= stage.at
    received = stage.way == "up" and index <= stage.at
    text = Text(no_wrap=True, end="")
    text.append(fit(label, side), _standing(scene, colour, now and down, sent))
    text.append(scene.glyphs.right if now and down else " ", palette.ink(colour, True))
    shown = received if stage.way == "up" else sent
    text.append_text(_unit(scene, index, layers, middle, stage) if shown else Text(" " * middle))
    text.append(scene.glyphs.rise if now and stage.way == "up" else " ", palette.ink(colour, True))
    text.append(fit(label, side), _standing(scene, colour, now and stage.way == "up", received))
    return Line(text, Link(scene.moment.selected, layer.header), f"layer{index}")


def _standing(scene: Scene, colour: str, now: bool, passed: bool) -> Style:
    """How a layer's name stands in a stack: at work, passed, or waiting."""
    palette = scene.palette
    return palette.on(colour) if now else palette.ink(colour, True) if passed else palette.faint()


def _unit(scene: Scene, index: int, layers: tuple[Layer, ...], middle: int, stage: Stage) -> Text:
    """The unit at one layer as a bar: its own header, then what it carries, each header in its layer's colour."""
    now = stage.at == index
    widths = _widths(layers, middle - _MARGIN)
    indent = _MARGIN + sum(widths[:index])
    above = list(layers[index + 1 :])
    if not above:
        text = Text(" " * indent, no_wrap=True, end="")
        words = _label(layers[index], "", whole_of(layers, index), middle - indent - 2)
        return text.append_text(_block(scene, layers[index], words, middle - indent, now))
    removed = stage.way == "up" and now
    words = _label(layers[index], "-" if removed else "", size_of(layers[index]), widths[index] - 2)
    at = _slid(scene, indent, removed) if now else indent
    header = _block(scene, layers[index], words, widths[index], now and not removed)
    text = Text(" " * at, no_wrap=True, end="")
    text.append_text(header)
    text.append(" " * max(indent + widths[index] - text.cell_len, 0))
    return text.append_text(_cargo(scene, layers, index, widths, middle - indent - widths[index], now))


def _slid(scene: Scene, indent: int, removed: bool) -> int:
    """Where the header is in this frame: on its way in from the left edge, or out into the margin."""
    share = scene.slide / SLIDE_FRAMES
    return indent - round(_MARGIN * share) if removed else round(indent * share)


def _cargo(scene: Scene, layers: tuple[Layer, ...], index: int, widths: list[int], room: int, now: bool) -> Text:
    """What a layer carries: at work, each header in it by its colour; passed, one block with the name of the unit."""
    inner = layers[index + 1]
    if not now:
        words = f"{unit_name(scene, inner.place)} {whole_of(layers, index) - size_of(layers[index])}B".strip()
        return _block(scene, inner, words, room, False)
    text = Text(no_wrap=True, end="")
    for at in range(index + 1, len(layers)):
        last = at + 1 == len(layers)
        cell = room - text.cell_len if last else widths[at]
        size = whole_of(layers, at) if last else size_of(layers[at])
        text.append_text(_block(scene, layers[at], _label(layers[at], "", size, cell - 2), cell, True))
    return text


def _block(scene: Scene, layer: Layer, words: str, cell: int, filled: bool) -> Text:
    """A piece of the bar in exactly `cell` cells, with an edge, so that pieces are told apart without colour."""
    colour = scene.layer_colour(layer.protocol)
    style = scene.palette.on(colour) if filled else scene.palette.ink(colour, True)
    text = Text(scene.glyphs.down, style=style, no_wrap=True, end="")
    text.append(fit(centred(fit(words, min(cell_len(words), cell - 1)), cell - 1), cell - 1))
    return text


def _label(layer: Layer, sign: str, own: int, room: int) -> str:
    """The most that can be said of a header in its cell."""
    number, size = int(layer.place.osi) if layer.place else "?", f"{sign}{own}B"
    name = safe(layer.protocol, 16)
    return next(
        (words for words in (f"{number} {name} {size}", f"{name} {size}", f"{number} {size}") if len(words) <= room),
        size,
    )


def _widths(layers: tuple[Layer, ...], middle: int) -> list[int]:
    """Cells of each layer's own part, so that the staircase leaves room for what is carried."""
    wanted = [len(safe(layer.protocol, 12)) + 9 for layer in layers]
    steps = max(len(layers) - 1, 1)
    most = max((middle - 12) // steps, 4)
    return [min(width, most) for width in wanted]


def _wire(scene: Scene, stage: Stage, layers: tuple[Layer, ...], side: int, middle: int) -> Line:
    palette, text = scene.palette, Text(no_wrap=True, end="")
    name = f" 1 {osi_name(scene, 1)}"
    on_wire = stage.way == "wire"
    colour = palette.layer(1)
    reached = stage.way != "down"
    style = palette.on(colour) if on_wire else palette.plain() if reached else palette.faint()
    text.append(fit(name, side), style)
    bits = "".join(f"{byte:08b}" for byte in scene.frame[: middle // 8 + 1])
    label = f" {scene.say('motion.bits', bits=scene.dissection.length * 8 if scene.dissection else 0)} "
    body = fit(bits, max(middle - cell_len(label), 4), "") if reached else ""
    text.append(" ")
    text.append(fit(body + (label if reached else ""), middle), palette.plain(on_wire) if reached else palette.faint())
    text.append(scene.glyphs.right if reached else " ", palette.plain(True))
    text.append(fit(name, side), style if on_wire or stage.way == "up" else palette.faint())
    return Line(text)


def _story(scene: Scene, stage: Stage, layers: tuple[Layer, ...], width: int) -> list[Line]:
    """What happened at this step, in words and numbers, with the header's own values."""
    palette = scene.palette
    if stage.way == "wire":
        sentences = [
            scene.say("motion.wire", bytes=scene.dissection.length if scene.dissection else 0),
            scene.say("motion.no-own"),
        ]
        return [plain(f" {line}", palette.plain()) for text in sentences for line in wrapped(text, width - 2)]
    layer = layers[stage.at]
    colour = scene.layer_colour(layer.protocol)
    own, whole = size_of(layer), whole_of(layers, stage.at)
    top = stage.at == len(layers) - 1
    key = f"motion.{stage.way}-{'top' if top else 'header'}"
    unit = unit_name(scene, layer.place)
    sentence = scene.say(key, protocol=layer.protocol, own=own, carried=whole - own, whole=whole, unit=unit)
    lines = [plain(f" {line}", palette.ink(colour, True)) for line in wrapped(sentence, width - 2)]
    if layer.protocol == "Ethernet":
        lines.extend(plain(f" {text}", palette.faint()) for text in wrapped(scene.say("motion.no-own"), width - 2))
    lines.extend(_values(scene, layer, width))
    lines.extend(_sums(scene, layers, width))
    return lines


def _values(scene: Scene, layer: Layer, width: int) -> list[Line]:
    """The header's fields in one or two lines, each a value from the bytes."""
    text = Text(" ", no_wrap=True, end="")
    lines: list[Line] = []
    link = Link(scene.moment.selected, layer.header)
    for field in layer.fields[:14]:
        item = Text.assemble(
            (f"{field_name(field, scene.language)} ", scene.palette.faint()),
            (f"{safe(field.value, 40)}  ", scene.palette.plain(True)),
        )
        if text.cell_len + item.cell_len > width and text.cell_len > 1:
            lines.append(Line(text))
            text = Text(" ", no_wrap=True, end="")
        text.append_text(item)
    lines.append(Line(text))
    return [Line(line.text, link if index == 0 else None, "values") for index, line in enumerate(lines[:3])]


def _so_far(scene: Scene, layers: tuple[Layer, ...]) -> str:
    """What has been put around the innermost unit by now: in bytes, and as a share of what there is."""
    stage = stage_of(scene)
    at = 0 if stage is None or stage.way == "wire" else stage.at + (stage.way == "up")
    around = sum(size_of(layer) for layer in layers[at:-1])
    whole = whole_of(layers, min(at, len(layers) - 1))
    share = f"{100 * around / whole:.1f}" if whole else "0"
    return scene.say("motion.so-far", around=around, whole=whole, share=share)


def _sums(scene: Scene, layers: tuple[Layer, ...], width: int) -> list[Line]:
    """Overhead of the whole packet, and which layers have no bytes of their own in it."""
    whole = whole_of(layers, 0)
    inner = layers[-1]
    carries = inner.place is not None and inner.place.osi == Osi.APPLICATION
    content = size_of(inner) + (inner.payload.end - inner.payload.start) if carries else 0
    headers = [size_of(layer) for layer in (layers[:-1] if carries else layers)]
    sentence = scene.say(
        "motion.overhead",
        sum=" + ".join(map(str, headers)) or "0",
        headers=sum(headers),
        content=content,
        share=f"{100 * sum(headers) / whole:.0f}" if whole else "0",
    )
    absent = [f"{number} {osi_name(scene, number)}" for number in absent_layers(scene)]
    lines = [plain(f" {line}", scene.palette.plain(True)) for line in wrapped(_so_far(scene, layers), width - 2)]
    lines.extend(plain(f" {line}", scene.palette.plain()) for line in wrapped(sentence, width - 2))
    if absent:
        note = scene.say("motion.absent", layers=", ".join(absent))
        lines.extend(plain(f" {line}", scene.palette.faint()) for line in wrapped(note, width - 2))
    return lines
