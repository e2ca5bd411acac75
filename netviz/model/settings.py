"""What a user may settle once for all runs, as values with their defaults. Knows no file, no environment, no screen."""

from dataclasses import dataclass, field
from typing import Literal

from netviz.model.limits import DEFAULT_LIMITS

GlyphChoice = Literal["auto", "unicode", "ascii"]


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that `config.toml` may hold; None where the terminal, or the part that it is about, decides."""

    language: str | None = None
    theme: str | None = None
    motion: bool = True
    glyphs: GlyphChoice = "auto"
    browser: str = "chromium"
    view: int = 1
    """The view that a capture opens with, from 1."""

    time: str | None = None
    """How times are written in the list of packets."""

    columns: tuple[str, ...] = ()
    """Names of the packet list's columns; empty: those that fit."""

    present: bool = False
    """Begin in presenter mode."""

    recent: int = DEFAULT_LIMITS.recent_files
    """Captures opened last that are remembered; 0: none."""

    keep: tuple[str, ...] = ()
    """Bounds of what is kept of a live capture, in the words of `--keep`."""

    keys: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Id of a key row -> the keys that do it instead."""

    said: tuple[str, ...] = ()
    """What was wrong with the settings, in the user's language: the screen says it once."""
