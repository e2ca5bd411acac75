"""Start lines: what is one, what is not, and what is wrong with it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netviz.http.start_line import (
    LONGEST_METHOD,
    is_certain_start,
    may_become_start_line,
    may_begin_start_line,
    read_start_line,
)

LINES: list[tuple[bytes, tuple[str, bytes, int, str, tuple[str, ...]]]] = [
    (b"GET / HTTP/1.1\r", ("GET", b"/", 0, "1.1", ())),
    (b"GET / HTTP/1.1", ("GET", b"/", 0, "1.1", ())),
    (b"CCM_POST /a?b HTTP/1.0\r", ("CCM_POST", b"/a?b", 0, "1.0", ())),
    (b"OPTIONS * HTTP/1.1", ("OPTIONS", b"*", 0, "1.1", ())),
    (b"GET  / HTTP/1.1", ("GET", b"/", 0, "1.1", ("start-line-spaces",))),
    (b"GET / HTTP/1.1 ", ("GET", b"/", 0, "1.1", ("start-line-spaces",))),
    (b"GET /a b HTTP/1.1", ("GET", b"/a b", 0, "1.1", ("space-in-target",))),
    (b"GET / HTTP/3.7", ("GET", b"/", 0, "3.7", ("odd-version",))),
    (b"GET /\xff\x07 HTTP/1.1", ("GET", b"/\xff\x07", 0, "1.1", ())),
    (b"GET /HTTP/1.1", ("GET", b"/HTTP/1.1", 0, "", ("bad-request-line",))),
    (b"OPTIONS HTTP/1.1", ("OPTIONS", b"HTTP/1.1", 0, "", ("bad-request-line",))),
    (b"GET / HTTP/1.", ("GET", b"/", 0, "1.", ("bad-request-line",))),
    (b"HTTP/1.1 200 OK\r", ("", b"", 200, "1.1", ())),
    (b"HTTP/1.1 404 ", ("", b"", 404, "1.1", ())),
    (b"HTTP/1.0 200", ("", b"", 200, "1.0", ("no-space-after-status",))),
    (b"HTTP/1.1  200 OK", ("", b"", 200, "1.1", ("start-line-spaces",))),
]


@pytest.mark.parametrize(("line", "found"), LINES, ids=[repr(line) for line, _ in LINES])
def test_a_start_line(line: bytes, found: tuple[object, ...]) -> None:
    assert read_start_line(line) == found
    for end in range(1, len(line)):
        assert may_begin_start_line(line[:end])
        assert may_become_start_line(line[:end])


@pytest.mark.parametrize(
    "line",
    [
        b"", b"GET /", b"GET", b"HTTP/1.1 20 OK", b"HTTP/1.1 2000 OK", b"HTTP/1.1", b"PRI * HTTP/2.0\r", b"EHLO there",
        b"DESCRIBE rtsp://h RTSP/1.0", b"G(T / HTTP/1.1", b"x" * (LONGEST_METHOD + 1) + b" / HTTP/1.1",
        b"GET / HTTP/1.1\rX: y", b"GET /\nHost: h HTTP/1.1", b"ICY 200 OK",
    ],
)  # fmt: skip
def test_what_is_no_start_line(line: bytes) -> None:
    assert read_start_line(line) is None


def test_other_traffic_is_turned_away_at_its_first_bytes() -> None:
    assert not may_begin_start_line(b"\x16\x03\x01\x02\x00")
    assert not may_begin_start_line(b'{"a": 1}')
    assert not may_begin_start_line(b"x" * (LONGEST_METHOD + 1))
    assert not may_become_start_line(b"G\xff")


def test_only_known_methods_and_whole_lines_are_certain() -> None:
    assert is_certain_start(b"GET / HTTP/1.1\r\nHost: h")
    assert is_certain_start(b"..HTTP/1.1 200 OK\n", 2)
    assert not is_certain_start(b"GET / HTTP/1.1")
    assert not is_certain_start(b"FOO / HTTP/1.1\r\n")


@given(st.binary(max_size=80))
def test_any_line_gives_an_answer(line: bytes) -> None:
    found = read_start_line(line)
    if found is not None:
        assert bool(found.method) != bool(found.status)
        assert found.target in line
