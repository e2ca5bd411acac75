"""The headers that a class may switch on a lab's server, and the answer that follows. Knows no browser and no rule.

Every switch has a closed list of positions: what a page sends can only choose among them, never write a header.
"""

import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from netviz.lab.web import Answer, Asked

SWITCHES: Final[Mapping[str, tuple[str, ...]]] = {
    "allow-origin": ("exact", "none", "*", "other", "null", "two"),
    "allow-credentials": ("none", "true", "True"),
    "allow-methods": ("PUT, DELETE", "none", "*", "GET, POST"),
    "allow-headers": ("content-type, x-tea", "none", "*", "content-type"),
    "expose-headers": ("none", "x-tea-count", "*"),
    "max-age": ("0", "none", "10", "600"),
    "vary": ("Origin", "none"),
    "status": ("200", "404", "500"),
    "preflight-status": ("204", "200", "301", "403", "405", "500"),
    "redirect": ("none", "same-origin", "other-origin"),
}
"""Switch -> its positions, the first at the start."""

CASES: Final[Mapping[str, tuple[str, Mapping[str, str]]]] = {
    "simple-allowed": ("simple", {}),
    "simple-missing": ("simple", {"allow-origin": "none"}),
    "simple-other": ("simple", {"allow-origin": "other"}),
    "simple-two": ("simple", {"allow-origin": "two"}),
    "simple-null": ("simple", {"allow-origin": "null"}),
    "simple-error": ("simple", {"status": "500"}),
    "preflight-allowed": ("put", {}),
    "preflight-missing": ("put", {"allow-origin": "none"}),
    "preflight-method": ("put", {"allow-methods": "GET, POST"}),
    "preflight-header": ("put", {"allow-headers": "content-type"}),
    "preflight-refused": ("put", {"preflight-status": "403"}),
    "preflight-redirect": ("put", {"preflight-status": "301"}),
    "preflight-cached": ("cache", {"max-age": "600"}),
    "credentials-allowed": ("credentials", {"allow-credentials": "true"}),
    "credentials-wildcard": ("credentials", {"allow-origin": "*", "allow-credentials": "true"}),
    "credentials-missing": ("credentials", {}),
    "credentials-spelling": ("credentials", {"allow-credentials": "True"}),
    "exposed-none": ("expose", {}),
    "exposed-one": ("expose", {"expose-headers": "x-tea-count"}),
    "redirect-same": ("simple", {"redirect": "same-origin"}),
    "redirect-other": ("simple", {"redirect": "other-origin", "allow-origin": "*"}),
}
"""Case -> the button to press and the switches that differ from the start."""

MOVED: Final = "/moved"
_REMEMBERED: Final = 40
_SHOWN: Final = 200
_OTHER: Final = "http://other.example"


@dataclass(slots=True)
class Switchboard:
    """A server of tea: its switches, its stock, and the last requests that reached it. For several threads."""

    page_origins: Sequence[str]
    far: str
    """Where the redirect to another origin leads."""

    positions: dict[str, str] = field(default_factory=lambda: {name: each[0] for name, each in SWITCHES.items()})
    stock: int = 10
    seen: list[dict[str, object]] = field(default_factory=list)
    count: int = 0
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def set(self, wanted: object) -> bool:
        """Put switches to positions, all or none; False where one of them does not exist."""
        if not isinstance(wanted, dict):
            return False
        if any(name not in SWITCHES or value not in SWITCHES[name] for name, value in wanted.items()):
            return False
        with self._turn:
            self.positions |= wanted
        return True

    def state(self) -> dict[str, object]:
        """Positions, stock and what was seen, as a page wants them."""
        with self._turn:
            return {"positions": dict(self.positions), "stock": self.stock, "seen": list(self.seen)}

    def answer(self, asked: Asked) -> Answer:
        """What the server of tea says to a request."""
        with self._turn:
            preflight = asked.method == "OPTIONS" and "Access-Control-Request-Method" in asked.headers
            answer, done = (self._permit(asked), False) if preflight else self._serve(asked)
            self._remember(asked, answer.status, done, preflight)
            return answer

    def _permit(self, asked: Asked) -> Answer:
        status = int(self.positions["preflight-status"])
        headers = self._headers(asked)
        for name in ("allow-methods", "allow-headers", "max-age"):
            if (value := self.positions[name]) != "none":
                headers.append((f"Access-Control-{name.title()}", value))
        if status == 301:
            headers.append(("Location", MOVED))
        return Answer(status, headers=headers)

    def _serve(self, asked: Asked) -> tuple[Answer, bool]:
        path = asked.target.partition("?")[0]
        headers = self._headers(asked)
        if path not in ("/tea", MOVED):
            return Answer(404, headers=headers), False
        if path == "/tea" and (where := self.positions["redirect"]) != "none":
            there = MOVED if where == "same-origin" else self.far
            return Answer(302, headers=[*headers, ("Location", there)]), False
        status = int(self.positions["status"])
        # What the browser makes of the answer comes later: a server that is asked has done it by then.
        changes = asked.method in ("PUT", "POST", "DELETE") and status == 200
        if changes:
            self.stock += {"PUT": 1, "POST": 1, "DELETE": -1}[asked.method]
        body = json.dumps({"tea": "green", "stock": self.stock}).encode()
        headers += [("Content-Type", "application/json"), ("X-Tea-Count", str(self.stock))]
        if (exposed := self.positions["expose-headers"]) != "none":
            headers.append(("Access-Control-Expose-Headers", exposed))
        return Answer(status, body, headers), changes

    def _headers(self, asked: Asked) -> list[tuple[str, str]]:
        headers = [("Cache-Control", "no-store")]
        if (origin := self._allowed_origin(asked.headers.get("Origin"))) is not None:
            headers.append(("Access-Control-Allow-Origin", origin))
        if (credentials := self.positions["allow-credentials"]) != "none":
            headers.append(("Access-Control-Allow-Credentials", credentials))
        if self.positions["vary"] != "none":
            headers.append(("Vary", self.positions["vary"]))
        return headers

    def _allowed_origin(self, origin: str | None) -> str | None:
        own = origin if origin in self.page_origins else self.page_origins[0]
        by_position = {"exact": own, "*": "*", "other": _OTHER, "null": "null", "two": f"{own}, {_OTHER}"}
        return by_position.get(self.positions["allow-origin"])

    def _remember(self, asked: Asked, status: int, done: bool, preflight: bool) -> None:
        self.count += 1
        names = ("Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers", "Cookie")
        headers = {name: str(asked.headers[name])[:_SHOWN] for name in names if name in asked.headers}
        line = {"number": self.count, "method": asked.method, "target": asked.target[:_SHOWN], "headers": headers}
        self.seen.append({**line, "status": status, "done": done, "preflight": preflight})
        del self.seen[:-_REMEMBERED]
