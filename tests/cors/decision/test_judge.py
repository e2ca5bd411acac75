"""Whole fetches: pairs, redirects, retries, what is inferred, and what stays open."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netviz.cors.decision.judge import judge
from netviz.cors.terms import Browser
from netviz.explain.cors import check_line, reason_line, story
from netviz.explain.words import LANGUAGES
from netviz.http.exchange import Exchange, ReadExchange

PAGE = "http://app.test"
API = "http://api.test/t"
ORIGIN = f"Origin: {PAGE}"
STAR = "Access-Control-Allow-Origin: *"
EXACT = f"Access-Control-Allow-Origin: {PAGE}"
TRUE = "Access-Control-Allow-Credentials: true"
PUT = "Access-Control-Request-Method: PUT"
ALLOW_PUT = "Access-Control-Allow-Methods: PUT"


def preflight(traffic, *says: str, asks: tuple[str, ...] = (PUT,), status: int = 204, url: str = API, **how) -> int:
    return traffic.swap("OPTIONS", url, ORIGIN, *asks, status=status, says=says, **how)


# A simple request.


def test_the_failing_header_is_named_with_its_packet_and_bytes(crossing) -> None:
    fetch = crossing("Date: x", "Access-Control-Allow-Origin: https://tea.example")
    assert (fetch.verdict, fetch.code, fetch.confidence) == ("blocked", "AllowOriginMismatch", "certain")
    (check,) = [check for check in fetch.checks if check.outcome == "fail"]
    start = 66 + len("HTTP/1.1 200 X\r\nDate: x\r\nAccess-Control-Allow-Origin: ")
    assert (check.rule, check.at) == ("R42", (2, (start, start + len("https://tea.example"))))
    assert (check.header, check.value) == ("Access-Control-Allow-Origin", "https://tea.example")
    assert fetch.mend == [f"Access-Control-Allow-Origin: {PAGE}", "Vary: Origin"]
    assert (fetch.decided_at, fetch.server_ran_it) == (2, True)


def test_a_missing_header_is_shown_by_the_start_line(crossing) -> None:
    fetch = crossing()
    (check,) = [check for check in fetch.checks if check.outcome == "fail"]
    assert (check.rule, check.at, check.value) == ("R40", (2, (66, 66 + len("HTTP/1.1 200 X"))), None)


def test_without_a_sign_of_credentials_the_verdict_says_its_condition(crossing) -> None:
    fetch = crossing(STAR, "X-A: 1")
    assert (fetch.verdict, fetch.condition) == ("indeterminate", "unless-credentials")
    assert (fetch.confidence, fetch.credentials.mode) == ("low", "unknown")
    assert "x-a" in fetch.hidden_headers


def test_where_both_readings_agree_the_verdict_is_certain(crossing) -> None:
    fetch = crossing(EXACT, TRUE)
    assert (fetch.verdict, fetch.confidence, fetch.condition) == ("allowed", "certain", "")


# What shows the credentials mode (R71).


@pytest.mark.parametrize(
    ("asks", "verdict", "mode", "sign", "confidence"),
    [
        (("Cookie: a=1",), "blocked", "include", "cookie", "certain"),
        (
            ("Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: cors", "Sec-Fetch-Storage-Access: none"),
            "blocked",
            "include",
            "storage-access",
            "certain",
        ),
        (("Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: cors"), "allowed", "omit", "no-storage-access", "high"),
        (
            ("Sec-Fetch-Site: same-site", "Sec-Fetch-Mode: cors", "Sec-Fetch-Dest: font"),
            "allowed",
            "omit",
            "font",
            "high",
        ),
    ],
)
def test_headers_that_show_the_credentials_mode(crossing, asks, verdict, mode, sign, confidence) -> None:
    fetch = crossing(STAR, asks=asks)
    assert (fetch.verdict, fetch.confidence) == (verdict, confidence)
    assert fetch.credentials == (mode, (sign,), confidence)


def test_same_site_requests_without_storage_access_stay_open(crossing) -> None:
    fetch = crossing(STAR, asks=("Sec-Fetch-Site: same-site", "Sec-Fetch-Mode: cors"))
    assert fetch.condition == "unless-credentials"


@pytest.mark.parametrize(
    ("neighbour", "url", "verdict", "mode"),
    [
        (("GET", ("Cookie: a=1",)), "http://api.test/x", "blocked", "include"),
        (("GET", ("Upgrade-Insecure-Requests: 1",)), "http://api.test/x", "blocked", "include"),
        (("GET", ("Accept: image/avif,*/*", f"Referer: {PAGE}/")), "http://api.test/x", "blocked", "include"),
        (("GET", ("Accept: text/css,*/*", f"Referer: {PAGE}/")), "http://api.test/x", "blocked", "include"),
        (("OPTIONS", (ORIGIN, PUT)), "http://api.test/x", "allowed", "omit"),
        (("GET", (f"Referer: {PAGE}/",)), "http://api.test/x", "indeterminate", "unknown"),
    ],
)
def test_one_request_of_a_connection_tells_of_the_others(traffic, neighbour, url, verdict, mode) -> None:
    method, lines = neighbour
    traffic.swap(method, url, *lines, connection=7)
    traffic.swap("GET", API, ORIGIN, connection=7, says=(STAR,))
    fetch = traffic.fetches()[-1]
    assert (fetch.verdict, fetch.credentials.mode) == (verdict, mode)
    if mode != "unknown":
        assert (fetch.credentials.inferred_from, fetch.confidence) == (("connection",), "high")


def test_a_connection_that_contradicts_itself_tells_nothing(traffic) -> None:
    traffic.swap("GET", "http://api.test/x", "Cookie: a=1", connection=7)
    preflight(traffic, STAR, ALLOW_PUT, connection=7, url="http://api.test/y")
    traffic.swap("GET", API, ORIGIN, connection=7, says=(STAR,))
    assert traffic.fetches()[-1].condition == "unless-credentials"


def test_webkit_mixes_connections_so_they_tell_nothing(traffic) -> None:
    traffic.swap("GET", "http://api.test/x", "Cookie: a=1", connection=7)
    traffic.swap("GET", API, ORIGIN, connection=7, says=(STAR,))
    assert traffic.fetches("webkit")[-1].verdict == "indeterminate"
    assert traffic.fetches("firefox")[-1].verdict == "blocked"


def test_a_sign_found_later_counts_and_dates_the_verdict(traffic) -> None:
    traffic.swap("GET", API, ORIGIN, connection=7, says=(STAR,))
    traffic.swap("GET", "http://api.test/x", ORIGIN, "Cookie: a=1", connection=7, says=(EXACT, TRUE))
    first = traffic.fetches()[0]
    assert (first.verdict, first.decided_at) == ("blocked", 3)


def test_a_request_that_followed_proves_that_there_were_no_credentials(traffic) -> None:
    preflight(traffic, STAR, ALLOW_PUT)
    traffic.swap("PUT", API, ORIGIN, connection=2, says=(STAR,))
    fetch = traffic.only()
    assert (fetch.verdict, fetch.confidence) == ("allowed", "high")
    assert fetch.credentials == ("omit", ("request-followed",), "high")


def test_a_good_preflight_that_nobody_followed_shows_credentials(traffic) -> None:
    preflight(traffic, STAR, ALLOW_PUT)
    fetch = traffic.only()
    assert (fetch.verdict, fetch.code) == ("blocked", "PreflightWildcardOriginNotAllowed")
    assert fetch.credentials == ("include", ("never-followed",), "high")
    assert (fetch.server_ran_it, fetch.decided_at) == (False, None)
    assert fetch.mend == [f"Access-Control-Allow-Origin: {PAGE}", "Vary: Origin", TRUE]


def test_while_packets_still_come_nothing_is_concluded_from_what_did_not(traffic) -> None:
    preflight(traffic, STAR, ALLOW_PUT)
    fetch = traffic.only(ended=False)
    assert (fetch.verdict, fetch.condition) == ("indeterminate", "request-not-seen")


def test_a_forced_preflight_that_nobody_followed_shows_nothing(traffic) -> None:
    """R19: a streamed body fails by itself after its preflight."""
    preflight(traffic, STAR, asks=("Access-Control-Request-Method: POST",))
    fetch = traffic.only()
    assert (fetch.verdict, fetch.condition) == ("indeterminate", "request-not-seen")
    assert [why.rule for why in fetch.why_not_simple] == ["R19"]


def test_a_preflight_good_in_both_readings_and_not_followed_stays_open(traffic) -> None:
    preflight(traffic, EXACT, TRUE, ALLOW_PUT)
    assert traffic.only().condition == "request-not-seen"


def test_refused_either_way_but_by_another_code(traffic) -> None:
    preflight(traffic, STAR, ALLOW_PUT, status=404)
    fetch = traffic.only()
    assert (fetch.verdict, fetch.code, fetch.confidence) == ("blocked", "PreflightInvalidStatus", "high")
    assert fetch.condition == "code-unless-credentials"
    assert "PreflightWildcardOriginNotAllowed" in fetch.also


def test_authorization_that_no_preflight_asked_for_is_the_browsers(traffic) -> None:
    preflight(traffic, EXACT, TRUE, ALLOW_PUT)
    traffic.swap("PUT", API, ORIGIN, "Authorization: Basic eDp5", says=(EXACT,))
    fetch = traffic.only()
    assert (fetch.code, fetch.credentials.inferred_from) == ("InvalidAllowCredentials", ("authorization-unasked",))


# Preflights and their requests (R25, R26).


def test_preflight_and_request_are_one_fetch_across_connections(traffic) -> None:
    preflight(
        traffic,
        EXACT,
        ALLOW_PUT,
        "Access-Control-Allow-Headers: x-a",
        asks=(PUT, "Access-Control-Request-Headers: x-a"),
    )
    traffic.swap("PUT", API, ORIGIN, "X-A: 1", connection=2, says=(EXACT,))
    fetch = traffic.only()
    assert (fetch.exchanges, fetch.method, fetch.kind, fetch.preflight) == ([1, 2], "PUT", "preflighted", "seen")
    assert [(why.rule, why.header, why.value) for why in fetch.why_not_simple] == [
        ("R9", "Access-Control-Request-Method", "PUT"),
        ("R12", "X-A", "1"),
    ]


@pytest.mark.parametrize(
    ("method", "url", "lines", "how"),
    [
        ("POST", API, (ORIGIN, "X-A: 1"), {}),
        ("PUT", API + "?q", (ORIGIN, "X-A: 1"), {}),
        ("PUT", API, ("Origin: http://other.test", "X-A: 1"), {}),
        ("PUT", API, (ORIGIN,), {}),
        ("PUT", API, (ORIGIN, "X-A: 1"), {"client": "10.0.0.77"}),
    ],
)
def test_what_the_preflight_did_not_ask_for_is_another_fetch(traffic, method, url, lines, how) -> None:
    asks = (PUT, "Access-Control-Request-Headers: x-a")
    preflight(traffic, EXACT, TRUE, ALLOW_PUT, "Access-Control-Allow-Headers: x-a", asks=asks)
    traffic.swap(method, url, *lines, says=(EXACT, TRUE), **how)
    assert [fetch.exchanges for fetch in traffic.fetches()] == [[1], [2]]


def test_a_request_sent_before_the_answer_is_not_the_preflights(traffic) -> None:
    asked = traffic.ask("OPTIONS", API, ORIGIN, PUT)
    traffic.swap("PUT", API, ORIGIN, connection=2, says=(EXACT, TRUE))
    traffic.answer(asked, 204, EXACT, TRUE, ALLOW_PUT)
    assert [fetch.exchanges for fetch in traffic.fetches()] == [[1], [2]]


def test_equal_fetches_at_once_pair_in_order(traffic) -> None:
    first = traffic.ask("OPTIONS", API, ORIGIN, PUT, connection=1)
    second = traffic.ask("OPTIONS", API, ORIGIN, PUT, connection=2)
    traffic.answer(second, 204, STAR, ALLOW_PUT)
    traffic.answer(first, 204, STAR, ALLOW_PUT)
    traffic.swap("PUT", API, ORIGIN, connection=2, says=(STAR,))
    traffic.swap("PUT", API, ORIGIN, connection=1, says=(STAR,))
    assert [fetch.exchanges for fetch in traffic.fetches()] == [[1, 3], [2, 4]]


def test_a_refused_preflight_has_no_request_and_the_server_ran_nothing(traffic) -> None:
    preflight(traffic, EXACT, status=404)
    preflight(traffic, EXACT, TRUE, ALLOW_PUT)
    traffic.swap("PUT", API, ORIGIN, says=(EXACT, TRUE))
    refused, passed = traffic.fetches()
    assert (refused.exchanges, refused.verdict, refused.server_ran_it) == ([1], "blocked", False)
    assert (refused.code, refused.also) == (
        "PreflightInvalidStatus",
        ("MethodDisallowedByPreflightResponse", "PreflightInvalidAllowCredentials"),
    )
    assert (passed.exchanges, passed.verdict, passed.preflight) == ([2, 3], "allowed", "seen")


def test_a_preflight_that_was_not_answered_is_sent_again(traffic) -> None:
    traffic.ask("OPTIONS", API, ORIGIN, PUT, connection=1)
    preflight(traffic, EXACT, TRUE, ALLOW_PUT, connection=2)
    traffic.swap("PUT", API, ORIGIN, connection=2, says=(EXACT, TRUE))
    fetch = traffic.only()
    assert (fetch.exchanges, fetch.verdict) == ([1, 2, 3], "allowed")
    assert ("R26", "pass") in {(check.rule, check.outcome) for check in fetch.checks}


@pytest.mark.parametrize(("later", "connection"), [(2_000, 2), (0, 1)])
def test_a_request_of_its_own_is_no_retry(traffic, later, connection) -> None:
    traffic.ask("GET", API, ORIGIN, connection=1)
    traffic.wait(later)
    traffic.swap("GET", API, ORIGIN, connection=connection, says=(EXACT, TRUE))
    assert [fetch.exchanges for fetch in traffic.fetches()] == [[1], [2]]


def test_options_without_request_method_is_no_preflight(traffic) -> None:
    """R24: fetch() with method OPTIONS makes two of them."""
    preflight(traffic, STAR, "Access-Control-Allow-Methods: OPTIONS", asks=("Access-Control-Request-Method: OPTIONS",))
    traffic.swap("OPTIONS", API, ORIGIN, says=(STAR,))
    fetch = traffic.only()
    assert (fetch.method, fetch.exchanges, fetch.verdict) == ("OPTIONS", [1, 2], "allowed")
    roles = traffic.judged().roles
    assert [roles[1].is_preflight, roles[2].is_preflight] == [True, False]


def test_the_response_needs_allow_origin_too(traffic) -> None:
    preflight(traffic, EXACT, ALLOW_PUT)
    traffic.swap("PUT", API, ORIGIN)
    fetch = traffic.only()
    assert (fetch.code, fetch.server_ran_it) == ("MissingAllowOriginHeader", True)
    assert ("R49", "fail") in {(check.rule, check.outcome) for check in fetch.checks}


def test_a_program_that_goes_on_after_a_refused_preflight_is_told_what_a_browser_would_do(traffic) -> None:
    preflight(traffic, status=404, agent="curl/8.5.0")
    traffic.swap("PUT", API, ORIGIN, agent="curl/8.5.0", says=(STAR,))
    fetch = traffic.only()
    assert (fetch.exchanges, fetch.verdict, fetch.confidence) == ([1, 2], "blocked", "low")
    assert (fetch.code, fetch.server_ran_it) == ("PreflightMissingAllowOriginHeader", True)


@pytest.mark.parametrize(("line", "header"), [("Cookie: a=1", "Cookie"), ("Authorization: x", "Authorization")])
def test_a_preflight_with_credentials_is_not_a_browsers(traffic, line, header) -> None:
    preflight(traffic, EXACT, asks=(PUT, line))
    (check,) = [check for check in traffic.only().checks if check.rule == "R22"]
    assert (check.outcome, check.header) == ("fail", header)


@pytest.mark.parametrize(
    ("browser", "verdict"),
    [("chromium", "allowed"), ("webkit", "allowed"), ("firefox", "allowed"), ("standard", "blocked")],
)
def test_authorization_under_a_wildcard_by_browser(traffic, browser: Browser, verdict) -> None:
    asks = ("Access-Control-Request-Method: GET", "Access-Control-Request-Headers: authorization")
    preflight(traffic, STAR, "Access-Control-Allow-Headers: *", asks=asks)
    if verdict == "allowed":
        traffic.swap("GET", API, ORIGIN, "Authorization: x", says=(STAR,))
    fetch = traffic.only(browser)
    assert fetch.verdict == verdict
    if verdict == "blocked":
        assert (fetch.code, fetch.mend) == (
            "HeaderDisallowedByPreflightResponse",
            ["Access-Control-Allow-Headers: *, authorization"],
        )


# Redirects (R55 to R61).


def test_origin_becomes_null_on_the_way_to_a_third_origin(traffic) -> None:
    traffic.swap("GET", API, ORIGIN, status=302, says=(EXACT, "Location: http://third.test/u"))
    traffic.swap("GET", "http://third.test/u", "Origin: null", connection=2, says=(EXACT,))
    fetch = traffic.only()
    assert (fetch.exchanges, fetch.origin, fetch.code) == ([1, 2], PAGE, "AllowOriginMismatch")
    assert ("R57", "pass") in {(check.rule, check.outcome) for check in fetch.checks}
    assert fetch.mend == ["Access-Control-Allow-Origin: null", "Vary: Origin"]
    roles = traffic.judged().roles
    assert [(roles[n].check, roles[n].code) for n in (1, 2)] == [("pass", None), ("fail", "AllowOriginMismatch")]


def test_a_request_by_another_page_does_not_follow_the_redirect(traffic) -> None:
    traffic.swap("GET", API, ORIGIN, status=302, says=(EXACT, "Location: http://third.test/u"))
    traffic.swap("GET", "http://third.test/u", "Origin: http://other.test", connection=2, says=(EXACT,))
    assert [fetch.exchanges for fetch in traffic.fetches()] == [[1], [2]]


def test_a_preflight_by_another_page_does_not_follow_the_redirect(traffic) -> None:
    traffic.swap("GET", API, ORIGIN, "X-A: 1", status=307, says=(EXACT, "Location: http://third.test/u"))
    asks = ("Access-Control-Request-Method: GET", "Access-Control-Request-Headers: x-a")
    traffic.swap("OPTIONS", "http://third.test/u", "Origin: http://other.test", *asks, status=204)
    assert [fetch.exchanges for fetch in traffic.fetches()] == [[1], [2]]


def test_back_at_the_pages_own_origin_the_check_goes_on(traffic) -> None:
    traffic.swap("GET", API, ORIGIN, status=302, says=(STAR, "Location: http://app.test/u"))
    traffic.swap("GET", "http://app.test/u", "Origin: null", connection=2)
    judgement = traffic.judged()
    assert (judgement.fetches[0].exchanges, judgement.fetches[0].code) == ([1, 2], "MissingAllowOriginHeader")
    assert judgement.roles[2].cross_origin is None


def test_every_hop_is_checked(traffic) -> None:
    traffic.swap("GET", API, ORIGIN, status=302, says=("Location: http://third.test/u",))
    fetch = traffic.only()
    assert (fetch.verdict, fetch.code, fetch.confidence) == ("blocked", "MissingAllowOriginHeader", "certain")


@pytest.mark.parametrize(
    ("status", "first", "second"),
    [
        (301, "POST", "GET"),
        (302, "POST", "GET"),
        (303, "PUT", "GET"),
        (307, "POST", "POST"),
        (301, "PUT", "PUT"),
        (302, "HEAD", "HEAD"),
        (308, "PUT", "PUT"),
        (303, "HEAD", "HEAD"),
    ],
)
def test_a_redirect_changes_the_method_as_the_standard_says(traffic, status, first, second) -> None:
    traffic.swap(first, "http://app.test/a", ORIGIN, status=status, says=("Location: /b",))
    traffic.swap(second, "http://app.test/b", ORIGIN)
    assert traffic.only().exchanges == [1, 2]


def test_another_method_does_not_follow_a_redirect(traffic) -> None:
    traffic.swap("POST", "http://app.test/a", ORIGIN, status=307, says=("Location: /b",))
    traffic.swap("GET", "http://app.test/b", f"Referer: {PAGE}/")
    assert [fetch.exchanges for fetch in traffic.fetches()] == [[1], [2]]


def test_from_the_own_origin_to_another_the_origin_stays(traffic) -> None:
    traffic.swap("GET", "http://app.test/a", f"Referer: {PAGE}/", status=302, says=("Location: http://api.test/t",))
    traffic.swap("GET", API, ORIGIN, connection=2, says=(EXACT, TRUE))
    fetch = traffic.only()
    assert (fetch.exchanges, fetch.kind, fetch.verdict) == ([1, 2], "simple", "allowed")
    assert traffic.judged().roles[1].check == "not-checked"


def test_a_new_preflight_goes_to_the_redirects_target(traffic) -> None:
    preflight(traffic, STAR, ALLOW_PUT)
    traffic.swap("PUT", API, ORIGIN, status=307, says=(STAR, "Location: http://third.test/u"))
    traffic.swap(
        "OPTIONS", "http://third.test/u", "Origin: null", PUT, status=204, says=(EXACT, ALLOW_PUT), connection=3
    )
    fetch = traffic.only()
    assert (fetch.exchanges, fetch.code) == ([1, 2, 3], "PreflightAllowOriginMismatch")


@pytest.mark.parametrize(
    ("location", "code", "condition"),
    [
        ("http://u:p@third.test/u", "RedirectContainsCredentials", ""),
        ("http://u@api.test/u", "RedirectContainsCredentials", ""),
        ("mailto:x@y.z", "CorsDisabledScheme", ""),
        ("data:text/plain,x", None, "unsafe-redirect"),
        ("http://third.test/u", None, "redirect-not-followed"),
        ("javascript:1", "CorsDisabledScheme", ""),
        ("http://", None, "unsafe-redirect"),
    ],
)
def test_where_a_redirect_leads_to_nothing(traffic, location, code, condition) -> None:
    traffic.swap("GET", API, ORIGIN, status=302, says=(EXACT, TRUE, f"Location: {location}"))
    fetch = traffic.only()
    assert (fetch.code, fetch.condition) == (code, condition)
    assert fetch.confidence != "certain"


@pytest.mark.parametrize(
    ("lines", "location", "verdict"),
    [
        ((), "http://u:p@api.test/new", "blocked"),
        ((), "http://api.test/new", "not-applicable"),
        ((), "http://u:p@app.test/new", "not-applicable"),
        (("Sec-Fetch-Mode: no-cors", "Sec-Fetch-Site: same-origin"), "http://u:p@api.test/new", "not-applicable"),
    ],
)
def test_from_the_own_origin_to_a_url_with_a_user_name(counted, traffic, lines, location, verdict) -> None:
    traffic.swap("GET", "http://app.test/old", f"Referer: {PAGE}/", *lines, status=302, says=(f"Location: {location}",))
    fetch = traffic.only()
    assert (fetch.verdict, fetch.kind) == (verdict, "same-origin")
    assert traffic.only(ended=False).verdict == "not-applicable"
    assert counted(traffic.exchanges) == {verdict: 1}
    if verdict == "blocked":
        assert (fetch.code, fetch.confidence, fetch.decided_at) == ("RedirectContainsCredentials", "high", None)
        assert ("R56", "fail") in {(check.rule, check.outcome) for check in fetch.checks}


@pytest.mark.parametrize("says", [(), ("Location:",)])
def test_a_redirect_status_without_location_is_an_answer_like_any_other(traffic, says) -> None:
    traffic.swap("GET", API, ORIGIN, status=302, says=(EXACT, TRUE, *says))
    assert traffic.only().verdict == "allowed"


def test_more_than_twenty_redirects_are_no_matter_of_cors(traffic) -> None:
    for _ in range(21):
        traffic.swap("GET", API, ORIGIN, status=302, says=(STAR, "Location: /t"))
    fetch = traffic.only()
    assert (len(fetch.exchanges), fetch.condition) == (21, "too-many-redirects")


# What the mode leaves open (R72), and what a later exchange settles.


def test_a_simple_post_says_what_each_mode_would_mean(traffic) -> None:
    traffic.swap("POST", API, ORIGIN, says=(EXACT, TRUE))
    traffic.swap("POST", API, ORIGIN)
    traffic.swap("POST", API, ORIGIN, says=(STAR,))
    assert [(fetch.verdict, fetch.condition, fetch.code) for fetch in traffic.fetches()] == [
        ("indeterminate", "allowed-if-cors-mode", None),
        ("indeterminate", "blocked-if-cors-mode", "MissingAllowOriginHeader"),
        ("indeterminate", "if-cors-mode-unless-credentials", "WildcardOriginNotAllowed"),
    ]


@pytest.mark.parametrize(("lines", "kind"), [((ORIGIN,), "simple"), ((f"Referer: {PAGE}/",), "no-cors")])
def test_a_redirect_to_get_settles_the_mode_of_a_post(traffic, lines, kind) -> None:
    traffic.swap("POST", API, ORIGIN, status=303, says=(EXACT, TRUE, "Location: /u"))
    traffic.swap("GET", "http://api.test/u", *lines, says=(EXACT, TRUE))
    assert traffic.only().kind == kind


# Answers of the browser's own cache.


@pytest.mark.parametrize(
    ("stored", "confirms", "verdict"),
    [
        ((EXACT, TRUE, "ETag: x"), (), "allowed"),
        (("ETag: x",), (), "blocked"),
        ((EXACT, TRUE, "Last-Modified: x"), ("Access-Control-Allow-Origin: http://b.test",), "blocked"),
        (None, (), "indeterminate"),
        (None, (EXACT, TRUE), "allowed"),
    ],
)
def test_a_304_counts_with_the_headers_of_the_stored_response(traffic, stored, confirms, verdict) -> None:
    if stored is not None:
        traffic.swap("GET", API, ORIGIN, says=stored)
    traffic.swap("GET", API, ORIGIN, "If-None-Match: x", status=304, says=confirms)
    assert traffic.fetches()[-1].verdict == verdict


def test_a_response_that_came_later_was_not_yet_stored(traffic) -> None:
    early = traffic.ask("GET", API, ORIGIN, connection=1)
    traffic.swap("GET", API, ORIGIN, "If-None-Match: x", status=304, connection=2)
    traffic.answer(early, 200, EXACT, TRUE, "ETag: x")
    assert traffic.fetches()[1].condition == "stored-response"


def test_a_304_to_the_scripts_own_condition_is_checked_by_itself(traffic) -> None:
    traffic.swap("GET", API, ORIGIN, says=(EXACT, TRUE, "ETag: x"))
    asks = ("Access-Control-Request-Method: GET", "Access-Control-Request-Headers: if-none-match")
    preflight(traffic, EXACT, TRUE, "Access-Control-Allow-Headers: if-none-match", asks=asks)
    traffic.swap("GET", API, ORIGIN, "If-None-Match: x", status=304)
    assert traffic.fetches()[-1].code == "MissingAllowOriginHeader"


def test_the_script_reads_the_stored_responses_headers(traffic) -> None:
    traffic.swap("GET", API, ORIGIN, says=(EXACT, TRUE, "ETag: x", "X-A: 1", "Access-Control-Expose-Headers: X-A"))
    traffic.swap("GET", API, ORIGIN, "If-None-Match: x", status=304, says=("Date: x",))
    assert list(traffic.fetches()[-1].readable_headers) == ["x-a"]


# What is missing from the capture.


def test_without_a_response_nothing_is_claimed(traffic) -> None:
    traffic.ask("GET", API, ORIGIN)
    fetch = traffic.only()
    assert (fetch.verdict, fetch.condition, fetch.server_ran_it, fetch.decided_at) == (
        "indeterminate",
        "no-response",
        None,
        None,
    )


def test_a_response_without_its_request_is_a_fetch_of_its_own(traffic) -> None:
    traffic.swap("GET", API, ORIGIN, says=(STAR,))
    whole = traffic.exchanges[0]
    alone = Exchange(1, 1, None, whole.exchange.response)
    lost = ReadExchange(alone, None, whole.response, (), (2,), None, 1, "a", 1, "b", 2)
    judgement = judge([lost])
    assert (judgement.fetches[0].condition, judgement.roles[1].check) == ("request-not-captured", "not-checked")


def test_each_exchange_is_in_exactly_one_fetch_and_fetches_are_in_order(traffic) -> None:
    traffic.swap("GET", "http://app.test/", "Upgrade-Insecure-Requests: 1")
    preflight(traffic, STAR, ALLOW_PUT)
    traffic.swap("GET", "http://app.test/x", f"Referer: {PAGE}/")
    traffic.swap("PUT", API, ORIGIN, says=(STAR,))
    fetches = traffic.fetches()
    assert [(fetch.id, fetch.exchanges) for fetch in fetches] == [(1, [1]), (2, [2, 4]), (3, [3])]


# Any traffic.

NAMES = st.sampled_from(
    ["Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers", "Cookie", "Referer", "Accept",
     "Sec-Fetch-Mode", "Sec-Fetch-Site", "Content-Type", "X-A", "Upgrade", "Authorization", "Range", "If-None-Match"]
)  # fmt: skip
ANSWER_NAMES = st.sampled_from(
    ["Access-Control-Allow-Origin", "Access-Control-Allow-Credentials", "Access-Control-Allow-Methods", "Location",
     "Access-Control-Allow-Headers", "Access-Control-Max-Age", "Access-Control-Expose-Headers", "ETag", "Set-Cookie"]
)  # fmt: skip
VALUES = st.one_of(
    st.sampled_from([PAGE, "*", "null", "true", "PUT", "x-a", "cors", "cross-site", "http://third.test/u", "/t", API]),
    st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), max_size=20),
)
LINES = st.lists(st.tuples(NAMES, VALUES), max_size=5)
ANSWERS = st.lists(st.tuples(ANSWER_NAMES, VALUES), max_size=5)
SWAPS = st.lists(
    st.tuples(
        st.sampled_from(["GET", "POST", "PUT", "OPTIONS", "HEAD", "x"]),
        st.sampled_from([API, "http://third.test/u", "http://app.test/t"]),
        LINES,
        st.sampled_from([0, 200, 204, 302, 304, 307, 404, 407]),
        ANSWERS,
        st.integers(1, 3),
    ),
    max_size=6,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=200)
@given(SWAPS, st.booleans(), st.sampled_from(["chromium", "firefox", "webkit", "standard"]))
def test_any_traffic_is_judged_and_can_be_told(counted, traffic, swaps, ended: bool, browser: Browser) -> None:
    fresh = type(traffic)()
    for method, url, lines, status, says, connection in swaps:
        number = fresh.ask(method, url, *(f"{name}: {value}" for name, value in lines), connection=connection)
        if status:
            fresh.answer(number, status, *(f"{name}: {value}" for name, value in says))
    judgement = judge(fresh.exchanges, browser, ended)
    assert sorted(number for fetch in judgement.fetches for number in fetch.exchanges) == list(range(1, len(swaps) + 1))
    assert set(judgement.roles) == set(range(1, len(swaps) + 1))
    assert counted(fresh.exchanges, browser, ended).total() == len(judgement.fetches)
    for fetch in judgement.fetches:
        assert (fetch.verdict == "indeterminate") <= bool(fetch.condition)
        assert fetch.confidence != "certain" or fetch.verdict != "indeterminate"
        for language in LANGUAGES:
            assert story(fetch, language)
            assert all(check_line(check, language) for check in fetch.checks)
            assert all(reason_line(reason, language) for reason in fetch.why_not_simple)
