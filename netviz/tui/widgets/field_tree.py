"""The layers and fields of one packet as a tree that folds. Moving in it lights the bytes of the field."""

from netviz.model.evidence import Span
from netviz.model.layers import Field
from netviz.tui.draw.captions import field_caption
from netviz.tui.draw.fields import field_at, field_lines, path_to
from netviz.tui.draw.line import Line
from netviz.tui.keys import bindings
from netviz.tui.scene import Scene
from netviz.tui.widgets.line_panel import LinePanel


class FieldTree(LinePanel):
    """Which branches are open is kept from packet to packet: a class looks at one field in many packets."""

    BINDINGS = bindings("tree")

    def __init__(self, name: str) -> None:
        super().__init__(name, self._fields)
        self._toggled: set[str] = set()

    def reveal(self, span: Span) -> None:
        """Open the branches above the field on those bytes, so that it is in sight."""
        scene = self.scene
        if (
            scene is None
            or scene.dissection is None
            or any(line.link and line.link.span == span for line in self.lines)
        ):
            return
        self._toggled |= {field.key for field in path_to(scene, span)[:-1]}
        self.scene_changed()

    def _fields(self, scene: Scene, width: int, height: int) -> list[Line]:
        return field_lines(scene, width, frozenset(self._toggled))

    def sentence_at(self, y: int) -> str:
        """The field's name, value and meaning."""
        said, scene = super().sentence_at(y), self.scene
        if not said or scene is None:
            return said
        line = self.lines[y + self.scroll_offset.y]
        field = field_at(scene, line.link.span if line.link is not None else None, line.mark[1:])
        return field_caption(scene, field) if field is not None else said

    def current_field(self) -> Field | None:
        """The field that the cursor is on."""
        if self.scene is None or self.at is None or self.at >= len(self.lines):
            return None
        link = self.lines[self.at].link
        return field_at(self.scene, link.span if link is not None else None, self._mark()[1:])

    def _mark(self) -> str:
        return self.lines[self.at].mark if self.at is not None and self.at < len(self.lines) else ""

    def action_fold(self) -> None:
        """Close the branch."""
        self._set(False)

    def action_unfold(self) -> None:
        """Open the branch."""
        self._set(True)

    def _set(self, opened: bool) -> None:
        mark = self._mark()
        name, sign = mark[1:], mark[:1]
        if sign == ("+" if opened else "-"):
            self._toggled ^= {name}
            self.scene_changed()
