"""What is worth saying of a fetch besides its verdict: lints of the server's headers, and CORS's neighbours. Data only."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple

from netviz.model.evidence import Evidence

Severity = Literal["danger", "warning", "note"]
"""`danger`: it opens what should be closed, or hides a fault. `warning`: it breaks, or will. `note`: worth knowing."""

Family = Literal["lint", "neighbour"]


class Finding(NamedTuple):
    """One thing found, with the bytes that show it."""

    id: str
    """Key of its sentence: `cors.finding.<id>`."""

    rule: str
    """R33 .. R70 of the rules."""

    family: Family
    severity: Severity
    at: Evidence
    exchange: int
    header: str | None = None
    value: str | None = None
    """As received: not yet safe."""

    refuses: bool = False
    """A neighbour of CORS keeps the response from the page, whatever CORS says."""

    details: Mapping[str, str] = MappingProxyType({})
