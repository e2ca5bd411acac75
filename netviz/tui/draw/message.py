"""One HTTP message in full: its first line, what its method or status means, its headers in plain words, its body by kind."""

from collections.abc import Sequence
from typing import Literal

from rich.text import Text

from netviz.explain.body_notes import body_notes
from netviz.explain.notes import numbers
from netviz.http.exchange import Head, Header, Message, ReadExchange
from netviz.http.hops import hops
from netviz.http.secrets import shown, shown_target
from netviz.model.safe import safe
from netviz.tui.cells import fit, wrapped
from netviz.tui.draw.exchange_rows import response_known, status_style
from netviz.tui.draw.line import Line, Link, plain
from netviz.tui.draw.note_lines import note_lines
from netviz.tui.scene import Scene


def chosen_exchange(scene: Scene) -> ReadExchange | None:
    """The exchange looked at, where it was known at the present position."""
    chosen = scene.choice.exchange
    if chosen is None or chosen > scene.store.exchange_count(scene.moment.as_of):
        return None
    return scene.store.read(chosen)


def request_lines(scene: Scene, width: int, height: int) -> list[Line]:
    """The request's side."""
    return _message_lines(scene, width, "request")


def response_lines(scene: Scene, width: int, height: int) -> list[Line]:
    """The response's side."""
    return _message_lines(scene, width, "response")


def _message_lines(scene: Scene, width: int, kind: Literal["request", "response"]) -> list[Line]:
    read = chosen_exchange(scene)
    if read is None:
        return [plain(scene.say("empty.exchange"), scene.palette.faint())]
    head = read.request if kind == "request" else read.response
    message = read.exchange.request if kind == "request" else read.exchange.response
    if head is None or message is None or (kind == "response" and not response_known(scene, read)):
        return [plain(f" {scene.say(f'exchange.no-{kind}')}", scene.palette.faint())]
    packets = read.request_packets if kind == "request" else read.response_packets
    lines = _start(scene, head, kind, width, packets)
    names = max((len(safe(header.name, 40)) for header in head.headers), default=0)
    column = min(names, max(width // 2, 8))
    for header, is_hop in zip(head.headers, hops(head), strict=True):
        lines.extend(_header(scene, header, is_hop, column, width))
    lines.extend(_body(scene, read, message, head, width))
    return lines


def _start(scene: Scene, head: Head, kind: str, width: int, packets: Sequence[int]) -> list[Line]:
    palette = scene.palette
    if kind == "request":
        words = (
            f"{safe(head.method, 40)} {safe(shown_target(head.target, scene.secrets), 2000)} {safe(head.version, 12)}"
        )
        style, meaning = (
            palette.ink(scene.layer_colour("HTTP"), True),
            scene.word(f"http.method.{safe(head.method, 20)}", ""),
        )
    else:
        words = f"{safe(head.version, 12)} {head.status} {safe(head.reason, 200)}"
        style, meaning = status_style(scene, str(head.status)), status_meaning(scene, head.status)
    where = Link(head.line_at.packet, head.line_at.span)
    texts = wrapped(words, width - 2, "  ")
    lines = [
        Line(Text(f" {text}", style=style, no_wrap=True, end=""), where if at == 0 else None, "start")
        for at, text in enumerate(texts)
    ]
    lines.extend(plain(f" {text}", palette.plain()) for text in wrapped(meaning, width - 2) if meaning)
    carried = tuple(number for number in packets if number <= scene.moment.as_of)
    key = f"http.carried.{kind}" if len(carried) != 1 else f"http.carried.{kind}-one"
    sentence = scene.word(key, "", count=len(carried), packets=numbers(carried))
    lines.extend(plain(f" {text}", palette.faint()) for text in wrapped(sentence, width - 2))
    for violation in head.violations:
        sentence = f"{scene.glyphs.bad} {scene.word(f'http.violation.{violation}', violation)}"
        lines.extend(plain(f" {text}", palette.ink(palette.bad)) for text in wrapped(sentence, width - 2, "  "))
    lines.append(plain(""))
    return lines


def status_meaning(scene: Scene, status: int) -> str:
    """What a status code means, or what its class means."""
    return scene.word(f"http.status.{status}", scene.word(f"http.status.{status // 100}xx", ""))


def _header(scene: Scene, header: Header, is_hop: bool, column: int, width: int) -> list[Line]:
    name = fit(safe(header.name, 200), column, scene.glyphs.ellipsis)
    value = safe(shown(header.name, header.value, scene.secrets), 2000)
    room = max(width - column - 3, 8)
    texts = wrapped(value, room)[:6]
    cors = header.name.lower().startswith(("access-control-", "origin"))
    link = Link(header.value_at.packet, header.value_at.span)
    lines = []
    for at, text in enumerate(texts):
        line = Text(no_wrap=True, end="")
        style = scene.palette.ink(scene.palette.accent, True) if cors else scene.palette.faint()
        line.append(f" {name if at == 0 else ' ' * column}  ", style)
        line.append(text, scene.palette.plain(True))
        lines.append(Line(line, link if at == 0 else None, safe(header.name, 60)))
    if scene.meanings:
        lines.extend(plain(f"    {text}", scene.palette.faint()) for text in _meaning(scene, header, is_hop, width - 5))
    return lines


def _meaning(scene: Scene, header: Header, is_hop: bool, width: int) -> list[str]:
    """What a field is for in plain words, and how far it goes."""
    reach = scene.word(f"http.hop.{'hop-by-hop' if is_hop else 'end-to-end'}", "")
    meaning = scene.word(f"http.field.{safe(header.name.lower(), 60)}", scene.word("http.field.unknown", ""))
    return wrapped(f"{reach} {scene.glyphs.bullet} {meaning}", width)


def _body(scene: Scene, read: ReadExchange, message: Message, head: Head, width: int) -> list[Line]:
    palette = scene.palette
    if not message.body_bytes and not message.missing:
        return [plain(""), plain(f" {scene.say('body.none')}", palette.faint())]
    if message.last_row < scene.moment.as_of:
        body = scene.store.body(message, read.exchange.connection)
    else:
        return [plain(""), plain(f" {scene.say('body.coming', bytes=message.body_bytes)}", palette.faint())]
    title = scene.say("body.title", bytes=len(body.content), raw=len(body.raw))
    if body.coding:
        title = scene.say("body.coded", bytes=len(body.content), raw=len(body.raw), coding=body.coding)
    lines = [plain(""), plain(f" {title}", palette.ink(palette.accent, True))]
    if body.problem:
        lines.append(
            plain(
                f" {scene.glyphs.bad} {scene.word(f'http.body.{body.problem}', body.problem)}", palette.ink(palette.bad)
            )
        )
    return lines + note_lines(scene, body_notes(head, body, scene.language, scene.secrets), width)
