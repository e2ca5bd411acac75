"""Who may talk to a lab's servers: programs of this machine that ask for it by its loopback name. Knows no site.

A page of the Internet that a student has open could otherwise reach them by a name of its own that it makes resolve to
127.0.0.1 (DNS rebinding): such a request bears that name in Host.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Final

from netviz.lab.here import HERE, loopback_addresses
from netviz.lab.web import Answer, Asked, Site, WebServer, serving

NAMES: Final = ("localhost", "127.0.0.1", "[::1]")
_MISDIRECTED: Final = 421


def hosts_of(port: int) -> tuple[str, ...]:
    """The values of Host that mean a server on this port of loopback."""
    return tuple(f"{name}:{port}" for name in NAMES)


def origins_of(port: int) -> tuple[str, ...]:
    """The origins that a page of the server on this port of loopback may have."""
    return tuple(f"http://{host}" for host in hosts_of(port))


def guarded(site: Site, port: int) -> Site:
    """The site for requests whose Host (exactly one) is its own; 421 Misdirected Request for others, 400 for nonsense."""
    hosts = hosts_of(port)

    def answer(asked: Asked) -> Answer | None:
        named = asked.headers.get_all("Host", [])
        if len(named) != 1 or named[0].lower() not in hosts:
            return Answer(_MISDIRECTED, b"This server is only for this machine.\n", [("Content-Type", "text/plain")])
        try:
            return site(asked)
        except (ValueError, KeyError, TypeError, RecursionError):
            return Answer(400, b"This request makes no sense here.\n", [("Content-Type", "text/plain")])

    return answer


@contextmanager
def serving_here(port: int, site: Site) -> Iterator[list[WebServer]]:
    """The site is served on every loopback address, and on no other, during the block."""
    with ExitStack() as stack:
        yield [
            stack.enter_context(serving(HERE, address, port, guarded(site, port))) for address in loopback_addresses()
        ]
