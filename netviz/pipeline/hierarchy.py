"""The protocols of a capture as a tree, each with the packets that have it and its place on both ladders. Names only."""

from dataclasses import dataclass, field

from netviz.model.osi import Place, place_of
from netviz.pipeline.stack import ETHERTYPES, IP_PROTOCOLS, LINKS, STACK
from netviz.pipeline.statistics import Stack

_TOP = dict(STACK)["protocol"]


@dataclass(slots=True)
class Branch:
    """One protocol above another: what carries it, and how much of it there is."""

    protocol: str
    depth: int
    packets: int = 0
    bytes: int = 0
    ends: int = 0
    """Packets in which nothing stands above it."""

    stacks: list[Stack] = field(default_factory=list)
    """Combinations of protocols that are counted here."""

    branches: dict[str, "Branch"] = field(default_factory=dict)

    @property
    def place(self) -> Place | None:
        """Its layer, None where netviz only names it."""
        return place_of(self.protocol) if self.protocol != "Data" else None


def names_of(stack: Stack) -> list[str]:
    """Protocols of a combination, lowest first, each once."""
    names = [
        LINKS.get(stack.link_type),
        ETHERTYPES.get(stack.ethertype),
        IP_PROTOCOLS.get(stack.ip_protocol),
        _TOP.get(stack.protocol),
    ]
    return list(dict.fromkeys(name for name in names if name))


def hierarchy(stacks: list[Stack]) -> list[Branch]:
    """The lowest protocols with all that they carry, the most frequent first at each level."""
    root = Branch("", -1)
    for stack in stacks:
        at = root
        for depth, name in enumerate(names_of(stack)):
            at = at.branches.setdefault(name, Branch(name, depth))
            at.packets += stack.packets
            at.bytes += stack.bytes
            at.stacks.append(stack)
        at.ends += stack.packets
    return carried(root)


def flattened(branches: list[Branch]) -> list[Branch]:
    """All branches in reading order: each before what it carries."""
    found: list[Branch] = []
    for branch in branches:
        found.append(branch)
        found.extend(flattened(carried(branch)))
    return found


def carried(branch: Branch) -> list[Branch]:
    """What a protocol carries directly, the most frequent first."""
    return sorted(branch.branches.values(), key=lambda each: (-each.packets, each.protocol))
