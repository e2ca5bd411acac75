"""What a lab tells whoever starts it: the list of labs, and one lab's card. Text only; knows no terminal but its width."""

from collections.abc import Iterable, Iterator
from typing import Final

from rich.cells import cell_len, chop_cells

from netviz.explain.words import Language, say
from netviz.lab.laboratory import Group, Lab, Running
from netviz.lab.labs.places import typed
from netviz.lab.namespaces import Namespace

GROUPS: Final[tuple[Group, ...]] = ("network", "tcp", "http", "cors")
_NAME_CELLS: Final = 20
_PLACE_CELLS: Final = 16
_INDENT: Final = "  "


def listing(labs: Iterable[Lab], language: Language, width: int) -> Iterator[str]:
    """All labs by group, one line each: name, where it runs, what it shows."""
    known = list(labs)
    yield from wrapped(say("labs.list", language), width)
    for group in GROUPS:
        yield ""
        yield say(f"labs.group.{group}", language)
        for lab in (each for each in known if each.group == group):
            place = say(f"labs.place.{'either' if len(lab.places) == 2 else lab.places[0]}", language)
            line = _INDENT + _filled(lab.name, _NAME_CELLS) + _filled(place, _PLACE_CELLS)
            yield _cut(line + say(f"labs.{lab.name}.title", language), width)
    yield ""
    yield from wrapped(say("labs.list-end", language), width)


def card(lab: Lab, running: Running, machine: Namespace, language: Language, width: int) -> Iterator[str]:
    """One lab that runs: what it shows, which question it answers, what to try, where packets are watched."""
    yield say("labs.card", language, name=lab.name, title=say(f"labs.{lab.name}.title", language))
    for part in ("shows", "question", "try"):
        yield ""
        label = say(f"labs.part.{part}", language)
        yield from wrapped(f"{label} {say(f'labs.{lab.name}.{part}', language)}", width)
    for line in (*running.pages, *running.commands):
        yield _INDENT * 2 + line
    yield ""
    yield from wrapped(say("labs.watched", language, where=_where(running, machine)), width)


def watch_command(running: Running, machine: Namespace) -> str:
    """What to type in another terminal to see a lab's packets."""
    wanted = f" -f '{running.filter}'" if running.filter else ""
    command = f"netviz live -i {running.interface}{wanted}"
    return typed(machine, command) if machine.name else f"sudo {command}"


def _where(running: Running, machine: Namespace) -> str:
    role = next((role for role, each in running.machines.items() if each is machine), "")
    place = f"{running.interface} ({role}, {machine.name})" if machine.name else running.interface
    return f"{place}, {running.filter}" if running.filter else place


def wrapped(text: str, width: int) -> list[str]:
    """Lines of at most so many cells, broken at blanks where there are some; Korean letters take two cells."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        if line and cell_len(line) + 1 + cell_len(word) > width:
            lines.append(line)
            line = ""
        line = f"{line} {word}" if line else word
    return [part for whole in (*lines, line) for part in chop_cells(whole, max(width, 10))] or [""]


def _filled(text: str, cells: int) -> str:
    return text + " " * max(1, cells - cell_len(text))


def _cut(line: str, width: int) -> str:
    return line if cell_len(line) <= width else chop_cells(line, width - 1)[0] + "…"
