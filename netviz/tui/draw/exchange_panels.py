"""Panels about the chosen exchange: what it means, how it lies in time beside others, cookies over time, its stream."""

from itertools import groupby

from rich.cells import cell_len
from rich.text import Text

from netviz.explain.cookie_notes import jar_notes
from netviz.explain.exchange_notes import exchange_notes
from netviz.explain.neighbour_notes import neighbour_notes
from netviz.explain.notes import Note, seconds
from netviz.explain.time_notes import page_notes
from netviz.http.exchange import ReadExchange
from netviz.http.secrets import shown_target
from netviz.model.safe import safe
from netviz.pipeline.exchange_times import Phases, phases_of
from netviz.pipeline.host_lookups import host_of
from netviz.pipeline.pages import Member, page_of
from netviz.tui.cells import fit, right, wrapped
from netviz.tui.draw.line import Line, Link, plain
from netviz.tui.draw.lookup_bars import asked_for, lookup_bar
from netviz.tui.draw.message import chosen_exchange
from netviz.tui.draw.note_lines import note_lines
from netviz.tui.draw.tls_lines import tls_lines
from netviz.tui.scene import Scene

_PHASES = ("connect", "blocked", "send", "wait", "receive")
_SIGNS = {"unicode": "▒·▪─█", "ascii": "+.>-#"}
_LEAST_BAR = 16
_ARROWS = {ord("→"): ">", ord("←"): "<", ord("⏎"): "|"}


def about_lines(scene: Scene, width: int, height: int) -> list[Line]:
    """What the exchange means: status, packets, times, URI, caching, cookies, credentials, tokens."""
    read = chosen_exchange(scene)
    if read is None:
        return [plain(f" {scene.say('empty.exchange')}", scene.palette.faint())]
    notes = exchange_notes(scene.store, read.id, scene.moment.as_of, scene.language, scene.secrets)
    hint = wrapped(f" {scene.say('about.hint')}", width, " ")
    if _neighbours(scene, read.id):
        hint += wrapped(f" {scene.say('messages.hint')}", width, " ")
    return [*(plain(text, scene.palette.faint()) for text in hint), *note_lines(scene, notes, width)]


def messages_lines(scene: Scene, width: int, height: int) -> list[Line]:
    """What the exchange went on as: WebSocket frames, events, and what it is besides: JSONP, a form."""
    read = chosen_exchange(scene)
    if read is None:
        return [plain(f" {scene.say('empty.exchange')}", scene.palette.faint())]
    notes = _neighbours(scene, read.id)
    if not notes:
        texts = wrapped(f" {scene.say('messages.none')}", width, " ")
        return [plain(text, scene.palette.faint()) for text in texts]
    if scene.glyphs.name == "ascii":
        notes = [each._replace(text=each.text.translate(_ARROWS)) for each in notes]
    return note_lines(scene, notes, width)


def _neighbours(scene: Scene, number: int) -> list[Note]:
    return neighbour_notes(scene.store, number, scene.moment.as_of, scene.language, scene.secrets)


def jar_lines(scene: Scene, width: int, height: int) -> list[Line]:
    """Cookies of all clients, as of the present position."""
    if not scene.moment.as_of:
        return []
    return note_lines(scene, jar_notes(scene.store, scene.moment.as_of, scene.language, scene.secrets), width)


def waterfall_lines(scene: Scene, width: int, height: int) -> list[Line]:
    """The page's requests as bars over one time axis, and what they tell in sentences; below them TLS connections."""
    hidden = tls_lines(scene, width)
    read = chosen_exchange(scene)
    if read is None:
        return hidden or [plain(f" {scene.say('empty.exchange')}", scene.palette.faint())]
    seen = _page_bars(scene, read, width)
    return [*seen, plain(""), *hidden] if hidden else seen


def _page_bars(scene: Scene, read: ReadExchange, width: int) -> list[Line]:
    store, as_of = scene.store, scene.moment.as_of
    page = page_of(store, read.id, as_of)
    phases = [(each, phases_of(store, store.exchanges[each.id - 1], as_of)) for each in page.members]
    asked = asked_for(scene, page)
    starts = [each.start for _, each in phases if each.start is not None] + [begin for _, (begin, _) in asked]
    ends = [each.end for _, each in phases if each.end is not None]
    lines = note_lines(scene, page_notes(store, page, as_of, scene.language, host_of(read)), width)
    if not starts:
        return lines
    begin, end = min(starts), max(ends)
    label = min(max(width // 3, 18), 56)
    room = max(width - label - 12, _LEAST_BAR)
    lines.append(plain(""))
    lines.append(_axis(scene, begin, end, label, room))
    for each in asked:
        took = seconds((each[1][1] - each[1][0]) / 1e9)
        lines.append(lookup_bar(scene, each, (begin, end), (label, room), took))
    for member, times in phases:
        lines.append(_bar(scene, member, times, (begin, end), (label, room), member.id == read.id))
    lines.append(_legend(scene, [times for _, times in phases]))
    return lines


def _axis(scene: Scene, begin: int, end: int, label: int, room: int) -> Line:
    """0, the middle and the end of the time; the middle is left out where it would touch the end."""
    whole, half = seconds((end - begin) / 1e9), seconds((end - begin) / 2e9)
    last, middle = room - cell_len(whole), room // 2
    marks = fit("0", min(middle, last))
    if cell_len(half) + 1 <= last - middle:
        marks = fit("0", middle) + fit(half, last - middle)
    return plain(" " * (label + 2) + fit(marks, last) + whole, scene.palette.faint())


def _bar(
    scene: Scene, member: Member, times: Phases, span: tuple[int, int], cells: tuple[int, int], is_chosen: bool
) -> Line:
    palette, (label, room) = scene.palette, cells
    read = scene.store.read(member.id)
    head = read.request
    assert head is not None
    kind = scene.word(f"http.kind.{member.kind}", member.kind)
    target = safe(shown_target(head.target, scene.secrets), 200)
    mark = scene.glyphs.closed if is_chosen else " "
    kind_room = 9 if label >= 30 else 0
    text = f"{member.id:>3}{mark}{fit(safe(head.method, 20), 7, scene.glyphs.ellipsis)} "
    text += fit(target, label - 13 - kind_room, scene.glyphs.ellipsis) + " " + fit(kind, kind_room)
    line = Text(no_wrap=True, end="")
    line.append(" " + fit(text, label) + " ", palette.plain(True) if is_chosen else palette.plain())
    for (sign, name), cells_of_it in groupby(_painted(scene, times, span, room)):
        line.append(sign * len(list(cells_of_it)), palette.ink(_colour(scene, name)) if name else palette.faint())
    last = times.end
    line.append(right(seconds((last - (times.start or last)) / 1e9) if last is not None else "", 9), palette.faint())
    return Line(line, Link(head.line_at.packet, head.line_at.span), f"bar {member.id}")


def _painted(scene: Scene, times: Phases, span: tuple[int, int], room: int) -> list[tuple[str, str]]:
    """Sign and phase of each cell of a bar; a phase that is there has at least one cell."""
    begin, length = span[0], max(span[1] - span[0], 1)
    painted: list[tuple[str, str]] = [(" ", "")] * room
    for sign, name, phase in zip(_SIGNS[scene.glyphs.name], _PHASES, times, strict=True):
        if phase is None or (name in ("blocked", "wait") and phase[1] <= phase[0]):
            continue
        first = min((phase[0] - begin) * room // length, room - 1)
        last = max(min(-(-(phase[1] - begin) * room // length), room), first + 1)
        for cell in range(first, last):
            if name not in ("wait", "blocked") or not painted[cell][1]:
                painted[cell] = (sign, name)
    return painted


def _colour(scene: Scene, name: str) -> str:
    palette = scene.palette
    return {
        "connect": palette.layer(4), "blocked": palette.warn, "send": palette.accent, "wait": palette.dim,
        "receive": palette.layer(7),
    }[name]  # fmt: skip


def _legend(scene: Scene, all_times: list[Phases]) -> Line:
    """What the signs mean that are drawn."""
    line = Text(" ", no_wrap=True, end="")
    for index, (sign, name) in enumerate(zip(_SIGNS[scene.glyphs.name], _PHASES, strict=True)):
        if all(times[index] is None for times in all_times):
            continue
        line.append(f"{sign} ", scene.palette.ink(_colour(scene, name)))
        line.append(f"{scene.word(f'http.phase.{name}', name)}  ", scene.palette.faint())
    return Line(line)
