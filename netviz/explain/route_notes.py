"""Routes in words: each hop with who answered and how long it took, and the packets that prove it. Knows no screen."""

from netviz.explain.notes import Note, note, numbers, seconds, title, word
from netviz.explain.words import Language
from netviz.model.evidence import Evidence
from netviz.pipeline.routes import Hop, Probe, Route

_MOST_TIMES = 3


def route_notes(route: Route, language: Language, probes: bool = False) -> list[Note]:
    """A route: a line for each hop, with `probes` one for each probe; whether it was reached; the longest step."""
    found = [title("routes.title", language, source=route.source, target=route.target, protocol=route.protocol)]
    for hop in route.hops:
        found += _hop(hop, language)
        found += [_probe(each, language) for each in hop.probes] if probes and hop.times else []
    if route.reached is None:
        found.append(note("routes.not-reached", language, "warn", ttl=route.hops[-1].ttl))
    else:
        found.append(note("routes.reached", language, "good", ttl=route.reached, hops=route.reached))
    step = route.longest_step
    if step is not None:
        near, far, longer = step
        found.append(
            note("routes.longest", language, at=_evidence(far), near=near.ttl, far=far.ttl, time=seconds(longer))
        )
    return found


def _hop(hop: Hop, language: Language) -> list[Note]:
    """A line for each machine that answered at this distance; one line where none did."""
    if not hop.addresses:
        packets = numbers([each.row + 1 for each in hop.probes], 3)
        return [
            note(
                "routes.silent", language, "warn", Evidence(hop.probes[0].row + 1), ttl=f"{hop.ttl:>2}", packets=packets
            )
        ]
    lines = []
    for address in hop.addresses:
        own = [each for each in hop.probes if each.answered_by == address]
        times = [seconds(each.seconds) for each in own if each.seconds is not None]
        shown = "  ".join(times[:_MOST_TIMES]) + (" …" if len(times) > _MOST_TIMES else "")
        kind = word(f"routes.kind.{own[0].kind}", language)
        at = Evidence((own[0].answer or 0) + 1)
        lines.append(
            note("routes.hop", language, "plain", at, ttl=f"{hop.ttl:>2}", address=address, times=shown, kind=kind)
        )
    return lines


def _probe(probe: Probe, language: Language) -> Note:
    if probe.answer is None or probe.seconds is None:
        found = note("routes.probe-silent", language, "faint", Evidence(probe.row + 1), probe=probe.row + 1)
    else:
        details = {"probe": probe.row + 1, "answer": probe.answer + 1, "time": seconds(probe.seconds)}
        found = note("routes.probe", language, "faint", Evidence(probe.answer + 1), **details)
    return found._replace(indent=3)


def _evidence(hop: Hop) -> Evidence:
    quickest = min((each for each in hop.probes if each.seconds is not None), key=lambda each: each.seconds or 0)
    return Evidence((quickest.answer or 0) + 1)
