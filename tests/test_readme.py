"""The README shows what is there: its pictures exist in both languages, are small, and hold nothing but a picture."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PICTURES = re.findall(r"\]\((\.github/[^)]+)\)", README)


def test_every_view_is_shown_in_both_languages():
    names = {Path(picture).name for picture in PICTURES}
    views = ("start", "packets", "layers", "connections", "exchanges", "cors", "statistics", "present")
    assert {f"{view}.{language}.svg" for view in views for language in ("en", "ko")} <= names


def test_pictures_are_there_small_and_harmless():
    for picture in PICTURES:
        text = (ROOT / picture).read_text(encoding="utf-8")
        assert text.startswith("<svg") and len(text.encode()) < 100_000, picture
        assert "<script" not in text and "http" not in re.sub(
            r'xmlns="[^"]*"|<text.*?</text>|<!--.*?-->', "", text, flags=re.S
        )
