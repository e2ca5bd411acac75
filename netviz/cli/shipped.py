"""The captures that come with netviz: where they are, what they tell, and with which packet one begins."""

import tomllib
from importlib.resources import as_file, files
from pathlib import Path

from netviz.capture.opening import open_capture
from netviz.errors import BadArgument, NetvizError
from netviz.pipeline.analyzer import analyze
from netviz.report.tour import most_telling

DEMO = "demo.pcapng"
_TAUGHT = (
    "demo", "arp-ping", "udp-dns", "vlan", "ip-fragments", "handshake-four-way-close", "three-segment-close", "refused",
    "reset", "zero-window", "http-loss", "http-keep-alive", "http-pipelining", "ipv6-http", "cookies-login", "jwt-login",
    "cors-simple-allowed", "cors-simple-blocked", "cors-preflight-allowed", "cors-preflight-blocked",
    "cors-credentials-wildcard",
)  # fmt: skip
"""Shipped captures in the order in which one would teach them."""


def shipped(name: str) -> Path:
    """Path of a capture that comes with netviz: beside the package when installed, in the checkout otherwise.

    Raises: BadArgument where this installation has none.
    """
    package = files("netviz")
    for place in (package.joinpath("captures", name), package.joinpath("..", "captures", name)):
        with as_file(place) as path:
            if path.is_file():
                return path.resolve()
    raise BadArgument("not-shipped", name=name)


def is_shipped(name: str) -> bool:
    """Whether a capture is one of those that come with netviz."""
    try:
        return Path(name).resolve().parent == shipped(DEMO).parent
    except BadArgument:
        return False


def telling_packet(name: str) -> int:
    """The packet to begin with: of a shipped capture the one that its story is about, else the first."""
    return (most_telling(analyze(open_capture(name))) or 0) + 1 if is_shipped(name) else 1


def shipped_captures() -> list[tuple[str, dict[str, str], int]]:
    """Shipped captures: name of the file, its title in both languages, and how many packets it has."""
    found = []
    try:
        folder = shipped(DEMO).parent
    except NetvizError:
        return []
    stories = {path.stem: path for path in folder.glob("*.toml")}
    for name in (*_TAUGHT, *sorted(set(stories) - set(_TAUGHT))):
        capture = _capture(stories[name]) if name in stories else None
        if capture is not None:
            found.append(capture)
    return found


def _capture(path: Path) -> tuple[str, dict[str, str], int] | None:
    try:
        story = tomllib.loads(path.read_text(encoding="utf-8"))
        titles = {language: str(story[f"title_{language}"]) for language in ("en", "ko")}
        return str(path.parent / story["file"]), titles, int(story.get("packets", 0))
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError):
        return None
