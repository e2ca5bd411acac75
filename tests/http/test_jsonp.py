"""JSONP: known by the call that the query named, and by nothing less."""

import pytest

from netviz.http.content import Content
from netviz.http.exchange import Message
from netviz.http.head import read_head
from netviz.http.jsonp import JsonpCall, jsonp_of


@pytest.mark.parametrize(
    ("target", "text", "expected"),
    [
        ("/p?callback=show", 'show({"a": 1});', JsonpCall("callback", "show", '{"a": 1}')),
        ("/p?day=show&cb=show", "show(1)", JsonpCall("cb", "show", "1")),
        ("/p?f=a.b%5B0%5D", " /**/ a.b[0] ( [1] ) ;\n", JsonpCall("f", "a.b[0]", "[1]")),
        ("/p?jsonp=f", "typeof f === 'function' && f(2);", JsonpCall("jsonp", "f", "2")),
        ("/p?callback=show", 'shown({"a": 1});', None),
        ("/p?callback=show", '{"show": 1}', None),
        ("/p?callback=alert(1)", "alert(1)(2)", None),
        ("/p?callback=", "()", None),
        ("/p", "show(1)", None),
    ],
)
def test_calls(target: str, text: str, expected: JsonpCall | None) -> None:
    data = f"GET {target} HTTP/1.1\r\nHost: h\r\n\r\n".encode()
    head = read_head(Message("request", 0, 0, (), 0, 0, 0, "GET", 0), [(0, 0, data)])
    assert jsonp_of(head, Content("text", "text/javascript", "utf-8", text)) == expected
