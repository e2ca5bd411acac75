"""Layers and fields of one packet in words: their names, and why taking them apart stopped. Knows no screen."""

from netviz.explain.notes import word
from netviz.explain.words import Language, has, say
from netviz.model.layers import Break, Field
from netviz.model.safe import safe


def field_name(field: Field, language: Language) -> str:
    """A field's short name in a language, else as its specification has it."""
    return word(f"field.{field.key}", language, safe(field.label, 64))


def break_sentence(broken: Break, language: Language) -> str:
    """Why taking a packet apart stopped, and where."""
    key = f"broken.{broken.reason}"
    return say(
        key if has(key) else "broken.unknown",
        language,
        layer=broken.layer,
        offset=broken.offset,
        needed=broken.needed,
        available=broken.available,
    )
