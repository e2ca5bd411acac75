"""The sites of the HTTP labs: what they answer, what they refuse, and that nothing sent to them comes back as markup."""

from email.message import Message

import pytest

from netviz.lab.labs import sites
from netviz.lab.web import Answer, Asked


def asked(method: str, target: str, body: bytes = b"", **headers: str) -> Asked:
    message = Message()
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    return Asked(method, target, message, body)


def header(answer: Answer | None, name: str) -> str:
    assert answer is not None
    return dict(answer.headers)[name]


def test_a_session_begins_with_a_new_number_and_ends_at_logout() -> None:
    site = sites.session("en")
    cookies = [header(site(asked("POST", "/login", b"user=mina")), "Set-Cookie").split(";")[0] for _ in range(2)]
    assert cookies[0] != cookies[1]
    account = site(asked("GET", "/account", Cookie=cookies[1]))
    assert account is not None and b"Welcome, mina" in account.body
    assert header(site(asked("POST", "/logout", Cookie=cookies[1])), "Location") == "/login"
    assert header(site(asked("GET", "/account", Cookie=cookies[1])), "Location") == "/login"


def test_a_login_takes_the_number_that_was_known_before_away() -> None:
    site = sites.session("en")
    old = header(site(asked("POST", "/login", b"user=mina")), "Set-Cookie").split(";")[0]
    site(asked("POST", "/login", b"user=mina", Cookie=old))
    assert header(site(asked("GET", "/account", Cookie=old)), "Location") == "/login"


@pytest.mark.parametrize("target", ["/account", "/order"])
def test_what_is_sent_never_comes_back_as_markup(target: str) -> None:
    evil = b"user=%3Cscript%3E&tea=<script>alert(1)</script>"
    if target == "/order":
        answer = sites.forms("en")(asked("POST", "/order?<script>", evil, Content_Type="<script>"))
    else:
        site = sites.session("en")
        cookie = header(site(asked("POST", "/login", evil)), "Set-Cookie").split(";")[0]
        answer = site(asked("GET", "/account", Cookie=cookie))
    assert answer is not None
    assert b"<script>" not in answer.body
    assert b"&lt;script&gt;" in answer.body


@pytest.mark.parametrize(
    ("callback", "status"),
    [("pour", 200), ("$x_1", 200), ("a.b", 400), ("alert(1)//", 400), ("", 200), ("x" * 60, 400)],
)
def test_a_callback_is_a_name(callback: str, status: int) -> None:
    answer = sites.callback_api(asked("GET", f"/tea?callback={callback}"))
    assert answer.status == status


@pytest.mark.parametrize("code", sites.CODES)
def test_every_status_comes_with_what_belongs_to_it(code: int) -> None:
    answer = sites.zoo("ko")(asked("GET", f"/status/{int(code)}"))
    assert answer is not None and answer.status == code
    names = {name for name, _ in answer.headers}
    wanted = {401: "WWW-Authenticate", 405: "Allow", 206: "Content-Range", 301: "Location", 307: "Location"}
    assert {wanted.get(int(code), "Content-Type")} <= names
    assert (not answer.body) is (int(code) in (204, 205, 304))


@pytest.mark.parametrize(
    "target", ["/../pyproject.toml", "/lab.css/../cors.html", "/%2e%2e/x", "//etc/passwd", "/cors.html"]
)
def test_no_file_but_those_of_the_lab_is_given(target: str) -> None:
    for site in (sites.shelf, sites.session, sites.tokens, sites.zoo, sites.forms):
        answer = site("en")(asked("GET", target))
        assert answer is not None and answer.status == 404
