"""What the packets alone leave open, measured: the same scenario is played in its other readings.

A reading is what else the page's script may have asked for. Where it makes the same messages, byte for byte but for
dates and ports, and the browser's verdict is another one, a reader of packets cannot tell the two apart. No rule of
CORS is applied: both verdicts are the browser's. A reading that asks for credentials has an empty cookie jar, because
a reader of packets does not know what the jar holds.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

from netviz.lab.cors.play import Play, Played
from netviz.lab.cors.table import CorsScenario, Step
from netviz.lab.cors.truth import Entry, Outcome, credentials, crosses, mode, outcome

Plays = Callable[[CorsScenario], Play]

_AS_ELEMENT = {"include": "use-credentials", "same-origin": "anonymous"}


def other_readings(step: Step, page: str) -> Iterator[tuple[str, Step]]:
    """What else may have made the requests of a step: what differs (`credentials`, `mode` ...), and the step so changed.

    A GET to another origin is read in one mode only: with Origin it was never no-cors, without never cors. A font or a
    module may as well be a script element that asks for credentials.
    """
    other = "same-origin" if credentials(step) == "include" else "include"
    if step.api in ("fetch", "xhr", "eventsource") and mode(step) == "cors":
        yield "credentials", _with(step, credentials=other)
    elif "crossorigin" in step.options:
        yield "credentials", _with(step, crossorigin=_AS_ELEMENT[other])
    elif step.api == "font" or step.options.get("type") == "module":
        yield "credentials", _with(replace(step, api="script"), crossorigin=_AS_ELEMENT[other])
    if "redirect" in step.options:
        yield (
            "redirect-not-followed",
            _with(step, redirect="error" if step.options["redirect"] == "manual" else "manual"),
        )
    if step.api == "fetch" and (step.options.get("method") == "POST" or not crosses(step, step.url, page)):
        if mode(step) == "cors":
            yield "mode", _with(step, mode="no-cors")
        else:
            for each in ("include", "same-origin"):
                yield "mode", _with(step, mode="cors", credentials=each)


def _with(step: Step, **changed: str) -> Step:
    include = "include" in changed.values() or "use-credentials" in changed.values()
    return replace(step, options={**step.options, **changed}, clear_cookies=include)


def what_stays_open(play: Play, plays: Plays) -> list[Entry]:
    """The `passive` entry of each step, with the other readings played for it."""
    return [_passive(play, number, plays) for number in range(len(play.steps))]


def _passive(play: Play, number: int, plays: Plays) -> Entry:
    page, own = play.scenario.page, play.steps[number]
    verdict = outcome(own, page)
    found: list[tuple[str, Outcome, list[str]]] = []
    tried = []
    for differs, step in other_readings(own.step, page) if own.exchanges else ():
        steps = [each.step for each in play.steps]
        steps[number] = step
        other = plays(play.scenario.with_steps(steps)).steps[number]
        likeness = _likeness(own, other, verdict)
        tried.append({"reading": differs, **_said(step), "messages": likeness})
        if likeness != "differ":
            result = outcome(other, page)
            found.append((differs if likeness == "same" else "request-not-seen", result, _readable(other)))
            tried[-1] |= {"verdict": result.cors_verdict, "cors_error": result.report.code}
    verdicts = list(dict.fromkeys([verdict.cors_verdict, *(each.cors_verdict for _, each, _ in found)]))
    codes = list(dict.fromkeys([verdict.report.code, *(each.report.code for _, each, _ in found)]))
    readable = [names for _, each, names in found if each.cors_verdict == "allowed"]
    return {
        "observable": bool(own.exchanges),
        "verdicts": verdicts,
        "determinable": len(verdicts) == 1,
        "codes": codes,
        "open": sorted({why for why, each, _ in found if each.cors_verdict != verdict.cors_verdict}),
        "headers_determinable": all(names == _readable(own) for names in readable),
        "readings": tried,
    }


def _said(step: Step) -> Entry:
    return {"api": step.api, "mode": mode(step), "credentials": credentials(step)}


def _readable(played: Played) -> list[str]:
    return sorted({name.lower() for name in played.said.get("headers", [])})


def _likeness(own: Played, other: Played, verdict: Outcome) -> str:
    """`same` messages; `begins-same` where the other went on and this was refused; `differ`."""
    mine, theirs = ([each.messages for each in side.exchanges] for side in (own, other))
    if mine == theirs:
        return "same"
    if verdict.verdict == "blocked" and mine == theirs[: len(mine)]:
        return "begins-same"
    return "differ"


def skipped_by_cache(play: Play, plays: Plays) -> list[bool]:
    """Whether a step was not asked for first only because it had been before: alone it is."""
    return [number > 0 and _skipped(play, number, plays) for number in range(len(play.steps))]


def _skipped(play: Play, number: int, plays: Plays) -> bool:
    own = play.steps[number]
    if outcome(own, play.scenario.page).report.preflights or not own.exchanges or own.step.api != "fetch":
        return False
    alone = plays(play.scenario.with_steps([replace(own.step, pause=0.0)]))
    return outcome(alone.steps[0], play.scenario.page).report.preflights > 0
