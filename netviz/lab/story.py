"""What the programs did during a recording, as a data file beside the capture. Knows nothing of packets.

A story says what kernels, servers and browsers reported, so that an analysis of the packets can be held to it. What the
programs did not report is left out.
"""

import json
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

Value = str | int | bool | list[str] | list[int]
Table = dict[str, Value]

_HEADING: Final = (
    "# What the programs did while this capture was recorded. Written by `python -m netviz.lab.record`\n"
    "# from the words of the programs themselves, never from an analysis of the packets.\n"
)


@dataclass(slots=True)
class Story:
    """The facts of one recording; each list holds tables as the file has them."""

    facts: Table = field(default_factory=dict)
    """Title in both languages, file format, link type, IP versions, packets by tcpdump's count, the commands."""

    connections: list[Table] = field(default_factory=list)
    """client and server as address:port; opening, closing, active_closer in the words of CONTRACT where certain."""

    exchanges: list[Table] = field(default_factory=list)
    """In the order of the server's own log: client_port, method, target, status."""

    fetches: list[Table] = field(default_factory=list)
    """What the browser made of each fetch(): url, method, kind, verdict, code, readable_headers."""

    lookups: list[Table] = field(default_factory=list)
    """Names asked for: name, type, status."""

    pings: list[Table] = field(default_factory=list)
    """Echo requests and replies, as ping counted them."""

    counters: Table = field(default_factory=dict)
    """The kernel's own TCP counters, by machine and name."""


_LISTS: Final = ("connections", "exchanges", "fetches", "lookups", "pings")


def write_story(story: Story, path: Path) -> None:
    """Write a story as TOML."""
    parts = [_HEADING, *_lines(story.facts)]
    for name in _LISTS:
        tables: list[Table] = getattr(story, name)
        for table in tables:
            parts += ["", f"[[{name}]]", *_lines(table)]
    if story.counters:
        parts += ["", "[counters]", *_lines({f'"{name}"': value for name, value in story.counters.items()})]
    path.write_text("\n".join(parts) + "\n", encoding="utf-8")


def _lines(table: Table) -> list[str]:
    return [f"{key} = {_written(value)}" for key, value in table.items()]


def _written(value: Value) -> str:
    """JSON's way of writing strings, numbers, booleans and lists of them is TOML's too, but for DEL and surrogates."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def read_story(path: Path) -> Story:
    """Read a story back. Raises: OSError, tomllib.TOMLDecodeError."""
    read = tomllib.loads(path.read_text(encoding="utf-8"))
    lists = {name: read.pop(name, []) for name in _LISTS}
    counters = read.pop("counters", {})
    return Story(facts=read, counters=counters, **lists)
