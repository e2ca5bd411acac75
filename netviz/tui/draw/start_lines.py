"""What the start screen lists: lessons, captures opened last or matching what is typed, and interfaces with their traffic."""

import os
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Final

from rich.text import Text

from netviz.capture.interfaces import Found
from netviz.capture.link_types import link_type_name
from netviz.explain.words import say
from netviz.lessons.shelf import LESSONS
from netviz.model.safe import safe
from netviz.tui.cells import beside, fit, joined, wrapped
from netviz.tui.draw.line import Line, plain
from netviz.tui.scene import Scene
from netviz.tui.widgets.menu import CHOICE

SAMPLES: Final = 24
"""Seconds of traffic that are drawn for an interface."""
_SUFFIXES: Final = (".pcap", ".pcapng", ".cap", ".gz", ".zst", ".dmp")
_MOST_ENTRIES: Final = 200

Shipped = tuple[str, dict[str, str], int]
"""A capture that comes with netviz: its file, its title in each language, its packets."""


def shelf_lines(scene: Scene, captures: Sequence[Shipped], width: int) -> list[Line]:
    """The lessons, then the shipped captures."""
    palette = scene.palette
    if not captures:
        return [plain(text, palette.faint()) for text in wrapped(scene.say("start.no-lessons"), width)]
    lines = []
    for number, lesson in enumerate(LESSONS, 1):
        lines += _titled(
            scene, f"{number:>2}  ", say(f"lesson.{lesson.id}", scene.language), f"lesson:{lesson.id}", width
        )
        tail = scene.say("start.steps", steps=len(lesson.steps), questions=lesson.questions)
        lines.append(plain(f"    {lesson.capture} {scene.glyphs.bullet} {tail}", palette.faint()))
    lines += [plain(""), plain(scene.say("start.captures"), palette.plain(True))]
    for file, titles, packets in captures:
        lines += _titled(scene, f" {scene.glyphs.bullet}  ", titles[scene.language], f"file:{file}", width)
        tail = scene.say("start.packets", packets=packets)
        lines.append(plain(f"    {os.path.basename(file)} {scene.glyphs.bullet} {tail}", palette.faint()))
    return lines


def _titled(scene: Scene, head: str, title: str, mark: str, width: int) -> list[Line]:
    """A title over as many lines as it needs; the first can be picked."""
    palette = scene.palette
    return [
        Line(
            joined((head if at == 0 else "    ", palette.ink(palette.accent, True)), (text, palette.plain(True))),
            CHOICE if at == 0 else None,
            mark if at == 0 else "",
        )
        for at, text in enumerate(wrapped(title, width - 4))
    ]


def recent_lines(scene: Scene, files: Sequence[str], width: int) -> list[Line]:
    """Captures opened last: the name first, then where it lies."""
    if not files:
        return [plain(text, scene.palette.faint()) for text in wrapped(scene.say("start.no-recent"), width)]
    lines = []
    for file in files:
        folder, name = os.path.split(file)
        name, folder = safe(name, 200), safe(folder, 300)
        row = beside(
            Text(name, style=scene.palette.plain(True), no_wrap=True, end=""),
            Text(f"  {fit(folder, min(Text(folder).cell_len, max(width - Text(name).cell_len - 3, 0)))}",
                 style=scene.palette.faint(), no_wrap=True, end=""),
            width,
        )  # fmt: skip
        lines.append(Line(row, CHOICE, f"file:{file}"))
    return lines


def completions(typed: str) -> list[str]:
    """Folders and captures whose names begin as what was typed, folders with a slash at their end."""
    folder, start = os.path.split(os.path.expanduser(typed))
    try:
        with os.scandir(folder or ".") as entries:
            names = [
                entry.name + ("/" if entry.is_dir() else "")
                for entry in entries
                if entry.name.startswith(start) and (start.startswith(".") or not entry.name.startswith("."))
            ]
    except OSError:
        return []
    fitting = [name for name in names if name.endswith("/") or name.lower().endswith(_SUFFIXES)]
    return [os.path.join(folder, name) for name in sorted(fitting)[:_MOST_ENTRIES]]


def completed(typed: str) -> str:
    """What was typed, with as much added as all completions have in common."""
    found = completions(typed)
    common = _in_common(found)
    return common if len(common) >= len(os.path.expanduser(typed)) and common else typed


def _in_common(names: Sequence[str]) -> str:
    least, most = min(names, default=""), max(names, default="")
    same = next((at for at, (one, other) in enumerate(zip(least, most, strict=False)) if one != other), None)
    return least[:same] if same is not None else min(least, most, key=len)


def completion_lines(scene: Scene, typed: str, width: int) -> list[Line]:
    """What could be meant."""
    found = completions(typed)
    if not found:
        return [plain(text, scene.palette.faint()) for text in wrapped(scene.say("start.no-match"), width)]
    style = scene.palette.plain
    return [
        Line(joined((safe(_last(name), 400), style(not name.endswith("/")))), CHOICE, f"{_kind(name)}:{name}")
        for name in found
    ]


def _last(name: str) -> str:
    """The last part of a name, a folder's with its slash."""
    return name[name.rstrip("/").rfind("/") + 1 :]


def _kind(name: str) -> str:
    return "folder" if name.endswith("/") else "file"


def interface_lines(
    scene: Scene, found: Sequence[Found], rates: Mapping[str, deque[tuple[int, int]]], may_capture: bool, width: int
) -> list[Line]:
    """Two lines for each interface: state and addresses, then what comes and goes, or why it can not be used."""
    palette = scene.palette
    notes = [] if may_capture else wrapped(scene.say("start.no-privilege"), width)
    lines = [plain(text, palette.ink(palette.warn)) for text in notes]
    if not found:
        lines += [plain(scene.say("start.no-interfaces"), palette.faint())]
    for each in found:
        usable = not each.why_not and may_capture
        name, sign = safe(each.name, 32), scene.glyphs.good if not each.why_not else scene.glyphs.bad
        addresses = ", ".join(each.addresses) or scene.say("start.no-address")
        row = joined(
            (f"{sign} {name} ", palette.ink(palette.good if not each.why_not else palette.bad, True)),
            (f"{link_type_name(each.link_type)} ", palette.faint()),
            (addresses, palette.plain()),
        )
        lines.append(Line(row, CHOICE, f"{'live' if usable else 'why'}:{each.name}"))
        if each.why_not:
            words = scene.word(f"interfaces.why.{each.why_not}", each.why_not)
            lines.extend(plain(f"  {text}", palette.faint()) for text in wrapped(words, width - 2))
        else:
            lines.append(Line(_traffic(scene, rates.get(each.name, deque()))))
    if may_capture and len([each for each in found if each.up]) > 1:
        head = (f"{scene.glyphs.good} any ", palette.ink(palette.good, True))
        lines.append(Line(joined(head, (scene.say("start.all"), palette.faint())), CHOICE, "live:any"))
    return lines


def _traffic(scene: Scene, samples: Sequence[tuple[int, int]]) -> Text:
    """`  ▁▂▅█▁  in 12  out 3 packets/s`: both ways together as bars, each as a number."""
    sums = [received + sent for received, sent in samples]
    bars, highest = scene.glyphs.bars, max(sums, default=0)
    drawn = "".join(bars[min(len(bars) * each // (highest + 1), len(bars) - 1)] if each else bars[0] for each in sums)
    received, sent = samples[-1] if samples else (0, 0)
    words = scene.say("start.traffic", received=received, sent=sent)
    return joined(
        (f"  {drawn:<{SAMPLES}}  ", scene.palette.ink(scene.palette.layer(4))), (words, scene.palette.faint())
    )
