"""Sentences for a class: what a packet is, and what the thing is that a finger points at, each with its packet."""

from netviz.explain.layers import field_name
from netviz.model.layers import Field
from netviz.model.protocols import flags_text
from netviz.model.safe import safe
from netviz.pipeline.lines import packet_line
from netviz.tcp.connection import Connection
from netviz.tui.draw.line import Link
from netviz.tui.draw.sequence import transitions_at
from netviz.tui.scene import Scene


def packet_caption(scene: Scene, packet: int) -> str:
    """Who sends what to whom, and what it does to the connection: `#4 ...`; empty where there is no such packet."""
    if not 1 <= packet <= scene.total:
        return ""
    line = packet_line(scene.store, packet - 1)
    ways = f"{line.source} {scene.glyphs.right} {line.destination}" if line.source or line.destination else ""
    connection = scene.store.connection(line.connection) if line.connection is not None else None
    words = f"{line.protocol}: {line.info}"
    if connection is not None and "[" in line.info:
        words = _segment(scene, packet - 1, connection)
    said = [f"#{packet}  {ways}  {words}".replace("    ", "  ")]
    if connection is not None:
        for step in transitions_at(connection, packet):
            if step.from_state != step.to_state:
                details = {"role": scene.say(f"role.{step.endpoint}"), "packet": packet}
                general = scene.word(f"tcp.step.{step.event}", "", **details)
                said.append(scene.word(f"tcp.step.{step.from_state}.{step.event}", general, **details))
    said += [scene.word(f"tcp.analysis.{name}.meaning", name, packet=packet) for name in line.analysis]
    return f" {scene.glyphs.bullet} ".join(part for part in said if part)


def _segment(scene: Scene, row: int, connection: Connection) -> str:
    """Which end sends which flags, and how much data with them."""
    packets = scene.store.packets
    role = scene.say(f"role.{connection.role_of(packets.value('side', row))}")
    flags, size = flags_text(packets.value("flags", row)) or "-", packets.value("payload_length", row)
    if not size:
        return scene.say("steps.sends", role=role, flags=flags)
    return scene.say("present.sends", role=role, flags=flags, bytes=size)


def field_caption(scene: Scene, field: Field) -> str:
    """A field's name, value, meaning and bytes."""
    place = scene.say("present.bytes", packet=scene.moment.selected, start=field.span.start, end=field.span.end - 1)
    meaning = scene.word(f"field.{field.key}.meaning", "")
    return f"{field_name(field, scene.language)} = {safe(field.value, 80)}. {meaning} {place}".replace("  ", " ")


def line_caption(scene: Scene, text: str, link: Link | None) -> str:
    """What a line says, and the packet and the bytes that prove it."""
    words = " ".join(text.split())
    if link is None or link.packet < 1:
        return words
    if link.span is None:
        return f"{words} {scene.say('present.packet', packet=link.packet)}"
    place = scene.say("present.bytes", packet=link.packet, start=link.span.start, end=max(link.span.end - 1, 0))
    return f"{words} {place}"
