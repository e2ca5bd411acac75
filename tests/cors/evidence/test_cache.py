"""The preflight cache: how long answers are kept, and which request goes by one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netviz.cors.browser import PROFILES
from netviz.cors.evidence.cache import max_age_of
from netviz.cors.terms import Browser

PAGE = "http://app.test"
URL = "http://api.test/t"


@pytest.mark.parametrize(
    ("value", "chromium", "firefox", "webkit", "standard"),
    [
        (None, 5, 5, 5, 5),
        ("0", 0, 0, 0, 0),
        ("10", 10, 10, 10, 10),
        ("+10", 10, 10, 10, 10),
        ("-1", 0, 5, 5, 5),
        ("7201", 7200, 7201, 600, 7201),
        ("100000", 7200, 86400, 600, 100000),
        ("abc", 5, 5, 5, 5),
        ("0.0", 5, 5, 5, 5),
        ("", 5, 5, 5, 5),
        ("0, 0", 5, 5, 5, 5),
        (" 0", 5, 5, 5, 5),
        ("99999999999999999999", 5, 5, 5, 5),
    ],
)
def test_max_age(value: str | None, chromium: int, firefox: int, webkit: int, standard: int) -> None:
    expected: dict[Browser, int] = {"chromium": chromium, "firefox": firefox, "webkit": webkit, "standard": standard}
    assert {name: max_age_of(value, profile) for name, profile in PROFILES.items()} == expected


@given(st.text())
def test_any_max_age_is_a_number_of_seconds(value: str) -> None:
    assert 0 <= max_age_of(value, PROFILES["chromium"]) <= 7200


def preflighted(traffic, *says: str, method: str = "PUT", names: str = "", credentials: bool = False):
    """A preflight and its request, both passing."""
    asks = (f"Access-Control-Request-Headers: {names}",) if names else ()
    allow = (f"Access-Control-Allow-Origin: {PAGE}", "Access-Control-Allow-Credentials: true")
    allow = allow if credentials else ("Access-Control-Allow-Origin: *",)
    traffic.swap(
        "OPTIONS",
        URL,
        f"Origin: {PAGE}",
        f"Access-Control-Request-Method: {method}",
        *asks,
        status=204,
        says=(*allow, *says),
    )
    headers = [f"{name}: 1" for name in names.split(",") if name]
    traffic.swap(method, URL, f"Origin: {PAGE}", *headers, says=allow)
    return allow


ALLOWS = ("Access-Control-Allow-Methods: PUT, DELETE", "Access-Control-Allow-Headers: x-a")


@pytest.mark.parametrize(
    ("max_age", "later", "preflight"),
    [
        ("60", 100, "cached"),
        ("60", 59_000, "cached"),
        ("60", 61_000, "missing"),
        (None, 4_000, "cached"),
        (None, 6_000, "missing"),
        ("0", 1, "missing"),
        ("-5", 1, "missing"),
        ("99999", 7_190_000, "cached"),
        ("99999", 7_210_000, "missing"),
    ],
)
def test_a_second_request_goes_by_the_answer_while_it_is_kept(traffic, max_age, later, preflight) -> None:
    age = (f"Access-Control-Max-Age: {max_age}",) if max_age else ()
    allow = preflighted(traffic, *ALLOWS, *age)
    traffic.wait(later)
    traffic.swap("DELETE", URL, f"Origin: {PAGE}", "X-A: 1", says=allow)
    first, second = traffic.fetches()
    assert (first.preflight, second.preflight) == ("seen", preflight)
    assert second.kind == "preflighted"
    rule = {"cached": "R36", "missing": "R39"}[preflight]
    assert [check.text for check in second.checks if check.rule == rule]


@pytest.mark.parametrize(
    ("method", "url", "header", "why"),
    [
        ("PATCH", URL, "X-A: 1", "not-covered"),
        ("PUT", URL, "X-B: 1", "not-covered"),
        ("PUT", URL + "?q", "X-A: 1", "never-asked"),
        ("PUT", "http://api.test:81/t", "X-A: 1", "never-asked"),
    ],
)
def test_an_answer_covers_one_url_its_methods_and_its_headers(traffic, method, url, header, why) -> None:
    allow = preflighted(traffic, *ALLOWS, names="x-a")
    traffic.swap(method, url, f"Origin: {PAGE}", header, says=allow)
    (check,) = [check for check in traffic.fetches()[1].checks if check.rule == "R39"]
    assert (check.text, check.outcome) == (f"cors.check.R39.{why}", "unknown")


def test_an_answer_kept_for_requests_without_credentials_tells_the_mode(traffic) -> None:
    preflighted(traffic, *ALLOWS)
    traffic.swap("PUT", URL, f"Origin: {PAGE}", connection=9, says=("Access-Control-Allow-Origin: *",))
    second = traffic.fetches()[1]
    assert (second.verdict, second.preflight) == ("allowed", "cached")
    assert (second.credentials.mode, second.credentials.inferred_from) == ("omit", ("cached-without-credentials",))


@pytest.mark.parametrize(
    ("browser", "preflight"), [("chromium", "cached"), ("firefox", "missing"), ("standard", "missing")]
)
def test_a_failed_request_empties_the_cache_where_the_browser_does_so(traffic, browser, preflight) -> None:
    """R39: the standard drops the entry; Chromium 156 was seen to send the next request without a preflight."""
    traffic.swap(
        "OPTIONS", URL, f"Origin: {PAGE}", "Access-Control-Request-Method: PUT", status=204,
        says=("Access-Control-Allow-Origin: *", "Access-Control-Allow-Methods: PUT"),
    )  # fmt: skip
    traffic.swap("PUT", URL, f"Origin: {PAGE}")
    traffic.swap("PUT", URL, f"Origin: {PAGE}", says=("Access-Control-Allow-Origin: *",))
    first, second = traffic.fetches(browser)
    assert (first.verdict, first.code) == ("blocked", "MissingAllowOriginHeader")
    assert second.preflight == preflight
