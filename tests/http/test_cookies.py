"""Cookies as a browser reads them: RFC 6265bis."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netviz.http.cookies import cookie_date, parse_set_cookie, sent_cookies, set_cookies
from netviz.http.exchange import Head
from netviz.model.evidence import Evidence

NOW = 1_763_859_600  # 2025-11-23T01:00:00Z
AT = Evidence(1)


def parsed(text: str):  # type: ignore[no-untyped-def]
    return parse_set_cookie(text, NOW * 1_000_000_000, AT)


def test_cookies_of_a_request(head_of: Callable[[bytes], Head]) -> None:
    head = head_of(b"GET / HTTP/1.1\r\nCookie: sid=31d4; theme = dark;; plain; a=b=c\r\nCookie: x=\r\n\r\n")
    assert [(pair.name, pair.value) for pair in sent_cookies(head)] == [
        ("sid", "31d4"), ("theme", "dark"), ("", "plain"), ("a", "b=c"), ("x", ""),
    ]  # fmt: skip
    assert {pair.at.packet for pair in sent_cookies(head)} == {1}


def test_cookies_of_a_response_in_order(head_of: Callable[[bytes], Head]) -> None:
    head = head_of(b"HTTP/1.1 204 X\r\nSet-Cookie: a=1; Path=/\r\nset-cookie: b=2, c=3\r\n\r\n")
    assert [(each.name, each.value) for each in set_cookies(head, 0)] == [("a", "1"), ("b", "2, c=3")]


def test_attributes_are_kept_as_sent_and_read_without_case() -> None:
    cookie = parsed(
        'sid="a b"; DOMAIN=.Example.TEST; path=/x; SECURE; httpOnly; SameSite=lax; Partitioned; New=1; Secure'
    )
    assert (cookie.name, cookie.value) == ("sid", '"a b"')
    assert (cookie.domain, cookie.path, cookie.same_site) == ("example.test", "/x", "Lax")
    assert (cookie.secure, cookie.http_only, cookie.partitioned) == (True, True, True)
    assert cookie.attributes[0] == ("DOMAIN", ".Example.TEST")
    assert cookie.attributes[-2:] == (("New", "1"), ("Secure", None))


def test_without_attributes() -> None:
    cookie = parsed("a=b")
    assert (cookie.domain, cookie.path, cookie.same_site, cookie.secure) == (None, None, None, False)
    assert (cookie.lifetime, cookie.expires, cookie.refused) == ("session", None, "")
    assert parsed("a=b; path=relative").path is None
    assert parsed("a=b; SameSite=Sometimes").same_site is None


@pytest.mark.parametrize(
    ("attributes", "lifetime", "expires"),
    [
        ("Max-Age=60", "persistent", NOW + 60),
        ("Max-Age=0", "deleted", 0),
        ("Max-Age=-5", "deleted", 0),
        ("Max-Age=soon", "session", None),
        ("Max-Age=" + "9" * 50, "persistent", 253402300799),
        ("Expires=Sun, 23 Nov 2025 02:00:00 GMT", "persistent", NOW + 3600),
        ("Expires=Thu, 01 Jan 1970 00:00:00 GMT", "deleted", 0),
        ("Expires=never", "session", None),
        ("Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=60", "persistent", NOW + 60),
        ("Max-Age=60; Max-Age=90", "persistent", NOW + 90),
        ("Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "persistent", NOW + 60),
    ],
)
def test_lifetime_at_the_packets_time(attributes: str, lifetime: str, expires: int | None) -> None:
    cookie = parsed(f"a=b; {attributes}")
    assert (cookie.lifetime, cookie.expires) == (lifetime, expires)


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("=", "no-name-and-value"),
        ("", "no-name-and-value"),
        ("a=b\x01", "control-character"),
        ("a=" + "b" * 4096, "too-long"),
        ("a=" + "b" * 4095, ""),
        ("__Secure-a=b", "prefix"),
        ("__Secure-a=b; Secure", ""),
        ("__host-a=b; Secure; Path=/; Domain=x.test", "prefix"),
        ("__Host-a=b; Secure", "prefix"),
        ("__Host-a=b; Secure; Path=/", ""),
        ("value only", ""),
    ],
)
def test_what_browsers_refuse(text: str, refused: str) -> None:
    assert parsed(text).refused == refused


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Sun, 06 Nov 1994 08:49:37 GMT", 784111777),
        ("Sunday, 06-Nov-94 08:49:37 GMT", 784111777),
        ("Sun Nov  6 08:49:37 1994", 784111777),
        ("06 nov 94 08:49:37", 784111777),
        ("Wed, 29 Feb 2024 00:00:00 GMT", 1709164800),
        ("Sat, 29 Feb 2025 00:00:00 GMT", None),
        ("Sun, 31 Apr 2025 00:00:00 GMT", None),
        ("Sun, 06 Nov 1994 24:00:00 GMT", None),
        ("Sun, 06 Nov 1994", None),
        ("01 Jan 69 00:00:00", 3124224000),
        ("01 Jan 1600 00:00:00", None),
        ("", None),
    ],
)
def test_dates(text: str, moment: int | None) -> None:
    assert cookie_date(text) == moment


@given(st.text(max_size=80))
def test_any_text_is_a_cookie(text: str) -> None:
    cookie = parsed(text)
    assert cookie.lifetime in ("session", "persistent", "deleted")
    cookie_date(text)
