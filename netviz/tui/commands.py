"""What the command list offers: every row of the table of keys, and what has no key: themes, browsers, captures, filters."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple, get_args

from netviz.cors.terms import Browser
from netviz.explain.words import LANGUAGES, say
from netviz.lessons.shelf import LESSONS
from netviz.model.safe import safe
from netviz.tui import remembered
from netviz.tui.fuzzy import likeness
from netviz.tui.scene import Scene
from netviz.tui.theme import PALETTES

_MOST_FILTERS = 20


class Command(NamedTuple):
    """One thing to do."""

    title: str
    action: str
    """The program's action, or that of the pane that had the focus where `on_pane`."""

    keys: str = ""
    other: str = ""
    """More words it is found by: the other language, the name in the settings."""

    on_pane: bool = False


Capture = tuple[str, dict[str, str], int]
"""Name of the file, its title in both languages, how many packets it has."""


@dataclass(slots=True)
class Elsewhere:
    """Other captures that the program can go on with, and which of them the user wants."""

    captures: Callable[[], list[Capture]]
    recent: list[str] = field(default_factory=list)
    wanted: str = ""
    """`file:NAME` or `lesson:ID`; empty until something was picked."""


def commands(scene: Scene, view: int, elsewhere: Elsewhere | None) -> list[Command]:
    """All that can be done in a view, in the order of the help page."""
    found = [
        _titled(scene, f"screen.help.{row.id}", row.action, row.shown, row.id, row.scope != "app")
        for row in scene.keys
        if row.action and row.id != "commands" and (not row.views or view in row.views)
    ]
    for palette in PALETTES:
        name = palette.name.removeprefix("netviz-")
        title, names = (
            scene.say(f"command.theme-{name}"),
            (say(f"screen.command.theme-{name}", each) for each in LANGUAGES if each != scene.language),
        )
        found.append(Command(title, f"look('{name}')", "", " ".join((*names, name))))
    found += [
        _titled(scene, "screen.command.browser", f"judge_as('{name}')", "", "", False, browser=name.capitalize())
        for name in get_args(Browser)
    ]
    for text in reversed(remembered.filters()[-_MOST_FILTERS:]):
        found.append(_titled(scene, "screen.command.filter", f"filter_by({text!r})", "", "", False, filter=text))
    return [*found, *(_places(scene, elsewhere) if elsewhere is not None else ())]


def _places(scene: Scene, elsewhere: Elsewhere) -> list[Command]:
    found = [
        _titled(scene, "screen.command.lesson", f"elsewhere('lesson:{lesson.id}')", "", lesson.id, False,
                title=say(f"lesson.{lesson.id}", scene.language))
        for lesson in LESSONS
    ]  # fmt: skip
    for file, titles, _ in elsewhere.captures():
        other = " ".join((*titles.values(), file.rpartition("/")[2]))
        title = scene.say("command.capture", title=titles[scene.language])
        found.append(Command(title, f"elsewhere({f'file:{file}'!r})", "", other))
    for file in elsewhere.recent:
        title = scene.say("command.recent", name=safe(file.rpartition("/")[2], 80))
        found.append(Command(title, f"elsewhere({f'file:{file}'!r})", "", safe(file, 300)))
    return found


def _titled(
    scene: Scene, key: str, action: str, keys: str, other: str, on_pane: bool = False, **details: object
) -> Command:
    title = say(key, scene.language, **details)
    more = " ".join(say(key, language, **details) for language in LANGUAGES if language != scene.language)
    return Command(title, action, keys, f"{more} {other}", on_pane and not action.startswith("app."))


def found_commands(scene: Scene, offered: list[Command], wanted: str) -> list[Command]:
    """Those that are wanted, the likest first; a number goes to the packet of that number."""
    wanted = wanted.strip().removeprefix("#")
    if not wanted:
        return offered
    ranked = []
    for at, command in enumerate(offered):
        own, other = likeness(wanted, command.title), likeness(wanted, command.other)
        best = max((score for score in (own, None if other is None else other - 1) if score is not None), default=None)
        if best is not None:
            ranked.append((-best, at, command))
    found = [command for _, _, command in sorted(ranked, key=lambda each: each[:2])]
    number = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 13 else 0
    if 1 <= number <= scene.total:
        found.insert(0, Command(scene.say("command.packet", packet=number), f"to_packet({number})"))
    return found
