"""The DNS lookups of a page as bars of its waterfall: what had to be known before a connection could begin."""

from rich.text import Text

from netviz.model.evidence import Evidence
from netviz.pipeline.host_lookups import HostLookup, host_lookups
from netviz.pipeline.pages import Page
from netviz.tui.cells import fit, right
from netviz.tui.draw.line import Line, Link
from netviz.tui.scene import Scene

_SIGNS = {"unicode": "░", "ascii": "?"}

Asked = tuple[HostLookup, tuple[int, int]]
"""A host, and when its lookup was: nanoseconds since the epoch."""


def asked_for(scene: Scene, page: Page) -> list[Asked]:
    """Lookups that the page waited for, in order of time; what came from a cache is none."""
    hosts = [each for each in host_lookups(scene.store, page, scene.moment.as_of) if not each.cached]
    found = [(each, span) for each in hosts if (span := each.span(scene.store)) is not None]
    return sorted(found, key=lambda each: each[1])


def lookup_bar(scene: Scene, asked: Asked, span: tuple[int, int], cells: tuple[int, int], took: str) -> Line:
    """One lookup as a bar; `cells` are those of the label and of the bar."""
    (host, (begin, end)), (label, room), palette = asked, cells, scene.palette
    length = max(span[1] - span[0], 1)
    first = min((begin - span[0]) * room // length, room - 1)
    last = max(min(-(-(end - span[0]) * room // length), room), first + 1)
    kind = host.lookup.type if host.lookup is not None else ""
    line = Text(no_wrap=True, end="")
    line.append(" " + fit(f"DNS {kind:<5}{host.name}", label, scene.glyphs.ellipsis) + " ", palette.plain())
    sign = _SIGNS[scene.glyphs.name]
    line.append(" " * first, palette.faint())
    line.append(sign * (last - first), palette.ink(palette.layer(7)))
    line.append(" " * (room - last), palette.faint())
    line.append(right(took, 9), palette.faint())
    at = Evidence(host.packets[0] or host.used)
    return Line(line, Link(at.packet), f"lookup {host.name}")
