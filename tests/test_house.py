"""The house is kept: modules say what they are, nothing is too large, nothing tells of a machine, languages agree."""

import ast
import re
import string
import subprocess
from pathlib import Path

import pytest

from netviz.explain.words import LANGUAGES, tables

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "netviz"
MODULES = sorted(PACKAGE.rglob("*.py"))
BANNED_NAMES = {"utils", "util", "helpers", "helper", "manager", "core", "common", "misc"}
LONGEST_FILE = 400
LONGEST_FUNCTION = 50


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_is_documented_named_and_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    assert ast.get_docstring(tree), "a module says what it is and what it may not know"
    assert not BANNED_NAMES & {path.stem, path.parent.name}
    assert text.count("\n") <= LONGEST_FILE
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno <= LONGEST_FUNCTION, f"{node.name} is too long"


def tracked() -> list[Path]:
    run = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if run.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in run.stdout.split("\n") if name]


def test_no_tracked_file_tells_of_a_machine() -> None:
    place = re.compile(r"(^|[^\w.])/(home|root|work|opt|farm)/[A-Za-z]")
    for path in tracked():
        if path.suffix in (".py", ".toml", ".md", ".cfg", "") and path.is_file():
            found = place.search(path.read_text(encoding="utf-8", errors="replace"))
            assert found is None, f"{path}: {found.group() if found else ''}"


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_have_every_sentence_with_the_same_details() -> None:
    assert tables()
    for key, sentences in tables().items():
        assert set(sentences) == set(LANGUAGES), key
        assert placeholders(sentences["en"]) == placeholders(sentences["ko"]), key
        assert all(text.strip() for text in sentences.values()), key


def test_korean_sentences_are_korean() -> None:
    for key, sentences in tables().items():
        english_words = re.findall(r"[a-z]{4,}", sentences["en"])
        if len(english_words) >= 4:
            assert re.search(r"[가-힣]", sentences["ko"]), key
