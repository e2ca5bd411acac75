"""The sentences: `say(key, language, **details)`. Loads the tables beside this file when first asked.

A table is `[some.key]` with `en = "..."` and `ko = "..."`, both with the same {placeholders}. Korean particles are
written in the pair form that grammars use (은(는), 이(가), 을(를), 와(과), (으)로) and chosen here by the sound before them.
"""

import os
import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Final, Literal

from netviz.model.safe import safe

Language = Literal["en", "ko"]
LANGUAGES: Final[tuple[Language, ...]] = ("en", "ko")

_PARTICLE = re.compile(
    r"(?<=\S)(은\(는\)|는\(은\)|이\(가\)|가\(이\)|을\(를\)|를\(을\)|와\(과\)|과\(와\)|\(으\)로|\(이\)라)"
)
_FORMS: Final = {"은": ("은", "는"), "이": ("이", "가"), "을": ("을", "를"), "와": ("과", "와")}
_SOUNDS_CLOSED = frozenset("013678LMNR")
_SOUNDS_L = frozenset("178LR")
_LATIN_CLOSED = re.compile(r"(?:[lmn]|[lmn]e|ng)$")
"""Ends of Latin words that Korean reads with a consonant at the end: Origin, scheme, curl, ping."""
_LATIN_OPEN = re.compile(r"(?:[aiouydfhrsvwxz]|[cdeigrstuv]e)$")
"""Ends that it reads with a vowel: Allow-Methods, header, code, Vary. Of others (get, set, Accept) no rule is sure."""
_LATIN_END = re.compile(r"[A-Za-z]*[a-z]$")


class UnknownWord(KeyError):
    """A key that no table has: a slip in the program, caught by a test."""


def tables() -> dict[str, dict[str, str]]:
    """All sentences: dotted key -> {"en": ..., "ko": ...}."""
    return {key: sentences for index in range(len(_texts())) for key, sentences in _table(index).items()}


@cache
def _texts() -> list[str]:
    """The tables as they stand in their files, the smallest first: a command that says little then reads little."""
    entries = (entry for entry in files(__package__).iterdir() if entry.name.endswith(".toml"))
    return sorted((entry.read_text(encoding="utf-8") for entry in entries), key=len)


@cache
def _table(index: int) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    _flatten(tomllib.loads(_texts()[index]), "", found)
    return found


@cache
def _sentences(key: str) -> dict[str, str] | None:
    """The sentences of a key, from the first table that has it."""
    tables_in_turn = map(_table, range(len(_texts())))
    return next((table[key] for table in tables_in_turn if key in table), None)


def _flatten(table: dict[str, object], prefix: str, into: dict[str, dict[str, str]]) -> None:
    if any(isinstance(value, str) for value in table.values()):
        into[prefix] = {name: value for name, value in table.items() if isinstance(value, str)}
    for name, value in table.items():
        if isinstance(value, dict):
            _flatten(value, f"{prefix}.{name}" if prefix else name, into)


def has(key: str) -> bool:
    """Whether there is a sentence for the key."""
    return _sentences(key) is not None


def say(key: str, language: Language, **details: object) -> str:
    """The sentence for a key in a language, its placeholders filled with details made safe for a terminal.

    Raises: UnknownWord where no table has the key.
    """
    sentences = _sentences(key)
    if sentences is None:
        raise UnknownWord(key)
    text = sentences[language].format_map({name: safe(str(value)) for name, value in details.items()})
    return _PARTICLE.sub(_chosen, text) if language == "ko" else text


def _chosen(match: re.Match[str]) -> str:
    before, pair = match.string[: match.start()], match.group()
    closed, ends_in_l = _sound(before)
    if closed is None:
        return pair
    if pair == "(으)로":
        return "으로" if closed and not ends_in_l else "로"
    if pair == "(이)라":
        return "이라" if closed else "라"
    first = pair[0] if pair[0] in _FORMS else pair[2]
    with_final, without = _FORMS[first]
    return with_final if closed else without


def _sound(text: str) -> tuple[bool | None, bool]:
    """Whether a text ends in a consonant as it is read, and whether that is an L; None where the reading is not known."""
    char = text[-1]
    if "가" <= char <= "힣":
        final = (ord(char) - 0xAC00) % 28
        return final != 0, final == 8
    if char.isdigit() or char.isupper():
        return char in _SOUNDS_CLOSED, char in _SOUNDS_L
    word = _LATIN_END.search(text[-40:])
    if word and _LATIN_CLOSED.search(word.group()):
        return True, word.group().endswith(("l", "le"))
    return (False if word and _LATIN_OPEN.search(word.group()) else None), False


def preferred_language() -> Language:
    """The language of the environment: Korean where LC_ALL, LC_MESSAGES or LANG (the first that is set) says so."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name)
        if value:
            return "ko" if value.lower().startswith("ko") else "en"
    return "en"
