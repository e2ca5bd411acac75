"""A filter's text as tokens, each with the characters it came from. Knows no field and no grammar."""

import re
from typing import Final, Literal, NamedTuple

from netviz.filter.fault import LONGEST_FILTER, FilterError

Kind = Literal["word", "text", "operator", "(", ")", "{", "}", "[", "]", ",", "end"]


class Token(NamedTuple):
    """One token; `value` is the word, the operator, or the text between quotes with its escapes undone."""

    kind: Kind
    value: str
    start: int
    end: int


_TOKEN: Final = re.compile(
    r"(?P<space>\s+)|(?P<operator>===|!==|==|!=|~=|<=|>=|&&|\|\||\^\^|[<>!~&])"
    r"|(?P<mark>[(){},\[\]])|(?P<word>[A-Za-z0-9_.:/+*-]+)"
)
_ESCAPES: Final = {"n": "\n", "r": "\r", "t": "\t", "0": "\0", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
_HEX_PAIR: Final = re.compile(r"[0-9A-Fa-f]{2}")
_MARKS: Final[dict[str, Kind]] = {"(": "(", ")": ")", "{": "{", "}": "}", ",": ",", "[": "[", "]": "]"}


def tokens(text: str) -> list[Token]:
    """All tokens and an `end`. Raises: FilterError at a character that begins no token, or a text without its end."""
    if len(text) > LONGEST_FILTER:
        raise FilterError("too-long", text, LONGEST_FILTER, len(text), most=LONGEST_FILTER)
    found: list[Token] = []
    at = 0
    while at < len(text):
        raw = text[at] in "rR" and text[at + 1 : at + 2] == '"'
        if text[at] == '"' or raw:
            token = _quoted(text, at, raw)
        else:
            token = _plain(text, at)
        at = token.end
        if token.kind != "end":
            found.append(token)
    found.append(Token("end", "", len(text), len(text)))
    return found


def _plain(text: str, at: int) -> Token:
    match = _TOKEN.match(text, at)
    if match is None:
        raise FilterError("bad-character", text, at, at + 1, character=text[at])
    end, value = match.end(), match.group()
    if match.lastgroup == "space":
        return Token("end", "", at, end)
    if match.lastgroup == "mark":
        return Token(_MARKS[value], value, at, end)
    return Token("operator" if match.lastgroup == "operator" else "word", value, at, end)


def _quoted(text: str, start: int, raw: bool) -> Token:
    """A text in quotes: `"a \\"b\\" \\x41"`, or r"..." in which a backslash stands for itself."""
    at = start + (2 if raw else 1)
    parts: list[str] = []
    while at < len(text):
        char = text[at]
        if char == '"':
            return Token("text", "".join(parts), start, at + 1)
        if char != "\\" or at + 1 >= len(text):
            parts.append(char)
            at += 1
        elif raw:
            parts.append(text[at : at + 2])
            at += 2
        else:
            part, at = _escape(text, at)
            parts.append(part)
    raise FilterError("open-text", text, start, len(text))


def _escape(text: str, at: int) -> tuple[str, int]:
    """What a backslash and the characters after it stand for. One that is not known stands for itself, for patterns."""
    char = text[at + 1]
    if char == "x" and (pair := _HEX_PAIR.match(text, at + 2)):
        return chr(int(pair.group(), 16)), at + 4
    if char in '"\\':
        return char, at + 2
    return (_ESCAPES[char], at + 2) if char in _ESCAPES else (text[at : at + 2], at + 2)


def quoted(text: str) -> str:
    """A text as it is written in a filter: `tokens` gives it back."""
    parts = []
    for char in text:
        if char in '"\\':
            parts.append(f"\\{char}")
        elif ord(char) < 0x20 or ord(char) == 0x7F:
            parts.append(f"\\x{ord(char):02x}")
        else:
            parts.append(char)
    return f'"{"".join(parts)}"'
