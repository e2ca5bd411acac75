"""`findings_of`: all that is worth saying of a fetch besides its verdict. Worked out for one fetch, when asked."""

from collections.abc import Iterable

from netviz.cors.advice.finding import Finding
from netviz.cors.advice.lints import LINTS
from netviz.cors.advice.neighbours import NEIGHBOURS
from netviz.cors.evidence.seen import Seen
from netviz.cors.evidence.surroundings import Surroundings
from netviz.cors.verdict import Fetch
from netviz.http.exchange import ReadExchange

_ORDER = {"danger": 0, "warning": 1, "note": 2}
_CHECKED = ("simple", "preflighted", "unknown")


def findings_of(fetch: Fetch, exchanges: Iterable[ReadExchange]) -> list[Finding]:
    """Lints and neighbours of a fetch, the worst first; `exchanges` are those of the fetch, in order.

    Lints look at cross-origin answers that CORS checks, neighbours at every exchange.
    """
    around = fetch.around if fetch.around is not None else Surroundings()
    found: list[Finding] = []
    for exchange in exchanges:
        if exchange.exchange.request is None:
            continue
        seen = Seen(exchange)
        if exchange.exchange.response is not None and fetch.kind in _CHECKED and seen.origin is not None:
            found += (each for lint in LINTS for each in lint(seen, fetch, around))
        found += (each for neighbour in NEIGHBOURS for each in neighbour(seen, fetch, around))
    return sorted(found, key=lambda each: _ORDER[each.severity])
