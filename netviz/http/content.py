"""What a body's content is: JSON, a form, text with its charset, an image with its size, parts of a multipart.

By Content-Type, and by the first bytes where they say more. Stateless and bounded by the body it is given.
"""

import codecs
import json
import re
from dataclasses import dataclass
from typing import Final, Literal

from netviz.http.exchange import Body, Head
from netviz.http.uri import query_pairs

Kind = Literal["empty", "json", "form", "multipart", "html", "text", "image", "binary"]

_TEXT_TYPES: Final = frozenset(
    ("application/javascript", "application/xml", "application/ecmascript", "application/x-javascript",
     "application/graphql", "image/svg+xml")
)  # fmt: skip
_PARAMETER: Final = re.compile(r';\s*([^\s;=]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;]*)')
_PART_TYPE: Final = re.compile(rb"\n?content-type[ \t]*:[ \t]*([^\r\n]*)", re.IGNORECASE)
_DISPOSITION: Final = re.compile(rb"\n?content-disposition[ \t]*:([^\r\n]*)", re.IGNORECASE)
_JPEG_SIZES: Final = frozenset((*range(0xC0, 0xC4), *range(0xC5, 0xC8), *range(0xC9, 0xCC), *range(0xCD, 0xD0)))
_NO_CHARSETS: Final = ("punycode", "idna", "unicode_escape", "raw-unicode-escape", "raw_unicode_escape")
"""Text encodings that Python knows and that are no charsets; the first takes time by the square of the length."""

_MOST_PARTS: Final = 500
_SNIFFED: Final = 512


@dataclass(frozen=True, slots=True)
class Part:
    """One part of multipart/form-data."""

    name: str
    file_name: str | None
    content_bytes: int
    media_type: str = ""
    """Its Content-Type as sent; empty where it has none (RFC 7578: text/plain then)."""

    content: bytes = b""


@dataclass(frozen=True, slots=True)
class Content:
    """What a content is. Texts are as on the wire: not safe for a terminal."""

    kind: Kind
    media_type: str
    """Type and subtype of Content-Type, lower case; empty where there is none."""

    charset: str = ""
    """That the text was read with."""

    text: str | None = None
    """The content as text, for all kinds of text."""

    value: object = None
    """JSON, parsed; None where it is not whole."""

    pairs: tuple[tuple[str, str], ...] = ()
    """Names and values of a form."""

    parts: tuple[Part, ...] = ()
    image: str = ""
    """`png`, `jpeg`, `gif`, `webp`, `bmp`."""

    size: tuple[int, int] | None = None
    """Width and height of an image in pixels."""


def media_type(head: Head) -> tuple[str, dict[str, str]]:
    """Type and subtype in lower case, and the parameters, names in lower case (RFC 9110 8.3.1)."""
    headers = head.get_all("Content-Type")
    if not headers:
        return "", {}
    essence, semicolon, rest = headers[-1].value.partition(";")
    found: dict[str, str] = {}
    for name, given in _PARAMETER.findall(semicolon + rest):
        text = given.strip()
        if text.startswith('"'):
            text = re.sub(r"\\(.)", r"\1", text[1:-1])
        found.setdefault(name.lower(), text)
    return essence.strip().lower(), found


def describe(head: Head, body: Body) -> Content:
    """What the body's content is, as far as its bytes and Content-Type tell."""
    named, parameters = media_type(head)
    data = body.content
    if not data:
        return Content("empty", named)
    image = image_of(data)
    if image is not None:
        return Content("image", named, image=image[0], size=image[1])
    if named == "multipart/form-data" and parameters.get("boundary"):
        return Content("multipart", named, parts=_parts(data, parameters["boundary"]))
    if not _is_text(named, data):
        return Content("binary", named)
    text, charset = _text(data, parameters.get("charset", ""))
    if named == "application/json" or named.endswith("+json") or (not named and text.lstrip()[:1] in ("{", "[")):
        return Content("json", named, charset, text, _json(text))
    if named == "application/x-www-form-urlencoded":
        return Content("form", named, charset, text, pairs=query_pairs(text))
    return Content("html" if named in ("text/html", "application/xhtml+xml") else "text", named, charset, text)


def image_of(data: bytes) -> tuple[str, tuple[int, int] | None] | None:
    """Kind and pixel size of an image, from its first bytes; the size is None where they do not reach that far."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png", _numbers(data, 16, 4, "big") if data[12:16] == b"IHDR" else None
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "gif", _numbers(data, 6, 2, "little")
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg", _jpeg_size(data)
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "webp", _webp_size(data)
    if data.startswith(b"BM") and data[14:18] == b"\x28\0\0\0":
        return "bmp", _numbers(data, 18, 4, "little")
    return None


def _numbers(data: bytes, at: int, width: int, order: Literal["big", "little"]) -> tuple[int, int] | None:
    if len(data) < at + 2 * width:
        return None
    return int.from_bytes(data[at : at + width], order), int.from_bytes(data[at + width : at + 2 * width], order)


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    """Walks the marker segments up to the frame header (ITU T.81 B.2.2)."""
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker in _JPEG_SIZES:
            height, width = int.from_bytes(data[at + 5 : at + 7], "big"), int.from_bytes(data[at + 7 : at + 9], "big")
            return width, height
        standalone = marker == 0xFF or 0xD0 <= marker <= 0xD8 or marker == 0x01
        at += 1 if marker == 0xFF else 2 if standalone else 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return None


def _webp_size(data: bytes) -> tuple[int, int] | None:
    """RFC 9649: extended, lossless and lossy files say it in different places."""
    kind = data[12:16]
    if kind == b"VP8X" and len(data) >= 30:
        return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
    if kind == b"VP8L" and len(data) >= 25:
        bits = int.from_bytes(data[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 " and len(data) >= 30:
        found = _numbers(data, 26, 2, "little")
        return (found[0] & 0x3FFF, found[1] & 0x3FFF) if found else None
    return None


def _is_text(named: str, data: bytes) -> bool:
    if named.startswith("text/") or named.endswith(("+json", "+xml")) or named in _TEXT_TYPES:
        return True
    if named in ("application/json", "application/x-www-form-urlencoded"):
        return True
    if named:
        return False
    return b"\0" not in data[:_SNIFFED] and not any(byte < 0x09 or 0x0E <= byte < 0x20 for byte in data[:_SNIFFED])


def _text(data: bytes, charset: str) -> tuple[str, str]:
    """Text and the charset it was read with: the named one, else UTF-8, else ISO 8859-1, which takes any byte."""
    for name in (charset, "utf-8"):
        try:
            if name and codecs.lookup(name).name not in _NO_CHARSETS:
                return data.decode(name), name.lower()
        except (LookupError, ValueError):
            continue
    return data.decode("latin-1"), "iso-8859-1"


def _json(text: str) -> object:
    try:
        value: object = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value


def _parts(data: bytes, boundary: str) -> tuple[Part, ...]:
    """RFC 7578: names, file names and sizes of the parts that are whole or begun."""
    found = []
    mark = b"\r\n--" + boundary.encode("latin-1", "replace")
    for piece in (b"\r\n" + data).split(mark, _MOST_PARTS)[1:]:
        if piece.startswith(b"--"):
            break
        head, _, content = piece.partition(b"\r\n\r\n")
        disposition = _DISPOSITION.search(head)
        text = disposition[1].decode("utf-8", "replace") if disposition else ""
        given = {name.lower(): value.strip().strip('"') for name, value in _PARAMETER.findall(text)}
        named = _PART_TYPE.search(head)
        kind = named[1].decode("latin-1").strip() if named else ""
        found.append(Part(given.get("name", ""), given.get("filename"), len(content), kind, content))
    return tuple(found)
