"""`judge`: from exchanges to fetches with verdicts. The one entrance of this package.

What is decided (`judging.py`) is written down here with its evidence (`fetch.py`). Knows no packets but by their
numbers, no clock and no language.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from netviz.cors.browser import PROFILES
from netviz.cors.decision.case import Case
from netviz.cors.decision.counting import VerdictCounter
from netviz.cors.decision.fetch import Settled, crossing_fetch, lost_request, plain_fetch, refused_redirect
from netviz.cors.decision.judging import Judging
from netviz.cors.decision.roles import NO_ROLE, crossing_roles, plain_roles
from netviz.cors.evidence.chain import Chain
from netviz.cors.evidence.surroundings import Surroundings
from netviz.cors.request.mode import ModeWord
from netviz.cors.terms import Browser, Word
from netviz.cors.verdict import ExchangeRole, Fetch
from netviz.http.exchange import Exchange, ReadExchange


@dataclass(slots=True, eq=False)
class Judgement:
    """All fetches of a capture, and what CORS makes of each exchange."""

    fetches: list[Fetch] = field(default_factory=list)
    """Numbered from 1, in the order of their first exchanges. Each exchange belongs to exactly one."""

    roles: dict[int, ExchangeRole] = field(default_factory=dict)
    """By the exchange's number."""


def judge(exchanges: Iterable[ReadExchange], browser: Browser = "chromium", ended: bool = True) -> Judgement:
    """What a browser made of the exchanges, which come in the order of their requests.

    `ended`: no further packet will come, so a request that did not follow its preflight never will. An iterator may be
    given: of most exchanges nothing is kept, so their heads need not stand in memory together. Never raises, whatever
    the heads hold.
    """
    writer = _Fetches(browser)
    return Judgement(Judging(PROFILES[browser], ended, writer).run(exchanges), writer.roles)


def count_verdicts(
    exchanges: Iterable[Exchange],
    read: Callable[[Exchange], ReadExchange],
    browser: Browser = "chromium",
    ended: bool = True,
) -> Counter[Word]:
    """How many fetches came to each verdict: what `judge` decides, without the evidence written down.

    `read` gives an exchange with its heads, and is asked for few: most are equal to one that was read before.
    """
    return VerdictCounter(PROFILES[browser], ended, read).run(exchanges)


class _Fetches:
    """Writes each fetch down with its evidence."""

    def __init__(self, browser: Browser) -> None:
        self.roles: dict[int, ExchangeRole] = {}
        self._around = Surroundings(browser)

    def lost(self, number: int, exchange: ReadExchange) -> Fetch:
        self.roles[exchange.id] = NO_ROLE
        return lost_request(number, exchange)

    def plain(self, number: int, chain: Chain, word: ModeWord) -> Fetch:
        plain_roles(chain, self.roles)
        if word == "navigate":
            self._around.look_at_page(chain.last)
        return self._placed(plain_fetch(number, chain, word))

    def refused(self, number: int, chain: Chain) -> Fetch:
        plain_roles(chain, self.roles)
        return self._placed(refused_redirect(number, chain))

    def crossing(self, number: int, case: Case, settled: Settled) -> Fetch:
        fetch = crossing_fetch(number, case, settled)
        crossing_roles(case, fetch, self.roles)
        for step in case.steps:
            self._around.look_at_answer(step.seen)
        return self._placed(fetch)

    def _placed(self, fetch: Fetch) -> Fetch:
        fetch.around = self._around
        return fetch
