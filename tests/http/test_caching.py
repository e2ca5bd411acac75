"""RFC 9111: how long an answer is fresh, from which field, and who may keep it."""

from collections.abc import Callable

import pytest

from netviz.http.caching import conditions, directives, freshness, same_version
from netviz.http.exchange import Head

HeadOf = Callable[[bytes], Head]
NOW = 1_700_000_000
DATE = "Date: Tue, 14 Nov 2023 22:13:20 GMT"  # the same moment


def answer(head_of: HeadOf, *fields: str, status: str = "200 OK") -> Head:
    return head_of("\r\n".join((f"HTTP/1.1 {status}", *fields, "Content-Length: 0", "", "")).encode())


def asked(head_of: HeadOf, *fields: str, method: str = "GET") -> Head:
    return head_of("\r\n".join((f"{method} / HTTP/1.1", "Host: h", *fields, "", "")).encode())


@pytest.mark.parametrize(
    ("fields", "lifetime", "source", "age"),
    [
        (("Cache-Control: max-age=60", DATE), 60, "max-age", 0),
        (("Cache-Control: max-age=60", DATE, "Age: 45"), 60, "max-age", 45),
        (("Cache-Control: max-age=60", "Expires: Tue, 14 Nov 2023 23:13:20 GMT", DATE), 60, "max-age", 0),
        (('Cache-Control: public, MAX-AGE="60"', DATE), 60, "max-age", 0),
        (("Cache-Control: max-age=-1", DATE), None, "none", 0),
        (("Cache-Control: max-age=99999999999999", DATE), 1 << 31, "max-age", 0),
        (("Expires: Tue, 14 Nov 2023 23:13:20 GMT", DATE), 3600, "expires", 0),
        (("Expires: 0", DATE), 0, "expires", 0),
        (("Last-Modified: Tue, 14 Nov 2023 22:11:40 GMT", DATE), 10, "heuristic", 0),
        (("Last-Modified: Tue, 14 Nov 2023 23:11:40 GMT", DATE), None, "none", 0),
        (("Cache-Control: max-age=60", "Date: Tue, 14 Nov 2023 22:13:00 GMT"), 60, "max-age", 20),
        ((DATE,), None, "none", 0),
        ((), None, "none", 0),
    ],
)
def test_lifetime_and_age(
    head_of: HeadOf, fields: tuple[str, ...], lifetime: int | None, source: str, age: int
) -> None:
    found = freshness(asked(head_of), answer(head_of, *fields), NOW * 10**9)
    assert (found.lifetime, found.source, found.age) == (lifetime, source, age)
    assert found.fresh_for == (None if lifetime is None else lifetime - age)
    assert (found.at is None) == (source == "none")


@pytest.mark.parametrize(
    ("method", "request_fields", "status", "fields", "storing"),
    [
        ("GET", (), "200 OK", (), "stored"),
        ("GET", (), "200 OK", ("Cache-Control: private",), "private"),
        ("GET", (), "200 OK", ("Cache-Control: no-store",), "no-store"),
        ("GET", ("Cache-Control: no-store",), "200 OK", (), "no-store"),
        ("POST", (), "200 OK", ("Cache-Control: max-age=5",), "not-cacheable"),
        ("GET", (), "302 Found", (), "not-cacheable"),
        ("GET", (), "302 Found", ("Cache-Control: max-age=5",), "stored"),
        ("GET", ("Authorization: Basic eDp5",), "200 OK", (), "authorization"),
        ("GET", ("Authorization: Basic eDp5",), "200 OK", ("Cache-Control: public",), "stored"),
    ],
)
def test_who_may_keep_it(
    head_of: HeadOf, method: str, request_fields: tuple[str, ...], status: str, fields: tuple[str, ...], storing: str
) -> None:
    request = asked(head_of, *request_fields, method=method)
    assert freshness(request, answer(head_of, *fields, status=status), NOW * 10**9).storing == storing


def test_no_cache_is_kept_but_asks(head_of: HeadOf) -> None:
    found = freshness(None, answer(head_of, "Cache-Control: no-cache, must-revalidate", 'ETag: "1"'), NOW * 10**9)
    assert (found.storing, found.must_ask, found.must_revalidate, found.etag) == ("stored", True, True, '"1"')


def test_the_first_of_equal_directives_counts(head_of: HeadOf) -> None:
    head = answer(head_of, 'Cache-Control: max-age=1, private="a, b"', "Cache-Control: max-age=2")
    assert directives(head) == {"max-age": "1", "private": "a, b"}


def test_conditions_lead_to_their_bytes(head_of: HeadOf) -> None:
    head = asked(head_of, "If-Modified-Since: Tue, 14 Nov 2023 22:13:20 GMT", 'If-None-Match: "a", W/"b"')
    assert [each.name for each in conditions(head)] == ["If-None-Match", "If-Modified-Since"]
    assert all(each.at.packet == 1 and each.at.span for each in conditions(head))


@pytest.mark.parametrize(
    ("sent", "etag", "same"),
    [
        ('"a"', '"a"', True),
        ('W/"a"', '"a"', True),
        ('"b", W/"a"', 'W/"a"', True),
        ("*", '"a"', True),
        ('"b"', '"a"', False),
    ],
)
def test_versions_compare_weakly(sent: str, etag: str, same: bool) -> None:
    assert same_version(sent, etag) is same
