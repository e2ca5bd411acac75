"""One HTTP message in full: its first line, what its method or status means, its headers, its body as text."""

from collections.abc import Sequence
from typing import Literal

from rich.text import Text

from netviz.http.exchange import Body, Head, Header, Message, ReadExchange
from netviz.http.secrets import shown, shown_target
from netviz.model.safe import safe
from netviz.tui.cells import fit, wrapped
from netviz.tui.draw.exchange_rows import response_known, status_style
from netviz.tui.draw.line import Line, Link, plain
from netviz.tui.scene import Scene

_BODY_SHOWN = 16_000


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
    for header in head.headers:
        lines.extend(_header(scene, header, column, width))
    lines.extend(_body(scene, read, message, width))
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
    numbers = ", ".join(f"#{number}" for number in packets[:6]) + (
        f" {scene.glyphs.ellipsis}" if len(packets) > 6 else ""
    )
    lines.append(plain(f" {scene.say('exchange.packets', packets=numbers)}", palette.faint()))
    for violation in head.violations:
        lines.append(
            plain(
                f" {scene.glyphs.bad} {scene.word(f'http.violation.{violation}', violation)}", palette.ink(palette.bad)
            )
        )
    lines.append(plain(""))
    return lines


def status_meaning(scene: Scene, status: int) -> str:
    """What a status code means, or what its class means."""
    return scene.word(f"http.status.{status}", scene.word(f"http.status.{status // 100}xx", ""))


def _header(scene: Scene, header: Header, column: int, width: int) -> list[Line]:
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
    return lines


def _body(scene: Scene, read: ReadExchange, message: Message, width: int) -> list[Line]:
    palette = scene.palette
    if not message.body_bytes and not message.missing:
        return [plain(""), plain(f" {scene.say('body.none')}", palette.faint())]
    if scene.store.finished or message.last_row < scene.moment.as_of:
        body = scene.store.body(message, read.exchange.connection)
    else:
        return [plain(""), plain(f" {scene.say('body.coming', bytes=message.body_bytes)}", palette.faint())]
    title = scene.say("body.title", bytes=len(body.content), raw=len(body.raw))
    if body.coding:
        title = scene.say("body.coded", bytes=len(body.content), raw=len(body.raw), coding=body.coding)
    lines = [plain(""), plain(f" {title}", palette.faint())]
    if body.problem:
        lines.append(
            plain(
                f" {scene.glyphs.bad} {scene.word(f'http.body.{body.problem}', body.problem)}", palette.ink(palette.bad)
            )
        )
    lines.extend(plain(f" {text}", palette.plain()) for text in _body_text(scene, body, width - 2))
    return lines


def _body_text(scene: Scene, body: Body, width: int) -> list[str]:
    """The content as lines of text; what is no text is said to be none, with its first bytes."""
    content = body.content[:_BODY_SHOWN]
    sample = content[:512]
    if sample and sum(byte < 9 or 13 < byte < 32 for byte in sample) * 10 > len(sample):
        return [
            scene.say("body.binary"),
            *(sample[at : at + 16].hex(" ") for at in range(0, min(len(sample), 128), 16)),
        ]
    lines: list[str] = []
    for part in content.split(b"\n"):
        lines.extend(wrapped(safe(part.rstrip(b"\r").replace(b"\t", b"    "), 4000), width))
        if len(lines) > 500:
            break
    if len(body.content) > _BODY_SHOWN:
        lines.append(scene.glyphs.ellipsis)
    return lines
