"""Origins and URLs as text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netviz.cors.request.origin import is_url, origin_of, origin_of_host, parse_url, parts_of, resolve


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("http://app.test/a?b#c", "http://app.test"),
        ("HTTP://APP.Test:80/", "http://app.test"),
        ("https://app.test:443", "https://app.test"),
        ("https://app.test:80", "https://app.test:80"),
        ("http://app.test:8080/x", "http://app.test:8080"),
        ("http://[::1]:8104/", "http://[::1]:8104"),
        ("http://user:pass@app.test/", "http://app.test"),
        ("null", None),
        ("data:text/plain,x", None),
        ("file:///etc/hosts", None),
        ("app.test", None),
        ("", None),
    ],
)
def test_origin_of_a_url(url: str, origin: str | None) -> None:
    assert origin_of(url) == origin


@pytest.mark.parametrize(
    ("scheme", "host", "origin"),
    [
        ("http", "API.test:80", "http://api.test"),
        ("https", "api.test:443", "https://api.test"),
        ("http", "[::1]:81", "http://[::1]:81"),
        ("http", "", "http://"),
        ("http", "a b", "http://a b"),
    ],
)
def test_origin_of_a_target(scheme: str, host: str, origin: str) -> None:
    assert origin_of_host(scheme, host) == origin


# Each was given to Chromium 156 as Access-Control-Allow-Origin: readable ones are a mismatch, others an invalid value.
READABLE = (
    "http://*", "http://*.tea.test:9301", "http:app", "http:/app.test", "foo:bar", "app.test:9301", "file://",
    "http://user@a.b", "http://127.1", "http://0x7f.1", "http://a_b", "mailto:x", "javascript:1", "about:blank",
    "https:///a", "http://a.", "http://256", "http://a%20b",
)  # fmt: skip
UNREADABLE = (
    "localhost", "http://", "https://", "127.0.0.1:9301", "//x", "NULL", "true", "http://a:port", "http://a:99999",
    "http://[::1", "http://1.2.3.999", "http://a<b", "http://a|b", "http://exa^mple", "tea.example", "-http://a",
    "http://%00", "http://[1::2", '"*"', "**", "", "http://4294967296",
)  # fmt: skip


@pytest.mark.parametrize("text", READABLE)
def test_what_a_browser_reads_as_a_url(text: str) -> None:
    assert is_url(text)


@pytest.mark.parametrize("text", UNREADABLE)
def test_what_a_browser_does_not_read_as_a_url(text: str) -> None:
    assert not is_url(text)


@pytest.mark.parametrize(
    ("location", "key"),
    [
        ("http://b.test/u", "http://b.test/u"),
        ("//b.test/u", "http://b.test/u"),
        ("/u?q=1#f", "http://a.test/u?q=1"),
        ("u", "http://a.test/dir/u"),
        ("?q", "http://a.test/dir/file?q"),
        ("../u", "http://a.test/u"),
        ("http://b.test/x/./y/../z", "http://b.test/x/z"),
        ("http://b.test:80", "http://b.test/"),
        (" http://b.test/a b ", "http://b.test/a%20b"),
        ("/caf\u00c3\u00a9", "http://a.test/caf%C3%A9"),
    ],
)
def test_where_a_redirect_leads(location: str, key: str) -> None:
    url = resolve("http://a.test/dir/file", location)
    assert url is not None
    assert url.key == key


@pytest.mark.parametrize(
    ("text", "has"),
    [("http://u:p@a.b/", True), ("http://u@a.b/", True), ("http://:@a.b/", False), ("http://a.b/@", False)],
)
def test_a_user_name_in_a_url_is_seen(text: str, has: bool) -> None:
    url = parse_url(text)
    assert url is not None
    assert url.has_credentials is has


def test_an_origin_taken_apart_compares_part_by_part() -> None:
    assert parts_of("https://App.test:8443") == ("https", "app.test", 8443)
    assert parts_of("http://app.test") == ("http", "app.test", 80)
    assert parts_of("null") is None


@given(st.text(), st.text())
def test_any_text_is_a_url_or_none(base: str, text: str) -> None:
    parse_url(text)
    resolve(f"http://a.test/{base}", text)
    origin_of_host("http", text)
    parts_of(text)


@given(st.from_regex(r"https?://[a-z0-9.\[\]:@%*_-]{0,20}(:[0-9]{0,6})?(/[ -~]{0,10})?", fullmatch=True))
def test_an_origin_serialises_to_itself(url: str) -> None:
    origin = origin_of(url)
    if origin is not None:
        assert origin_of(origin) == origin
