"""One request as something to run again: what of it can be repeated, with secrets covered or in clear.

Knows no shell and no script: `curl.py` and `fetch_call.py` write it. Texts are as on the wire, so whoever writes them
has to quote every one.
"""

import json
import re
from dataclasses import dataclass
from typing import Final

from netviz.http.content import Content, describe
from netviz.http.exchange import Body, Head, ReadExchange
from netviz.http.secrets import covered, covered_json, shown, shown_pair, shown_target

MOST_BODY: Final = 64 << 10
"""Bytes of a body that are written into a command; a longer one would not fit on every command line."""

_TOKEN: Final = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_MADE_ANEW: Final = frozenset(("host", "content-length", "transfer-encoding"))
"""Fields that whoever sends the request works out from its URL and its body."""


@dataclass(frozen=True, slots=True)
class Repeatable:
    """A request as far as it can be sent again."""

    method: str
    url: str
    is_asterisk: bool
    """The target is `*`, which no URL gives."""

    version: str
    headers: tuple[tuple[str, str], ...]
    """Without those that follow from the URL and the body."""

    body: bytes
    """As transferred: a content coding is still on."""

    left_out: tuple[str, ...]
    """Keys (`copy.without.*`) of what is not in it: `secrets`, `header-name`, `body-long`, `body-broken`."""


def repeatable(
    read: ReadExchange, body: Body | None, show_secrets: bool, most_body: int = MOST_BODY
) -> Repeatable | None:
    """The request of an exchange. None where there is none, or none that has a URL (CONNECT).

    `body` as `read_body` gives it, None where the request has none; of more than `most_body` bytes it is left out.
    """
    head = read.request
    if head is None or read.url is None or head.method == "CONNECT" or not _TOKEN.fullmatch(head.method):
        return None
    kept = [each for each in head.headers if each.name.lower() not in _MADE_ANEW]
    named = [each for each in kept if _TOKEN.fullmatch(each.name)]
    headers = tuple((each.name, _plain(each.value, shown(each.name, each.value, show_secrets))) for each in named)
    url = _plain(read.url, shown_target(read.url, show_secrets))
    raw = body.raw if body is not None else b""
    data = raw if show_secrets or body is None else _covered_body(head, body)
    is_covered = url != read.url or data != raw or headers != tuple((each.name, each.value) for each in named)
    why = {
        "secrets": is_covered,
        "header-name": len(named) < len(kept),
        "body-long": len(data) > most_body,
        "body-broken": body is not None and body.problem in ("gap", "cut-short", "bad-chunk"),
    }
    return Repeatable(
        head.method,
        url,
        head.target == "*",
        head.version,
        headers,
        data if len(data) <= most_body else b"",
        tuple(key for key, is_so in why.items() if is_so),
    )


def _plain(text: str, hidden: str) -> str:
    """A covered text in ASCII: fields of a script take no other, and a shell would need escapes."""
    return text if hidden == text else hidden.replace("…", "...")


def _covered_body(head: Head, body: Body) -> bytes:
    """A body with its secrets covered; one whose coding is still on is left as it is, for it can not be read at a glance."""
    if body.coding:
        return body.raw
    content = describe(head, body)
    text = shown_text(content, False)
    return body.raw if text is None or text == content.text else text.encode(content.charset or "utf-8", "replace")


def shown_text(content: Content, show_secrets: bool) -> str | None:
    """The text of a content, None where it is none. What is covered is the same as on the screen; the rest is as sent."""
    text = content.text
    if text is None or show_secrets:
        return text
    if content.kind == "form":
        return "&".join(_field(part) for part in text.split("&"))
    if content.kind == "json" and isinstance(content.value, dict | list):
        try:
            hidden = covered_json(content.value)
            return text if hidden == content.value else json.dumps(hidden, ensure_ascii=False)
        except RecursionError:
            return covered(text)
    return covered(text)


def _field(part: str) -> str:
    name, equals, value = part.partition("=")
    hidden = shown_pair(name, value, False)
    return part if hidden == value or not equals else f"{name}={hidden.replace('…', '...')}"
