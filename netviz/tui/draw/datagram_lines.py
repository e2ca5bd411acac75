"""What stands in the place of states and sums for UDP: that there are none, UDP beside TCP, a datagram's header and pair."""

from rich.text import Text

from netviz.explain.datagram_notes import error_notes, header_notes, pair_notes
from netviz.explain.transports import compared, tcp_beside
from netviz.pipeline.datagrams import UdpConversation
from netviz.tui.cells import fit, wrapped
from netviz.tui.draw.datagram_rows import chosen_conversation
from netviz.tui.draw.line import Line, Link, plain
from netviz.tui.draw.machine import machine_lines
from netviz.tui.draw.steps import step_lines
from netviz.tui.scene import Scene

_UDP = 17
_SIDE_BY_SIDE = 76
"""Cells from which on UDP and TCP stand beside each other, not one under the other."""


def stateless_lines(scene: Scene, width: int, height: int) -> list[Line]:
    """In the place of the state machines."""
    found = chosen_conversation(scene)
    if found is None:
        return machine_lines(scene, width, height)
    palette, as_of = scene.palette, scene.moment.as_of
    lines = [plain(f" {scene.say('udp.no-machine')}", palette.plain(True))]
    for key in ("udp.no-state", "udp.grouping"):
        told = scene.word(key, "", packet=found.first_packet) if key == "udp.no-state" else scene.word(key, "")
        lines.extend(plain(f" {text}", palette.plain()) for text in wrapped(told, width - 2))
    lines.append(plain(""))
    lines.extend(_comparison(scene, found, width, as_of))
    lines.extend(plain(f" {text}", palette.faint()) for text in wrapped(scene.word("udp.compare.speed", ""), width - 2))
    return lines


def _comparison(scene: Scene, found: UdpConversation, width: int, as_of: int) -> list[Line]:
    palette = scene.palette
    beside = tcp_beside(scene.store, as_of, scene.choice.connection)
    lines = [plain(f" {scene.word('udp.compare', '')}", palette.plain(True))]
    names = f"UDP {found.id}", "TCP" if beside is None else f"TCP {beside}"
    wide = width >= _SIDE_BY_SIDE
    cells = (22, (width - 25) // 2) if wide else (0, 0)
    if wide:
        heads = f" {fit('', cells[0])} {fit(names[0], cells[1])} {names[1]}"
        lines.append(plain(heads, palette.ink(palette.dim, True)))
    for line in compared(scene.store, scene.language, as_of, found.id, beside):
        if wide:
            text = Text(f" {fit(line.name, cells[0])} ", style=palette.faint(), no_wrap=True, end="")
            text.append(f"{fit(line.udp, cells[1])} ", palette.plain(True))
            text.append(line.tcp, palette.plain())
            lines.append(Line(text))
            continue
        lines.append(plain(f" {line.name}", palette.faint()))
        for name, told, bold in ((names[0], line.udp, True), (names[1], line.tcp, False)):
            if told:
                parts = wrapped(f"{name}  {told}", width - 3, "       ")
                lines.extend(plain(f"   {part}", palette.plain(bold)) for part in parts)
    if beside is None:
        told = scene.word("udp.compare.no-tcp", "", packet=as_of)
        lines.extend(plain(f" {text}", palette.faint()) for text in wrapped(told, width - 2))
    return lines


def datagram_lines(scene: Scene, width: int, height: int) -> list[Line]:
    """In the place of the sums of a segment: the selected datagram's header field by field, and its pair."""
    found, row = chosen_conversation(scene), scene.row
    if found is None:
        return step_lines(scene, width, height)
    palette = scene.palette
    if row is None or scene.store.datagrams.of_row(row) != found.id:
        return [plain(f" {text}", palette.faint()) for text in wrapped(scene.say("udp.elsewhere"), width - 2)]
    if scene.store.packets.value("ip_protocol", row) != _UDP:
        return _noted(scene, error_notes(scene.store, row, scene.language), width)
    datagram = scene.store.datagrams.datagram(found, row, scene.moment.as_of)
    sender = found.other if datagram.side else found.one
    title = scene.word("udp.sends", "", end=sender, payload=datagram.payload)
    lines = [plain(f" #{row + 1} {title}", palette.ink(palette.layer(4), True))]
    lines.extend(_noted(scene, pair_notes(scene.store, datagram, scene.language, scene.moment.as_of), width))
    header = wrapped(scene.word("udp.header", ""), width - 2, "  ")
    lines.extend(plain(f" {text}", palette.plain(True)) for text in header)
    for text in header_notes(scene.store, row, scene.language):
        lines.extend(plain(f"   {part}", palette.plain()) for part in wrapped(text, width - 4, "  "))
    lines.append(plain(""))
    lines.extend(plain(f" {text}", palette.faint()) for text in wrapped(scene.word("udp.limits", ""), width - 2))
    return lines


def _noted(scene: Scene, notes: list[tuple[str, int | None]], width: int) -> list[Line]:
    """Sentences; the first line of each leads to the packet that it is about."""
    lines = []
    for text, packet in notes:
        for at, part in enumerate(wrapped(text, width - 2, "  ")):
            link = Link(packet) if at == 0 and packet is not None else None
            ink = scene.palette.plain()
            lines.append(Line(Text(f" {part}", style=ink, no_wrap=True, end=""), link, f"note-{packet}"))
    return lines
