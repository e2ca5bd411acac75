"""Page, browser, server in three lanes: who asked whom, and what the script at the end may read. And how to mend it."""

from rich.cells import cell_len
from rich.style import Style
from rich.text import Text

from netviz.cors.verdict import Fetch
from netviz.model.safe import safe
from netviz.tui.cells import fit, wrapped
from netviz.tui.draw.checks import chosen_fetch
from netviz.tui.draw.fetch_details import comparer_lines, configuration_lines, header_lines, nothing_lines
from netviz.tui.draw.fetch_rows import verdict_at, verdict_sign, verdict_style
from netviz.tui.draw.line import Line, Link, plain
from netviz.tui.scene import Scene


def lane_lines(scene: Scene, width: int, height: int) -> list[Line]:
    """The lanes of the chosen fetch."""
    fetch = chosen_fetch(scene)
    if fetch is None:
        return nothing_lines(scene, width)
    lines = [_heads(scene, width)]
    lines.append(_between(scene, width, 0, _call(fetch), True, scene.palette.plain(True)))
    for exchange in fetch.exchanges:
        lines.extend(_exchange(scene, exchange, width))
    verdict = verdict_at(scene, fetch)
    label = f"{verdict_sign(scene, verdict)} {scene.say(f'verdict.{verdict}')}"
    lines.append(_between(scene, width, 0, label, False, verdict_style(scene, verdict)))
    lines.append(plain(""))
    lines.extend(
        plain(f" {text}", scene.palette.plain()) for text in wrapped(_outcome(scene, fetch, verdict), width - 2)
    )
    origins = comparer_lines(scene, fetch, width)
    return [*lines, plain(""), *origins] if origins else lines


def _call(fetch: Fetch) -> str:
    """What the page did: a script's call is named as such only where the request can come from one."""
    method = safe(fetch.method, 20)
    return method if fetch.kind in ("navigation", "no-cors", "websocket", "unknown") else f"fetch() {method}"


def _centres(width: int) -> tuple[int, int, int]:
    """Columns of the three lanes."""
    return 5, width // 2, width - 6


def _heads(scene: Scene, width: int) -> Line:
    text = Text(no_wrap=True, end="")
    for name, centre in zip(("page", "browser", "server"), _centres(width), strict=True):
        words = f" {scene.say(f'lane.{name}')} "
        text.append(" " * max(centre - cell_len(words) // 2 - text.cell_len, 0))
        text.append(words, scene.palette.on(scene.palette.text))
    return Line(text)


def _between(
    scene: Scene, width: int, left: int, label: str, outward: bool, style: Style, link: Link | None = None
) -> Line:
    """An arrow from lane `left` to the next one, or back; the other lane goes on as a line."""
    glyphs, text = scene.glyphs, Text(no_wrap=True, end="")
    centres = _centres(width)
    room = centres[left + 1] - centres[left] - 1
    words = fit(label, room - 5, glyphs.ellipsis).rstrip() if cell_len(label) > room - 5 else label
    body = f"{glyphs.across * 2} {words} "
    body += glyphs.across * (room - 1 - cell_len(body))
    arrow = f"{body}{glyphs.right}" if outward else f"{glyphs.left}{body}"
    for index, centre in enumerate(centres):
        text.append(" " * (centre - text.cell_len))
        text.append(glyphs.down, scene.palette.faint())
        if index == left:
            text.append(arrow, style)
    return Line(text, link, label)


def _exchange(scene: Scene, exchange: int, width: int) -> list[Line]:
    if exchange > scene.store.exchange_count(scene.moment.as_of):
        return []
    read = scene.store.read(exchange)
    style = scene.palette.ink(scene.layer_colour("HTTP"), True)
    lines = []
    if read.request is not None and read.request_packets:
        asked = f"#{read.request_packets[0]} {safe(read.request.method, 20)}"
        lines.append(_between(scene, width, 1, asked, True, style, Link(read.request_packets[0])))
    response = read.exchange.response
    if response is not None and response.head_row < scene.moment.as_of:
        answered = f"#{response.head_row + 1} {response.status}"
        lines.append(_between(scene, width, 1, answered, False, style, Link(response.head_row + 1)))
    return lines


def _outcome(scene: Scene, fetch: Fetch, verdict: str) -> str:
    if verdict == "waiting":
        return scene.say("outcome.waiting")
    ran = {True: "ran", False: "not-run", None: "unknown"}[fetch.server_ran_it]
    return f"{scene.say(f'outcome.{verdict}')} {scene.say(f'outcome.server-{ran}')}"


def mend_lines(scene: Scene, width: int, height: int) -> list[Line]:
    """What the script may read, what is hidden from it, and the header lines that would mend a block."""
    fetch = chosen_fetch(scene)
    if fetch is None:
        return nothing_lines(scene, width)
    palette = scene.palette
    verdict = verdict_at(scene, fetch)
    if verdict == "waiting":
        return [plain(f" {scene.say('outcome.waiting')}", palette.faint())]
    lines: list[Line] = []
    if fetch.mend:
        lines.append(plain(f" {scene.say('mend.title')}", palette.plain(True)))
        for header in fetch.mend:
            lines.extend(
                plain(f"   {text}", palette.ink(palette.good, True))
                for text in wrapped(safe(header, 600), width - 4, "  ")
            )
        lines.append(plain(""))
    lines.extend(header_lines(scene, fetch, width))
    mode = scene.say(f"credentials.{fetch.credentials.mode}")
    lines.extend(
        plain(f" {text}", palette.plain())
        for text in wrapped(scene.say("mend.credentials", mode=mode), width - 2, "  ")
    )
    if fetch.also:
        lines.append(plain(f" {scene.say('mend.also')}: {', '.join(fetch.also)}", palette.faint()))
    confidence = scene.say("mend.confidence", word=scene.say(f"confidence.{fetch.confidence}"))
    lines.append(plain(f" {confidence}", palette.faint()))
    return [*lines, *configuration_lines(scene, fetch, width)]
