"""The CORS lab: a page at one origin of localhost, a server of tea at another, and the switches between them.

Only the server of tea is what a class looks at; the page's own errands (switches, log) pass on the page's port, which
is not captured.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from typing import Final

from netviz.explain.words import tables
from netviz.lab.guard import origins_of, serving_here
from netviz.lab.here import HERE, free_port
from netviz.lab.laboratory import Choices, Lab, Running
from netviz.lab.switchboard import CASES, MOVED, SWITCHES, Switchboard
from netviz.lab.web import Answer, Asked, Site

_PAGE, _TEA = 8101, 8102
_WORDS: Final = "labs.page."
_FILES: Final = {
    "/": ("cors.html", "text/html; charset=utf-8"),
    "/lab.css": ("lab.css", "text/css; charset=utf-8"),
    "/cors.js": ("cors.js", "text/javascript; charset=utf-8"),
}


@contextmanager
def _cors_lab(choices: Choices) -> Iterator[Running]:
    page = free_port(choices.port or _PAGE)
    tea = free_port((choices.port or _PAGE) + 1, taken=(page,))
    far = free_port((choices.port or _PAGE) + 2, taken=(page, tea))
    board = Switchboard(origins_of(page), f"http://localhost:{far}{MOVED}")
    with (
        serving_here(page, page_site(board, tea, far, choices.language)),
        serving_here(tea, board.answer),
        serving_here(far, _far_site),
    ):
        address = f"http://localhost:{page}/"
        shown = f"tcp port {tea} or tcp port {far}"
        yield Running({"here": HERE}, filter=shown, pages=(address, f"{address}#preflight-header"))


def _far_site(asked: Asked) -> Answer:
    """The other end of the redirect to another origin: permits whoever comes."""
    allowed = [("Content-Type", "application/json"), ("Access-Control-Allow-Origin", "*")]
    return Answer(200, b'{"tea": "moved"}', allowed) if asked.target == MOVED else Answer(404, headers=allowed)


def page_site(board: Switchboard, tea: int, far: int, language: str) -> Site:
    """The page, its words, and the switchboard that only the page itself may turn."""
    content = {path: (_file(name), kind) for path, (name, kind) in _FILES.items()}
    reached = " ".join((*origins_of(tea), *origins_of(far)))
    policy = f"default-src 'self'; connect-src 'self' {reached}; base-uri 'none'; frame-ancestors 'none'"
    always = [("Content-Security-Policy", policy), ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")]
    setup = json.dumps(_setup(tea, language)).encode()

    def answer(asked: Asked) -> Answer:
        path = asked.target.partition("?")[0]
        json_type = [*always, ("Content-Type", "application/json")]
        match asked.method, path:
            case "GET", _ if path in content:
                body, kind = content[path]
                # Cookies know no port: the page sets one, and the server of tea gets it where credentials are sent.
                cookie = [("Set-Cookie", "cup=blue; Path=/; SameSite=Lax; HttpOnly")] if path == "/" else []
                return Answer(200, body, [*always, *cookie, ("Content-Type", kind)])
            case "GET", "/setup":
                return Answer(200, setup, json_type)
            case "GET", "/state":
                return Answer(200, json.dumps(board.state()).encode(), json_type)
            case "PUT", "/switches" if asked.headers.get("Origin") in board.page_origins:
                return Answer(204 if board.set(_parsed(asked.body)) else 400, headers=always)
        return Answer(404, b"", always)

    return answer


def _setup(tea: int, language: str) -> dict[str, object]:
    words = {key.removeprefix(_WORDS): each for key, each in tables().items() if key.startswith(_WORDS)}
    cases = {name: {"action": action, "switches": changed} for name, (action, changed) in CASES.items()}
    return {"tea": tea, "language": language, "words": words, "switches": dict(SWITCHES), "cases": cases}


def _file(name: str) -> bytes:
    return files("netviz.lab").joinpath("pages", name).read_bytes()


def _parsed(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


LABS: Final = (Lab("cors", "cors", ("loopback",), _cors_lab, repeats=False),)
