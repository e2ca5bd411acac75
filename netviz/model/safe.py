"""The one gate for text that a packet wrote on its way to a terminal, a file or a page.

A terminal obeys control characters wherever they come from: a header with an escape sequence could set the window title,
fill the clipboard or hide what follows. `safe` turns each of them into a visible sign. It knows no widget and no colour.
"""

import unicodedata

_INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def _visible(code: int) -> str:
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


class _VisibleSigns(dict[int, str]):
    """Translation table that is worked out a character at a time, when first met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        bad = unicodedata.category(char) in _INVISIBLE or (char.isspace() and char != " ")
        self[code] = _visible(code) if bad else char
        return self[code]


_SIGNS = _VisibleSigns()


def safe(text: str | bytes, limit: int = 4096) -> str:
    """Text as visible characters only, at most `limit` of them (a longer one ends in an ellipsis).

    Bytes are read as UTF-8; bytes that are no UTF-8 show as \\xNN. Control, format (bidirectional, zero width),
    surrogate, private and unassigned characters and line separators show as a control picture or an escape.
    """
    if not isinstance(text, str):
        text = bytes(text[: 4 * limit + 4]).decode("utf-8", "backslashreplace")
    if len(text) > limit:
        text = text[: limit - 1] + "…"
    return text if text.isprintable() else text.translate(_SIGNS)
