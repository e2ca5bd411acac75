"""Origins that answer by the table and keep a ledger of what came and what they answered. Knows no CORS rule."""

import base64
import hashlib
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Final

from netviz.lab.cors.plans import Place, Plan
from netviz.lab.cors.table import CorsScenario, Scripted
from netviz.lab.namespaces import Namespace
from netviz.lab.web import Answer, Asked, Site, serving

_NOT_THERE: Final = Scripted(404)
_WEBSOCKET: Final = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
"""RFC 6455 section 1.3."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One line of the ledger: a request as it came, and what was answered."""

    client_port: int
    server_ip: str
    server_port: int
    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    status: int | None
    """None: the connection was closed instead."""

    answered: tuple[tuple[str, str], ...]

    def header(self, name: str) -> str | None:
        """Value of a request header."""
        return next((value for key, value in self.headers if key.lower() == name), None)

    @property
    def messages(self) -> tuple[object, ...]:
        """What an observer reads of it, without ports and dates."""
        return self.method, self.url, self.headers, self.status, self.answered


@dataclass(slots=True)
class Origins:
    """All origins of a plan; the scenario that is on changes, the ledger begins anew with each."""

    scenario: CorsScenario | None = None
    ledger: list[Exchange] = field(default_factory=list)
    _asked: Counter[tuple[str, str]] = field(default_factory=Counter)
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, scenario: CorsScenario) -> None:
        """Answer by this scenario from now on."""
        with self._turn:
            self.scenario, self.ledger, self._asked = scenario, [], Counter()

    def site(self, address: str, port: int) -> Site:
        """The site of one address."""

        def answer(asked: Asked) -> Answer | None:
            with self._turn:
                return self._answer(asked, address, port)

        return answer

    def _answer(self, asked: Asked, address: str, port: int) -> Answer | None:
        assert self.scenario is not None
        key = asked.method, f"http://{asked.headers['Host']}{asked.target}"
        scripts = self.scenario.answers.get(key, (_NOT_THERE,))
        script = scripts[min(self._asked[key], len(scripts) - 1)]
        self._asked[key] += 1
        headers = script.headers
        if script.status == 101:
            headers += (("Sec-WebSocket-Accept", _accepted(asked.headers["Sec-WebSocket-Key"])),)
        came = tuple((name, str(value)) for name, value in asked.headers.items())
        self.ledger.append(Exchange(asked.client_port, address, port, *key, came, script.status, headers))
        return None if script.status is None else Answer(script.status, script.body, list(headers))


def _accepted(key: str) -> str:
    return base64.b64encode(hashlib.sha1(key.encode() + _WEBSOCKET, usedforsecurity=False).digest()).decode()


@contextmanager
def serving_origins(plan: Plan, machine: Namespace) -> Iterator[Origins]:
    """All origins of the plan are served on the machine during the block."""
    origins = Origins()
    places: tuple[Place, ...] = ("page", "api", "far")
    with ExitStack() as stack:
        for place in places:
            port = plan.port(place)
            for address in plan.addresses[place]:
                stack.enter_context(serving(machine, address, port, origins.site(address, port)))
        yield origins
