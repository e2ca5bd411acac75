"""What lies beside the checks of a fetch: origins compared, what JavaScript may read, findings, and how to mend it."""

from collections.abc import Iterator
from datetime import UTC, datetime

from rich.cells import cell_len
from rich.text import Text

from netviz.cors.advice.finding import Family, Finding
from netviz.cors.advice.wanted import Wanted, is_mendable, wanted
from netviz.cors.browser import PROFILES, firefox_reason
from netviz.cors.evidence.cache import max_age_of
from netviz.cors.request.origin import Origin, parts_of
from netviz.cors.verdict import Fetch
from netviz.explain.cors import deciding_check
from netviz.explain.cors_findings import finding_line, severity_word
from netviz.explain.snippets import SERVERS, Server, snippet, warnings
from netviz.http.exchange import Header, ReadExchange
from netviz.http.secrets import shown
from netviz.model.safe import safe
from netviz.tui.cells import fit, wrapped
from netviz.tui.draw.line import Line, Link, plain
from netviz.tui.scene import Scene

_NS = 1_000_000_000


def nothing_lines(scene: Scene, width: int) -> list[Line]:
    """What stands in a panel while no fetch is chosen: why, and what to do."""
    key = "working.verdicts" if scene.fetches is None else "empty.fetch"
    if scene.fetches == () and scene.store.finished:
        key = "empty.no-fetches"
    return [plain(f" {part}", scene.palette.faint()) for part in wrapped(scene.say(key), width - 2)]


def crossing_lines(scene: Scene, width: int) -> list[Line]:
    """Where nothing in the whole capture crosses origins, that is said."""
    if not scene.store.finished or any(
        fetch.kind not in ("navigation", "same-origin") for fetch in scene.fetches or ()
    ):
        return []
    said = wrapped(scene.say("empty.no-crossing"), width - 2)
    return [plain(f" {part}", scene.palette.ink(scene.palette.warn)) for part in said]


def code_lines(scene: Scene, fetch: Fetch, width: int) -> list[Line]:
    """Firefox's name for what Chromium's code says."""
    reason = firefox_reason(fetch.code)
    if reason is None or fetch.verdict != "blocked":
        return []
    return [plain(f"   {fit(f'Firefox: {reason}', width - 4, scene.glyphs.ellipsis)}", scene.palette.faint())]


def mend_first(scene: Scene, fetch: Fetch, width: int) -> list[Line]:
    """The lines to add, right under the verdict, so that they stand on the first screen."""
    if not fetch.mend:
        return []
    palette, decisive = scene.palette, deciding_check(fetch)
    link = Link(decisive.at.packet, decisive.at.span) if decisive is not None else None
    packet = decisive.at.packet if decisive is not None else 0
    key = "mend.add" if fetch.verdict == "blocked" else "mend.add-if"
    lines = [
        Line(_text(f"   {part}", palette.plain(True)), link if at == 0 else None, "mend")
        for at, part in enumerate(wrapped(scene.say(key, packet=packet), width - 4))
    ]
    for header in fetch.mend:
        lines.extend(
            plain(f"     {'+' if at == 0 else ' '} {part}", palette.ink(palette.good, True))
            for at, part in enumerate(wrapped(safe(header, 600), width - 8))
        )
    return lines


def comparer_lines(scene: Scene, fetch: Fetch, width: int) -> list[Line]:
    """The page's origin and the server's, part by part."""
    page = parts_of(fetch.origin) if fetch.origin is not None else None
    server = parts_of(fetch.url) if fetch.url is not None else None
    if server is None or (page is None and fetch.origin != "null"):
        return []
    palette, glyphs = scene.palette, scene.glyphs
    rows = [("page", _parts(page)), ("server", _parts(server))]
    names = [scene.say(f"origin.{part}") for part in Origin._fields]
    marks = [
        glyphs.good if page is not None and ours == theirs else glyphs.bad
        for ours, theirs in zip(rows[0][1], rows[1][1], strict=True)
    ]
    first = max(cell_len(scene.say(f"lane.{name}")) for name, _ in rows) + 2
    columns = [9, max(width - first - 9 - 8 - 4, 8), 8]
    head = " " * (first + 1) + " ".join(fit(name, cells) for name, cells in zip(names, columns, strict=True))
    lines = [plain(fit(head, width), palette.faint())]
    for name, values in rows:
        line = _text(f" {fit(scene.say(f'lane.{name}'), first)}", palette.plain(True))
        for value, mark, cells in zip(values, marks, columns, strict=True):
            colour = palette.good if mark == glyphs.good else palette.bad
            line.append(fit(value, cells, glyphs.ellipsis) + " ", palette.ink(colour))
        lines.append(Line(line))
    same = all(mark == glyphs.good for mark in marks)
    signs = _text(" " * (first + 1), palette.plain())
    for mark, cells in zip(marks, columns, strict=True):
        signs.append(fit(mark, cells) + " ", palette.ink(palette.good if mark == glyphs.good else palette.bad, True))
    lines.append(Line(signs))
    lines.extend(
        plain(f" {part}", palette.plain(True))
        for part in wrapped(scene.say("origin.same" if same else "origin.cross"), width - 2)
    )
    return lines


def _parts(origin: Origin | None) -> tuple[str, str, str]:
    return ("null", "null", "null") if origin is None else (origin.scheme, safe(origin.host, 200), str(origin.port))


def cache_line(scene: Scene, read: ReadExchange, width: int) -> list[Line]:
    """How long the preflight's answer is kept, by the clock of the packets."""
    if read.response is None or read.response_time is None:
        return []
    seconds = max_age_of(read.response.get("access-control-max-age"), PROFILES[scene.browser])
    until = datetime.fromtimestamp((read.response_time + seconds * _NS) / _NS, UTC)
    said = scene.say("cors.kept", seconds=seconds, until=f"{until:%H:%M:%S}", browser=scene.browser)
    return [plain(f"     {part}", scene.palette.faint()) for part in wrapped(said, width - 6)]


def header_lines(scene: Scene, fetch: Fetch, width: int) -> list[Line]:
    """Each header of the last answer, with the mark of whether JavaScript may read it, and its bytes."""
    read = _last_answer(scene, fetch)
    if read is None or read.response is None or fetch.verdict not in ("allowed", "blocked", "indeterminate"):
        return []
    palette, readable = scene.palette, frozenset(fetch.readable_headers)
    title = {"allowed": "reads.title", "blocked": "reads.nothing"}.get(fetch.verdict, "reads.if-allowed")
    lines = [plain(f" {part}", palette.plain(True)) for part in wrapped(scene.say(title), width - 2)]
    lines.extend(_header(scene, header, header.name.lower() in readable, width) for header in read.response.headers)
    return lines


def _last_answer(scene: Scene, fetch: Fetch) -> ReadExchange | None:
    if fetch.exchanges[-1] > scene.store.exchange_count(scene.moment.as_of):
        return None
    read = scene.store.read(fetch.exchanges[-1])
    response = read.exchange.response
    if response is None or response.head_row >= scene.moment.as_of:
        return None
    if read.request is not None and read.request.get("access-control-request-method") is not None:
        return None
    return read


def _header(scene: Scene, header: Header, reads: bool, width: int) -> Line:
    palette, glyphs = scene.palette, scene.glyphs
    sign, colour = (glyphs.good, palette.good) if reads else (glyphs.bad, palette.dim)
    value = safe(shown(header.name, header.value, scene.secrets), 300)
    line = _text(f"   {sign} ", palette.ink(colour, True))
    line.append(fit(f"{safe(header.name, 80)}: {value}", width - 7, glyphs.ellipsis).rstrip(), palette.ink(colour))
    return Line(line, Link(header.value_at.packet, header.value_at.span), f"reads{header.name}")


def finding_lines(scene: Scene, fetch: Fetch, width: int) -> list[Line]:
    """Findings known at the present position: the server's headers, then CORS's neighbours."""
    known = [each for each in scene.store.findings(fetch) if each.at.packet <= scene.moment.as_of]
    families: tuple[Family, ...] = ("lint", "neighbour")
    lines: list[Line] = []
    for family in families:
        chosen = [each for each in known if each.family == family]
        if chosen:
            title = scene.word(f"finding.title.{family}", family)
            lines += [plain(""), plain(f" {title}", scene.palette.plain(True))]
            for finding in chosen:
                lines.extend(_finding(scene, finding, width))
    return lines


def _finding(scene: Scene, finding: Finding, width: int) -> Iterator[Line]:
    palette = scene.palette
    colour = {"danger": palette.bad, "warning": palette.warn, "note": palette.dim}[finding.severity]
    said = f"{severity_word(finding, scene.language)}: {finding_line(finding, scene.language)}"
    if finding.refuses:
        said += f" {scene.word('finding.refused', '')}"
    link = Link(finding.at.packet, finding.at.span)
    for at, part in enumerate(wrapped(said, max(width - 12, 10))):
        line = _text("  ! " if at == 0 else "    ", palette.ink(colour, True))
        line.append(part, palette.ink(colour) if at == 0 else palette.plain())
        line.append(f"  {finding.rule}" if at == 0 else "", palette.faint())
        yield Line(line, link if at == 0 else None, f"finding{finding.id}@{finding.exchange}")


def configuration_lines(scene: Scene, fetch: Fetch, width: int) -> list[Line]:
    """The same as configurations of servers, with what they would open."""
    if not is_mendable(fetch):
        return []
    palette, lines = scene.palette, list[Line]()
    for each in wanted([(fetch, map(scene.store.read, fetch.exchanges))]):
        for warning in warnings(each, scene.language)[1:]:
            lines.extend(plain(f" {part}", palette.ink(palette.warn)) for part in wrapped(warning, width - 2))
        for server in SERVERS if each.origins else ():
            head = _text(f" {server} ", palette.on(palette.text))
            head.append(f"  netviz cors FILE --mend {server} --fetch {fetch.id}", palette.faint())
            lines += [plain(""), Line(head)]
            lines.extend(_configuration(scene, each, server, width))
    return lines


def _configuration(scene: Scene, each: Wanted, server: Server, width: int) -> Iterator[Line]:
    """Without the warnings, which stand above; long lines go on further in."""
    skipped = len(warnings(each, scene.language))
    for text in snippet(each, server, scene.language).splitlines()[skipped:]:
        is_comment = text.lstrip().startswith(("#", "//"))
        style = scene.palette.faint() if is_comment else scene.palette.plain()
        indent = " " * (len(text) - len(text.lstrip()) + 4)
        yield from (plain(f"  {part}", style) for part in wrapped(text, width - 3, indent))


def _text(text: str, style: object) -> Text:
    return Text(text, style=style, no_wrap=True, end="")  # type: ignore[arg-type]
