"""`judge`: from exchanges to fetches with verdicts. The one entrance of this package.

The order of the work: put exchanges together (`chain.py`), examine each cross-origin fetch in both readings of its
credentials (`case.py`), let connections tell what single requests do not (`credentials.py`), decide (`decision.py`) and
write it down with its evidence (`fetch.py`). Knows no packets but by their numbers, no clock and no language.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from netviz.cors.browser import PROFILES, Profile
from netviz.cors.cache import PreflightCache
from netviz.cors.case import Case, open_case
from netviz.cors.chain import Chain, Chains
from netviz.cors.classify import word_of
from netviz.cors.credentials import ConnectionClasses, Inference
from netviz.cors.fetch import (
    Settled,
    crossing_fetch,
    lost_request,
    plain_fetch,
    refused_redirect,
    settle,
    word_of_plain,
)
from netviz.cors.mode import ModeWord
from netviz.cors.outcome import refuses_own_redirect
from netviz.cors.roles import NO_ROLE, crossing_roles, plain_roles
from netviz.cors.seen import Seen
from netviz.cors.stored import StoredResponses
from netviz.cors.verdict import Browser, ExchangeRole, Fetch, Word
from netviz.http.exchange import ReadExchange


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
    writer = _Fetches()
    return Judgement(_Judging(PROFILES[browser], ended, writer).run(exchanges), writer.roles)


def count_verdicts(
    exchanges: Iterable[ReadExchange], browser: Browser = "chromium", ended: bool = True
) -> Counter[Word]:
    """How many fetches came to each verdict: what `judge` decides, without the evidence written down."""
    return Counter(_Judging(PROFILES[browser], ended, _Words()).run(exchanges))


_Item = TypeVar("_Item")
_Made = TypeVar("_Made", covariant=True)


class _Writer(Protocol[_Made]):
    """What is made of each fetch."""

    def lost(self, number: int, exchange: ReadExchange) -> _Made: ...

    def plain(self, number: int, chain: Chain, word: ModeWord) -> _Made: ...

    def refused(self, number: int, chain: Chain) -> _Made: ...

    def crossing(self, number: int, case: Case, settled: Settled) -> _Made: ...


class _Fetches:
    """Writes each fetch down with its evidence."""

    def __init__(self) -> None:
        self.roles: dict[int, ExchangeRole] = {}

    def lost(self, number: int, exchange: ReadExchange) -> Fetch:
        self.roles[exchange.id] = NO_ROLE
        return lost_request(number, exchange)

    def plain(self, number: int, chain: Chain, word: ModeWord) -> Fetch:
        plain_roles(chain, self.roles)
        return plain_fetch(number, chain, word)

    def refused(self, number: int, chain: Chain) -> Fetch:
        plain_roles(chain, self.roles)
        return refused_redirect(number, chain)

    def crossing(self, number: int, case: Case, settled: Settled) -> Fetch:
        fetch = crossing_fetch(number, case, settled)
        crossing_roles(case, fetch, self.roles)
        return fetch


class _Words:
    """Keeps the verdict of each fetch and nothing else."""

    def lost(self, number: int, exchange: ReadExchange) -> Word:
        return "indeterminate"

    def plain(self, number: int, chain: Chain, word: ModeWord) -> Word:
        return word_of_plain(word)

    def refused(self, number: int, chain: Chain) -> Word:
        return "blocked"

    def crossing(self, number: int, case: Case, settled: Settled) -> Word:
        return settled.decision.word


class _Judging(Generic[_Item]):
    """One run. What can be decided at once is written at once; the rest waits until all connections are known."""

    def __init__(self, profile: Profile, ended: bool, writer: _Writer[_Item]) -> None:
        self._profile = profile
        self._ended = ended
        self._writer = writer
        self._chains = Chains(profile)
        self._classes = ConnectionClasses()
        self._stored = StoredResponses()

    def run(self, exchanges: Iterable[ReadExchange]) -> list[_Item]:
        """An item for each fetch, in the order of their first exchanges."""
        begun: list[Chain | _Item] = []
        for exchange in exchanges:
            begun += self._begun(len(begun) + 1, exchange)
        cases = self._cases(begun)
        cache = PreflightCache(self._profile)
        return [
            self._waited(number, item, cases, cache) if isinstance(item, Chain) else item
            for number, item in enumerate(begun, 1)
        ]

    def _begun(self, number: int, exchange: ReadExchange) -> list[Chain | _Item]:
        """What begins with an exchange: a fetch that is decided, a chain that is not, or nothing."""
        request = exchange.request
        if request is None:
            return [self._writer.lost(number, exchange)]
        seen = Seen(exchange, request)
        self._stored.look(seen)
        self._classes.look(seen)
        chain = self._chains.add(seen)
        if len(chain.hops) > 1:
            return []
        if chain.may_go_on or seen.mode.word in ("cors", "open"):
            return [chain]
        return [self._writer.plain(number, chain, seen.mode.word)]

    def _cases(self, begun: list[Chain | _Item]) -> dict[int, Case]:
        """Cross-origin fetches by the identity of their chain, each examined by itself."""
        cases: dict[int, Case] = {}
        for chain in begun:
            word = word_of(chain) if isinstance(chain, Chain) else None
            if isinstance(chain, Chain) and word in ("cors", "open"):
                case = open_case(chain, word == "open", self._profile, self._stored, self._ended)
                cases[id(chain)] = case
                if case.inference is not None:
                    self._mark(case, case.inference)
        return cases

    def _mark(self, case: Case, inference: Inference) -> None:
        for step in case.steps:
            if step.is_checked and not step.seen.is_preflight:
                self._classes.mark(step.seen, inference.include)

    def _waited(self, number: int, chain: Chain, cases: dict[int, Case], cache: PreflightCache) -> _Item:
        """The fetch of a chain, now that all connections are known."""
        case = cases.pop(id(chain), None)
        if case is None and self._ended and refuses_own_redirect(chain):
            return self._writer.refused(number, chain)
        if case is None:
            return self._writer.plain(number, chain, word_of(chain))
        if case.inference is None and self._profile.splits_connections:
            case.inference = self._classes.infer(case.steps)
        return self._writer.crossing(number, case, settle(case, cache))
