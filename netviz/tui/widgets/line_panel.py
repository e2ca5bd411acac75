"""A pane whose lines are drawn by a function of the scene. Lines that lead somewhere can be moved to and followed."""

from collections.abc import Callable

from rich.style import Style
from rich.text import Text
from textual import events
from textual.geometry import Size
from textual.strip import Strip

from netviz.tui.draw.captions import line_caption
from netviz.tui.draw.found import with_found
from netviz.tui.draw.line import Draw, Line, Link, Target
from netviz.tui.scene import Scene
from netviz.tui.widgets.messages import Chosen, Followed
from netviz.tui.widgets.pane import Pane

_GUTTER = 1


class LinePanel(Pane):
    """Lines of a drawing, with a cursor on one of those that lead somewhere."""

    def __init__(self, name: str, draw: Draw, subtitle: Callable[[Scene], str] | None = None) -> None:
        super().__init__(name)
        self._draw = draw
        self._subtitle = subtitle
        self.lines: list[Line] = []
        self.at: int | None = None

    def scene_changed(self) -> None:
        """Draw anew, and find the line again that was current."""
        scene, width = self.scene, self.room
        if scene is None or not width:
            return
        before = self.lines[self.at] if self.at is not None and self.at < len(self.lines) else None
        self.lines = self.drawn(scene, width - _GUTTER, self.size.height)
        self.at = self._found(scene, before)
        self.virtual_size = Size(width, len(self.lines))
        if self.at is not None:
            self._reveal(self.at)
        elif before is None:
            self.scroll_to(y=0, animate=False, force=True)
        if self._subtitle is not None:
            self.border_subtitle = Text(self._subtitle(scene))
        self.refresh()

    def drawn(self, scene: Scene, width: int, height: int) -> list[Line]:
        """The lines of a scene."""
        return self._draw(scene, width, height)

    def _found(self, scene: Scene, before: Line | None) -> int | None:
        """The current line in the new drawing: the one the moment points at, the same line again, or none."""
        wanted = Link(scene.moment.selected, scene.moment.lit)
        exact = [index for index, line in enumerate(self.lines) if line.link == wanted]
        if wanted.span is not None and exact:
            same = [index for index in exact if before is not None and self.lines[index].mark == before.mark]
            return (same or exact)[0]
        if before is None or before.link is None:
            return None
        again = [
            index for index, line in enumerate(self.lines) if line.link == before.link and line.mark == before.mark
        ]
        return again[0] if again and before.link.packet == scene.moment.selected else None

    def _reveal(self, index: int) -> None:
        top, height = self.scroll_offset.y, max(self.size.height, 1)
        if index < top:
            self.scroll_to(y=index, animate=False, force=True)
        elif index >= top + height:
            self.scroll_to(y=index - height + 1, animate=False, force=True)

    def line_at(self, y: int) -> Strip:
        """One line of the screen."""
        scene, index = self.scene, y + self.scroll_offset.y
        if scene is None or index >= len(self.lines):
            return self.blank()
        line = with_found(scene, self.lines[index].text)
        if index != self.at:
            return self.painted(Text(" ", no_wrap=True, end="").append_text(line))
        if not self.has_focus_within:
            mark = Text(scene.glyphs.closed, style=scene.palette.ink(scene.palette.accent), no_wrap=True, end="")
            return self.painted(mark.append_text(line))
        ground = Style(color=scene.palette.background, bgcolor=scene.palette.text, bold=scene.palette.bold_on_colour)
        plain = Text(f"{scene.glyphs.closed}{line.plain}", no_wrap=True, end="")
        return self.painted(with_found(scene, plain, True), self.base() + ground)

    def current_text(self) -> str:
        """The current line."""
        return self.lines[self.at].text.plain if self.at is not None and self.at < len(self.lines) else ""

    def sentence_at(self, y: int) -> str:
        """What the line says, and the packet that proves it; only lines that lead somewhere stand for something."""
        index, scene = y + self.scroll_offset.y, self.scene
        if scene is None or index >= len(self.lines) or self.lines[index].link is None:
            return ""
        return line_caption(scene, self.lines[index].text.plain, self.lines[index].link)

    def _links(self) -> list[int]:
        return [index for index, line in enumerate(self.lines) if line.link is not None]

    def action_move(self, by: int) -> None:
        """The next line that leads somewhere; where none is within a screenful, the panel scrolls."""
        index = self._next(by)
        if index is None:
            self.scroll_relative(y=by, animate=False, force=True)
        else:
            self._go(index)

    def _next(self, by: int) -> int | None:
        links, top, height = self._links(), self.scroll_offset.y, max(self.size.height, 1)
        at = self.at
        if at is None:
            ahead = [index for index in links if top <= index < top + height]
            ahead = ahead if by > 0 else ahead[::-1]
            at = top
        elif (by < 0 and at < top) or (by > 0 and at >= top + height):
            # The text was scrolled past the current line: come back to it first.
            return None
        else:
            ahead = (
                [index for index in links if index > at] if by > 0 else [index for index in links if index < at][::-1]
            )
        index = ahead[min(abs(by), len(ahead)) - 1] if ahead else None
        return index if index is not None and abs(index - at) <= height + abs(by) - 1 else None

    def _go(self, index: int) -> None:
        self.at = index
        link = self.lines[index].link
        self._reveal(index)
        self.refresh()
        if link is not None:
            self.post_message(Chosen(Target(link.packet, link.span)))

    def action_edge(self, by: int) -> None:
        """The beginning or the end."""
        links = self._links()
        if links:
            self._go(links[0] if by < 0 else links[-1])
        if by < 0:
            self.scroll_home(animate=False, force=True)
        else:
            self.scroll_end(animate=False, force=True)

    def action_follow(self) -> None:
        """Go where the current line leads."""
        link = self.lines[self.at].link if self.at is not None and self.at < len(self.lines) else None
        if link is not None:
            self.post_message(Followed(link))

    def on_click(self, event: events.Click) -> None:
        """A line was clicked; twice is following it."""
        inside = event.get_content_offset(self)
        if inside is None:
            return
        index = inside.y + self.scroll_offset.y
        if index < len(self.lines) and self.lines[index].link is not None:
            self._go(index)
            if event.chain > 1:
                self.action_follow()

    def on_focus(self) -> None:
        """The current line is drawn otherwise with the focus."""
        self.refresh()

    def on_blur(self) -> None:
        """The current line is drawn otherwise without it."""
        self.refresh()
