"""Marks in the tree of fields where a packet differs from the one before from the same sender."""

from netviz.model.safe import safe
from netviz.tui.draw.line import Line, Link, plain
from netviz.tui.scene import Scene


def differing(scene: Scene) -> dict[int, str | None]:
    """Of the selected packet's fields, by their `id`, those that differ; empty where nothing is compared."""
    if scene.compared is None or scene.dissection is None:
        return {}
    return scene.compared.differing(scene.dissection)


def comparison_lines(scene: Scene) -> list[Line]:
    """A line over the tree that says with which packet it is compared, and leads there; none without a comparison."""
    if scene.compared is None:
        return []
    style = scene.palette.ink(scene.palette.warn, True)
    packet = scene.compared.packet
    if packet is None:
        return [plain(f"{scene.glyphs.both} {scene.say('compare.first')}", style)]
    words = f"{scene.glyphs.both} {scene.say('compare.with', packet=packet)}"
    return [plain(words, style)._replace(link=Link(packet), mark=" compared")]


def differs(scene: Scene, line: Line, before: str | None) -> Line:
    """A field's line, with what its value was before."""
    was = scene.say("compare.new") if before is None else scene.say("compare.was", value=safe(before, 60))
    text = line.text.copy()
    text.append(f"  {scene.glyphs.both} {was}", scene.palette.ink(scene.palette.warn, True))
    return line._replace(text=text)
