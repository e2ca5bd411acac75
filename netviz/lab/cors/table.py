"""The table of scenarios: reads the TOML files of `scenarios/` and fills in a plan's origins. Knows no traffic."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from netviz.lab.cors.plans import PLANS, Plan

FOLDER: Final = Path(__file__).with_name("scenarios")
_BODY: Final = b"green tea\n"
_PAGE: Final = b'<!doctype html><link rel="icon" href="data:,"><title>Tea</title>\n'
_WITHOUT_BODY: Final = (101, 204, 304)


@dataclass(frozen=True, slots=True)
class Scripted:
    """What an origin answers to one request; `status` None closes the connection instead."""

    status: int | None
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that the page asks for."""

    api: str
    """fetch, xhr, img, script, link, font, eventsource, websocket or form."""

    url: str
    options: Mapping[str, Any] = field(default_factory=dict)
    """What the script gives with it: options of fetch(), `crossorigin` of an element, `upload` of an XHR ..."""

    context: str = "page"
    """page, or `sandbox`: a frame whose origin is opaque."""

    pause: float = 0.0
    """Seconds to wait before it."""

    clear_cookies: bool = False
    """Empty the cookie jar before it: readings of the same packets only."""

    def written(self) -> dict[str, object]:
        """As the page's script takes it."""
        return {"api": self.api, "url": self.url, "options": dict(self.options)}


@dataclass(frozen=True, slots=True)
class CorsScenario:
    """One page load and what its script asks for, with what each origin answers."""

    name: str
    family: str
    about: str
    plan: Plan
    steps: tuple[Step, ...]
    answers: Mapping[tuple[str, str], tuple[Scripted, ...]]
    """(method, URL) -> answers to the first, second ... request; the last one goes on."""

    @property
    def identity(self) -> str:
        """Name of its capture and its case."""
        return f"{self.name}-{self.plan.name}"

    @property
    def capture(self) -> str:
        """Name of its capture's file."""
        return f"{self.identity}.pcap"

    @property
    def page(self) -> str:
        """Address of the page."""
        return self.plan.origins["page"] + "/"

    def with_steps(self, steps: Sequence[Step]) -> "CorsScenario":
        """The same origins, asked otherwise."""
        return replace(self, steps=tuple(steps))


def scenarios() -> list[CorsScenario]:
    """All scenarios, each in every plan that it names, in the order of the files."""
    return [
        _scenario(table, family.stem, PLANS[name])
        for family in sorted(FOLDER.glob("*.toml"))
        for table in tomllib.loads(family.read_text(encoding="utf-8"))["scenario"]
        for name in table.get("plans", ("named",))
    ]


def _scenario(table: dict[str, Any], family: str, plan: Plan) -> CorsScenario:
    filled = _filled({key: value for key, value in table.items() if key not in ("name", "plans")}, plan.words())
    page = ("GET", plan.origins["page"] + "/")
    answers = {_asked(key): _scripted(value, _asked(key) == page) for key, value in filled["answers"].items()}
    answers.setdefault(page, (_lines(["200"], page=True),))
    return CorsScenario(table["name"], family, filled["about"], plan, tuple(map(_step, filled["steps"])), answers)


def _step(table: dict[str, Any]) -> Step:
    known = {key: table[key] for key in ("url", "context", "pause") if key in table}
    options = {key: value for key, value in table.items() if key not in ("api", *known)}
    return Step(table.get("api", "fetch"), options=options, **known)


def _asked(key: str) -> tuple[str, str]:
    method, _, url = key.partition(" ")
    return method, url


def _scripted(value: list[Any], page: bool) -> tuple[Scripted, ...]:
    return tuple(_lines(each, page) for each in (value if isinstance(value[0], list) else [value]))


def _lines(lines: list[str], page: bool = False) -> Scripted:
    """An answer written as HTTP writes it: status, header lines, and after an empty line the body."""
    if lines[0] == "close":
        return Scripted(None)
    head, body = (lines[: lines.index("")], "\n".join(lines[lines.index("") + 1 :]).encode()) if "" in lines else (
        lines, _PAGE if page else _BODY)  # fmt: skip
    status = int(head[0])
    headers = [(name, value.strip()) for name, _, value in (line.partition(":") for line in head[1:])]
    if status in _WITHOUT_BODY:
        return Scripted(status, tuple(headers))
    if "content-type" not in {name.lower() for name, _ in headers}:
        headers.insert(0, ("Content-Type", "text/html; charset=utf-8" if page else "text/plain"))
    return Scripted(status, tuple(headers), body)


def _filled(value: Any, words: Mapping[str, str]) -> Any:
    """The value with every `{word}` replaced, in keys too."""
    match value:
        case str():
            for word, meaning in words.items():
                value = value.replace(f"{{{word}}}", meaning)
            return value
        case list():
            return [_filled(each, words) for each in value]
        case dict():
            return {_filled(key, words): _filled(each, words) for key, each in value.items()}
    return value
