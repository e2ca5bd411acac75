"""A body by its kind, as lines of text: JSON set out, a form's fields, parts, text with its charset, an image's size."""

import json
from typing import Final

from netviz.explain.notes import Note, note, word
from netviz.explain.words import Language
from netviz.http.content import Content, describe
from netviz.http.exchange import Body, Head
from netviz.http.secrets import covered, covered_json, shown, shown_pair
from netviz.model.safe import safe

_MOST_TEXT: Final = 16_000
_MOST_LINES: Final = 500
_MOST_LINE: Final = 4000


def body_notes(head: Head, body: Body, language: Language, show_secrets: bool) -> list[Note]:
    """The body's kind in a line, then its content. Tokens and passwords are covered unless asked for."""
    content = describe(head, body)
    media = content.media_type or word("http.body.no-type", language)
    kind = word(f"http.content.{content.kind}", language, content.kind)
    found = [note("http.body.kind", language, "faint", kind=kind, media=media, charset=content.charset or "-")]
    return found + _content(content, body, language, show_secrets) + _trailers(body, language, show_secrets)


def _trailers(body: Body, language: Language, show_secrets: bool) -> list[Note]:
    """Fields that came behind a chunked body: few programs hand them on, so they are easily overlooked."""
    return [
        note("http.body.trailer", language, name=name, value=shown(name, value, show_secrets))
        for name, value in body.trailers
    ]


def _content(content: Content, body: Body, language: Language, show_secrets: bool) -> list[Note]:
    if content.kind == "image":
        size = f"{content.size[0]} × {content.size[1]}" if content.size else "?"
        return [note("http.body.image", language, image=content.image.upper(), size=size, bytes=len(body.content))]
    if content.kind == "multipart":
        return _parts(content, language, show_secrets)
    if content.kind == "form":
        return _form(content, language, show_secrets)
    if content.kind == "json" and content.value is not None:
        return _lines(_set_out(content.value, content.text or "", show_secrets))
    if content.text is not None:
        return _lines(content.text if show_secrets else covered(content.text))
    return [note("http.body.no-text", language, "faint"), *_hex(body.content)]


def _set_out(value: object, text: str, show_secrets: bool) -> str:
    """JSON on lines of its own; as sent where it is nested too deep for that, with all that looks secret covered."""
    try:
        return json.dumps(value if show_secrets else covered_json(value), ensure_ascii=False, indent=2)
    except RecursionError:
        return text if show_secrets else covered(text)


def _form(content: Content, language: Language, show_secrets: bool) -> list[Note]:
    found = []
    for name, value in content.pairs:
        found.append(note("http.body.pair", language, name=name, value=shown_pair(name, value, show_secrets)))
    return found


def _parts(content: Content, language: Language, show_secrets: bool) -> list[Note]:
    found = []
    for part in content.parts:
        if part.file_name is None and len(part.content) <= _MOST_LINE:
            value = shown_pair(part.name, part.content.decode("utf-8", "backslashreplace"), show_secrets)
            found.append(note("http.body.pair", language, name=part.name, value=value))
        elif part.file_name is None:
            found.append(note("http.body.part", language, name=part.name, bytes=part.content_bytes))
        else:
            found.append(
                note("http.body.file", language, name=part.name, file=part.file_name, bytes=part.content_bytes)
            )
    return found


def _lines(text: str) -> list[Note]:
    found = [
        Note(safe(line.replace("\t", "    "), _MOST_LINE), indent=1)
        for line in text[:_MOST_TEXT].splitlines()[:_MOST_LINES]
    ]
    if len(text) > _MOST_TEXT or len(found) == _MOST_LINES:
        found.append(Note("…", "faint", indent=1))
    return found


def _hex(data: bytes) -> list[Note]:
    return [Note(data[at : at + 16].hex(" "), "faint", indent=1) for at in range(0, min(len(data), 128), 16)]
