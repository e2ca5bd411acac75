"""How the packet list is arranged: its columns and their order, and how it writes times."""

from dataclasses import replace

from netviz.pipeline.times import FORMS
from netviz.tui.filtering import Filtering
from netviz.tui.widgets.column_screen import ColumnScreen


class Arranging(Filtering):
    """Actions of the packet list's columns."""

    def action_time_form(self) -> None:
        """The next way of writing times."""
        form = FORMS[(FORMS.index(self.scene.time_form) + 1) % len(FORMS)]
        self._set(replace(self.scene, time_form=form))
        self.tell(self.scene.say(f"time-form.{form}"))

    def action_columns(self) -> None:
        """Choose the columns and their order."""
        self.push_screen(ColumnScreen(self.scene, self._arrange_columns))

    def _arrange_columns(self, columns: tuple[str, ...]) -> None:
        self._set(replace(self.scene, columns=columns))
