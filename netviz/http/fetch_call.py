"""A request as a call of fetch() for a browser's console (Fetch standard).

Fields that a script may not set are left out, as the browser sets them by itself; what they said is passed as options
where there is one. All text goes through JSON with escapes, so none of it can end a string.
"""

import base64
import json
from typing import Final

from netviz.http.copying import Repeatable

_FORBIDDEN: Final = frozenset(
    ("accept-charset", "accept-encoding", "access-control-request-headers", "access-control-request-method",
     "access-control-request-private-network", "connection", "content-length", "cookie", "cookie2", "date", "dnt",
     "expect", "host", "keep-alive", "origin", "referer", "set-cookie", "te", "trailer", "transfer-encoding", "upgrade",
     "user-agent", "via")
)  # fmt: skip
"""Forbidden request-headers (Fetch 2.2.2), and User-Agent, which Chromium sets itself all the same."""

_FORBIDDEN_PREFIXES: Final = ("proxy-", "sec-")
_FORBIDDEN_METHODS: Final = ("CONNECT", "TRACE", "TRACK")
_MODES: Final = ("cors", "no-cors", "same-origin")


def fetch_call(request: Repeatable) -> str | None:
    """The call, or None where no script may send such a request (TRACE, `OPTIONS *`)."""
    if request.method.upper() in _FORBIDDEN_METHODS or request.is_asterisk:
        return None
    given = {name.lower(): value for name, value in request.headers}
    options: list[str] = [f"method: {_js(request.method)}"]
    fields = [(name, value) for name, value in request.headers if _may_be_set(name)]
    if fields:
        listed = ",\n".join(f"    [{_js(name)}, {_js(_byte_string(value))}]" for name, value in fields)
        options.append(f"headers: [\n{listed}\n  ]")
    if request.body and request.method not in ("GET", "HEAD"):
        options.append(f"body: {_body(request.body)}")
    options.append(f'credentials: "{"include" if "cookie" in given else "omit"}"')
    mode = given.get("sec-fetch-mode", "cors")
    options.append(f'mode: "{mode if mode in _MODES else "cors"}"')
    joined = ",\n  ".join(options)
    return f"fetch({_js(request.url)}, {{\n  {joined}\n}});"


def _may_be_set(name: str) -> bool:
    lower = name.lower()
    return lower not in _FORBIDDEN and not lower.startswith(_FORBIDDEN_PREFIXES)


def _byte_string(value: str) -> str:
    """Fetch 2.2.2: a field's value is a byte string, each character one byte."""
    return value.encode("utf-8", "backslashreplace").decode("latin-1") if max(value, default="") > "\xff" else value


def _js(text: str) -> str:
    """A string of JavaScript: JSON in ASCII is one, whatever is in it."""
    return json.dumps(text, ensure_ascii=True)


def _body(data: bytes) -> str:
    try:
        return _js(data.decode())
    except UnicodeDecodeError:
        return f'Uint8Array.from(atob("{base64.b64encode(data).decode()}"), (c) => c.charCodeAt(0))'
