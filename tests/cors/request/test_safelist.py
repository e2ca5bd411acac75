"""The safelists, byte for byte: each row of headers was also sent by Chromium 156, which asked first or did not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netviz.cors.request.safelist import essence_of, is_forbidden, is_token, unsafe_because, unsafe_names

SAFE = [
    ("accept", "*/*"),
    ("accept", "a" * 128),
    ("accept", "text/html"),
    ("accept", "a\tb"),
    ("accept-language", "ko-KR, *;q=0.1"),
    ("accept-language", ""),
    ("content-language", "en"),
    ("content-type", "text/plain"),
    ("content-type", "Text/Plain;charset=UTF-8"),
    ("content-type", "Text/Plain;x"),
    ("content-type", "multipart/form-data; boundary=a"),
    ("content-type", "application/x-www-form-urlencoded"),
    ("range", "bytes=0-10"),
    ("range", "bytes=5-"),
    ("range", "bytes=7-7"),
    ("dpr", "2"),
    ("save-data", "on"),
    ("sec-ch-ua", '"x"'),
]
UNSAFE = [
    ("accept", "a" * 129, "R12"),
    ("accept", 'a"b', "R13"),
    ("accept", "a\x7fb", "R13"),
    ("accept", "a(b)", "R13"),
    ("accept", "a:b", "R13"),
    ("accept", "a@b", "R13"),
    ("accept", "a[b]", "R13"),
    ("accept", "a\\b", "R13"),
    ("accept", "a{b}", "R13"),
    ("accept", "a?b", "R13"),
    ("accept", "a\x01", "R13"),
    ("accept-language", "ko_KR", "R14"),
    ("content-language", "a/b", "R14"),
    ("content-language", "caf\u00e9", "R14"),
    ("content-type", "application/json", "R15"),
    ("content-type", 'text/plain; charset="utf-8"', "R15"),
    ("content-type", "text/plain, a", "R15"),
    ("content-type", "text", "R15"),
    ("content-type", "", "R15"),
    ("content-type", "text/plain;" + "x" * 118, "R12"),
    ("range", "bytes=-5", "R16"),
    ("range", "bytes=10-5", "R16"),
    ("range", "bytes=0-1,3-4", "R16"),
    ("range", "Bytes=0-1", "R16"),
    ("range", "bytes= 0-1", "R16"),
    ("range", "bytes=0", "R16"),
    ("x-api-key", "1", "R12"),
    ("authorization", "x", "R12"),
    ("user-agent", "x", "R12"),
    ("save-data", "off", "R21"),
]


@pytest.mark.parametrize(("name", "value"), SAFE)
def test_a_safe_header(name: str, value: str) -> None:
    assert unsafe_because(name, value) is None


@pytest.mark.parametrize(("name", "value", "rule"), UNSAFE)
def test_an_unsafe_header_names_its_rule(name: str, value: str, rule: str) -> None:
    assert unsafe_because(name, value) == rule


@pytest.mark.parametrize(("size", "names"), [(114, []), (115, ["accept", "range"])])
def test_safe_values_together_above_1024_bytes_make_all_names_unsafe(size: int, names: list[str]) -> None:
    headers = [("range", "bytes=0-10"), *[("accept", "a" * 113)] * 8, ("accept", "a" * (size - 4))]
    total = sum(len(value) for _, value in headers)
    assert (total > 1024) is bool(names)
    assert list(unsafe_names(headers)) == names
    assert set(unsafe_names(headers).values()) <= {"R17"}


def test_unsafe_names_are_sorted_and_single() -> None:
    assert unsafe_names([("x-b", "1"), ("a-c", "2"), ("x-b", "3"), ("accept", "*/*")]) == {"a-c": "R12", "x-b": "R12"}


@pytest.mark.parametrize(
    ("name", "value", "forbidden"),
    [
        ("cookie", "", True),
        ("sec-foo", "", True),
        ("proxy-x", "", True),
        ("dnt", "1", True),
        ("via", "", True),
        ("user-agent", "", False),
        ("authorization", "", False),
        ("x-http-method-override", "TRACE", True),
        ("x-http-method-override", "get, track", True),
        ("x-http-method-override", "PUT", False),
    ],
)
def test_names_that_only_the_browser_sets(name: str, value: str, forbidden: bool) -> None:
    assert is_forbidden(name, value) is forbidden


def test_essence() -> None:
    assert essence_of(" Text/Plain ; charset=x") == "text/plain"
    assert essence_of("text/") is None
    assert essence_of("text/pl ain") is None


@given(st.text(), st.text())
def test_any_header_has_an_answer(name: str, value: str) -> None:
    assert unsafe_because(name.lower(), value) in (None, "R12", "R13", "R14", "R15", "R16", "R21")
    unsafe_names([(name.lower(), value)])
    is_forbidden(name.lower(), value)
    is_token(value)
