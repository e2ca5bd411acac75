"""A whole head at one look: the same as its start line and its fields say."""

from dataclasses import astuple

import pytest

from netviz.http.fields import read_framing
from netviz.http.opening import opening_of, read_opening
from netviz.http.start_line import read_start_line


@pytest.mark.parametrize("block", [b"", b"\r\nContent-Length: 3", b"\r\nX : y", b"\r\nX: " + b"y" * 5000])
@pytest.mark.parametrize("first", [b"GET / HTTP/1.1", b"HTTP/1.1 204", b"PUT  /a HTTP/1.1"])
def test_a_head_is_its_parts(first: bytes, block: bytes) -> None:
    line, framing = read_start_line(first), read_framing(block)
    assert line is not None
    found = read_opening(first + block)
    assert found is not None
    assert astuple(found) == astuple(opening_of(line, framing))
    assert (found.method, found.status, found.length) == (line.method, line.status, framing.length)
    assert set(found.violations) == {*line.violations, *framing.violations}


def test_what_is_no_head() -> None:
    assert read_opening(b"nonsense\r\nHost: h") is None
    assert read_opening(b"") is None
