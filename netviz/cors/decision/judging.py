"""One run over exchanges: which of them make a fetch, and what a browser made of it.

The order of the work: put exchanges together (`chain.py`), examine each cross-origin fetch in both readings of its
credentials (`case.py`), let connections tell what single requests do not (`credentials.py`) and decide (`decision.py`).
What is made of each fetch is a writer's affair: the whole judgement, or its verdict alone.
"""

from collections.abc import Iterable
from typing import Generic, Protocol, TypeVar

from netviz.cors.browser import Profile
from netviz.cors.decision.case import Case, open_case
from netviz.cors.decision.fetch import Settled, settle
from netviz.cors.evidence.cache import PreflightCache
from netviz.cors.evidence.chain import Chain, Chains
from netviz.cors.evidence.classify import word_of
from netviz.cors.evidence.credentials import ConnectionClasses, Inference
from netviz.cors.evidence.outcome import refuses_own_redirect
from netviz.cors.evidence.seen import Seen
from netviz.cors.evidence.stored import StoredResponses
from netviz.cors.request.mode import ModeWord
from netviz.http.exchange import ReadExchange

_Item = TypeVar("_Item")
_Made = TypeVar("_Made", covariant=True)


class Writer(Protocol[_Made]):
    """What is made of each fetch."""

    def lost(self, number: int, exchange: ReadExchange) -> _Made: ...

    def plain(self, number: int, chain: Chain, word: ModeWord) -> _Made: ...

    def refused(self, number: int, chain: Chain) -> _Made: ...

    def crossing(self, number: int, case: Case, settled: Settled) -> _Made: ...


class Judging(Generic[_Item]):
    """One run. What can be decided at once is written at once; the rest waits until all connections are known."""

    def __init__(self, profile: Profile, ended: bool, writer: Writer[_Item]) -> None:
        self._profile = profile
        self._ended = ended
        self._writer = writer
        self.chains = Chains(profile)
        self.classes = ConnectionClasses()
        self.stored = StoredResponses()

    def run(self, exchanges: Iterable[ReadExchange]) -> list[_Item]:
        """An item for each fetch, in the order of their first exchanges."""
        begun: list[Chain | _Item] = []
        for exchange in exchanges:
            begun += self.begin(len(begun) + 1, exchange)
        return self.finish(begun)

    def finish(self, begun: list[Chain | _Item]) -> list[_Item]:
        """An item for each of what has begun, now that all exchanges are known."""
        cases = self.examine(begun)
        cache = PreflightCache(self._profile)
        return [
            self.settle(number, item, cases, cache) if isinstance(item, Chain) else item
            for number, item in enumerate(begun, 1)
        ]

    def begin(self, number: int, exchange: ReadExchange) -> list[Chain | _Item]:
        """What begins with an exchange: a fetch that is decided, a chain that is not, or nothing."""
        if exchange.exchange.request is None:
            return [self._writer.lost(number, exchange)]
        seen = Seen(exchange)
        self.stored.look(seen)
        self.classes.look(seen)
        chain = self.chains.add(seen)
        if len(chain.hops) > 1:
            return []
        if chain.may_go_on or seen.mode.word in ("cors", "open"):
            return [chain]
        return [self._writer.plain(number, chain, seen.mode.word)]

    def examine(self, begun: Iterable[Chain | _Item]) -> dict[int, Case]:
        """Cross-origin fetches by the identity of their chain, each examined by itself."""
        cases: dict[int, Case] = {}
        for chain in begun:
            word = word_of(chain) if isinstance(chain, Chain) else None
            if isinstance(chain, Chain) and word in ("cors", "open"):
                case = open_case(chain, word == "open", self._profile, self.stored, self._ended)
                if case.is_open and all(reading.is_contradicted for reading in case.readings):
                    # Refused in mode cors, with credentials and without, yet the next request was sent.
                    chain.told = "no-cors"
                    continue
                cases[id(chain)] = case
                if case.inference is not None:
                    self._mark(case, case.inference)
        return cases

    def _mark(self, case: Case, inference: Inference) -> None:
        for step in case.steps:
            if step.is_checked and not step.seen.is_preflight:
                self.classes.mark(step.seen.connection, inference.include, step.seen)

    def settle(self, number: int, chain: Chain, cases: dict[int, Case], cache: PreflightCache) -> _Item:
        """The fetch of a chain, now that all connections are known."""
        case = cases.pop(id(chain), None)
        if case is None and self._ended and refuses_own_redirect(chain):
            return self._writer.refused(number, chain)
        if case is None:
            return self._writer.plain(number, chain, word_of(chain))
        if case.inference is None and self._profile.splits_connections:
            case.inference = self.classes.infer(case.steps)
        return self._writer.crossing(number, case, settle(case, cache))
