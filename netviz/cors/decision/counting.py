"""How many fetches came to each verdict: what `judging.py` decides, counted and not written down.

Most fetches equal another to the last byte of their exchanges' fields. What such a fetch comes to is worked out once
(`example.py`); what other exchanges have to do with it (a chain that it continues, what its connection tells, an earlier
preflight) is asked for each.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from typing import Final

from netviz.cors.browser import Profile
from netviz.cors.decision.case import Case
from netviz.cors.decision.example import Alone, Example, alone_of, example_of, fields_of, says_to_cors
from netviz.cors.decision.fetch import Settled, word_of_load
from netviz.cors.decision.judging import Judging
from netviz.cors.evidence.cache import PreflightCache
from netviz.cors.evidence.chain import Chain
from netviz.cors.evidence.classify import word_of
from netviz.cors.evidence.kept import Kept
from netviz.cors.evidence.seen import Seen
from netviz.cors.evidence.stored import Stored
from netviz.cors.request.mode import ModeWord
from netviz.cors.terms import Word
from netviz.http.exchange import Exchange, ReadExchange

_UNKNOWN: Final = Alone("", None, None, None, None)
_NOT_MET: Final = (_UNKNOWN, "")
_CacheKey = tuple[str, str | None, str]


class VerdictCounter:
    """One count. Not to be used again."""

    def __init__(self, profile: Profile, ended: bool, read: Callable[[Exchange], ReadExchange]) -> None:
        self._read = read
        self._profile = profile
        self._ended = ended
        self._judging = Judging(profile, ended, _Words())
        self._alone = Kept[Hashable, Alone | None]()
        """By fields of the request, method, what the response says, status. None: such an exchange has to be judged."""
        self._by_wording = Kept[Hashable, tuple[Alone, str] | None]()
        """The same by both heads, with the URL."""
        self._examples = Kept[Hashable, Example]()
        self._counts: Counter[Word] = Counter()
        self._chains: list[Chain] = []
        """Fetches to be settled when all exchanges are known."""
        self._by_connection: list[tuple[int, Example]] = []
        """(connection, fetch) of those for which nothing else counts any more."""

    def run(self, exchanges: Iterable[Exchange]) -> Counter[Word]:
        """How many fetches of the exchanges came to each verdict."""
        for exchange in exchanges:
            if not self._takes(exchange):
                self._begin(self._read(exchange))
        self._settle()
        counts, classes = self._counts, self._judging.classes
        for connection, example in self._by_connection:
            counts[example.word(classes.include(connection))] += 1
        return counts

    # Exchange by exchange.

    def _begin(self, exchange: ReadExchange) -> None:
        for begun in self._judging.begin(0, exchange):
            if isinstance(begun, Chain):
                self._chains.append(begun)
            else:
                self._counts[begun] += 1

    def _takes(self, exchange: Exchange) -> bool:
        """Look at an exchange by its fields, where they say all; False where it has to be judged."""
        wording = exchange.wording
        if wording is None:
            return False
        found = self._by_wording.get(wording, _NOT_MET)
        if found is _NOT_MET:
            found = self._by_wording.keep(wording, self._met(self._read(exchange)))
        if found is None:
            return False
        alone, url = found
        chain: Chain | None = None
        if self._judging.chains.expects(url):
            chain = self._continued(exchange, url)
        if alone.shows is not None:
            self._judging.classes.mark(exchange.connection, alone.shows, None)
        if alone.stored is not None:
            self._keep(exchange, alone.stored, url)
        if chain is not None and len(chain.hops) > 1:
            return True
        if alone.example is not None and alone.example.why is not None:
            self._chains.append(chain or Chain([Seen(self._read(exchange))]))
        else:
            self._count(exchange.connection, alone)
        return True

    def _continued(self, exchange: Exchange, url: str) -> Chain | None:
        """The chain that an exchange may continue; None where it continues none."""
        read, chains = self._read(exchange), self._judging.chains
        return chains.add(Seen(read)) if chains.may_continue(read, url) else None

    def _keep(self, exchange: Exchange, stored: Stored, url: str) -> None:
        """Keep what a browser may store of an exchange."""
        response = exchange.response
        if response is not None:
            self._judging.stored.keep(self._read(exchange).client, url, stored._replace(row=response.head_row))

    def _met(self, exchange: ReadExchange) -> tuple[Alone, str] | None:
        """What an exchange comes to by its fields, and its URL; None where it has to be judged."""
        request, response = exchange.request, exchange.response
        if request is None or response is None or request.target[:1] != "/":
            return None
        key = (request.shared, request.method, says_to_cors(response), response.status)
        alone = self._alone.get(key, _UNKNOWN)
        if alone is _UNKNOWN:
            alone = self._alone.keep(key, alone_of(Seen(exchange), self._profile, self._ended))
        return (alone, alone.target_origin + request.target) if alone is not None else None

    def _count(self, connection: int, alone: Alone) -> None:
        example = alone.example
        if example is None:
            self._counts[alone.plain or "indeterminate"] += 1
            return
        if example.infers is not None:
            self._judging.classes.mark(connection, example.infers, None)
        if example.infers is None and self._profile.splits_connections:
            self._by_connection.append((connection, example))
        else:
            self._counts[example.unknown] += 1

    # At the end, fetch by fetch in order.

    def _settle(self) -> None:
        judging = self._judging
        found = [(chain, self._example(chain)) for chain in self._chains]
        cases = judging.examine(chain for chain, example in found if example is None)
        asked = {key for chain, example in found if (key := _asks_cache(chain, example)) is not None}
        cache = PreflightCache(self._profile)
        for chain, example in found:
            if example is None:
                self._counts[judging.settle(0, chain, cases, cache)] += 1
            else:
                self._counts[self._settled(chain, example, cache, asked)] += 1

    def _example(self, chain: Chain) -> Example | None:
        """What a chain comes to by its fields, its connections marked; None where it has to be judged."""
        if word_of(chain) not in ("cors", "open"):
            return None
        wordings = tuple(seen.exchange.exchange.wording for seen in chain.hops)
        key: Hashable | None = wordings if None not in wordings and not chain.retried else None
        example = self._examples.get(key) if key is not None else None
        if example is None:
            fields = fields_of(chain)
            if fields is None:
                return None
            example = self._examples.get(fields)
            example = example or self._examples.keep(fields, example_of(chain, self._profile, self._ended))
            if key is not None:
                self._examples.keep(key, example)
        if example.infers is not None:
            for index in example.checked:
                self._judging.classes.mark(chain.hops[index].connection, example.infers, None)
        return example

    def _settled(self, chain: Chain, example: Example, cache: PreflightCache, asked: set[_CacheKey]) -> Word:
        include = example.infers
        if include is None and self._profile.splits_connections:
            include = self._judging.classes.agreed(chain.hops[index].connection for index in example.checked)
        if example.why is not None and not example.preflights:
            found = cache.find(chain.hops[0], example.why)
            if include is None and found.entry is not None and found.why == "covered" and found.entry.include is False:
                include = False
        word = example.word(include)
        kept = example.kept_including if include is True else example.kept
        for index in kept:
            # What nobody asks for need not be kept.
            if _cache_key(chain.hops[index]) in asked:
                cache.keep(chain.hops[index], include)
        if word == "blocked" and (kept or example.why is not None):
            cache.drop(chain.last)
        return word


def _cache_key(seen: Seen) -> _CacheKey:
    return seen.client, seen.origin, seen.key


def _asks_cache(chain: Chain, example: Example | None) -> _CacheKey | None:
    """What a fetch looks for in the preflight cache; None where it has no need."""
    needs = example is None or (example.why is not None and not example.preflights)
    return _cache_key(chain.hops[0]) if needs else None


class _Words:
    """Keeps the verdict of each fetch and nothing else."""

    def lost(self, number: int, exchange: ReadExchange) -> Word:
        return "indeterminate"

    def plain(self, number: int, chain: Chain, word: ModeWord) -> Word:
        return word_of_load(chain, word)

    def refused(self, number: int, chain: Chain) -> Word:
        return "blocked"

    def crossing(self, number: int, case: Case, settled: Settled) -> Word:
        return settled.decision.word
