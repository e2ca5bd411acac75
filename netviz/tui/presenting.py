"""Presenter mode: what a class sees from the last row. One list over one panel, spaced; a sentence for each packet;
numbers to point at; a line that the mouse or a key lights; the keys that were typed, in words."""

from collections import deque
from dataclasses import replace
from typing import Final

from textual import events
from textual.widgets import Input

from netviz.tui.draw.captions import packet_caption
from netviz.tui.filtering import Filtering
from netviz.tui.remap import key_sign
from netviz.tui.scene import Scene
from netviz.tui.theme import CONTRAST, Palette
from netviz.tui.widgets.caption_bar import CaptionBar
from netviz.tui.widgets.key_bar import KeyBar
from netviz.tui.widgets.pane import Pane
from netviz.tui.widgets.top_bar import TopBar

_REMEMBERED: Final = 6
_SILENT: Final = frozenset({"mouse", "ctrl+c"})


class Presenting(Filtering):
    """Actions of presenter mode."""

    _palette_before: Palette | None = None
    _pointed_at = ""
    """The sentence of what was pointed at last; empty: the selected packet's."""

    def action_present(self) -> None:
        """Begin presenter mode, or end it."""
        begins = not self.scene.present
        palette = self.scene.palette
        if begins:
            self._palette_before, palette = palette, CONTRAST if palette.dark and palette.layered else palette
        elif self._palette_before is not None:
            palette = self._palette_before
        self.theme = palette.name
        self._typed_keys().clear()
        self._unpoint()
        self.screen_stack[0].set_class(begins, "-p")
        self._set(replace(self.scene, present=begins, palette=palette))
        self._arrange(self.size.width, self.size.height)
        self.call_after_refresh(self._repaint)

    def _paint(self) -> None:
        super()._paint()
        self._caption()

    def _set(self, scene: Scene) -> None:
        if scene.moment.selected != self.scene.moment.selected:
            self._rest()
        super()._set(scene)

    def _caption(self) -> None:
        scene = self.scene
        if scene.present:
            sentence = self._pointed_at or packet_caption(scene, scene.moment.selected) or scene.say("present.waiting")
            self.query_one(CaptionBar).say(scene, sentence)

    # The numbers.

    def action_callouts(self) -> None:
        """Number what can be pointed at in the pane at hand, or take the numbers away."""
        pane = self._pane()
        if pane is None:
            return
        if not self.scene.present:
            self.action_present()
        numbered = not pane.numbered
        self._unpoint()
        pane.number(numbered)
        self.tell(self.scene.say("present.numbers" if numbered else "present.no-numbers"))

    def action_point(self, by: int) -> None:
        """Light the next line of the pane, or the one before, and say what it is."""
        pane = self._pane()
        if pane is not None and self.scene.present:
            lines = pane.lines_to_point_at()
            at = lines.index(pane.pointed) + by if pane.pointed in lines else (0 if by > 0 else len(lines) - 1)
            if lines:
                self._point(pane, lines[min(max(at, 0), len(lines) - 1)])

    def _point(self, pane: Pane, y: int) -> None:
        pane.point_at(y)
        number = pane.callouts().get(y)
        sign = f"{self.scene.glyphs.callouts[number - 1]} " if number else ""
        self._pointed_at = f"{sign}{pane.sentence_at(y)}"
        self._caption()

    def _rest(self) -> None:
        """Point at nothing."""
        self._pointed_at = ""
        for pane in self.query(Pane):
            pane.point_at(None)

    def _unpoint(self) -> None:
        """Point at nothing, and take the numbers away."""
        self._rest()
        for pane in self.query(Pane):
            pane.number(False)

    def _pane(self) -> Pane | None:
        focused = self.screen.focused
        return focused if isinstance(focused, Pane) and len(self.screen_stack) == 1 else None

    # The keys.

    async def on_event(self, event: events.Event) -> None:
        """Presenter mode shows each key that is typed; a digit points, while numbers are shown."""
        if isinstance(event, events.Key) and not event.is_forwarded and self.scene.present and self._takes(event):
            return
        await super().on_event(event)

    def _takes(self, event: events.Key) -> bool:
        """Show the key; whether nobody else needs it."""
        if isinstance(self.screen.focused, Input):
            return False
        pane = next((each for each in self.view.panes if each.numbered and each.display), None)
        alone = len(self.screen_stack) == 1
        if pane is not None and alone and event.character is not None and event.character in "123456789":
            lines = {number: y for y, number in pane.callouts().items()}
            if int(event.character) in lines:
                self._point(pane, lines[int(event.character)])
            self._show_typed(event.character, self.scene.say("present.points"))
            return True
        if event.key not in _SILENT:
            rows = (row for row in self.scene.keys if event.key in row.keys.split(","))
            view = self.view_number
            row = next((row for row in rows if not row.views or view in row.views), None)
            self._show_typed(key_sign(event.key), self.scene.say(f"help.{row.id}") if row is not None else "")
        return False

    def _typed_keys(self) -> deque[tuple[str, str]]:
        return self.query_one(KeyBar).typed

    def _show_typed(self, sign: str, words: str) -> None:
        typed = self._typed_keys()
        typed.append((sign, words))
        while len(typed) > _REMEMBERED:
            typed.popleft()
        self.query_one(KeyBar).refresh()
        self.query_one(TopBar).refresh()
