"""The shape of a TCP scenario, and the list that they enter themselves in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from netviz.lab.tcp.line import Rule
from netviz.lab.tcp.stage import Stage

Play = Callable[[Stage], None]
Settings = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class TcpScenario:
    """What is played, on which line."""

    name: str
    play: Play
    opening: tuple[str, ...]
    """How each connection opens, in order of appearance (CONTRACT's words), as its programs meant it."""

    closing: tuple[str, ...]
    rules: Callable[[], tuple[Rule, ...]] = tuple
    """Made anew for each playing: rules count."""

    delay: float = 0.01
    """Seconds from one end to the other."""

    version: int = 4
    settings: Settings = ()
    """Kernel settings of both machines."""


SCENARIOS: Final[dict[str, TcpScenario]] = {}


def scenario(
    opening: str, closing: str, rules: Callable[[], tuple[Rule, ...]] = tuple, delay: float = 0.01, version: int = 4,
    settings: Settings = (),
) -> Callable[[Play], Play]:  # fmt: skip
    """Enter a function as a scenario under its own name; several connections' words stand with a space between."""

    def enter(play: Play) -> Play:
        name = play.__name__.strip("_").replace("_", "-")
        SCENARIOS[name] = TcpScenario(
            name, play, tuple(opening.split()), tuple(closing.split()), rules, delay, version, settings
        )
        return play

    return enter
