"""The program on the screen: what keys, clicks and links do. Every action makes another scene; nothing is undone."""

import time
from dataclasses import replace
from typing import Any, Final, get_args

from textual import events

from netviz.cors.terms import Browser
from netviz.explain.words import Language
from netviz.lessons.lesson import Lesson
from netviz.model.frames import Source
from netviz.model.settings import Settings
from netviz.pipeline.analyzer import Analyzer
from netviz.tui import keys, terminal
from netviz.tui.arranging import Arranging
from netviz.tui.commanding import Commanding
from netviz.tui.commands import Elsewhere
from netviz.tui.comparing import Comparing
from netviz.tui.draw.line import Link, Target
from netviz.tui.fault import fault_free
from netviz.tui.hangul import latin_keys
from netviz.tui.marking import Marking
from netviz.tui.narrowing import Narrowing
from netviz.tui.newest import Newest
from netviz.tui.presenting import Presenting
from netviz.tui.saving import Saving
from netviz.tui.searching import Searching
from netviz.tui.side_buttons import hear_side_buttons
from netviz.tui.teaching import Teaching
from netviz.tui.theme import ASCII, PALETTES, SIXTEEN, UNICODE
from netviz.tui.widgets.help_screen import HelpScreen
from netviz.tui.widgets.messages import Chosen, Followed, Pressed
from netviz.tui.widgets.pane import Pane
from netviz.tui.wishes import Wishes

DEFAULTS: Final = Settings()


class NetvizApp(
    Presenting, Newest, Teaching, Comparing, Saving, Commanding, Searching, Narrowing, Marking, Arranging, Wishes
):
    """Keys to actions."""

    BINDINGS = keys.bindings("app")

    async def on_mount(self) -> None:
        """Begin in presenter mode, where that was asked for."""
        if self.presents:
            self.call_after_refresh(self.action_present)

    # Messages of the panes and bars.

    def on_chosen(self, message: Chosen) -> None:
        """A row or a line was made current."""
        target = message.target
        self._choose(target)

    async def on_followed(self, message: Followed) -> None:
        """Go to the bytes that a line stands on: in the packet view, with the bytes lit."""
        link = message.link
        if self.view_number == 1:
            self._choose(Target(link.packet, link.span))
            self.action_pane(1)
            return
        self._leave()
        self._choose(Target(link.packet, link.span))
        await self.action_view(1)
        self._show_bytes(link)

    def _show_bytes(self, link: Link) -> None:
        view = self.view
        wanted = "packets--bytes" if link.span is not None else "packets--fields"
        view.bring(next(pane for pane in view.panes if pane.id == wanted))

    def on_pressed(self, message: Pressed) -> None:
        """A part of a bar was clicked."""
        self.call_later(self.run_action, message.action)

    def on_key(self, event: events.Key) -> None:
        """Keys typed in Hangul mode do what the same keys do in Latin mode."""
        if event.character is not None and len(event.character) == 1:
            for letter in latin_keys(event.character):
                self.simulate_key(letter)

    # Actions: going somewhere.

    def action_pane(self, by: int) -> None:
        """Another pane of the view."""
        self.view.next_pane(by)
        self.call_after_refresh(self._repaint)

    def action_help(self) -> None:
        """The page of keys."""
        self.push_screen(HelpScreen(self.scene, self.view_number))

    # Actions: layers.

    def action_layer(self, by: int) -> None:
        """The packet one layer further, or back."""
        self._auto = None
        self._to_layer(min(max(self.scene.step + by, 0), self._last_layer()))

    def action_layer_auto(self) -> None:
        """Let the packet go through all layers by itself."""
        if self._auto is not None:
            self._auto = None
            return
        self._auto = 0.0
        self._ticked = time.monotonic()
        self._timer.resume()
        if self.scene.step >= self._last_layer():
            self._to_layer(0)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys that mean something in one view only do nothing elsewhere."""
        name = action
        row = next((row for row in keys.KEYS if row.action.partition("(")[0] == name and row.views), None)
        return row is None or self.view_number in row.views

    # Actions: looks.

    def action_language(self) -> None:
        """Korean or English."""
        other: Language = "en" if self.scene.language == "ko" else "ko"
        self._set(replace(self.scene, language=other))
        self._arrange(self.size.width, self.size.height)

    def action_theme(self) -> None:
        """The next theme."""
        known = [*PALETTES]
        if terminal.has_sixteen_colours(self.console.color_system):
            known = [SIXTEEN, *PALETTES]
        at = known.index(self.scene.palette) if self.scene.palette in known else -1
        palette = known[(at + 1) % len(known)]
        self.theme = palette.name
        self._set(replace(self.scene, palette=palette))

    def action_browser(self) -> None:
        """Judge as another browser does."""
        known: tuple[Any, ...] = get_args(Browser)
        browser = known[(known.index(self.scene.browser) + 1) % len(known)]
        self._set(replace(self.scene, browser=browser, fetches=None))
        self._judge()

    def action_secrets(self) -> None:
        """Show cookies, tokens and passwords in clear, or cover them again."""
        self._set(replace(self.scene, secrets=not self.scene.secrets))

    def action_numbers(self) -> None:
        """Sequence numbers counted from 0, or as they are on the wire."""
        self._set(replace(self.scene, absolute=not self.scene.absolute))

    def action_meanings(self) -> None:
        """Show or hide what each header field is for."""
        self._set(replace(self.scene, meanings=not self.scene.meanings))

    def action_zoom(self) -> None:
        """One pane in all the room, and back."""
        view = self.view
        if view.has_class("-zoomed"):
            view.unzoom()
        elif isinstance(self.screen.focused, Pane):
            view.zoom(self.screen.focused)
        self.call_after_refresh(self._repaint)

    def action_stop(self) -> None:
        """Read no further; where reading is over, the lesson ends, or what is said about it goes; a search goes first."""
        if self.stop_search():
            return
        if self.engine is not None and not self.store.finished:
            self.engine.enough()
        elif not self.leaves_lesson():
            self._heard = self._alarm()
            self._paint()

    async def action_quit(self) -> None:
        """End."""
        error = self.store.error
        self.exit(getattr(error, "exit_status", 1) if error is not None and not self.scene.total else 0)


def run(
    analyzer: Analyzer,
    source: Source | None,
    language: Language,
    theme: str | None = None,
    settings: Settings = DEFAULTS,
    start_packet: int = 1,
    lesson: Lesson | None = None,
    elsewhere: Elsewhere | None = None,
    *,
    from_first: bool = False,
) -> int:
    """Show a capture until the user quits; the exit status is 1 where nothing could be read, else 0.

    Raises: ScreenFault where netviz itself failed.
    """
    glyphs = ASCII if terminal.draws_ascii(settings.glyphs) else UNICODE
    app = NetvizApp(analyzer, source, language, theme, settings.view, glyphs, start_packet)
    app.lesson = lesson
    app.from_first = from_first
    app.elsewhere = elsewhere
    app.use(settings)
    hear_side_buttons()
    return fault_free(app, language)


__all__ = ["NetvizApp", "run"]
