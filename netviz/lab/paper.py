"""A page of a lab's web server: HTML from sentences of one language. Knows no site; everything put in is escaped."""

import html
from collections.abc import Iterable
from importlib.resources import files
from typing import Final

from netviz.explain.words import LANGUAGES, Language, say
from netviz.lab.web import Answer

_POLICY: Final = "default-src 'self'; base-uri 'none'; frame-ancestors 'none'"
HTML: Final = ("Content-Type", "text/html; charset=utf-8")
_KINDS: Final = {"css": "text/css", "js": "text/javascript", "html": "text/html"}


def language_or_english(name: str) -> Language:
    """The language of that name; English for a name that is none."""
    return next((known for known in LANGUAGES if known == name), "en")


def page(lab: str, language: Language, *blocks: str, status: int = 200, scripts_from: str = "") -> Answer:
    """A page with a lab's title, what to try and the question it answers, and these blocks of HTML under them."""
    title = text(f"labs.{lab}.title", language)
    head = f'<meta charset="utf-8"><title>netviz lab {lab}</title><link rel="stylesheet" href="/lab.css">'
    told = "".join(f"<p>{text(f'labs.{lab}.{part}', language)}</p>" for part in ("shows", "question"))
    body = f'<header><h1>{title}</h1></header><main class="single">{told}{"".join(blocks)}</main>'
    whole = f'<!doctype html><html lang="{language}"><head>{head}</head><body>{body}</body></html>\n'
    policy = _POLICY + (
        f"; script-src 'self' {scripts_from}; connect-src 'self' {scripts_from}" if scripts_from else ""
    )
    return Answer(status, whole.encode(), [HTML, ("Cache-Control", "no-store"), ("Content-Security-Policy", policy)])


def text(key: str, language: Language, **details: object) -> str:
    """A sentence, ready to stand in HTML."""
    return html.escape(say(key, language, **details))


def heading(key: str, language: Language) -> str:
    """A heading with a sentence."""
    return f"<h2>{text(key, language)}</h2>"


def link(target: str, shown: str) -> str:
    """A link that looks like a button."""
    return f'<p><a class="button" href="{html.escape(target)}">{html.escape(shown)}</a></p>'


def table(rows: Iterable[tuple[str, ...]]) -> str:
    """A table of texts."""
    lines = ("".join(f"<td>{html.escape(cell)}</td>" for cell in row) for row in rows)
    return "<table>" + "".join(f"<tr>{line}</tr>" for line in lines) + "</table>"


def form(target: str, method: str, fields: str, button: str, encoding: str = "") -> str:
    """A form; `fields` is HTML."""
    coded = f' enctype="{encoding}"' if encoding else ""
    return (
        f'<form action="{target}" method="{method}"{coded}><p>{fields} '
        f'<button type="submit">{html.escape(button)}</button></p></form>'
    )


def shipped_file(name: str) -> Answer:
    """A style sheet or script that comes with the labs."""
    body = files("netviz.lab").joinpath("pages", name).read_bytes()
    kind = _KINDS[name.rpartition(".")[2]]
    return Answer(200, body, [("Content-Type", f"{kind}; charset=utf-8"), ("Cache-Control", "no-store")])
