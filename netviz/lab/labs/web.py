"""Labs about HTTP on loopback: a site to open in one's own browser, and a client that shows it once by itself."""

import http.client
import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Final
from urllib.parse import urlencode

from netviz.explain.words import Language
from netviz.lab.guard import serving_here
from netviz.lab.here import ADDRESS, HERE, free_port
from netviz.lab.laboratory import Choices, Lab, Running
from netviz.lab.labs import sites
from netviz.lab.paper import language_or_english
from netviz.lab.requirements import CannotRecord
from netviz.lab.story import Story
from netviz.lab.web import Site

_FIRST_PORT: Final = 8110
_PATIENCE: Final = 10.0
_APART: Final = 0.3
_MOST_COMING: Final = 1 << 20

Client = Callable[[int, Story], None]
"""Shows a site on a port of loopback once."""


class Visitor:
    """A client with one connection, that keeps cookies as a browser would; told cookies end with it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._connection = http.client.HTTPConnection(ADDRESS, port, timeout=_PATIENCE)
        self._cookies: dict[str, str] = {}

    def ask(self, method: str, target: str, body: str = "", **headers: str) -> tuple[int, bytes]:
        """Send one request; `headers` with _ for -. Returns status and body."""
        sent = {"Host": f"localhost:{self._port}"} | {name.replace("_", "-"): value for name, value in headers.items()}
        if self._cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        self._connection.request(method, target, body or None, sent)
        answer = self._connection.getresponse()
        for line in answer.headers.get_all("Set-Cookie", []):
            name, _, value = line.partition(";")[0].partition("=")
            if value:
                self._cookies[name] = value
            else:
                self._cookies.pop(name, None)
        return answer.status, answer.read()

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


@contextmanager
def visiting(port: int) -> Iterator[Visitor]:
    """A client for the time of the block."""
    visitor = Visitor(port)
    try:
        yield visitor
    finally:
        visitor.close()


def keep_alive(port: int, story: Story) -> None:
    """Five requests on one connection; then three, each on a connection of its own."""
    with visiting(port) as visitor:
        for target in ("/", "/lab.css", "/green.svg", "/black.svg", "/white.svg"):
            visitor.ask("GET", target)
    time.sleep(_APART)
    for target in ("/green.svg", "/black.svg", "/white.svg"):
        with visiting(port) as visitor:
            visitor.ask("GET", target, Connection="close")


def pipelining(port: int, story: Story) -> None:
    """Four requests in one segment, before any answer has come."""
    targets = ("/green.svg", "/missing", "/black.svg", "/white.svg")
    lines = [f"GET {target} HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n" for target in targets[:-1]]
    lines.append(f"GET {targets[-1]} HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n")
    with socket.create_connection((ADDRESS, port), timeout=_PATIENCE) as client:
        client.sendall("".join(lines).encode())
        left = _MOST_COMING
        while left > 0 and (came := client.recv(65_536)):
            left -= len(came)


def cookies(port: int, story: Story) -> None:
    """To the account without a cookie, to the login, to the account with it, out, and to the account again."""
    kind = "application/x-www-form-urlencoded"
    with visiting(port) as visitor:
        visitor.ask("GET", "/account")
        visitor.ask("GET", "/login")
        visitor.ask("POST", "/login", urlencode({"user": "mina", "password": "green-tea"}), Content_Type=kind)
        status, _ = visitor.ask("GET", "/account")
        _expect("with the cookie", status, 200)
        visitor.ask("POST", "/logout")
        status, _ = visitor.ask("GET", "/account")
        _expect("after logout", status, 302)


def jwt(port: int, story: Story) -> None:
    """No token, a good one, and one whose second is over."""
    with visiting(port) as visitor:

        def token(remember: bool) -> str:
            given = json.dumps({"user": "mina", "password": "green-tea", "remember": remember})
            _, body = visitor.ask("POST", "/login", given, Content_Type="application/json")
            return str(json.loads(body)["token"])

        visitor.ask("GET", "/me")
        visitor.ask("GET", "/me", Authorization=f"Bearer {token(remember=True)}")
        short = token(remember=False)
        time.sleep(1.5)
        status, _ = visitor.ask("GET", "/me", Authorization=f"Bearer {short}")
        _expect("with the token that expired", status, 401)


def status_zoo(port: int, story: Story) -> None:
    """One request for every status."""
    with visiting(port) as visitor:
        for code in sites.CODES:
            status, _ = visitor.ask("GET", f"/status/{code.value}")
            _expect("the status", status, code.value)


def form_post(port: int, story: Story) -> None:
    """The same fields in the target, in the body, and in parts."""
    fields = {"tea": "green & white", "cups": "2"}
    parts = "".join(
        f'--cup\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()
    )
    with visiting(port) as visitor:
        visitor.ask("GET", f"/order?{urlencode(fields)}")
        visitor.ask("POST", "/order", urlencode(fields), Content_Type="application/x-www-form-urlencoded")
        visitor.ask("POST", "/order", f"{parts}--cup--\r\n", Content_Type="multipart/form-data; boundary=cup")


def _expect(what: str, found: int, wanted: int) -> None:
    if found != wanted:
        raise CannotRecord("lab-went-otherwise", what=f"{what}: {found}, not {wanted}")


@contextmanager
def _site_lab(choices: Choices, site: Callable[[Language], Site], client: Client, offset: int) -> Iterator[Running]:
    port = free_port(choices.port or _FIRST_PORT + offset)
    with serving_here(port, site(language_or_english(choices.language))) as servers:
        address = f"http://localhost:{port}/"
        yield Running(
            {"here": HERE},
            filter=f"tcp port {port}",
            play=partial(client, port),
            pages=(address,),
            commands=(f"curl -v {address}",),
            logs=tuple(server.log for server in servers),
        )


@contextmanager
def _jsonp_lab(choices: Choices) -> Iterator[Running]:
    first = choices.port or _FIRST_PORT + 10
    port = free_port(first)
    other = free_port(first + 1, taken=(port,))
    page = sites.callback_page(language_or_english(choices.language), f"http://localhost:{other}")
    with serving_here(port, page), serving_here(other, sites.callback_api) as servers:
        yield Running(
            {"here": HERE},
            filter=f"tcp port {other}",
            play=lambda story: _by_script(other),
            pages=(f"http://localhost:{port}/",),
            commands=(f"curl -v 'http://localhost:{other}/tea?callback=pour'",),
            logs=tuple(server.log for server in servers),
        )


def _by_script(port: int) -> None:
    with visiting(port) as visitor:
        visitor.ask("GET", "/tea?callback=pour")


def _site(name: str, site: Callable[[Language], Site], client: Client, offset: int) -> Lab:
    start = partial(_site_lab, site=site, client=client, offset=offset)
    return Lab(name, "http", ("loopback",), start, repeats=False)


LABS: Final = (
    _site("keep-alive", sites.shelf, keep_alive, 0),
    _site("pipelining", sites.shelf, pipelining, 1),
    _site("cookies", sites.session, cookies, 2),
    _site("jwt", sites.tokens, jwt, 3),
    _site("status", sites.zoo, status_zoo, 4),
    _site("form", sites.forms, form_post, 5),
    Lab("jsonp", "http", ("loopback",), _jsonp_lab, repeats=False),
)
