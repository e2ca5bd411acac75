"""The list of connections and conversations: a key leaves out one of the two."""

from rich.text import Text

from netviz.tui.draw.connection_rows import ConnectionRows
from netviz.tui.draw.line import Target
from netviz.tui.draw.narrowed import Narrowed
from netviz.tui.widgets.messages import Chosen
from netviz.tui.widgets.row_list import RowList


class KindList(RowList):
    """Rows of TCP, of UDP, or of both."""

    def __init__(self, name: str, rows: Narrowed, kinds: ConnectionRows) -> None:
        super().__init__(name, rows)
        self._kinds = kinds
        self._narrowed = rows

    def scene_changed(self) -> None:
        """Draw, and say which kinds are listed."""
        super().scene_changed()
        if self.scene is not None:
            kind = self.scene.say(f"kinds.{self._kinds.appearances.kind}")
            self.border_subtitle = Text(self.scene.say("kinds.keys", kind=kind))

    def action_vary(self, by: int) -> None:
        """List other kinds. Nothing else is chosen by that, but what shares the list is drawn anew."""
        self._kinds.vary(by)
        self._narrowed.forget()
        self.scene_changed()
        self.post_message(Chosen(Target()))
