"""HTTP/1.x messages as they stand in one segment (RFC 9112): the parts of the text, each with its bytes.

One packet is looked at, so a head or body may go on in the next one: what is here is shown, and nothing breaks by that.
"""

import re
from typing import Final

from netviz.dissect.application import starts_http
from netviz.dissect.cursor import Cursor, TooManyFields
from netviz.dissect.step import Step, Window, ends
from netviz.model.safe import safe

_VALUE_MOST: Final = 400
_CHUNK_SIZE: Final = re.compile(rb"([0-9A-Fa-f]{1,15})[^\r\n]*\r?\n")


def http(window: Window) -> Step:
    """The messages of a segment. One message splits in head and body; several are a layer without a split."""
    cursor = Cursor(window.frame, window.start, window.end)
    head_end, count = window.end, 0
    try:
        while cursor.left and (count == 0 or starts_http(cursor.peek(cursor.left))):
            framing = _head(cursor)
            count += 1
            head_end = cursor.at if count == 1 else window.end
            _body(cursor, framing)
        cursor.rest("http.file_data", "Body", _body_text)
    except TooManyFields:
        head_end = window.end
        cursor.rest("http.unread", "Further parts", _body_text)
    step = ends("HTTP", tuple(cursor.fields), window)
    return step._replace(header_end=head_end)


def _line(cursor: Cursor) -> tuple[bytes, int]:
    """The next line without its end, and the bytes it takes with it. The last line may have no end yet."""
    rest = cursor.frame.find(b"\n", cursor.at, cursor.end)
    size = (rest + 1 if rest >= 0 else cursor.end) - cursor.at
    raw = cursor.peek(size)
    return raw.rstrip(b"\r\n"), size


def _head(cursor: Cursor) -> tuple[str, int]:
    """Start line and header fields. Returns how the body ends: `chunked`, `length` or `close`, and its bytes."""
    response = cursor.peek(5) == b"HTTP/"
    status = _start_line(cursor, response)
    framing = ("close", 0) if response and status not in (204, 304) and status >= 200 else ("length", 0)
    while cursor.left:
        line, size = _line(cursor)
        if not line:
            cursor.note("http.head_end", "Blank line", "", cursor.at, cursor.at + size)
            cursor.at += size
            return framing
        name, value = _header(cursor, line, size)
        if name == b"transfer-encoding" and b"chunked" in value.lower():
            framing = ("chunked", 0)
        elif name == b"content-length" and value.isdigit() and len(value) < 16 and framing[0] != "chunked":
            framing = ("length", int(value))
    return framing


def _start_line(cursor: Cursor, response: bool) -> int:
    """The start line in its three parts; returns the status code, 0 for a request."""
    line, size = _line(cursor)
    begin, since = cursor.at, len(cursor.fields)
    if response:
        parts = (
            ("http.response.version", "Version"),
            ("http.response.code", "Status"),
            ("http.response.phrase", "Reason"),
        )
    else:
        parts = (("http.request.method", "Method"), ("http.request.uri", "Target"), ("http.request.version", "Version"))
    at, words = begin, line.split(b" ", 2)
    for (key, label), word in zip(parts, words, strict=False):
        if word:
            cursor.note(key, label, safe(word, _VALUE_MOST), at, at + len(word))
        at += len(word) + 1
    cursor.at += size
    label = "Status line" if response else "Request line"
    cursor.group("http.start_line", label, safe(line, _VALUE_MOST), begin, since)
    return int(words[1]) if response and len(words) > 1 and words[1].isdigit() and len(words[1]) < 6 else 0


def _header(cursor: Cursor, line: bytes, size: int) -> tuple[bytes, bytes]:
    """One header field: its name and its value. A line without a colon (or a folded one) is shown whole."""
    begin, since = cursor.at, len(cursor.fields)
    name, colon, value = line.partition(b":")
    folded = line[:1] in (b" ", b"\t")
    cursor.at += size
    if not colon or folded:
        cursor.group("http.header", "Continued line" if folded else "Line", safe(line, _VALUE_MOST), begin, since)
        return b"", b""
    stripped = value.strip(b" \t")
    if name:
        cursor.note("http.header.name", "Name", safe(name, _VALUE_MOST), begin, begin + len(name))
    if stripped:
        start = begin + len(name) + 1 + len(value) - len(value.lstrip(b" \t"))
        cursor.note("http.header.value", "Value", safe(stripped, _VALUE_MOST), start, start + len(stripped))
    cursor.group("http.header", safe(name, 64) or "Header", safe(stripped, _VALUE_MOST), begin, since)
    return name.strip(b" \t").lower(), stripped


def _body(cursor: Cursor, framing: tuple[str, int]) -> None:
    """What of the body is in this segment."""
    how, length = framing
    size = cursor.left if how == "close" else min(length, cursor.left)
    if how == "chunked":
        _chunks(cursor)
    elif size > 0:
        start, raw = cursor.at, cursor.take(size)
        cursor.note("http.file_data", "Body", _body_text(0, raw), start, cursor.at)


def _chunks(cursor: Cursor) -> None:
    """Chunks (RFC 9112 section 7.1), each with its size line; after the last one trailers and a blank line."""
    while cursor.left:
        line = _CHUNK_SIZE.match(cursor.frame, cursor.at, cursor.end)
        if line is None:
            return
        begin, since, length = cursor.at, len(cursor.fields), int(line[1], 16)
        cursor.octets("http.chunk_size", "Chunk size", line.end() - begin, lambda value, raw: safe(raw.strip(), 64))
        if length == 0:
            cursor.group("http.chunk", "Last chunk", "0 B", begin, since)
            _trailers(cursor)
            return
        here = min(length, cursor.left)
        if here:
            cursor.octets("http.chunk_data", "Chunk data", here, _body_text)
        if cursor.peek(2) == b"\r\n":
            cursor.take(2)
        cursor.group("http.chunk", "Chunk", f"{length} B", begin, since)


def _trailers(cursor: Cursor) -> None:
    while cursor.left:
        line, size = _line(cursor)
        if not line:
            cursor.note("http.chunk_end", "Blank line", "", cursor.at, cursor.at + size)
            cursor.at += size
            return
        if b":" not in line:
            return
        _header(cursor, line, size)


def _body_text(value: int, raw: bytes) -> str:
    """The body's first bytes: as text where it is text, else how many there are."""
    shown = raw[:256]
    control = sum(1 for byte in shown if byte < 9 or 13 < byte < 32)
    if control:
        return f"{len(raw)} B"
    return safe(raw, 200)
