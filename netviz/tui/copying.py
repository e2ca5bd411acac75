"""Copying: what stands under the cursor goes to the terminal's clipboard, and the last line says what went."""

import os
from typing import Final

from textual import work

from netviz.filter.rows import Reading
from netviz.model.safe import safe
from netviz.tui.cells import fit
from netviz.tui.clipboard import Clip, clipping, given_to_tmux, sequences
from netviz.tui.copies import Cursor, copyables
from netviz.tui.draw.fields import current_field
from netviz.tui.wandering import Wandering
from netviz.tui.widgets.field_tree import FieldTree
from netviz.tui.widgets.messages import Copied
from netviz.tui.widgets.pane import Pane
from netviz.tui.widgets.pick_screen import Entry, PickScreen

_SHOWN: Final = 48
"""Cells of what was copied that are shown."""


class Copying(Wandering):
    """Actions that copy. Who has something to copy posts `Copied`, or calls `copy`."""

    _pointing: Reading | None = None

    def cursor(self) -> Cursor:
        """What the user stands on: the line of the pane with the focus, and the field that is lit."""
        pane = self.screen_stack[0].focused
        line = pane.current_text() if isinstance(pane, Pane) else ""
        field = pane.current_field() if isinstance(pane, FieldTree) else current_field(self.scene)
        return Cursor(line, field, self.view_number)

    def reading(self) -> Reading:
        """How fields of single packets are read; it is not shared with what runs beside the screen."""
        if self._pointing is None:
            self._pointing = Reading(self.store)
        return self._pointing

    def action_copy(self) -> None:
        """A list of what can be copied here."""
        scene = self.scene
        offered = copyables(scene, self.cursor(), self.reading())
        if not offered:
            self.tell(scene.say("copy.nothing"))
            return
        entries = [Entry(str(at), scene.say(f"copy.{each.id}"), each.text) for at, each in enumerate(offered)]

        def picked(mark: str | None) -> None:
            if mark is not None:
                chosen = offered[int(mark)]
                self.copy(chosen.text, scene.say(f"copy.{chosen.id}"))

        title = scene.say("copy.title")
        self.push_screen(PickScreen(scene, title, entries, scene.say("copy.how"), "y"), picked)

    def on_copied(self, message: Copied) -> None:
        """A pane has something to copy."""
        self.copy(message.text, message.what)

    def copy(self, text: str, what: str) -> None:
        """Put a text on the clipboard and say so; `what` says what it is, in the user's language."""
        clip = clipping(text)
        if clip.cut:
            self.store.limit_counter.hit("clipboard_bytes")
        if "TMUX" in os.environ:
            self._hand_over(clip)
        else:
            self._write(sequences(clip.text, os.environ))
        scene = self.scene
        key = "copy.done-cut" if clip.cut else "copy.done"
        shown = fit(safe(clip.text.split("\n")[0], 400), _SHOWN, scene.glyphs.ellipsis).rstrip()
        self.tell(scene.say(key, what=what, text=shown, size=len(clip.text.encode())))

    @work(thread=True, group="copy", exit_on_error=False)
    def _hand_over(self, clip: Clip) -> None:
        # tmux is asked beside the screen; where it took the text, it has given it to the terminal as well.
        if not given_to_tmux(clip.text, os.environ):
            self.call_from_thread(self._write, sequences(clip.text, os.environ))

    def _write(self, control: str) -> None:
        """Send a control sequence to the terminal, past the picture."""
        if self._driver is not None:
            self._driver.write(control)
