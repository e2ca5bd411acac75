"""One fetch taken apart: why it needed a preflight, every rule with its outcome and its bytes, and the verdict."""

from rich.text import Text

from netviz.cors.verdict import Check, Fetch, NotSimple
from netviz.explain import words
from netviz.explain.cors import check_line, deciding_check, reason_line
from netviz.http.exchange import ReadExchange
from netviz.http.secrets import shown
from netviz.model.safe import safe
from netviz.tui.cells import fit, wrapped
from netviz.tui.draw.fetch_details import (
    cache_line,
    code_lines,
    crossing_lines,
    finding_lines,
    mend_first,
    nothing_lines,
)
from netviz.tui.draw.fetch_rows import verdict_at, verdict_sign, verdict_style
from netviz.tui.draw.line import Line, Link, plain
from netviz.tui.scene import Scene


def chosen_fetch(scene: Scene) -> Fetch | None:
    """The fetch looked at, where anything of it was known at the present position."""
    return next((fetch for fetch in scene.known_fetches() if fetch.id == scene.choice.fetch), None)


def check_lines(scene: Scene, width: int, height: int) -> list[Line]:
    """The whole judgement, in the order in which the browser makes it."""
    fetch = chosen_fetch(scene)
    if fetch is None:
        return nothing_lines(scene, width)
    palette = scene.palette
    route = f" {safe(fetch.origin or '-', 200)} {scene.glyphs.right} {safe(fetch.url or '-', 400)}"
    lines = [plain(fit(route, width, scene.glyphs.ellipsis), palette.plain(True))]
    lines.extend(_verdict_bar(scene, fetch, width))
    if verdict_at(scene, fetch) != "waiting":
        lines.extend(mend_first(scene, fetch, width))
        lines.extend(code_lines(scene, fetch, width))
    lines.extend(crossing_lines(scene, width))
    kind = wrapped(scene.say(f"kind-long.{fetch.kind}"), width - 2)
    lines.extend(plain(f" {part}", palette.ink(palette.warn, True)) for part in kind)
    for reason in fetch.why_not_simple:
        parts = wrapped(_reason(scene, reason), width - 5)
        lines.extend(
            plain(f"  {scene.glyphs.bullet if at == 0 else ' '} {part}", palette.faint())
            for at, part in enumerate(parts)
        )
    for number, exchange in enumerate(fetch.exchanges, 1):
        if exchange <= scene.store.exchange_count(scene.moment.as_of):
            lines.extend(_exchange_lines(scene, fetch, number, scene.store.read(exchange), width))
    if verdict_at(scene, fetch) != "waiting":
        lines.extend(finding_lines(scene, fetch, width))
    return lines


def _verdict_bar(scene: Scene, fetch: Fetch, width: int) -> list[Line]:
    """The verdict in the full width, with the browser's own code, what it hangs on, and the check that decided."""
    verdict = verdict_at(scene, fetch)
    style = verdict_style(scene, verdict)
    ground = scene.palette.on(style.color.name if style.color is not None else scene.palette.text)
    said = f" {verdict_sign(scene, verdict)} {scene.say(f'verdict-long.{verdict}')}"
    if fetch.code and verdict == "blocked":
        said += f" {scene.glyphs.bullet} {fetch.code}"
    link = Link(fetch.decided_at) if fetch.decided_at is not None and verdict != "waiting" else None
    lines = [
        Line(Text(fit(part, width), style=ground, no_wrap=True, end=""), link if at == 0 else None, "verdict")
        for at, part in enumerate(wrapped(said, width, "   "))
    ]
    decisive = deciding_check(fetch)
    if decisive is not None and verdict == "blocked":
        why = check_sentence(scene, decisive)
        lines.extend(plain(f"   {part}", style) for part in wrapped(why, width - 4))
    if fetch.condition and verdict in ("indeterminate", "allowed", "blocked"):
        condition = scene.word(f"cors.condition.{fetch.condition}", fetch.condition)
        lines.extend(plain(f"   {part}", scene.palette.plain()) for part in wrapped(condition, width - 4))
    return lines


def _exchange_lines(scene: Scene, fetch: Fetch, number: int, read: ReadExchange, width: int) -> list[Line]:
    """A heading for one request and its answer, and the checks on them."""
    request, response = read.request, read.exchange.response
    preflight = fetch.preflight == "seen" and request is not None and request.method == "OPTIONS"
    title = scene.say("cors.preflight" if preflight else "cors.request")
    asked = "-"
    if request is not None and read.request_packets:
        asked = f"#{read.request_packets[0]} {safe(request.method, 20)}"
    answered = scene.say("exchange.waiting")
    if response is not None and response.head_row < scene.moment.as_of:
        answered = f"#{response.head_row + 1} {response.status}"
    label = f" {number}) {title} {asked} {scene.glyphs.right} {answered}"
    head = Text(label, style=scene.palette.ink(scene.layer_colour("HTTP"), True), no_wrap=True, end="")
    link = Link(read.request_packets[0]) if read.request_packets else None
    lines = [plain(""), Line(head, link, f"exchange{read.id}")]
    for check in fetch.checks:
        if check.exchange == read.id and check.at.packet <= scene.moment.as_of:
            lines.extend(_check(scene, check, width))
    is_answered = response is not None and response.head_row < scene.moment.as_of
    own = [check for check in fetch.checks if check.exchange == read.id]
    if preflight and is_answered and not any(check.outcome == "fail" for check in own):
        lines.extend(cache_line(scene, read, width))
    return lines


def _reason(scene: Scene, reason: NotSimple) -> str:
    if words.has(reason.text):
        return reason_line(reason, scene.language)
    return safe(f"{reason.rule} {reason.header or ''} {reason.value or ''}".strip())


def check_sentence(scene: Scene, check: Check) -> str:
    """What a check says, from its table; else the rule and the header it looked at."""
    if words.has(check.text):
        return check_line(check, scene.language)
    return safe(f"{check.rule} {check.header or ''} {check.value or ''}".strip())


def _check(scene: Scene, check: Check, width: int) -> list[Line]:
    """A check as a line with its sign, and under it the header that decides, with its packet."""
    palette, glyphs = scene.palette, scene.glyphs
    sign, colour = {
        "pass": (glyphs.good, palette.good),
        "fail": (glyphs.bad, palette.bad),
        "unknown": (glyphs.unknown, palette.warn),
    }[check.outcome]
    style = palette.ink(colour, True) if check.outcome == "fail" else palette.plain()
    link, mark = Link(check.at.packet, check.at.span), f"{check.rule}@{check.exchange}{check.text}"
    lines = []
    for at, part in enumerate(wrapped(check_sentence(scene, check), max(width - 11, 10))):
        line = Text(no_wrap=True, end="")
        line.append(f"  {sign} " if at == 0 else "    ", palette.ink(colour, True))
        line.append(part, style)
        line.append(f"  {check.rule}" if at == 0 else "", palette.faint())
        lines.append(Line(line, link if at == 0 else None, mark))
    if check.header:
        value = scene.say("cors.header-missing", header=check.header)
        if check.value is not None:
            value = f"{safe(check.header, 80)}: {safe(shown(check.header, check.value, scene.secrets), 300)}"
        lines.append(plain(f"      {fit(f'#{check.at.packet} {value}', width - 8, glyphs.ellipsis)}", palette.faint()))
    return lines
