"""`netviz routes`: what traceroute found, put together again: each hop, who answered, how long it took."""

from collections.abc import Container, Iterator

from rich.text import Text

from netviz.explain.route_notes import route_notes
from netviz.explain.words import Language, say
from netviz.pipeline.routes import Hop, Probe, Route, routes_of
from netviz.pipeline.store import Store
from netviz.report.exchange_depth import note_text
from netviz.report.form import document as envelope
from netviz.report.form import timestamp


def text(store: Store, language: Language, only: Container[int] | None = None) -> Iterator[Text]:
    """One block a route; of all, or of those that have one of some packets (rows)."""
    found = _chosen(store, only)
    if not found:
        yield Text(say("routes.none" if only is None else "filter.nothing", language))
        return
    for number, route in enumerate(found):
        if number:
            yield Text("")
        for note in route_notes(route, language, probes=True):
            yield note_text(note._replace(indent=max(note.indent - 1, 0)))
    yield Text("")
    yield Text(say("routes.why", language), style="dim")


def document(store: Store, only: Container[int] | None = None) -> dict[str, object]:
    """`netviz routes FILE --json`."""
    return envelope(routes=[_route(store, each) for each in _chosen(store, only)])


def _chosen(store: Store, only: Container[int] | None) -> list[Route]:
    found = list(routes_of(store, len(store.packets)))
    if only is None:
        return found
    rows = {
        id(route): {row for hop in route.hops for probe in hop.probes for row in (probe.row, probe.answer)}
        for route in found
    }
    return [route for route in found if any(row in only for row in rows[id(route)] if row is not None)]


def _route(store: Store, route: Route) -> dict[str, object]:
    step = route.longest_step
    return {
        "source": route.source,
        "target": route.target,
        "protocol": route.protocol,
        "reached": route.reached,
        "hops": [_hop(store, each) for each in route.hops],
        "longest_step": {"from": step[0].ttl, "to": step[1].ttl, "time": step[2]} if step is not None else None,
    }


def _hop(store: Store, hop: Hop) -> dict[str, object]:
    return {
        "ttl": hop.ttl,
        "addresses": list(hop.addresses),
        "rtt": {"min": min(hop.times), "average": sum(hop.times) / len(hop.times), "max": max(hop.times)}
        if hop.times
        else None,
        "unanswered": sum(each.answer is None for each in hop.probes),
        "probes": [_probe(store, each) for each in hop.probes],
    }


def _probe(store: Store, probe: Probe) -> dict[str, object]:
    return {
        "packet": probe.row + 1,
        "time": timestamp(probe.time),
        "answer": probe.answer + 1 if probe.answer is not None else None,
        "answered_by": probe.answered_by or None,
        "kind": probe.kind,
        "rtt": probe.seconds,
    }
