"""The jar over time: what is kept, what goes with which request, and why not. http.cookiejar is a second reader."""

import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import Message
from http.cookiejar import CookieJar, DefaultCookiePolicy

import pytest

from netviz.http.cookie_rules import default_path, domain_matches, path_matches
from netviz.http.exchange import Head
from netviz.http.jar import Jar
from netviz.http.sessions import login_of, session_ids

HeadOf = Callable[[bytes], Head]
SECOND = 1_000_000_000
START = 1_700_000_000 * SECOND


@dataclass
class Browser:
    """Requests and responses of one client, a second apart, each in a packet of its own."""

    head_of: HeadOf
    jar: Jar = field(default_factory=lambda: Jar(1000))
    row: int = 0
    exchange: int = 0

    def ask(self, path: str, cookie: str = "", host: str = "shop.example", more: str = "", **answer: str) -> Head:
        """One exchange; `answer` has the Set-Cookie fields."""
        sent = f"Cookie: {cookie}\r\n" if cookie else ""
        request = self.head_of(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n{more}{sent}\r\n".encode())
        made = "".join(f"Set-Cookie: {value}\r\n" for value in answer.values())
        response = self.head_of(f"HTTP/1.1 200 OK\r\n{made}Content-Length: 0\r\n\r\n".encode())
        self.exchange += 1
        self.row += 2
        time = START + self.row * SECOND
        self.jar.asked("10.0.0.2", request, self.exchange, self.row, time)
        self.jar.answered("10.0.0.2", request, response, self.exchange, self.row + 1, time)
        return request

    def judged(self, request: Head) -> dict[str, tuple[bool, str | None]]:
        """Of the newest request: cookie -> was sent, and the rule against it."""
        found = self.jar.judged("10.0.0.2", request, self.row, START + self.row * SECOND)
        return {each.version.name: (each.sent, each.why) for each in found}

    def told(self) -> list[tuple[str, str]]:
        return [(event.kind, event.version.name) for event in self.jar.events]


@pytest.fixture
def browser(head_of: HeadOf) -> Browser:
    return Browser(head_of)


def test_set_changed_renewed_deleted(browser: Browser) -> None:
    browser.ask("/", a="sid=1")
    browser.ask("/", "sid=1", a="sid=2")
    browser.ask("/", "sid=2", a="sid=2")
    browser.ask("/", "sid=2", a="sid=; Max-Age=0", b="other=; Max-Age=0")
    kinds = ["set", "changed", "renewed", "deleted"]
    assert browser.told() == [*((kind, "sid") for kind in kinds), ("delete-unknown", "other")]
    assert [version.value for version in browser.jar.at(4)] == ["1"]
    assert [version.value for version in browser.jar.at(5)] == ["2"]
    assert browser.jar.at(browser.row + 1) == []


@pytest.mark.parametrize(
    ("set_cookie", "path", "host", "more", "why"),
    [
        ("a=1", "/", "other.example", "", "domain"),
        ("a=1", "/", "sub.shop.example", "", "domain"),
        ("a=1; Domain=shop.example", "/", "sub.shop.example", "", None),
        ("a=1; Path=/admin", "/administration", "shop.example", "", "path"),
        ("a=1; Path=/admin", "/admin/x", "shop.example", "", None),
        ("a=1; Max-Age=1", "/", "shop.example", "", "expired"),
        ("a=1; SameSite=Strict", "/", "shop.example", "Sec-Fetch-Site: cross-site\r\n", "same-site"),
        ("a=1", "/", "shop.example", "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: cors\r\n", "same-site"),
        ("a=1", "/", "shop.example", "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\n", None),
        ("a=1", "/", "shop.example", "Sec-Fetch-Site: same-origin\r\n", None),
    ],
)
def test_why_a_cookie_stays_behind(
    browser: Browser, set_cookie: str, path: str, host: str, more: str, why: str | None
) -> None:
    browser.ask("/", a=set_cookie)
    request = browser.ask(path, host=host, more=more)
    assert browser.judged(request) == {"a": (False, why)}


def test_secure_in_the_clear_is_refused_and_on_this_machine_kept(browser: Browser) -> None:
    browser.ask("/", a="a=1; Secure")
    browser.ask("/", host="localhost:8000", a="b=1; Secure")
    assert browser.told() == [("refused", "a"), ("set", "b")]
    assert browser.jar.events[0].reason == "secure-in-clear"


@pytest.mark.parametrize(
    ("set_cookie", "reason"),
    [
        ("a=1; Domain=other.example", "foreign-domain"),
        ("a=1; Domain=example", "top-domain"),
        ("a=1; SameSite=None", "none-not-secure"),
        ("a=1; Partitioned", "partitioned-not-secure"),
        ("__Host-a=1; Path=/", "prefix"),
    ],
)
def test_what_a_browser_does_not_keep(browser: Browser, set_cookie: str, reason: str) -> None:
    browser.ask("/", a=set_cookie)
    assert [event.reason for event in browser.jar.events] == [reason]
    assert browser.jar.versions == []


def test_a_cookie_from_before_the_capture_has_no_known_attributes(browser: Browser) -> None:
    request = browser.ask("/", "old=x; old=y")
    assert browser.told() == [("appeared", "old"), ("altered", "old")]
    assert browser.judged(request)["old"] == (True, None)
    assert browser.jar.versions[0].set_by is None


def test_an_expired_cookie_leaves_with_the_request_that_finds_it_so(browser: Browser) -> None:
    browser.ask("/", a="a=1; Max-Age=1", b="keep=1")
    request = browser.ask("/", "keep=1")
    assert browser.told() == [("set", "a"), ("set", "keep"), ("expired", "a")]
    assert browser.judged(request) == {"a": (False, "expired"), "keep": (True, None)}


def test_the_bound_on_versions_is_kept(head_of: HeadOf) -> None:
    browser = Browser(head_of, Jar(3))
    for number in range(6):
        browser.ask("/", a=f"c{number}=1")
    assert len(browser.jar.versions) == 3
    assert browser.jar.full


def test_a_session_id_is_recognised_and_followed_and_a_rotation_seen(browser: Browser) -> None:
    browser.ask("/", a="PHPSESSID=abcdefghij0123456789; HttpOnly", b="theme=dark")
    browser.ask("/login", "PHPSESSID=abcdefghij0123456789; theme=dark", a="PHPSESSID=zyxwvutsrq9876543210; HttpOnly")
    login_row = browser.row
    browser.ask("/account", "PHPSESSID=zyxwvutsrq9876543210; theme=dark")
    ids = session_ids(browser.jar, browser.row)
    assert [(each.name, len(each.versions), each.holds) for each in ids] == [("PHPSESSID", 2, "id")]
    assert set(ids[0].signs) == {"name", "http-only", "no-expiry", "random", "sent-again"}
    events = browser.jar.events_between(login_row + 1, login_row + 1)
    login = login_of(2, 302, ids, events)
    assert login.result == "rotated"
    assert login.before is not None and login.before.value.startswith("abc")
    assert login_of(2, 302, ids, []).result == "kept"
    assert login_of(2, 401, ids, []).result == "refused"


def test_what_is_asked_of_the_past_does_not_know_the_future(browser: Browser) -> None:
    browser.ask("/", a="PHPSESSID=abcdefghij0123456789; HttpOnly")
    set_row = browser.row + 1
    browser.ask("/", "PHPSESSID=abcdefghij0123456789")
    assert "sent-again" not in session_ids(browser.jar, set_row)[0].signs
    assert "sent-again" in session_ids(browser.jar, browser.row)[0].signs


@pytest.mark.parametrize(
    ("path", "directory"), [("/", "/"), ("/a", "/"), ("/a/", "/a"), ("/a/b", "/a"), ("", "/"), ("*", "/")]
)
def test_default_path(path: str, directory: str) -> None:
    assert default_path(path) == directory


def test_matching_by_hand() -> None:
    assert domain_matches("a.b.example", "b.example") and not domain_matches("ab.example", "b.example")
    assert not domain_matches("1.2.3.4", "3.4")
    assert path_matches("/a/b", "/a") and path_matches("/a/b", "/a/") and not path_matches("/ab", "/a")


class Reply:
    """What http.cookiejar looks at of a response."""

    def __init__(self, set_cookie: str) -> None:
        self.message = Message()
        self.message["Set-Cookie"] = set_cookie

    def info(self) -> Message:
        return self.message


@pytest.mark.oracle
@pytest.mark.parametrize(
    "set_cookie", ["a=1", "a=1; Path=/x", "a=1; Path=/", "a=1; Domain=shop.example", "a=1; Max-Age=3600"]
)
@pytest.mark.parametrize("path", ["/", "/x", "/x/y", "/xy", "/z/"])
@pytest.mark.parametrize("host", ["shop.example", "www.shop.example", "other.example"])
def test_http_cookiejar_sends_the_same(browser: Browser, set_cookie: str, path: str, host: str) -> None:
    # By default it also sends a cookie without Domain to subdomains, which RFC 6265bis does not.
    known = CookieJar(DefaultCookiePolicy(strict_ns_domain=DefaultCookiePolicy.DomainStrictNonDomain))
    first = urllib.request.Request("http://shop.example/x/page")
    known.extract_cookies(Reply(set_cookie), first)  # type: ignore[arg-type]
    later = urllib.request.Request(f"http://{host}{path}")
    known.add_cookie_header(later)
    browser.ask("/x/page", a=set_cookie)
    request = browser.ask(path, host=host)
    assert (browser.judged(request)["a"][1] is None) == later.has_header("Cookie")
