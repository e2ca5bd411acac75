"""The bytes of the selected packet. A byte that is clicked lights the field it belongs to."""

from textual import events

from netviz.model.evidence import Span
from netviz.model.layers import Field
from netviz.tui.draw.fields import lit_words
from netviz.tui.draw.hexdump import bits_line, bytes_a_line, first_lit, hex_lines
from netviz.tui.draw.line import Line, Target
from netviz.tui.scene import Scene
from netviz.tui.widgets.line_panel import LinePanel
from netviz.tui.widgets.messages import Chosen


class HexPanel(LinePanel):
    """Follows the lit bytes; moving in it goes from field to field."""

    def __init__(self, name: str) -> None:
        super().__init__(name, hex_lines, lit_words)

    def drawn(self, scene: Scene, width: int, height: int) -> list[Line]:
        """The bytes, and under them the bits of a field that is not whole bytes."""
        lines = super().drawn(scene, width, height)
        bits = bits_line(scene)
        at = first_lit(scene, width)
        if bits is not None and at is not None:
            lines.insert(min(at + 1, len(lines)), Line(bits))
        return lines

    def scene_changed(self) -> None:
        """Keep the lit bytes in sight."""
        super().scene_changed()
        scene = self.scene
        at = first_lit(scene, self.room - 1) if scene is not None else None
        if at is not None:
            self._reveal(min(at + 1, max(len(self.lines) - 1, 0)))
            self._reveal(at)

    def action_move(self, by: int) -> None:
        """The next field in the order of the bytes; where the packet is not taken apart, the panel scrolls."""
        scene = self.scene
        spans = leaf_spans(scene) if scene is not None else []
        if scene is None or not spans:
            self.scroll_relative(y=by, animate=False, force=True)
            return
        lit = scene.moment.lit
        if lit is None:
            chosen = spans[0] if by > 0 else spans[-1]
        elif by > 0:
            later = [span for span in spans if span.start >= lit.end]
            chosen = later[min(by, len(later)) - 1] if later else spans[-1]
        else:
            earlier = [span for span in spans if span.end <= lit.start]
            chosen = earlier[max(len(earlier) + by, 0)] if earlier else spans[0]
        self.post_message(Chosen(Target(scene.moment.selected, chosen)))

    def on_click(self, event: events.Click) -> None:
        """Light the field of the clicked byte."""
        inside, scene = event.get_content_offset(self), self.scene
        if inside is None or scene is None:
            return
        line = inside.y + self.scroll_offset.y
        at = first_lit(scene, self.room - 1)
        if at is not None and bits_line(scene) is not None and line > at:
            line -= 1
        each = bytes_a_line(self.room - 1)
        column = inside.x - 7
        index = (column - (1 if each == 16 and column >= 24 else 0)) // 3
        if not 0 <= index < each:
            return
        offset = line * each + index
        span = next((span for span in leaf_spans(scene) if span.start <= offset < span.end), None)
        if span is not None:
            self.post_message(Chosen(Target(scene.moment.selected, span)))


def leaf_spans(scene: Scene) -> list[Span]:
    """The fields' bytes in their order; a field with parts counts by its parts where they have bytes of their own."""
    found: set[Span] = set()

    def take(field: Field) -> None:
        whole = {child.span for child in field.children if child.span != field.span}
        if whole:
            for child in field.children:
                take(child)
        else:
            found.add(field.span)

    for layer in scene.dissection.layers if scene.dissection is not None else ():
        for field in layer.fields:
            take(field)
    return sorted(span for span in found if span.end > span.start)
