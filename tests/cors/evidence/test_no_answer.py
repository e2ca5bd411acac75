"""Fetches that ended in the network: nothing was decided, and netviz says so instead of a verdict."""

import pytest

from netviz.cors.decision.judge import count_verdicts

from ..conftest import PAGE, Traffic

ALLOWED = f"Access-Control-Allow-Origin: {PAGE}"


def test_a_closed_connection_is_no_verdict(traffic: Traffic) -> None:
    number = traffic.ask("GET", "http://api.test/t", f"Origin: {PAGE}")
    traffic.close(number)
    fetch = traffic.only()
    assert (fetch.verdict, fetch.condition, fetch.code) == ("none", "closed-without-answer", None)
    assert fetch.decided_at == 2, "known with the packet that closes"
    assert fetch.server_ran_it is None


def test_an_open_connection_leaves_it_open(traffic: Traffic) -> None:
    traffic.ask("GET", "http://api.test/t", f"Origin: {PAGE}")
    fetch = traffic.only()
    assert (fetch.verdict, fetch.condition, fetch.decided_at) == ("indeterminate", "no-response", None)


def test_a_preflight_closed_twice_is_one_fetch_without_verdict(traffic: Traffic) -> None:
    asked = ("Origin: " + PAGE, "Access-Control-Request-Method: PUT")
    for connection in (1, 2):
        traffic.close(traffic.ask("OPTIONS", "http://api.test/t", *asked, connection=connection))
    fetch = traffic.only()
    assert (fetch.verdict, fetch.exchanges, fetch.server_ran_it) == ("none", [1, 2], False)


@pytest.mark.parametrize("lines", [("Content-Length: 2", "Content-Length: 3"), ("X: a\0b",)], ids=["lengths", "nul"])
def test_what_the_browser_can_not_use_is_no_verdict(traffic: Traffic, lines: tuple[str, ...]) -> None:
    traffic.swap("GET", "http://api.test/t", f"Origin: {PAGE}", says=(ALLOWED, *lines))
    if "\0" in lines[0]:
        response = traffic.exchanges[0].exchange.response
        assert response is not None
        response.violations = ("nul",)
    fetch = traffic.only()
    assert (fetch.verdict, fetch.condition) == ("none", "response-not-usable")


def test_two_equal_lengths_are_used(traffic: Traffic) -> None:
    traffic.swap(
        "GET", "http://api.test/t", f"Origin: {PAGE}", says=(ALLOWED, "Content-Length: 2", "Content-Length: 2")
    )
    assert traffic.only().condition == "unless-credentials"


def test_two_places_to_go_are_none(traffic: Traffic) -> None:
    says = (ALLOWED, "Location: /a", "Location: /b")
    traffic.swap("GET", "http://api.test/t", f"Origin: {PAGE}", status=302, says=says)
    assert traffic.only().condition == "response-not-usable"


@pytest.mark.parametrize("says", [(), (ALLOWED,)])
def test_a_proxys_login_asked_by_a_server_is_none(traffic: Traffic, says: tuple[str, ...]) -> None:
    traffic.swap("GET", "http://api.test/t", f"Origin: {PAGE}", status=407, says=says)
    fetch = traffic.only()
    assert (fetch.verdict, fetch.condition) == ("none", "proxy-authentication")


def test_a_post_that_went_on_after_a_refusal_was_no_cors(traffic: Traffic) -> None:
    traffic.swap("POST", "http://api.test/t", f"Origin: {PAGE}", status=307, says=("Location: http://far.test/u",))
    traffic.swap("POST", "http://far.test/u", "Origin: null")
    fetch = traffic.only()
    assert (fetch.verdict, fetch.kind, fetch.confidence) == ("opaque", "no-cors", "high")
    assert [(check.rule, check.exchange) for check in fetch.checks] == [("R72", 2)]


def test_a_redirect_to_what_is_no_url_is_none(traffic: Traffic) -> None:
    traffic.swap("GET", "http://api.test/t", f"Origin: {PAGE}", status=302, says=(ALLOWED, "Location: http://[::"))
    assert (traffic.only().verdict, traffic.only().condition) == ("none", "unsafe-redirect")


def test_a_picture_without_an_answer_is_not_opaque(traffic: Traffic) -> None:
    number = traffic.ask("GET", "http://api.test/p.png", f"Referer: {PAGE}/", "Accept: image/*")
    traffic.close(number)
    assert traffic.only().verdict == "none"
    exchanges = [each.exchange for each in traffic.exchanges]
    assert count_verdicts(exchanges, lambda each: traffic.exchanges[each.id - 1])["none"] == 1


def test_not_modified_without_a_condition_is_a_response_like_any_other(traffic: Traffic) -> None:
    traffic.swap("GET", "http://api.test/t", f"Origin: {PAGE}", status=304)
    fetch = traffic.only()
    assert (fetch.verdict, fetch.code) == ("blocked", "MissingAllowOriginHeader")
