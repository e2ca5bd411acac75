"""Finding by some letters of a name, also in Korean: `재새` and `ㅈㅅ` find `재생`. Pure; knows no screen."""

import unicodedata
from functools import lru_cache
from typing import Final

_INITIALS: Final = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_FINALS: Final = (
    "ㄱ", "ㄲ", "ㄱㅅ", "ㄴ", "ㄴㅈ", "ㄴㅎ", "ㄷ", "ㄹ", "ㄹㄱ", "ㄹㅁ", "ㄹㅂ", "ㄹㅅ", "ㄹㅌ", "ㄹㅍ", "ㄹㅎ", "ㅁ", "ㅂ",
    "ㅂㅅ", "ㅅ", "ㅆ", "ㅇ", "ㅈ", "ㅊ", "ㅋ", "ㅌ", "ㅍ", "ㅎ",
)  # fmt: skip
_TOGETHER: Final = 1000
_AT_A_START: Final = 12


@lru_cache(maxsize=4096)
def letters(text: str) -> tuple[str, frozenset[int]]:
    """The text as single letters, Hangul taken apart as it is typed, and where words and syllables begin."""
    found: list[str] = []
    starts: set[int] = set()
    before = " "
    for char in text.casefold():
        hangul = "가" <= char <= "힣"
        if hangul or (not before.isalnum() and char.isalnum()):
            starts.add(len(found))
        if hangul:
            code = ord(char) - 0xAC00
            final = code % 28
            found += [_INITIALS[code // 588], chr(0x314F + code % 588 // 28), *(_FINALS[final - 1] if final else "")]
        else:
            found += unicodedata.normalize("NFKC", char) if not "ㄱ" <= char <= "ㅣ" else char
        before = char
    return "".join(found), frozenset(starts)


def likeness(wanted: str, text: str) -> int | None:
    """How well a text is what is wanted, more is better; None where it is not. Every word of the wish has to be in it."""
    sums = [_likeness(letters(word)[0], text) for word in wanted.split()]
    return None if None in sums else sum(each for each in sums if each is not None)


def _likeness(wanted: str, text: str) -> int | None:
    all_letters, starts = letters(text)
    at = all_letters.find(wanted)
    if at >= 0:
        beginning = next((start for start in sorted(starts) if all_letters.startswith(wanted, start)), None)
        return _TOGETHER + (_TOGETHER if beginning is not None else 0) - (at if beginning is None else beginning)
    score, at, first = 0, 0, -1
    for letter in wanted:
        at = all_letters.find(letter, at)
        if at < 0:
            return None
        first = at if first < 0 else first
        score += _AT_A_START if at in starts else 0
        at += 1
    return score - (at - first)
