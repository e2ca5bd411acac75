"""`netviz explain FILE N --fields` and `--json`: every field of one packet with its place in bytes and what it is for."""

from collections.abc import Iterator

from rich.text import Text

from netviz.explain.layers import break_sentence, field_name
from netviz.explain.words import Language, has, say
from netviz.model.layers import Dissection, Field, Layer
from netviz.model.safe import safe
from netviz.report.form import document as envelope

_LONGEST = 400


def text(found: Dissection, number: int, language: Language) -> Iterator[Text]:
    """One line a field: first and last byte (from 0, at the frame's first byte), name, value; then what it is for."""
    yield Text(say("fields.head", language, number=number, captured=found.captured, length=found.length), style="bold")
    for layer in found.layers:
        place = f"{layer.place.osi} " if layer.place is not None else ""
        size = layer.header.end - layer.header.start
        first = f"{layer.header.start:>5} 0x{layer.header.start:04x}"
        yield Text(f"{first}  {place}{layer.protocol}  {size} B", style="bold cyan")
        for field in layer.fields:
            yield from _field(field, language, 1)
    if found.broken is not None:
        yield Text(f"✗ {break_sentence(found.broken, language)}", style="red")


def _field(field: Field, language: Language, depth: int) -> Iterator[Text]:
    span, bits = field.span, field.bit_end - field.bit_start
    size = f"{bits} bit" if bits % 8 or field.bit_start % 8 else f"{span.end - span.start} B"
    line = Text(f"{span.start:>5} 0x{span.start:04x}  {'  ' * depth}")
    line.append(f"{field_name(field, language)}: ", style="dim")
    line.append(safe(field.value, _LONGEST), style="bold")
    line.append(f"  ({size})", style="dim")
    yield line
    key = f"field.{field.key}.meaning"
    if has(key):
        yield Text(f"{' ' * 14}{'  ' * depth}{say(key, language)}", style="dim")
    for child in field.children:
        yield from _field(child, language, depth + 1)


def document(found: Dissection, number: int) -> dict[str, object]:
    """`netviz explain FILE N --json`. Spans are bytes of the frame, from 0, the end not included."""
    broken = found.broken
    return envelope(
        packet=number,
        captured=found.captured,
        length=found.length,
        layers=[_layer_object(layer) for layer in found.layers],
        broken=None
        if broken is None
        else {"layer": broken.layer, "offset": broken.offset, "reason": broken.reason}
        | {"needed": broken.needed, "available": broken.available},
    )


def _layer_object(layer: Layer) -> dict[str, object]:
    return {
        "protocol": layer.protocol,
        "osi": layer.place.osi if layer.place is not None else None,
        "tcpip": layer.place.tcpip if layer.place is not None else None,
        "header": list(layer.header),
        "payload": list(layer.payload),
        "trailer": list(layer.trailer) if layer.trailer is not None else None,
        "fields": [_field_object(field) for field in layer.fields],
    }


def _field_object(field: Field) -> dict[str, object]:
    return {
        "key": field.key,
        "label": field.label,
        "value": field.value,
        "span": list(field.span),
        "bits": [field.bit_start, field.bit_end],
        "fields": [_field_object(child) for child in field.children],
    }
