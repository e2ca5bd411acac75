"""A request as a line for curl(1), to be typed into a shell.

Whatever stands in the request is quoted, and options of curl that read files are not used with text from a packet
(`--data-raw`, never `--data`; a field's name is a token, so that no `-H @file` can come about).
"""

import base64
from typing import Final

from netviz.http.copying import Repeatable
from netviz.http.shell import quoted

_ADDED: Final = ("user-agent", "accept")
"""Fields that curl adds by itself, unless told not to."""


def curl_line(request: Repeatable) -> str:
    """The command. It sends the same method, URL, fields and body; the order of the fields may be another."""
    words = ["curl", quoted(request.url), "--globoff", "--path-as-is"]
    if request.version == "HTTP/1.0":
        words.append("--http1.0")
    if request.is_asterisk:
        words += ["--request-target", "'*'"]
    names = [name.lower() for name, _ in request.headers]
    if request.method == "HEAD":
        words.append("--head")
    elif request.method != ("POST" if request.body else "GET"):
        words += ["-X", quoted(request.method)]
    for name, value in request.headers:
        # `Name;` is how curl is told of a field without a value: `Name:` would take the field away.
        words += ["-H", quoted(f"{name}: {value}" if value else f"{name};")]
    unasked = [*_ADDED, *(["content-type"] if request.body else [])]
    for name in unasked:
        if name not in names:
            words += ["-H", quoted(f"{name.title()}:")]
    if "accept-encoding" in names:
        words.append("--compressed")
    return _with_body(words, request.body)


def _with_body(words: list[str], body: bytes) -> str:
    if not body:
        return " ".join(words)
    try:
        text = body.decode()
    except UnicodeDecodeError:
        text = "\0"
    if "\0" not in text:
        return " ".join([*words, "--data-raw", quoted(text)])
    # No argument can hold a zero byte, and not every shell passes on what is no UTF-8.
    return f"printf %s {base64.b64encode(body).decode()} | base64 -d | " + " ".join([*words, "--data-binary", "@-"])
