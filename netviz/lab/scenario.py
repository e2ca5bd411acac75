"""The shape of a scenario, and the stage that it plays on. Knows no protocol."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from netviz.lab.networks import MakesNetwork, Network, direct
from netviz.lab.story import Story
from netviz.lab.tcpdump import tcpdump

ETHERNET, LINUX_COOKED_2 = 1, 276
"""LINKTYPE_ numbers that tcpdump writes here."""


@dataclass(slots=True)
class Stage:
    """A network, a recorder, and the story that a scenario fills."""

    network: Network
    file: Path
    """The pcap that is being recorded."""

    nanoseconds: bool
    story: Story = field(default_factory=Story)

    @contextmanager
    def recorded(self) -> Iterator[None]:
        """Packets are recorded during the block; a scenario enters it once, around what it is about."""
        with tcpdump(self.network.watched, self.network.interface, self.file, self.nanoseconds) as recording:
            yield
        self.story.facts["recorder"] = " ".join(recording.command)
        self.story.facts["packets"] = recording.packets

    def command(self, line: str) -> None:
        """Note a command that made traffic."""
        commands = self.story.facts.setdefault("commands", [])
        assert isinstance(commands, list)
        commands.append(line)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Scenario:
    """One capture to record: what it shows, on which network, and the function that makes the traffic."""

    name: str
    title_en: str
    title_ko: str
    play: Callable[[Stage], None]
    programs: tuple[str, ...] = ()
    """Programs it needs beside those that every scenario needs."""

    network: MakesNetwork = direct
    format: Literal["pcap", "pcapng"] = "pcap"
    nanoseconds: bool = False
    link_type: int = ETHERNET
    ip_versions: tuple[int, ...] = (4,)
    comment: str = ""
    """Comment in the section header, pcapng only."""

    @property
    def file_name(self) -> str:
        """Name of the capture file."""
        return f"{self.name}.{self.format}"
