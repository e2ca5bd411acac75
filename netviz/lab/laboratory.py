"""The shape of a lab: where it runs, what it starts, what somebody may try in it. Knows no protocol and no screen."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from netviz.lab.here import LOOPBACK
from netviz.lab.line import Line
from netviz.lab.namespaces import Namespace
from netviz.lab.networks import Network
from netviz.lab.scenario import Stage
from netviz.lab.story import Story, Table

Place = Literal["machines", "loopback"]
"""Machines of its own (network namespaces: needs root), or this machine's loopback."""

Group = Literal["tcp", "network", "http", "cors"]
Play = Callable[[Story], None]


@dataclass(frozen=True, slots=True)
class Choices:
    """What whoever starts a lab may choose."""

    place: Place
    language: str = "en"
    line: Line | None = None
    """What lies between the lab's machines; None: what the lab itself has there."""

    port: int | None = None
    """First port to try for the servers on loopback; None: each lab's own."""


@dataclass(frozen=True, slots=True)
class Running:
    """A lab whose servers run."""

    machines: Mapping[str, Namespace]
    """By role; the first is where packets are watched unless another is asked for."""

    interface: str = LOOPBACK
    filter: str = ""
    """What of the interface belongs to the lab, as a capture filter."""

    play: Play | None = None
    """Makes the lab's traffic once. None: only a person with a browser can."""

    pages: tuple[str, ...] = ()
    """Addresses to open in a browser."""

    commands: tuple[str, ...] = ()
    """Lines to type in a second terminal."""

    logs: tuple[list[Table], ...] = ()
    """What its web servers answered, growing while it runs."""


@dataclass(frozen=True, slots=True)
class Lab:
    """One lab. Its words are `labs.NAME.title`, `.shows`, `.try` and `.question`."""

    name: str
    group: Group
    places: tuple[Place, ...]
    """Where it can run, best first."""

    start: Callable[[Choices], AbstractContextManager[Running]]
    programs: tuple[str, ...] = ()
    """Programs that its own clients need, whatever the place."""

    needs_line: bool = False
    """Whether a line in user space lies between its machines in any case."""

    repeats: bool = True
    """Whether its clients are worth seeing again and again beside the screen."""


class LiveStage(Stage):
    """A stage on which nobody records: who looks, captures."""

    def __init__(self, network: Network, story: Story) -> None:
        super().__init__(network, Path(), False, story)

    @contextmanager
    def recorded(self) -> Iterator[None]:
        """Nothing to start: the scenario goes on at once."""
        yield

    def command(self, line: str) -> None:
        """Note a command once, however often it is repeated."""
        commands = self.story.facts.get("commands", [])
        if isinstance(commands, list) and line not in commands:
            Stage.command(self, line)
