"""JSONP: a script whose address names a function, and whose text calls it with data. What came before CORS."""

import re
from typing import Final, NamedTuple

from netviz.http.content import Content
from netviz.http.exchange import Head
from netviz.http.uri import request_uri

_FUNCTION: Final = re.compile(r"[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*|\[[0-9]{1,6}\])*", re.ASCII)
_USUAL: Final = ("callback", "jsonp", "jsonpcallback", "cb")
_COMMENTS: Final = re.compile(r"\s*(?:/\*.{0,200}?\*/\s*)*", re.DOTALL)
_MOST_SEARCHED: Final = 4096


class JsonpCall(NamedTuple):
    """A script that answers by a call."""

    parameter: str
    """Of the query, which named the function."""

    function: str
    argument: str
    """What the function is called with, as far as it is there."""


def jsonp_of(request: Head, content: Content) -> JsonpCall | None:
    """The call, where the content is a call of a function that the request's query named; None where it is not."""
    if request.method != "GET" or not content.text:
        return None
    text = content.text
    begin = _COMMENTS.match(text[:_MOST_SEARCHED])
    start = begin.end() if begin is not None else 0
    pairs = request_uri(request.method, request.target, request.get("Host")).pairs
    for name, value in sorted(pairs, key=lambda pair: pair[0].lower() not in _USUAL):
        if not _FUNCTION.fullmatch(value):
            continue
        # `typeof f === 'function' && f({...})` is how some servers guard the call.
        called = re.compile(rf"(?:typeof\s+{re.escape(value)}\b[^&;]{{0,40}}&&\s*)?{re.escape(value)}\s*\(")
        found = called.match(text, start)
        if found is not None:
            argument = text[found.end() :].rstrip().removesuffix(";").rstrip().removesuffix(")")
            return JsonpCall(name, value, argument.strip())
    return None
