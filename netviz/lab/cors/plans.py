"""Where the origins of a scenario stand: on loopback, or on named hosts of two machines. Knows no scenario.

Chromium tells trustworthy origins (loopback) how a request was made (Sec-Fetch-*), and others over plain HTTP not, so
both are recorded.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import urlsplit

from netviz.lab.namespaces import namespace
from netviz.lab.networks import SECOND, SERVER, MakesNetwork, Network, direct

Place = Literal["page", "api", "far"]
"""The page's origin, one of the same site, one of another site."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Origins, the addresses they are served at, and the network between."""

    name: str
    origins: Mapping[Place, str]
    addresses: Mapping[Place, tuple[str, ...]]
    network: MakesNetwork
    resolver_rules: str
    """Chromium's `--host-resolver-rules`: names are found without a DNS server, all others not at all."""

    def port(self, place: Place) -> int:
        """Port that an origin is served at."""
        return urlsplit(self.origins[place]).port or 80

    def words(self) -> dict[str, str]:
        """What the table's placeholders stand for."""
        page = self.origins["page"]
        hosts = {f"{place}_host": urlsplit(origin).netloc for place, origin in self.origins.items()}
        return hosts | {"PAGE": page.upper()} | dict(self.origins.items())


@contextmanager
def alone() -> Iterator[Network]:
    """One machine that talks to itself."""
    with namespace("alone") as machine:
        yield Network(machine, machine, machine, "lo")


LOOPBACK: Final = Plan(
    "loopback",
    {"page": "http://localhost:8101", "api": "http://localhost:8102", "far": "http://127.0.0.1:8103"},
    {"page": ("127.0.0.1", "::1"), "api": ("127.0.0.1", "::1"), "far": ("127.0.0.1",)},
    alone,
    "MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
)
NAMED: Final = Plan(
    "named",
    {"page": "http://www.shop.example", "api": "http://api.shop.example", "far": "http://photos.example:8080"},
    {"page": (SERVER,), "api": (SECOND,), "far": (SECOND,)},
    direct,
    f"MAP www.shop.example {SERVER}, MAP api.shop.example {SECOND}, MAP photos.example {SECOND}, MAP * ~NOTFOUND",
)
PLANS: Final = {plan.name: plan for plan in (LOOPBACK, NAMED)}
