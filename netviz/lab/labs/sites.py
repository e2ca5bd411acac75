"""The sites of the HTTP labs: shelves, logins, forms, every status code, JSONP. Each is a function of a request.

A site is made for a language and keeps what it must remember in bounded tables of its own.
"""

import html
import json
import re
import secrets
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from netviz.explain.words import Language, has, say
from netviz.lab.paper import form, heading, link, page, shipped_file, table, text
from netviz.lab.scenarios.web import login_with_token
from netviz.lab.web import Answer, Asked, Site

_MOST_SESSIONS: Final = 1000
_LONGEST_SHOWN: Final = 400
_CALLBACK: Final = re.compile(r"[A-Za-z_$][\w$]{0,40}", re.ASCII)
_SVG: Final = "http://www.w3.org/2000/svg"
_CUP: Final = f'<svg xmlns="{_SVG}" width="60" height="40"><rect width="40" height="36" rx="6" fill="{{}}"/></svg>'
_CUPS: Final = {"/green.svg": "#2f7a3a", "/black.svg": "#222", "/white.svg": "#bbb"}


def shelf(language: Language) -> Site:
    """A page with a style sheet and three pictures: one connection carries them all, or several do."""
    pictures = "".join(f'<img src="{name}" alt="{name[1:-4]}"> ' for name in _CUPS)

    def answer(asked: Asked) -> Answer:
        path = urlsplit(asked.target).path
        if path == "/":
            return page("keep-alive", language, f"<p>{pictures}</p>", link("/", "GET /"))
        if path in _CUPS:
            return Answer(200, _CUP.format(_CUPS[path]).encode(), [("Content-Type", "image/svg+xml")])
        return _file(path)

    return answer


def session(language: Language) -> Site:
    """A login with a form. What the server knows of a visitor hangs on a random number in a cookie."""
    known: dict[str, tuple[str, int]] = {}

    def account(asked: Asked) -> Answer:
        number = asked.cookie("session")
        if number not in known:
            return Answer(302, headers=[("Location", "/login")])
        name, visits = known[number]
        known[number] = name, visits + 1
        told = f"<p>{text('labs.page.welcome', language, name=name, visits=visits + 1)}</p>"
        leave = form("/logout", "post", "", say("labs.page.log-out", language))
        return page("cookies", language, told, link("/account", "GET /account"), leave)

    def log_in(asked: Asked) -> Answer:
        name = dict(parse_qsl(asked.body.decode("utf-8", "replace"))).get("user", "")[:40].strip()
        if not name:
            return _login_page(language, 401)
        # A new number at every login: whoever knew the old one has nothing of it.
        known.pop(asked.cookie("session") or "", None)
        number = secrets.token_urlsafe(12)
        known[number] = name, 0
        while len(known) > _MOST_SESSIONS:
            del known[next(iter(known))]
        cookie = ("Set-Cookie", f"session={number}; Path=/; HttpOnly; SameSite=Lax")
        return Answer(303, headers=[("Location", "/account"), cookie])

    def answer(asked: Asked) -> Answer:
        match asked.method, urlsplit(asked.target).path:
            case "GET", "/" | "/login":
                return _login_page(language)
            case "GET", "/account":
                return account(asked)
            case "POST", "/login":
                return log_in(asked)
            case "POST", "/logout":
                known.pop(asked.cookie("session") or "", None)
                ended = ("Set-Cookie", "session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax")
                return Answer(303, headers=[("Location", "/login"), ended])
            case _, path:
                return _file(path)
        raise AssertionError

    return answer


def _login_page(language: Language, status: int = 200) -> Answer:
    fields = f'{text("labs.page.name", language)} <input type="text" name="user" value="mina"> '
    fields += f'{text("labs.page.password", language)} <input type="password" name="password" value="green-tea">'
    log_in = form("/login", "post", fields, say("labs.page.log-in", language))
    return page("cookies", language, log_in, link("/account", "GET /account"), status=status)


def tokens(language: Language) -> Site:
    """A login that gives a JSON Web Token, of an hour or of one second, and a page that uses it."""
    names = ("login-long", "login-short", "me", "forget")
    buttons = "".join(
        f'<button type="button" id="{name}">{text(f"labs.page.jwt-{name}", language)}</button> ' for name in names
    )
    shown = f'<div class="actions">{buttons}</div><ol id="results" class="results" reversed></ol>'

    def answer(asked: Asked) -> Answer:
        path = urlsplit(asked.target).path
        if asked.method == "GET" and path == "/":
            return page("jwt", language, shown, '<script src="/jwt.js"></script>')
        return login_with_token(asked) if path in ("/login", "/me") else _file(path)

    return answer


_COMPANIONS: Final[dict[int, tuple[str, str]]] = {
    201: ("Location", "/new"), 206: ("Content-Range", "bytes 0-3/9"), 304: ("ETag", '"tea-1"'),
    401: ("WWW-Authenticate", 'Bearer realm="tea"'), 405: ("Allow", "GET, HEAD"), 407: ("Proxy-Authenticate", "Bearer"),
    416: ("Content-Range", "bytes */9"), 426: ("Upgrade", "HTTP/2.0"), 429: ("Retry-After", "30"),
    503: ("Retry-After", "30"),
}  # fmt: skip
"""What RFC 9110 wants beside a status."""

CODES: Final = tuple(
    code for code in HTTPStatus if code >= 200 and code not in (300, 305) and has(f"http.status.{code.value}")
)


def zoo(language: Language) -> Site:
    """`/status/N` answers with status N and what belongs to it; the page lists all with their meaning."""
    rows = "".join(
        f'<tr><td><a href="/status/{code.value}">{code.value} {html.escape(code.phrase)}</a></td>'
        f"<td>{text(f'http.status.{code.value}', language)}</td></tr>"
        for code in CODES
    )

    def answer(asked: Asked) -> Answer:
        path = urlsplit(asked.target).path
        if path == "/":
            return page("status", language, f"<table>{rows}</table>")
        if path == "/landed":
            return page("status", language, table([("method", asked.method)]), link("/", "/"))
        code = path.removeprefix("/status/")
        if path == code or not code.isdecimal() or int(code) not in CODES:
            return _file(path)
        return _status(int(code), language)

    return answer


def _status(code: int, language: Language) -> Answer:
    headers = [_COMPANIONS[code]] if code in _COMPANIONS else []
    if code in (301, 302, 303, 307, 308):
        headers.append(("Location", "/landed"))
    body = b"" if code in (204, 205, 304) else say(f"http.status.{code}", language).encode() + b"\n"
    return Answer(code, body[:4] if code == 206 else body, [*headers, ("Content-Type", "text/plain; charset=utf-8")])


def forms(language: Language) -> Site:
    """The same two fields sent in three ways: in the target, in the body, in a body of parts."""
    tea = 'tea <input type="text" name="tea" value="green &amp; white"> cups <input type="text" name="cups" value="2">'

    def answer(asked: Asked) -> Answer:
        parts = urlsplit(asked.target)
        if parts.path == "/":
            ways = (
                heading("labs.page.form-get", language) + form("/order", "get", tea, "GET"),
                heading("labs.page.form-post", language) + form("/order", "post", tea, "POST"),
                heading("labs.page.form-parts", language)
                + form("/order", "post", tea, "POST multipart", "multipart/form-data"),
            )
            return page("form", language, *ways)
        if parts.path != "/order":
            return _file(parts.path)
        kind = asked.headers.get("Content-Type", "-")
        body = asked.body.decode("utf-8", "replace")[:_LONGEST_SHOWN] or "-"
        rows = [("method", asked.method), ("target", asked.target[:_LONGEST_SHOWN]), ("Content-Type", kind)]
        return page(
            "form", language, heading("labs.page.received", language), table([*rows, ("body", body)]), link("/", "/")
        )

    return answer


def callback_page(language: Language, other: str) -> Site:
    """The page that asks another origin by a script element, and by fetch(), for the same thing."""
    buttons = "".join(
        f'<button type="button" id="{name}">{text(f"labs.page.jsonp-{name}", language)}</button> '
        for name in ("script", "fetch")
    )
    shown = (
        f'<div class="actions" id="asking" data-other="{other}">{buttons}</div><ol id="results" class="results"></ol>'
    )

    def answer(asked: Asked) -> Answer:
        path = urlsplit(asked.target).path
        if path == "/":
            return page("jsonp", language, shown, '<script src="/jsonp.js"></script>', scripts_from=other)
        return _file(path)

    return answer


def callback_api(asked: Asked) -> Answer:
    """`/tea?callback=NAME` answers with a script that calls NAME; without one, with JSON that nobody else may read."""
    parts = urlsplit(asked.target)
    if parts.path != "/tea":
        return Answer(404)
    data = json.dumps({"tea": "green", "cups": 2})
    name = dict(parse_qsl(parts.query)).get("callback")
    if name is None:
        return Answer(200, data.encode(), [("Content-Type", "application/json")])
    if not _CALLBACK.fullmatch(name):
        return Answer(400)
    return Answer(
        200,
        f"/**/{name}({data});\n".encode(),
        [("Content-Type", "text/javascript"), ("X-Content-Type-Options", "nosniff")],
    )


_FILES: Final = ("lab.css", "jwt.js", "jsonp.js")


def _file(path: str) -> Answer:
    return shipped_file(path[1:]) if path[1:] in _FILES else Answer(404, b"", [("Content-Type", "text/plain")])
