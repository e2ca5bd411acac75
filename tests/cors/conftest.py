"""Traffic as `http/` gives it, built line by line: each head is one packet, and spans count its bytes."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Literal

import pytest

from netviz.cors.decision.judge import Judgement, count_verdicts, judge
from netviz.cors.terms import Browser, Word
from netviz.cors.verdict import Fetch
from netviz.http.exchange import Exchange, Head, Message, ReadExchange
from netviz.http.head import read_head

PAGE = "http://app.test"
CHROMIUM = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36"
FRAME_START = 66
"""Where a head begins in its frame: after Ethernet, IPv4 and TCP with options."""

_MILLISECOND = 1_000_000


def _message(
    kind: Literal["request", "response"], row: int, start: str, lines: tuple[str, ...]
) -> tuple[Message, Head]:
    text = "\r\n".join((start, *lines, "", "")).encode("utf-8", "surrogateescape")
    verb, status = ("", int(start.split()[1])) if kind == "response" else (start.split()[0], 0)
    message = Message(kind, int(kind == "response"), 0, (), row, row, row, verb, status, complete=True)
    return message, read_head(message, [(row, FRAME_START, text)])


class Traffic:
    """A capture under construction. Each call takes the next packet, one millisecond later."""

    def __init__(self) -> None:
        self.exchanges: list[ReadExchange] = []
        self.row = -1
        self.clock = 1_700_000_000_000 * _MILLISECOND

    def wait(self, milliseconds: int) -> None:
        """Let time pass."""
        self.clock += milliseconds * _MILLISECOND

    def _next(self) -> int:
        self.row += 1
        self.clock += _MILLISECOND
        return self.row

    def ask(
        self, method: str, url: str, *lines: str, connection: int = 1, client: str = "10.0.0.1", agent: str = CHROMIUM
    ) -> int:
        """A request; `url` is http://host/path. Returns the exchange's number."""
        row = self._next()
        host, _, path = url.removeprefix("http://").partition("/")
        accept = () if any(line.lower().startswith("accept:") for line in lines) else ("Accept: */*",)
        agents = (f"User-Agent: {agent}",) if agent else ()
        start = f"{method} /{path} HTTP/1.1"
        message, head = _message("request", row, start, (f"Host: {host}", *agents, *accept, *lines))
        number = len(self.exchanges) + 1
        exchange = Exchange(number, connection, message)
        self.exchanges.append(
            ReadExchange(exchange, head, None, (row + 1,), (), self.clock, None, client, 40000, "10.0.0.2", 80)
        )
        return number

    def answer(self, number: int, status: int, *lines: str) -> None:
        """The response of an exchange."""
        row = self._next()
        old = self.exchanges[number - 1]
        old.exchange.response, head = _message("response", row, f"HTTP/1.1 {status} X", lines)
        self.exchanges[number - 1] = replace(old, response=head, response_packets=(row + 1,), response_time=self.clock)

    def close(self, number: int) -> None:
        """The connection of an exchange is closed before its answer."""
        self.exchanges[number - 1] = replace(self.exchanges[number - 1], closed_row=self._next())

    def swap(
        self, method: str, url: str, *lines: str, status: int = 200, says: tuple[str, ...] = (), **how: object
    ) -> int:
        """A request and its answer `says`, one after the other."""
        number = self.ask(method, url, *lines, **how)  # type: ignore[arg-type]
        self.answer(number, status, *says)
        return number

    def judged(self, browser: Browser = "chromium", ended: bool = True) -> Judgement:
        """What `judge` makes of all of it."""
        return judge(self.exchanges, browser, ended)

    def fetches(self, browser: Browser = "chromium", ended: bool = True) -> list[Fetch]:
        """Its fetches."""
        return self.judged(browser, ended).fetches

    def only(self, browser: Browser = "chromium", ended: bool = True) -> Fetch:
        """Its one fetch."""
        (fetch,) = self.fetches(browser, ended)
        return fetch


@pytest.fixture
def traffic() -> Traffic:
    return Traffic()


@pytest.fixture
def crossing() -> Callable[..., Fetch]:
    """One cross-origin GET by the page http://app.test, answered with the given lines."""

    def make(*says: str, asks: tuple[str, ...] = (), status: int = 200, browser: Browser = "chromium") -> Fetch:
        traffic = Traffic()
        traffic.swap("GET", "http://api.test/t", f"Origin: {PAGE}", *asks, status=status, says=says)
        return traffic.only(browser)

    return make


@pytest.fixture
def counted() -> Callable[..., "Counter[Word]"]:
    """Verdicts of exchanges that have been read, only counted."""

    def count(exchanges: list[ReadExchange], browser: Browser = "chromium", ended: bool = True) -> "Counter[Word]":
        by_identity = {id(each.exchange): each for each in exchanges}
        raw = [each.exchange for each in exchanges]
        return count_verdicts(raw, lambda exchange: by_identity[id(exchange)], browser, ended)

    return count
