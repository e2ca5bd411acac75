"""The list of fetches: preflight, request and redirects of one call are one row."""

from rich.style import Style
from rich.text import Text

from netviz.cors.verdict import Fetch
from netviz.model.safe import safe
from netviz.tui.cells import fit, right
from netviz.tui.draw.line import Target
from netviz.tui.scene import Scene


class FetchRows:
    """Fetches of which anything was known at the present position."""

    def count(self, scene: Scene) -> int:
        """How many."""
        return len(scene.known_fetches())

    def head(self, scene: Scene, width: int) -> list[Text]:
        """Names of the columns."""
        names = [fit(scene.say(f"column.{name}"), cells) for name, cells in _columns(width)]
        return [Text(" " + " ".join(names), style=scene.palette.ink(scene.palette.dim, True), no_wrap=True, end="")]

    def row(self, scene: Scene, index: int, width: int) -> Text:
        """One fetch."""
        fetch = scene.known_fetches()[index]
        values = _values(scene, fetch)
        text = Text(" ", no_wrap=True, end="")
        for name, cells in _columns(width):
            cell = right(values[name], cells) if name == "number" else fit(values[name], cells, scene.glyphs.ellipsis)
            style = scene.palette.plain()
            if name == "verdict":
                style = verdict_style(scene, verdict_at(scene, fetch))
            elif name == "method":
                style = scene.palette.ink(scene.layer_colour("HTTP"), True)
            text.append(f"{cell} ", style)
        return text

    def colour(self, scene: Scene, index: int) -> str:
        """Red for what was blocked, green for what was allowed."""
        colour = verdict_style(scene, verdict_at(scene, scene.known_fetches()[index])).color
        return colour.name if colour is not None else scene.palette.text

    def current(self, scene: Scene) -> int | None:
        """The fetch looked at."""
        for index, fetch in enumerate(scene.known_fetches()):
            if fetch.id == scene.choice.fetch:
                return index
        return None

    def target(self, scene: Scene, index: int) -> Target:
        """Choosing a fetch selects the packet of its first request, unless one of it is selected already."""
        fetch = scene.known_fetches()[index]
        inside = scene.row is not None and scene.store.exchange_of(scene.row) in fetch.exchanges
        read = scene.store.read(fetch.exchanges[0])
        packets = read.request_packets or read.response_packets
        return Target(None if inside or not packets else packets[0], exchange=fetch.exchanges[0], fetch=fetch.id)

    def empty(self, scene: Scene) -> str:
        """Nothing to judge, or not judged yet."""
        if scene.fetches is None:
            return scene.say("working.verdicts")
        return scene.say("empty.fetches" if scene.store.finished else "working.first")


def _columns(width: int) -> tuple[tuple[str, int], ...]:
    fixed = [("number", 3), ("verdict", 13), ("method", 7), ("kind", 12)]
    origin = 24 if width < 100 else 30
    rest = width - sum(cells for _, cells in fixed) - len(fixed) - origin - 3
    return (*fixed, ("origin", origin), ("url", max(rest, 10)))


def verdict_at(scene: Scene, fetch: Fetch) -> str:
    """The verdict as far as the present position tells: `waiting` until the packet that decides has come."""
    if fetch.decided_at is not None and fetch.decided_at > scene.moment.as_of:
        return "waiting"
    if fetch.decided_at is None and scene.moment.as_of < scene.total:
        return "waiting"
    return fetch.verdict


def verdict_sign(scene: Scene, verdict: str) -> str:
    """A sign that needs no colour."""
    signs = {"allowed": scene.glyphs.good, "blocked": scene.glyphs.bad, "waiting": scene.glyphs.ellipsis}
    return signs.get(verdict, scene.glyphs.unknown if verdict == "indeterminate" else scene.glyphs.dot)


def verdict_style(scene: Scene, verdict: str) -> Style:
    """Style of a verdict."""
    palette = scene.palette
    colours = {"allowed": palette.good, "blocked": palette.bad, "opaque": palette.warn, "indeterminate": palette.warn}
    return palette.ink(colours.get(verdict, palette.dim), True)


def _values(scene: Scene, fetch: Fetch) -> dict[str, str]:
    verdict = verdict_at(scene, fetch)
    return {
        "number": str(fetch.id),
        "verdict": f"{verdict_sign(scene, verdict)} {scene.say(f'verdict.{verdict}')}",
        "method": safe(fetch.method, 24),
        "kind": scene.say(f"kind.{fetch.kind}"),
        "origin": safe(fetch.origin or "-", 200),
        "url": safe(fetch.url or "-", 400),
    }
