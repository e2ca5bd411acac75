"""What is said about one exchange: lines of text with their weight and the packet that proves them. Knows no screen."""

from typing import Literal, NamedTuple

from netviz.explain.words import Language, has, say
from netviz.model.evidence import Evidence

Weight = Literal["title", "plain", "faint", "good", "bad", "warn"]


class Note(NamedTuple):
    """One line. Texts are safe for a terminal: they come from `say`, which makes its details safe."""

    text: str
    weight: Weight = "plain"
    at: Evidence | None = None
    indent: int = 0


def title(key: str, language: Language, **details: object) -> Note:
    """The heading of a group of notes."""
    return Note(say(key, language, **details), "title")


def note(key: str, language: Language, weight: Weight = "plain", at: Evidence | None = None, **details: object) -> Note:
    """A line of a table's words."""
    return Note(say(key, language, **details), weight, at, 1)


def word(key: str, language: Language, otherwise: str = "") -> str:
    """A word of a table, or `otherwise` where there is none."""
    return say(key, language) if has(key) else otherwise


def numbers(packets: list[int] | tuple[int, ...], most: int = 8) -> str:
    """`#12 #14 #15`, at most so many."""
    return " ".join(f"#{packet}" for packet in packets[:most]) + (" …" if len(packets) > most else "")


def seconds(value: float) -> str:
    """A duration as people read it: µs, ms or s."""
    size = abs(value)
    if size < 0.001:
        return f"{value * 1e6:.0f} µs"
    return f"{value * 1e3:.1f} ms" if size < 1 else f"{value:.3f} s"
