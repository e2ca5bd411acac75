"""URIs put together from target and Host, taken apart, and origins as browsers write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netviz.http.uri import Uri, origin, query_pairs, request_uri, split_authority

CASES = [
    ("GET", "/a/b?x=1&y=%20", "h.test:8080",
     Uri("origin", "http", None, "h.test", 8080, "/a/b", "x=1&y=%20", (("x", "1"), ("y", " ")))),
    ("GET", "/", "h.test", Uri("origin", "http", None, "h.test", 80, "/", None, ())),
    ("GET", "/?", "h.test", Uri("origin", "http", None, "h.test", 80, "/", "", ())),
    ("GET", "/", None, Uri("origin", "http", None, "", None, "/", None, ())),
    ("GET", "http://kim:pw@H.test:81/p?q", "other",
     Uri("absolute", "http", "kim:pw", "H.test", 81, "/p", "q", (("q", ""),))),
    ("GET", "https://h.test", "other", Uri("absolute", "https", None, "h.test", 443, "/", None, ())),
    ("OPTIONS", "*", "h.test", Uri("asterisk", "http", None, "h.test", 80, "", None, ())),
    ("CONNECT", "h.test:443", "h.test:443", Uri("authority", "http", None, "h.test", 443, "", None, ())),
    ("GET", "/", "[2001:db8::1]:8000", Uri("origin", "http", None, "2001:db8::1", 8000, "/", None, ())),
    ("GET", "nonsense", "h.test", Uri("other", "http", None, "h.test", 80, "nonsense", None, ())),
    ("GET", "/", "h.test:99999", Uri("origin", "http", None, "h.test", 80, "/", None, ())),
]  # fmt: skip


@pytest.mark.parametrize(("method", "target", "host", "found"), CASES, ids=[case[1] for case in CASES])
def test_a_uri_is_taken_apart(method: str, target: str, host: str | None, found: Uri) -> None:
    assert request_uri(method, target, host) == found


@pytest.mark.parametrize(
    ("target", "host", "text"),
    [
        ("/a?b", "h.test", "http://h.test/a?b"),
        ("/a", "h.test:80", "http://h.test/a"),
        ("/a", "h.test:8080", "http://h.test:8080/a"),
        ("/", "[::1]:8000", "http://[::1]:8000/"),
        ("http://u@h.test/a", None, "http://u@h.test/a"),
    ],
)
def test_and_put_together(target: str, host: str | None, text: str) -> None:
    assert str(request_uri("GET", target, host)) == text


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        (("http", "Example.TEST", 80), "http://example.test"),
        (("HTTPS", "example.test", 443), "https://example.test"),
        (("http", "example.test", 443), "http://example.test:443"),
        (("http", "h", None), "http://h"),
        (("http", "2001:DB8:0:0::1", 80), "http://[2001:db8::1]"),
        (("http", "[::1]", 8080), "http://[::1]:8080"),
        (("http", "not::an::address", 1), "http://[not::an::address]:1"),
    ],
)
def test_origins(parts: tuple[str, str, int | None], text: str) -> None:
    assert origin(*parts) == text


def test_pairs() -> None:
    assert query_pairs("a=1&a=2&&b&c=d=e&%ea=+") == (("a", "1"), ("a", "2"), ("b", ""), ("c", "d=e"), ("\ufffd", " "))


@given(st.text(max_size=40), st.text(max_size=40), st.one_of(st.none(), st.text(max_size=40)))
def test_any_text_is_taken_apart(method: str, target: str, host: str | None) -> None:
    uri = request_uri(method, target, host)
    assert uri.port is None or 0 <= uri.port <= 65535
    str(uri)
    origin("http", uri.host, uri.port)
    split_authority(target)
