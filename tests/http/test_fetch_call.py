"""The call of fetch(): what a script may say, in strings that nothing in a packet can end."""

import json
import re
from collections.abc import Callable

import pytest

from netviz.pipeline.repeating import copied
from netviz.pipeline.store import Store

STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\.)*"')


def call(talked: Callable[..., Store], request: bytes) -> str | None:
    return copied(talked([(0, request)]), 1, "fetch", True).text


def test_fields_that_a_script_may_not_set_are_left_out(talked: Callable[..., Store]) -> None:
    text = call(
        talked,
        b"PUT /a HTTP/1.1\r\nHost: h.example\r\nOrigin: http://o.example\r\nCookie: a=b\r\nSec-Fetch-Mode: cors\r\n"
        b"Content-Type: application/json\r\nX-Api-Key: k\r\nContent-Length: 7\r\n\r\n{\"a\":1}",
    )  # fmt: skip
    assert text == (
        'fetch("http://h.example/a", {\n  method: "PUT",\n  headers: [\n    ["Content-Type", "application/json"],\n'
        '    ["X-Api-Key", "k"]\n  ],\n  body: "{\\"a\\":1}",\n  credentials: "include",\n  mode: "cors"\n});'
    )


def test_hostile_text_stays_in_its_string(talked: Callable[..., Store]) -> None:
    text = call(
        talked,
        b'GET /"});alert(1);({"\\ HTTP/1.1\r\nHost: h"</script>\r\nX-A: "\\\x1b]0;\x07\xe2\x80\xa8`${alert(2)}`\r\n\r\n',
    )
    assert text is not None and text.isascii()
    outside = STRING.sub("", text)
    assert "alert" not in outside and "script" not in outside and "`" not in outside
    assert json.loads(STRING.findall(text)[0]) == 'http://h"</script>/"});alert(1);({"\\'


def test_octets_go_through_base64_and_wide_text_as_bytes(talked: Callable[..., Store]) -> None:
    head = b"POST /a HTTP/1.1\r\nHost: h\r\nX-Name: \xed\x95\x9c\r\nContent-Length: 3\r\n\r\n"
    text = call(talked, head + b"\x00\xff\x01")
    assert text is not None and 'atob("AP8B")' in text
    # Fetch takes a field's value as a string of bytes.
    assert '["X-Name", "\\u00ed\\u0095\\u009c"]' in text


@pytest.mark.parametrize("request_", [b"TRACE / HTTP/1.1\r\nHost: h\r\n\r\n", b"OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n"])
def test_what_no_script_may_send_gives_no_call(request_: bytes, talked: Callable[..., Store]) -> None:
    assert call(talked, request_) is None
