"""Where everything is shown: builds the screen, keeps the one value that all is drawn from, and looks at the store.

A packet never costs a call here. The engine's thread fills the store; the timer sees that it has grown and repaints
what is in sight. Knows no keys: what they do is in `app.py`.
"""

import gc
import time
from dataclasses import replace
from importlib.resources import files
from typing import ClassVar, Final

from textual import events, work
from textual.app import ComposeResult
from textual.containers import Container
from textual.worker import Worker, WorkerState

from netviz.explain.words import Language
from netviz.model.frames import Source
from netviz.pipeline.analyzer import Analyzer
from netviz.pipeline.occurrences import Occurrences
from netviz.tui import keys, terminal
from netviz.tui.dissecting import Dissections
from netviz.tui.draw.motion import stages
from netviz.tui.engine import Engine
from netviz.tui.errors import error_sentence
from netviz.tui.fault import FaultTold
from netviz.tui.linking import chosen_with
from netviz.tui.live_state import live_alarm, live_signature
from netviz.tui.moment import Choice, Moment, Trail
from netviz.tui.playback import Playback
from netviz.tui.scene import SLIDE_FRAMES, Scene
from netviz.tui.theme import PALETTES, SIXTEEN, UNICODE, Glyphs, palette_named, textual_theme
from netviz.tui.views.connections import connections_view
from netviz.tui.views.cors import cors_view
from netviz.tui.views.exchanges import exchanges_view
from netviz.tui.views.layers import layers_view
from netviz.tui.views.packets import packets_view
from netviz.tui.views.statistics import statistics_view
from netviz.tui.widgets.alert import Alert
from netviz.tui.widgets.caption_bar import CaptionBar
from netviz.tui.widgets.filter_bar import FilterBar
from netviz.tui.widgets.key_bar import KeyBar
from netviz.tui.widgets.lesson_panel import LessonPanel
from netviz.tui.widgets.notice import Notice
from netviz.tui.widgets.pane import Pane
from netviz.tui.widgets.playback_bar import PlaybackBar
from netviz.tui.widgets.search_bar import SearchBar
from netviz.tui.widgets.top_bar import TopBar
from netviz.tui.widgets.view import View

_ALERTS: Final = {
    "judge": "alert.judging", "filter": "alert.filtering", "search": "alert.searching",
    "suspects": "alert.finding", "findings": "alert.finding",
}  # fmt: skip
"""Group of what is done beside the screen -> what is said when it fails."""

_TICK: Final = 1 / 25
_IDLE_TICK: Final = 1 / 5
_LEAST: Final = (60, 18)
_SMALL: Final = (100, 30)
_LARGE: Final = (160, 46)
_LARGE_CAPTURE: Final = 50_000
"""Packets from which on a walk of Python's collector would be felt: half a second at half a million."""
_AUTO_STEP: Final = 1.2
"""Seconds that each layer is shown when the encapsulation plays by itself."""

_VIEWS: Final = (packets_view, layers_view, connections_view, exchanges_view, cors_view, statistics_view)


class Stage(FaultTold):
    """Everything on the screen for one capture, without what keys do."""

    CSS = files("netviz.tui").joinpath("style.tcss").read_text(encoding="utf-8")
    ENABLE_COMMAND_PALETTE = False
    AUTO_FOCUS: ClassVar[str | None] = ""
    TITLE = "netviz"

    def __init__(
        self,
        analyzer: Analyzer,
        source: Source | None,
        language: Language,
        theme: str | None = None,
        start_view: int = 1,
        glyphs: Glyphs = UNICODE,
        start_packet: int = 1,
    ) -> None:
        super().__init__()
        self._start_packet = start_packet
        self._begun = 0
        self.from_first = False
        """Begin as of the first packet, to step on from there; else as of the newest."""
        self.engine = Engine(analyzer, source) if source is not None else None
        self.store = analyzer.store
        self.dissections = Dissections(self.store)
        self.playback = Playback()
        self.occurrences = Occurrences(self.store)
        self.trail = Trail()
        self.view_number = start_view
        palette = palette_named(theme) or (
            SIXTEEN if terminal.has_sixteen_colours(self.console.color_system) else PALETTES[0]
        )
        for known in (*PALETTES, SIXTEEN):
            self.register_theme(textual_theme(known))
        self.theme = palette.name
        self.scene = Scene(self.store, Moment(), Choice(), language, palette, glyphs)
        self._top: TopBar | None = None
        self._following = True
        self._seen = -1
        self._ticked = time.monotonic()
        self._auto: float | None = None
        self.moves = False
        """Whether headers slide to their places."""
        self._judged_version = -1
        self._judge_from = 0.0
        self._loading = False
        self._failed = ""
        self._heard = ""
        self._gauged: tuple[int, ...] = ()

    # Building.

    def compose(self) -> ComposeResult:
        """Bars around one stage; a view is built when it is first shown."""
        yield TopBar()
        yield FilterBar()
        yield SearchBar()
        yield Container(id="stage")
        yield Alert()
        yield LessonPanel()
        yield CaptionBar()
        yield PlaybackBar(self.playback, self.occurrences)
        yield KeyBar()
        yield Notice()

    async def on_mount(self) -> None:
        """Show the first view, then start to read."""
        self.screen.set_class(self.scene.glyphs.name == "ascii", "-ascii")
        self._arrange(self.size.width, self.size.height)
        self._top = self.query_one(TopBar)
        await self.action_view(self.view_number)
        if self.engine is not None:
            self.call_after_refresh(self.engine.start)
        self._timer = self.set_interval(_TICK, self._on_time)
        self._idle = self.set_interval(_IDLE_TICK, self._on_time, pause=True)

    def on_unmount(self) -> None:
        """Read no further."""
        gc.unfreeze()
        if self.engine is not None:
            self.engine.stop()

    def _settle(self) -> None:
        """What was found of a large capture stays until the end: the collector need not walk through it now and then."""
        if self.store.finished and len(self.store.packets) >= _LARGE_CAPTURE:
            gc.freeze()

    @property
    def view(self) -> View:
        """The view in sight."""
        return self.query_one(f"#{keys.VIEWS[self.view_number - 1]}", View)

    # Time.

    def _on_time(self) -> None:
        """A timer may fire once more while the screen is being taken down: then there is nothing to paint on."""
        if self._top is not None and self._top.is_attached:
            self._tick()

    def _tick(self) -> None:
        """Look how far the store has come, and let time run if it is playing."""
        now = time.monotonic()
        elapsed, self._ticked = now - self._ticked, now
        if self.store.version != self._seen:
            self._grown()
        elif live_signature(self.store) != self._gauged:
            self._gauged = live_signature(self.store)
            self.query_one(TopBar).refresh()
            self.query_one(Alert).say(self.scene, self._unheard())
        if self.view_number == 5 and self._judged_version != self._seen and now >= self._judge_from:
            self._judge()
        if self.playback.playing:
            self._play(elapsed)
        if self.scene.slide < SLIDE_FRAMES:
            self._slide()
        if self._auto is not None:
            self._auto += elapsed
            if self._auto >= _AUTO_STEP:
                self._auto = 0.0
                self._auto_layer()
        busy = (
            self.playback.playing
            or self._auto is not None
            or self.scene.slide < SLIDE_FRAMES
            or not self.store.finished
        )
        (self._timer.resume if busy else self._timer.pause)()
        (self._idle.pause if busy else self._idle.resume)()

    def _grown(self) -> None:
        self._seen = self.store.version
        moment = self.scene.moment
        total = len(self.store.packets)
        if self._following and total:
            if moment.selected == self._begun < self._start_packet:
                # Nobody has gone anywhere yet: the packet to begin at may come with a later batch.
                self._begun = min(self._start_packet, total)
                moment = replace(moment, selected=self._begun)
            moment = replace(moment, as_of=total)
            if self.from_first:
                self.from_first = self._following = False
                moment = moment.go(1)
            if self.store.finished and self._begun < self._start_packet:
                self._failed = self.scene.say("alert.no-such-packet", packet=self._start_packet, packets=total)
        if self.store.finished:
            self._settle()
        self._set(replace(self.scene, version=self._seen, moment=moment))
        if self.store.error is not None and not total:
            self._notice(error_sentence(self.store.error, self.scene.language))

    def _play(self, elapsed: float) -> None:
        """Let so many seconds pass."""
        raise NotImplementedError

    def _slide(self) -> None:
        """The next picture of a header on its way; only the picture of the motion is painted."""
        self.scene = replace(self.scene, slide=self.scene.slide + 1)
        for pane in self.query("#layers--motion"):
            if isinstance(pane, Pane) and pane.display:
                pane.show(self.scene)

    def _to_layer(self, step: int) -> None:
        """The packet at another of its layers."""
        slide = 0 if self.moves and step != self.scene.step and self.view_number == 2 else SLIDE_FRAMES
        self._set(replace(self.scene, step=step, slide=slide))
        self._timer.resume()

    # The one value.

    def _set(self, scene: Scene) -> None:
        """Draw another scene, completed with what belongs to the selected packet."""
        row = scene.row
        before = self.scene
        if row is not None:
            if row != before.row or not before.frame:
                scene = replace(scene, frame=self.store.packets.frame(row))
            scene = replace(scene, dissection=self.dissections.get(row), choice=chosen_with(scene))
        self.scene = scene
        if row is not None and scene.dissection is None and not self._loading:
            self._loading = True
            self._load_dissector()
        self._paint()

    def _paint(self) -> None:
        scene = self.scene
        self.query_one(TopBar).show(scene)
        self.query_one(PlaybackBar).show(scene)
        self.query_one(KeyBar).show(scene)
        self.query_one(Alert).say(scene, self._unheard())
        self.view.show(scene)

    def _unheard(self) -> str:
        alarm = self._alarm()
        return alarm if alarm != self._heard else ""

    def _alarm(self) -> str:
        """What went wrong while the screen stays."""
        scene = self.scene
        if self.store.error is not None and scene.total:
            reason = error_sentence(self.store.error, scene.language)
            return scene.say("alert.error", packets=scene.total, reason=reason)
        if self.store.finished and self.store.info.cut_short:
            return scene.word(f"cut.{self.store.info.cut_reason}", "")
        return self._failed or live_alarm(scene)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """What is done beside the screen has failed: the screen stays, and says so."""
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            key = _ALERTS.get(event.worker.group, "alert.dissecting")
            error = event.worker.error
            self._failed = self.scene.say(key, reason=f"{type(error).__name__}: {error}")
            self._paint()

    @work(thread=True, exit_on_error=False)
    def _load_dissector(self) -> None:
        self.dissections.load()
        self.call_from_thread(lambda: self._set(self.scene))

    def _judge(self) -> None:
        """Apply the CORS rules beside the screen."""
        raise NotImplementedError

    # Views and their places.

    async def action_view(self, number: int) -> None:
        """Another view."""
        name = keys.VIEWS[number - 1]
        self.view_number = number
        self._auto = None
        stage = self.query_one("#stage")
        if not stage.query(f"#{name}"):
            await stage.mount(_VIEWS[number - 1]())
        for view in stage.query(View):
            view.set_class(view.id == name, "-shown")
        for bar in (self.query_one(TopBar), self.query_one(KeyBar)):
            bar.view = number
            bar.refresh()
        if number == 5:
            self._judge()
        self.call_after_refresh(self._entered)

    def _entered(self) -> None:
        view = self.view
        if not isinstance(self.screen.focused, Pane) or self.screen.focused not in view.panes:
            view.panes[0].focus()
        self._set(self.scene)

    def on_resize(self, event: events.Resize) -> None:
        """Choose the layout that fits."""
        self._arrange(event.size.width, event.size.height)
        self.call_after_refresh(self._repaint)

    def _arrange(self, width: int, height: int) -> None:
        small = self.scene.present or width < _SMALL[0] or height < _SMALL[1]
        large = not small and width >= _LARGE[0] and height >= _LARGE[1]
        screen = self.screen_stack[0]
        screen.set_class(small, "-s")
        screen.set_class(large, "-l")
        screen.set_class(not small and not large, "-m")
        if width < _LEAST[0] or height < _LEAST[1]:
            self._notice(self.scene.say("too-small", width=width, height=height, columns=_LEAST[0], lines=_LEAST[1]))
        elif self.store.error is None or self.scene.total:
            screen.remove_class("-noticed")

    def _notice(self, sentence: str) -> None:
        self.query_one(Notice).say(self.scene, sentence)
        self.screen_stack[0].add_class("-noticed")

    def _repaint(self) -> None:
        if self.query(View):
            self.view.show(self.scene)

    # The encapsulation playing by itself.

    def _auto_layer(self) -> None:
        if self.scene.step >= self._last_layer():
            self._auto = None
        else:
            self._to_layer(self.scene.step + 1)

    def _last_layer(self) -> int:
        dissection = self.scene.dissection
        return max(len(stages(dissection.layers)) - 1, 0) if dissection is not None else 0
