"""Text quoted for a POSIX shell, so that whatever a packet wrote stays one word and is never a command.

Printable ASCII goes between single quotes, where a shell obeys nothing (POSIX.1 2.2.2). Everything else goes into
`$'...'` as escapes: a control character in a line that is pasted would be obeyed by the terminal or the line editor
before the shell sees the quotes.
"""

import re
from typing import Final

_BARE: Final = re.compile(r"[A-Za-z0-9_./:=,@%+\-]+")


def quoted(text: str) -> str:
    """One word of a command line. Surrogates and characters outside ASCII go as their UTF-8 bytes."""
    if text and _BARE.fullmatch(text):
        return text
    if text.isascii() and text.isprintable():
        return "'" + text.replace("'", "'\\''") + "'"
    return quoted_bytes(text.encode("utf-8", "backslashreplace"))


def quoted_bytes(data: bytes) -> str:
    """Any bytes as one word; no zero byte, which no word can hold. Raises: ValueError where there is one."""
    if 0 in data:
        raise ValueError("a zero byte can not be in an argument")
    return "$'" + "".join(_escaped(byte) for byte in data) + "'"


def _escaped(byte: int) -> str:
    if byte in b"'\\":
        return "\\" + chr(byte)
    return chr(byte) if 0x20 <= byte < 0x7F else f"\\{byte:03o}"
