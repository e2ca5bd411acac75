"""What all panes share: a frame with a title, keys to move, and lines painted through the last gate."""

from typing import Final

from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual import events
from textual.scroll_view import ScrollView
from textual.strip import Strip

from netviz.tui.cells import strip_of
from netviz.tui.keys import bindings
from netviz.tui.scene import Scene
from netviz.tui.widgets.messages import Uncovered

_NUMBER: Final = 3
"""Cells that a number takes which can be pointed at."""


class Pane(ScrollView, can_focus=True):
    """A framed part of the screen. Subclasses say what its lines are and what moving in it means."""

    BINDINGS = bindings("list")
    ALLOW_SELECT = False

    def __init__(self, name: str) -> None:
        super().__init__(id=name)
        view, _, part = name.partition("--")
        self.title_key = f"pane.{part or view}" if part != "list" else f"list.{view}"
        self.scene: Scene | None = None
        self.numbered = False
        """Presenter mode: lines that can be pointed at have numbers."""
        self.pointed: int | None = None
        """The line, counted from the top of the pane, that is lit."""

    def show(self, scene: Scene) -> None:
        """Draw a scene, if it is another one than before."""
        if scene is self.scene:
            return
        before, self.scene = self.scene, scene
        if before is None or before.language != scene.language:
            self.border_title = Text(scene.say(self.title_key))
        self.scene_changed()

    def scene_changed(self) -> None:
        """There is another scene, or another size to draw it in."""
        raise NotImplementedError

    @property
    def room(self) -> int:
        """Cells of a line that no scroll bar covers."""
        return max(self.size.width - self.scrollbar_gutter.width - (_NUMBER if self.numbered else 0), 0)

    def base(self) -> Style:
        """Style under everything that is painted here."""
        if self.scene is None:
            return Style()
        return Style(color=self.scene.palette.text, bgcolor=self.scene.palette.background)

    def line_at(self, y: int) -> Strip:
        """One line of the pane."""
        raise NotImplementedError

    def render_line(self, y: int) -> Strip:
        """One line, and what presenter mode puts on it."""
        strip = self.line_at(y)
        scene = self.scene
        if scene is None or not scene.present:
            return strip
        if self.numbered:
            number = self.callouts().get(y)
            sign = f" {scene.glyphs.callouts[number - 1]} " if number else " " * _NUMBER
            style = scene.palette.on(scene.palette.accent) if number else self.base()
            strip = Strip([Segment(sign, style), *strip.crop(0, max(self.size.width - _NUMBER, 0))])
        if y == self.pointed:
            lit = scene.palette.on(scene.palette.warn)
            strip = Strip([Segment(strip.text, lit)]).adjust_cell_length(self.size.width, lit)
        return strip

    def number(self, numbered: bool) -> None:
        """Put numbers on what can be pointed at, or take them away; the rest of the line gives way."""
        if numbered != self.numbered:
            self.numbered = numbered
            if self.scene is not None:
                self.scene_changed()
            self.refresh()

    def lines_to_point_at(self) -> list[int]:
        """Lines of the pane that stand for something."""
        return [y for y in range(self.size.height) if self.sentence_at(y)]

    def callouts(self) -> dict[int, int]:
        """Line -> its number, for the first nine that can be pointed at; empty while there are no numbers."""
        return {y: at for at, y in enumerate(self.lines_to_point_at()[:9], 1)} if self.numbered else {}

    def sentence_at(self, y: int) -> str:
        """What a line stands for, in a sentence; empty where it stands for nothing."""
        return " ".join(self.line_at(y).text.split())

    def point_at(self, y: int | None) -> None:
        """Light a line, or none."""
        if y != self.pointed:
            self.pointed = y
            self.refresh()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """In presenter mode the mouse is the pointer."""
        if self.scene is not None and self.scene.present:
            inside = event.get_content_offset(self)
            self.point_at(inside.y if inside is not None else None)

    def on_leave(self) -> None:
        """The mouse is elsewhere."""
        self.point_at(None)

    def painted(self, line: Text, base: Style | None = None) -> Strip:
        """A line as it goes to the terminal."""
        return strip_of(line, self.size.width, base if base is not None else self.base())

    def blank(self) -> Strip:
        """An empty line."""
        return Strip.blank(self.size.width, self.base())

    def on_resize(self, event: events.Resize) -> None:
        """Widths have changed."""
        if self.scene is not None:
            self.scene_changed()
        self.post_message(Uncovered())

    def action_move(self, by: int) -> None:
        """Another line."""
        raise NotImplementedError

    def action_page(self, by: int) -> None:
        """As many lines as are on screen."""
        self.action_move(by * max(self.size.height - 2, 1))

    def action_edge(self, by: int) -> None:
        """The first or the last line."""
        raise NotImplementedError

    def action_follow(self) -> None:
        """Go where the current line leads."""
        raise NotImplementedError

    def current_text(self) -> str:
        """The current row or line as it reads where there is room for all of it; empty where none is current."""
        return ""

    def action_vary(self, by: int) -> None:
        """Show the same in another way, where there is one: another graph, another order."""

    def action_flip(self) -> None:
        """Show it the other way round, where there is one: the other direction, the other order."""
