"""Which exchanges belong to one fetch: preflight and request (R25), retries (R26), redirects (R55 to R61).

Exchanges go in by the order of their requests; each joins the fetch it continues, or begins one. Pairing looks at the
client's address and the URL, not at connections: a browser may send a preflight and its request on two.
"""

from dataclasses import dataclass
from typing import Final

from netviz.cors.browser import Profile
from netviz.cors.evidence.seen import REDIRECTS, Seen
from netviz.cors.request.mode import ModeWord
from netviz.http.exchange import ReadExchange

_Key = tuple[str, str]
_RETRIED_WITHIN: Final = 1_000_000_000
"""Nanoseconds between a request and its retry: a browser repeats it as soon as the connection is closed."""


@dataclass(slots=True, eq=False)
class Chain:
    """The exchanges of one fetch, in order."""

    hops: list[Seen]
    retried: frozenset[int] = frozenset()
    """Numbers of exchanges without an answer that were sent once more."""

    may_go_on: bool = False
    """Another exchange may still join it."""

    told: ModeWord | None = None
    """The mode, where only what followed an answer tells it."""

    @property
    def last(self) -> Seen:
        """The newest exchange."""
        return self.hops[-1]

    def preflight_before(self, index: int) -> Seen | None:
        """The preflight that hop `index` was sent after, if one stands right before it."""
        if index and self.hops[index - 1].is_preflight and not self.hops[index].is_preflight:
            return self.hops[index - 1]
        return None


class Chains:
    """Finds for each exchange the fetch that it continues, of those that wait for more."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._preflights: dict[_Key, list[Chain]] = {}
        self._redirects: dict[_Key, list[Chain]] = {}
        self._unanswered: dict[_Key, list[Chain]] = {}
        self._expected: set[str] = set()
        """URLs at which an exchange was, or is, waited for."""

    def expects(self, url: str) -> bool:
        """Whether anything was, or is, waited for at a URL; at most nothing is, and that is told cheaply."""
        return url in self._expected

    def may_continue(self, exchange: ReadExchange, url: str) -> bool:
        """Whether an exchange at this URL may continue a fetch of its client."""
        if url not in self._expected:
            return False
        key = (exchange.client, url)
        return key in self._preflights or key in self._redirects or key in self._unanswered

    def add(self, seen: Seen) -> Chain:
        """Put an exchange where it belongs; a chain of one exchange is a new one."""
        chain = self._continued(seen)
        if chain is None:
            chain = Chain([seen])
        else:
            chain.hops.append(seen)
        if seen.is_preflight or seen.answered_row is None or seen.status in REDIRECTS:
            self._expect_more(chain, seen)
        return chain

    def _continued(self, seen: Seen) -> Chain | None:
        url = seen.key
        if not self.may_continue(seen.exchange, url):
            return None
        key = (seen.client, url)
        chain = self._retried(key, seen)
        if chain is None and not seen.is_preflight:
            chain = self._preflighted(key, seen)
        return chain if chain is not None else self._redirected(key, seen)

    def _expect_more(self, chain: Chain, seen: Seen) -> None:
        key = (seen.client, seen.key)
        chain.may_go_on = True
        if seen.answered_row is None:
            self._expect(self._unanswered, key, chain)
        if seen.is_preflight:
            if self._may_go_on(seen):
                self._expect(self._preflights, key, chain)
        elif seen.redirects():
            target = seen.location()
            if target is not None and target.origin is not None and self._may_go_on(seen):
                self._expect(self._redirects, (seen.client, target.key), chain)

    def _expect(self, waiting: dict[_Key, list[Chain]], key: _Key, chain: Chain) -> None:
        waiting.setdefault(key, []).append(chain)
        self._expected.add(key[1])

    def _may_go_on(self, seen: Seen) -> bool:
        """Whether a browser may send another request after this answer, in one reading of the credentials at least."""
        if seen.mode.word != "cors" or not seen.is_browser:
            return True
        assessment = seen.assess(self._profile)
        return assessment is None or not (assessment.omit_codes and assessment.include_codes)

    def _preflighted(self, key: _Key, seen: Seen) -> Chain | None:
        """R25: the first preflight that asked for this request and was answered before it."""
        waiting = self._preflights.get(key)
        if not waiting:
            return None
        fitting = [chain for chain in waiting if _asked_for(chain.last, seen)]
        answered = [chain for chain in fitting if _is_before(chain.last, seen)]
        lost = [chain for chain in fitting if chain.last.answered_row is None]
        return self._take(self._preflights, key, answered or lost)

    def _redirected(self, key: _Key, seen: Seen) -> Chain | None:
        """R59: the first redirect that leads to this URL and was answered before this request."""
        waiting = self._redirects.get(key)
        if not waiting:
            return None
        return self._take(self._redirects, key, [chain for chain in waiting if _is_redirected(chain.last, seen)])

    def _retried(self, key: _Key, seen: Seen) -> Chain | None:
        """R26: a browser sends once more, on another connection, what a closed connection left without an answer."""
        waiting = self._unanswered.get(key)
        if not waiting:
            return None
        chain = self._take(self._unanswered, key, [chain for chain in waiting if _is_repeated(chain, seen)])
        if chain is not None:
            chain.retried |= {chain.last.id}
            _drop(self._preflights, key, chain)
        return chain

    @staticmethod
    def _take(waiting: dict[_Key, list[Chain]], key: _Key, fitting: list[Chain]) -> Chain | None:
        if not fitting:
            return None
        _drop(waiting, key, fitting[0])
        return fitting[0]


def _drop(waiting: dict[_Key, list[Chain]], key: _Key, chain: Chain) -> None:
    chains = waiting.get(key, [])
    if chain in chains:
        chains.remove(chain)
    if not chains:
        waiting.pop(key, None)


def _is_before(earlier: Seen, later: Seen) -> bool:
    answered = earlier.answered_row
    return answered is not None and answered < later.first_row


def _asked_for(preflight: Seen, seen: Seen) -> bool:
    asked = preflight.asked
    return (
        asked is not None
        and seen.method == asked.method
        and seen.origin == preflight.origin
        and seen.names.issuperset(asked.names)
    )


def _is_redirected(earlier: Seen, later: Seen) -> bool:
    if not _is_before(earlier, later) or earlier.mode.word == "websocket":
        return False
    method = redirected_method(earlier.status, earlier.method)
    if later.asked is not None:
        return later.asked.method == method and later.origin in (earlier.origin, "null")
    if later.method != method or later.fields.value("user-agent") != earlier.fields.value("user-agent"):
        return False
    if earlier.mode.word == "navigate" or later.mode.word == "navigate":
        return earlier.mode.word == later.mode.word
    if earlier.origin is not None and later.origin is None and method in ("GET", "HEAD"):
        # A CORS request keeps an Origin on all of its hops; only a POST may lose it, on becoming a GET.
        return earlier.method not in ("GET", "HEAD")
    return earlier.origin is None or later.origin in (earlier.origin, "null")


def _is_repeated(chain: Chain, seen: Seen) -> bool:
    earlier = chain.last
    return (
        earlier.answered_row is None
        and earlier.connection != seen.connection
        and (seen.exchange.request_time or 0) - (earlier.exchange.request_time or 0) <= _RETRIED_WITHIN
        and earlier.method == seen.method
        and earlier.origin == seen.origin
        and earlier.asked == seen.asked
        and earlier.fields.names() == seen.fields.names()
    )


def redirected_method(status: int, method: str) -> str:
    """Method of the next request after a redirect (R59)."""
    if (status in (301, 302) and method == "POST") or (status == 303 and method not in ("GET", "HEAD")):
        return "GET"
    return method
