"""The screen's words: both languages, the same placeholders, and none that the program asks for and nobody wrote."""

import re
import string
from pathlib import Path

import pytest

import netviz.tui
from netviz.explain import words

SCREEN = {key: texts for key, texts in words.tables().items() if key.startswith("screen.")}
SOURCES = sorted(Path(netviz.tui.__file__).parent.rglob("*.py"))


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("key", sorted(SCREEN))
def test_both_languages_say_it_with_the_same_details(key):
    texts = SCREEN[key]
    assert set(texts) == {"en", "ko"}
    assert placeholders(texts["en"]) == placeholders(texts["ko"])


def test_no_word_is_asked_for_that_is_not_there():
    asked = {
        match
        for source in SOURCES
        for match in re.findall(r'\.say\(\s*"([a-z0-9.-]+)"', source.read_text(encoding="utf-8"))
    }
    assert len(asked) > 40
    assert {key for key in asked if f"screen.{key.removeprefix('screen.')}" not in SCREEN} == set()


def test_no_word_is_written_that_nothing_asks_for():
    sources = "\n".join(source.read_text(encoding="utf-8") for source in SOURCES)
    families = set(re.findall(r"""say\(\s*f["']([a-z.-]+)\{""", sources)) | {
        "pane.",
        "list.",
        "view.",
        "motion.",
        "signs.",
    }
    unused = {
        key.removeprefix("screen.")
        for key in SCREEN
        if not re.search(f"[\"']{re.escape(key)}[\"']|[\"']{re.escape(key.removeprefix('screen.'))}[\"']", sources)
        and not any(key.removeprefix("screen.").startswith(family) for family in families)
    }
    assert unused == set()
