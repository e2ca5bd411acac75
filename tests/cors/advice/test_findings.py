"""Lints and neighbours: each case is an exchange, and what is worth saying of it besides the verdict."""

import re
from pathlib import Path

import pytest

import netviz.cors
from netviz.cors.advice.finding import Finding
from netviz.cors.advice.findings import findings_of
from netviz.cors.advice.neighbours import space_of
from netviz.cors.request.site import is_same_site
from netviz.explain.cors_findings import finding_line
from netviz.explain.words import LANGUAGES, has, tables

from ..conftest import PAGE, Traffic

API = "http://api.test/t"
ORIGIN = f"Origin: {PAGE}"
EXACT = f"Access-Control-Allow-Origin: {PAGE}"
STAR = "Access-Control-Allow-Origin: *"
TRUE = "Access-Control-Allow-Credentials: true"
PUT = "Access-Control-Request-Method: PUT"
VARY = "Vary: Origin"


def findings(traffic: Traffic) -> dict[str, Finding]:
    """Those of the last fetch, by id; each is said in both languages without a hole."""
    fetch = traffic.fetches()[-1]
    found = findings_of(fetch, [traffic.exchanges[number - 1] for number in fetch.exchanges])
    for finding in found:
        for language in LANGUAGES:
            assert "{" not in finding_line(finding, language)
        assert finding.at.packet > 0
    return {finding.id: finding for finding in found}


@pytest.mark.parametrize(
    ("says", "status", "id", "severity"),
    [
        ((EXACT,), 200, "vary-origin-missing", "warning"),
        ((EXACT, "Cache-Control: no-store"), 200, "vary-origin-missing", "note"),
        ((EXACT, TRUE, VARY), 200, "reflects-perhaps", "note"),
        (("Access-Control-Allow-Origin: null",), 200, "null-allowed", "warning"),
        (("Access-Control-Allow-Origin: null", TRUE), 200, "null-with-credentials", "danger"),
        ((STAR, TRUE), 200, "wildcard-with-credentials", "warning"),
        ((EXACT, EXACT), 200, "two-allow-origins", "warning"),
        ((EXACT, VARY, "Access-Control-Allow-Credentials: True"), 200, "credentials-not-true", "warning"),
        ((EXACT, VARY, "Access-Control-Allow-Credentials: false"), 200, "credentials-not-true", "note"),
        ((), 502, "error-hides", "danger"),
        ((EXACT, VARY, "Access-Control-Allow-Methods: PUT"), 200, "only-for-preflight", "note"),
        (("Access-Control-Allow-Origin: https://app.test",), 200, "origin-differs-scheme", "note"),
        (("Access-Control-Allow-Origin: http://www.app.test",), 200, "origin-differs-host", "note"),
        (("Access-Control-Allow-Origin: http://app.test:3000",), 200, "origin-differs-port", "note"),
        ((f"Access-Control-Allow-Origin: {PAGE}/",), 200, "origin-differs-in-form", "warning"),
        ((STAR, "Timing-Allow-Origin: *"), 200, "timing-shown", "note"),
        ((STAR, "Cross-Origin-Resource-Policy: same-origin"), 200, "corp-not-asked", "note"),
    ],
)  # fmt: skip
def test_an_answer_and_what_is_said_of_it(
    traffic: Traffic, says: tuple[str, ...], status: int, id: str, severity: str
) -> None:
    traffic.swap("GET", API, ORIGIN, status=status, says=says)
    found = findings(traffic)
    assert id in found and found[id].severity == severity
    assert not found[id].refuses


@pytest.mark.parametrize("says", [(EXACT, VARY), (EXACT, "Vary: accept, ORIGIN"), (EXACT, "Vary: *"), (STAR,)])
def test_a_clean_answer_has_nothing_to_be_said_of(traffic: Traffic, says: tuple[str, ...]) -> None:
    traffic.swap("GET", API, ORIGIN, says=says)
    assert findings(traffic) == {}


@pytest.mark.parametrize(
    ("says", "status", "asks", "id"),
    [
        ((EXACT,), 401, (), "preflight-401"),
        ((EXACT,), 404, (), "preflight-404"),
        ((EXACT,), 405, (), "preflight-405"),
        ((), 503, (), "preflight-5xx"),
        ((EXACT,), 418, (), "preflight-other"),
        (("Location: /login",), 302, (), "preflight-redirected"),
        ((EXACT, "Access-Control-Max-Age: 99999"), 204, (), "max-age-above-cap"),
        ((EXACT, "Access-Control-Max-Age: a day"), 204, (), "max-age-unreadable"),
        ((EXACT, "Access-Control-Allow-Methods: put"), 204, (), "methods-lower-case"),
        ((EXACT, "Access-Control-Allow-Methods: GET, POST, OPTIONS"), 204, (), "methods-needless"),
        ((EXACT, "Access-Control-Allow-Headers: Origin, X-A"), 204, (), "headers-in-vain"),
        ((EXACT, "Access-Control-Allow-Headers: *"), 204, ("Access-Control-Request-Headers: authorization",),
         "star-and-authorization"),
    ],
)  # fmt: skip
def test_a_preflights_answer(
    traffic: Traffic, says: tuple[str, ...], status: int, asks: tuple[str, ...], id: str
) -> None:
    traffic.swap("OPTIONS", API, ORIGIN, PUT, *asks, status=status, says=says)
    assert id in findings(traffic)


def test_two_origins_sent_back_with_credentials_are_a_danger(traffic: Traffic) -> None:
    for page in ("http://evil.test", PAGE):
        traffic.swap("GET", API, f"Origin: {page}", says=(f"Access-Control-Allow-Origin: {page}", TRUE, VARY))
    found = findings(traffic)["reflects-origins"]
    assert (found.severity, found.details["others"]) == ("danger", "http://evil.test")


def test_headers_that_are_missing_on_errors_only(traffic: Traffic) -> None:
    traffic.swap("GET", "http://api.test/ok", ORIGIN, says=(STAR,))
    traffic.swap("GET", API, ORIGIN, status=502)
    assert "error-hides-only-on-errors" in findings(traffic)


def test_what_was_blocked_ran_all_the_same(traffic: Traffic) -> None:
    traffic.swap("POST", API, ORIGIN, "Sec-Fetch-Mode: cors", "Sec-Fetch-Site: cross-site")
    assert findings(traffic)["ran-all-the-same"].severity == "warning"


def test_stars_with_credentials_are_names(traffic: Traffic) -> None:
    says = (EXACT, TRUE, VARY, "Access-Control-Expose-Headers: *")
    traffic.swap("GET", API, ORIGIN, "Cookie: a=b", says=says)
    assert findings(traffic)["star-is-literal"].rule == "R52"


IMG = (f"Referer: {PAGE}/", "Accept: image/avif,*/*")


@pytest.mark.parametrize(
    ("says", "id", "refuses"),
    [
        (("Cross-Origin-Resource-Policy: same-origin",), "corp-refuses", True),
        (("Cross-Origin-Resource-Policy: same-site",), "corp-refuses", True),
        (("Cross-Origin-Resource-Policy: cross-origin",), "corp-lets-in", False),
        (("Cross-Origin-Resource-Policy: Same-Origin",), "corp-unknown", False),
        (("Content-Type: application/json", "X-Content-Type-Options: nosniff"), "orb-refuses", True),
        (("Content-Type: text/csv",), "orb-refuses", True),
        (("Content-Type: text/html; charset=utf-8",), "orb-by-body", False),
        (("Content-Type: image/svg+xml", "Timing-Allow-Origin: https://x.test"), "timing-hidden", False),
    ],
)
def test_neighbours_of_a_picture(traffic: Traffic, says: tuple[str, ...], id: str, refuses: bool) -> None:
    traffic.swap("GET", "http://cdn.test/p", *IMG, says=says)
    fetch = traffic.only()
    assert fetch.verdict == "opaque", "a neighbour is never a CORS verdict"
    found = findings(traffic)[id]
    assert (found.family, found.refuses) == ("neighbour", refuses)


def test_a_picture_has_no_neighbour_to_speak_of(traffic: Traffic) -> None:
    traffic.swap("GET", "http://cdn.test/p", *IMG, says=("Content-Type: image/png",))
    assert findings(traffic) == {}


def test_an_embedder_policy_needs_a_resource_policy(traffic: Traffic) -> None:
    policy = "Cross-Origin-Embedder-Policy: require-corp"
    traffic.swap("GET", f"{PAGE}/", "Upgrade-Insecure-Requests: 1", says=(policy,))
    traffic.swap("GET", "http://cdn.test/p", *IMG, says=("Content-Type: image/png",))
    assert findings(traffic)["coep-refuses"].refuses


def test_a_websocket_is_the_servers_own_matter(traffic: Traffic) -> None:
    upgrade = ("Upgrade: websocket", "Connection: Upgrade")
    traffic.swap("GET", "http://api.test/chat", ORIGIN, *upgrade, status=101)
    assert findings(traffic)["websocket-taken"].value == PAGE
    traffic.swap("GET", "http://api.test/chat", ORIGIN, *upgrade, status=403)
    assert findings(traffic)["websocket-refused"].severity == "note"


def test_the_older_ways(traffic: Traffic) -> None:
    kind = "Content-Type: application/x-www-form-urlencoded"
    traffic.swap("POST", API, ORIGIN, "Upgrade-Insecure-Requests: 1", kind, "Cookie: sid=1")
    assert findings(traffic)["form-with-cookie"].severity == "warning"
    script = (f"Referer: {PAGE}/", "Accept: */*", "Sec-Fetch-Mode: no-cors", "Sec-Fetch-Site: cross-site")
    traffic.swap("GET", "http://api.test/t?callback=show", *script, says=("Content-Type: text/javascript",))
    assert findings(traffic)["jsonp"].details["callback"] == "show"


def test_a_page_asks_a_more_private_network(traffic: Traffic) -> None:
    traffic.swap("GET", f"{PAGE}/", "Upgrade-Insecure-Requests: 1")
    traffic.swap("GET", "http://printer.test/", ORIGIN, says=(STAR,))
    traffic.exchanges[0].server, traffic.exchanges[1].server = "93.184.216.34", "192.168.1.9"
    assert findings(traffic)["local-network-insecure"].details["theirs"] == "local"


@pytest.mark.parametrize(
    ("address", "space"),
    [("127.0.0.1", "loopback"), ("::1", "loopback"), ("10.0.0.1", "local"), ("fe80::1", "local"), ("8.8.8.8", "public"),
     ("no address", None)],
)  # fmt: skip
def test_address_spaces(address: str, space: str | None) -> None:
    assert space_of(address) == space


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("http://a.shop.test", "http://b.shop.test:8080", True),
        ("http://a.shop.test", "https://a.shop.test", False),
        ("http://a.shop.co.kr", "http://b.other.co.kr", False),
        ("http://one.github.io", "http://other.github.io", False),
        ("http://www.shop.kobe.jp", "http://shop.kobe.jp", False),
        ("http://127.0.0.1", "http://127.0.0.2", False),
        ("http://[::1]:8000", "http://[::1]:9000", True),
        ("http://localhost:1", "http://localhost:2", True),
        ("null", "http://a.test", None),
        (None, "http://a.test", None),
    ],
)
def test_sites(one: str | None, other: str, same: bool | None) -> None:
    assert is_same_site(one, other) is same


def test_every_finding_has_a_sentence_and_every_sentence_a_finding() -> None:
    folder = Path(netviz.cors.__path__[0])
    source = "".join((folder / "advice" / name).read_text(encoding="utf-8") for name in ("lints.py", "neighbours.py"))
    said = {key.removeprefix("cors.finding.") for key in tables() if key.startswith("cors.finding.")}
    made = {word for word in re.findall(r'"([a-z0-9]+(?:-[a-z0-9]+)*)"', source) if has(f"cors.finding.{word}")}
    made |= {f"preflight-{word}" for word in ("401", "403", "404", "405", "5xx", "other")}
    made |= {f"origin-differs-{part}" for part in ("scheme", "host", "port")}
    assert said == made
