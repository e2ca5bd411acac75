"""The request's mode from what it carries (R1 to R8, R68, R72, R74)."""

import pytest

from netviz.cors.browser import engine_of, names_storage_access

PAGE = "http://app.test"
HTML = "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
ORIGIN = f"Origin: {PAGE}"
SEC = "Sec-Fetch-Mode: "

CASES = [
    # A GET with an Origin is CORS, without one it is not (R4, R8, R74).
    ("GET", (ORIGIN,), "simple", "R4"),
    ("HEAD", (ORIGIN,), "simple", "R4"),
    ("GET", (), "unknown", "R4"),
    ("GET", (f"Referer: {PAGE}/x",), "no-cors", "R8"),
    ("GET", ("Referer: http://api.test/x",), "same-origin", "R74"),
    ("GET", ("Accept: image/avif,*/*", f"Referer: {PAGE}/"), "no-cors", "R8"),
    ("GET", ("Sec-Fetch-Mode: no-cors", "Sec-Fetch-Site: cross-site"), "no-cors", "R8"),
    ("GET", ("Sec-Fetch-Mode: no-cors", "Sec-Fetch-Site: same-site"), "no-cors", "R8"),
    ("GET", ("Sec-Fetch-Mode: cors", "Sec-Fetch-Site: same-origin"), "same-origin", "R3"),
    # Equal origins (R3).
    ("POST", ("Origin: http://api.test",), "same-origin", "R3"),
    ("POST", ("Origin: http://API.test",), "unknown", "R72"),
    ("PUT", ("Origin: http://api.test", "Content-Type: application/json"), "same-origin", "R3"),
    # Navigations and forms (R5).
    ("GET", (HTML,), "navigation", "R5"),
    ("GET", ("Upgrade-Insecure-Requests: 1",), "navigation", "R5"),
    ("POST", (ORIGIN, HTML, "Content-Type: application/x-www-form-urlencoded"), "navigation", "R5"),
    ("POST", (ORIGIN, SEC + "navigate"), "navigation", "R5"),
    ("POST", ("Origin: null", HTML, "Upgrade-Insecure-Requests: 1"), "navigation", "R5"),
    # Sec-Fetch-Mode says it (R5).
    ("POST", (ORIGIN, SEC + "cors"), "simple", "R5"),
    ("POST", (ORIGIN, SEC + "no-cors"), "no-cors", "R5"),
    # A POST with a foreign Origin and nothing else fits both (R72).
    ("POST", (ORIGIN,), "unknown", "R72"),
    ("POST", ("Origin: null", "Content-Type: text/plain"), "unknown", "R72"),
    ("POST", (ORIGIN, "Content-Type: application/json"), "preflighted", "R12"),
    ("POST", (ORIGIN, "X-Api-Key: 1"), "preflighted", "R12"),
    ("POST", (ORIGIN, "Content-Type: text/ping"), "no-cors", "R20"),
    ("POST", (ORIGIN, "Content-Type: application/csp-report"), "no-cors", "R20"),
    ("DELETE", (ORIGIN,), "preflighted", "R9"),
    # WebSocket (R68).
    ("GET", (ORIGIN, "Connection: Upgrade", "Upgrade: websocket"), "websocket", "R68"),
    # Headers of browsers and proxies tell nothing of the script.
    ("POST", (ORIGIN, "Cache-Control: no-cache", "Pragma: no-cache", "If-None-Match: x"), "unknown", "R72"),
    ("POST", (ORIGIN, "X-Forwarded-For: 10.0.0.9", "CF-Ray: 1"), "unknown", "R72"),
]


@pytest.mark.parametrize(("method", "lines", "kind", "rule"), CASES)
def test_kind_of_a_single_request(traffic, method: str, lines: tuple[str, ...], kind: str, rule: str) -> None:
    traffic.swap(method, "http://api.test/t", *lines, says=("Access-Control-Allow-Origin: *",))
    fetch = traffic.only()
    assert fetch.kind == kind
    assert rule in {check.rule for check in fetch.checks}
    if kind in ("navigation", "same-origin", "websocket"):
        assert fetch.verdict == "not-applicable"
    if kind == "no-cors":
        assert (fetch.verdict, tuple(fetch.readable_headers)) == ("opaque", ())


@pytest.mark.parametrize(
    ("host", "origin", "lines", "kind"),
    [
        ("shop.test", "https://shop.test", (), "same-origin"),
        ("shop.test", "https://shop.test", ("X-Forwarded-Proto: https",), "same-origin"),
        ("shop.test", "http://shop.test", ("X-Forwarded-Proto: https",), "simple"),
        ("shop.test", "https://other.test", (), "simple"),
        ("localhost", "https://localhost", (), "simple"),
        ("127.0.0.1", "https://127.0.0.1", (), "simple"),
        ("shop.test:80", "http://shop.test", (), "same-origin"),
        ("SHOP.test", "http://shop.test", (), "same-origin"),
    ],
)
def test_the_targets_origin_behind_a_proxy(traffic, host: str, origin: str, lines: tuple[str, ...], kind: str) -> None:
    traffic.swap("GET", f"http://{host}/t", f"Origin: {origin}", *lines, says=("Access-Control-Allow-Origin: *",))
    assert traffic.only().kind == kind


@pytest.mark.parametrize("agent", ["curl/8.5.0", "python-requests/2.32", ""])
def test_what_is_no_browser_is_not_judged_without_an_origin(traffic, agent: str) -> None:
    traffic.swap("POST", "http://api.test/t", agent=agent)
    fetch = traffic.only()
    assert (fetch.kind, fetch.verdict) == ("unknown", "not-applicable")
    assert [check.rule for check in fetch.checks] == ["R7"]


def test_what_is_no_browser_but_sends_an_origin_is_told_what_a_browser_would_do(traffic) -> None:
    traffic.swap("GET", "http://api.test/t", f"Origin: {PAGE}", agent="curl/8.5.0")
    fetch = traffic.only()
    assert (fetch.verdict, fetch.code, fetch.confidence) == ("blocked", "MissingAllowOriginHeader", "low")
    assert ("R7", "unknown") in {(check.rule, check.outcome) for check in fetch.checks}


def test_engines() -> None:
    assert engine_of("Mozilla/5.0 (X11; rv:130.0) Gecko/20100101 Firefox/130.0") == "firefox"
    assert engine_of("Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 Version/17 Safari/605.1.15") == "webkit"
    assert engine_of("Mozilla/5.0 (X11) AppleWebKit/537.36 HeadlessChrome/156.0.0.0 Safari/537.36") == "chromium"
    assert engine_of("Wget/1.21") is None
    assert engine_of(None) is None


@pytest.mark.parametrize(
    ("agent", "names"),
    [("X Chrome/133.0.0.0", True), ("X Chrome/132.0.0.0", False), ("Firefox/140", False), (None, False)],
)
def test_which_browsers_mark_cross_site_credentials(agent: str | None, names: bool) -> None:
    assert names_storage_access(agent) is names
