"""One view: a list and its panels. In a small terminal the list stands over one panel, the one last looked at."""

from textual import events
from textual.app import ComposeResult
from textual.containers import Container
from textual.widget import Widget

from netviz.tui.scene import Scene
from netviz.tui.widgets.messages import Uncovered
from netviz.tui.widgets.pane import Pane


class View(Container):
    """Holds panes; the first is the list. Which are in sight is said by classes that the style sheet reads."""

    def __init__(self, name: str, panes: list[Pane]) -> None:
        super().__init__(id=name, classes="view")
        self.panes = panes
        # The style sheet's own :first-child counts panes that are in sight only.
        panes[0].add_class("-first")
        self.front = panes[1]
        self.scene: Scene | None = None

    def compose(self) -> ComposeResult:
        """The panes."""
        yield from self.panes

    def on_mount(self) -> None:
        """Bring the front panel to the front."""
        self._mark()

    def show(self, scene: Scene) -> None:
        """Draw a scene in the panes that are in sight."""
        self.scene = scene
        for pane in self.panes:
            if pane.display and pane.size.width:
                pane.show(scene)

    def on_uncovered(self, message: Uncovered) -> None:
        """A pane came into sight: it gets the present scene."""
        message.stop()
        if self.scene is not None:
            self.show(self.scene)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """The panel with the focus comes to the front."""
        widget: Widget = event.widget
        if isinstance(widget, Pane) and widget in self.panes[1:] and widget is not self.front:
            self.front = widget
            self._mark()

    def _mark(self) -> None:
        for pane in self.panes:
            pane.set_class(pane is self.front, "-front")
            # Panes that share a place are told apart by the view's class: a style sheet knows no sibling.
            self.set_class(pane is self.front, f"-front-{(pane.id or '').partition('--')[2]}")

    def bring(self, pane: Pane) -> None:
        """Show a panel and give it the focus."""
        if pane is not self.panes[0]:
            self.front = pane
            self._mark()
        if self.has_class("-zoomed"):
            self.zoom(pane)
        # A pane that was out of sight can only take the focus once the style sheet has brought it back.
        self.call_after_refresh(pane.focus)

    def next_pane(self, by: int) -> None:
        """The pane after (or before) the one with the focus."""
        focused = self.screen.focused
        at = self.panes.index(focused) if isinstance(focused, Pane) and focused in self.panes else -1
        candidates = [pane for pane in self.panes if not pane.has_class("-large-only") or self.screen.has_class("-l")]
        at = candidates.index(self.panes[at]) if at >= 0 and self.panes[at] in candidates else -1
        self.bring(candidates[(at + by) % len(candidates)])

    def zoom(self, pane: Pane) -> None:
        """Give one pane all the room, the others none."""
        self.add_class("-zoomed")
        for other in self.panes:
            other.set_class(other is pane, "-zoom")

    def unzoom(self) -> None:
        """Back to the layout."""
        self.remove_class("-zoomed")
        for pane in self.panes:
            pane.remove_class("-zoom")
