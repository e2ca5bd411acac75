"""One packet's layers and fields as a tree, in plain words, and where taking it apart had to stop."""

from rich.text import Text

from netviz.explain.layers import break_sentence, field_name
from netviz.model.evidence import Span
from netviz.model.layers import Field, Layer
from netviz.model.safe import safe
from netviz.tui.cells import joined, wrapped
from netviz.tui.draw.differences import comparison_lines, differing, differs
from netviz.tui.draw.line import Line, Link, plain
from netviz.tui.draw.names import layer_title
from netviz.tui.scene import Scene


def field_lines(scene: Scene, width: int, toggled: frozenset[str]) -> list[Line]:
    """The tree. `toggled` are the names of branches that are not as they are at first: layers open, fields closed.

    A line's mark is `-name` for an open branch, `+name` for a closed one, ` name` for a leaf.
    """
    if scene.row is None:
        return [plain(scene.say("empty.packet"), scene.palette.faint())]
    if scene.dissection is None:
        return [plain(scene.say("working.dissection"), scene.palette.faint())]
    lines = comparison_lines(scene)
    before = differing(scene)
    for layer in scene.dissection.layers:
        lines.extend(_layer_lines(scene, layer, toggled, width, before))
    if scene.dissection.broken is not None:
        broken = scene.dissection.broken
        at = Span(min(broken.offset, len(scene.frame)), len(scene.frame))
        text = joined(
            (f"{scene.glyphs.bad} {break_sentence(broken, scene.language)}", scene.palette.ink(scene.palette.bad, True))
        )
        lines.append(Line(text, Link(scene.moment.selected, at), " broken"))
    return lines


def _layer_lines(
    scene: Scene, layer: Layer, toggled: frozenset[str], width: int, before: dict[int, str | None]
) -> list[Line]:
    closed = layer.protocol in toggled
    colour = scene.layer_colour(layer.protocol)
    sign = scene.glyphs.closed if closed else scene.glyphs.opened
    size = layer.header.end - layer.header.start
    text = joined(
        (f"{sign} {layer_title(scene, layer)}", scene.palette.ink(colour, True)),
        (f"  {size} B", scene.palette.faint()),
    )
    lines = [Line(text, Link(scene.moment.selected, layer.header), ("+" if closed else "-") + layer.protocol)]
    if not closed:
        for field in layer.fields:
            first, *rest = _field_lines(scene, field, colour, 1, toggled, width)
            lines.append(differs(scene, first, before[id(field)]) if id(field) in before else first)
            lines.extend(rest)
    return lines


def _field_lines(
    scene: Scene, field: Field, colour: str, depth: int, toggled: frozenset[str], width: int
) -> list[Line]:
    opened = field.key in toggled
    sign = (scene.glyphs.opened if opened else scene.glyphs.closed) if field.children else " "
    lit = scene.moment.lit == field.span
    text = joined(
        ("  " * depth + sign + " ", scene.palette.ink(colour)),
        (f"{field_name(field, scene.language)} ", scene.palette.ink(colour, True) if lit else scene.palette.faint()),
        (safe(field.value, 400), scene.palette.plain(True)),
        (_bits(field), scene.palette.faint()),
    )
    mark = ("-" if opened else "+") if field.children else " "
    lines = [Line(text, Link(scene.moment.selected, field.span), mark + field.key)]
    if lit:
        lines.extend(_meaning(scene, field, colour, depth, width))
    if opened:
        for child in field.children:
            lines.extend(_field_lines(scene, child, colour, depth + 1, toggled, width))
    return lines


def _meaning(scene: Scene, field: Field, colour: str, depth: int, width: int) -> list[Line]:
    """What the lit field is for, under it."""
    indent = "  " * depth + "  "
    sentence = scene.word(f"field.{field.key}.meaning", "")
    parts = wrapped(sentence, max(width - len(indent) - 2, 12)) if sentence else []
    return [plain(f"{indent}{scene.glyphs.down} {part}", scene.palette.ink(colour)) for part in parts]


def _bits(field: Field) -> str:
    """How many bits a field has that is not whole bytes."""
    width = field.bit_end - field.bit_start
    return f"  {width} bit" if width % 8 or field.bit_start % 8 else ""


def current_field(scene: Scene) -> Field | None:
    """The smallest field whose bytes are the lit ones."""
    if scene.dissection is None or scene.moment.lit is None:
        return None
    found = None
    pending = [field for layer in scene.dissection.layers for field in layer.fields]
    while pending:
        field = pending.pop()
        if field.span == scene.moment.lit and (
            found is None or field.bit_end - field.bit_start <= found.bit_end - found.bit_start
        ):
            found = field
        pending.extend(field.children)
    return found


def path_to(scene: Scene, span: Span) -> list[Field]:
    """The field on those bytes, after the fields that it is a part of; empty where there is none."""

    def below(fields: tuple[Field, ...]) -> list[Field]:
        for field in fields:
            if field.span == span:
                return [field]
            deeper = below(field.children)
            if deeper:
                return [field, *deeper]
        return []

    layers = scene.dissection.layers if scene.dissection is not None else ()
    return next((path for layer in layers if (path := below(layer.fields))), [])


def field_at(scene: Scene, span: Span | None, key: str) -> Field | None:
    """The field of that name on those bytes."""
    pending = [field for layer in (scene.dissection.layers if scene.dissection else ()) for field in layer.fields]
    while pending:
        field = pending.pop()
        if field.span == span and field.key == key:
            return field
        pending.extend(field.children)
    return None


def lit_words(scene: Scene) -> str:
    """Name, value and place of the lit bytes, for the border of the bytes."""
    span = scene.moment.lit
    if span is None:
        return ""
    place = scene.say("span", start=span.start, end=max(span.end - 1, span.start))
    field = current_field(scene)
    if field is None:
        return f" {place} "
    return f" {field_name(field, scene.language)} = {Text(safe(field.value, 24)).plain} {scene.glyphs.bullet} {place} "
