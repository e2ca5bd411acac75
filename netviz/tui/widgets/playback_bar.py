"""The line of time: play and step, the track to be clicked and dragged, what happens where, the present packet, the pace."""

from rich.text import Text
from textual import events

from netviz.pipeline.occurrences import Occurrences
from netviz.tui.breaks import Breaks
from netviz.tui.cells import fit
from netviz.tui.draw.track import marks, packet_at, track_text
from netviz.tui.playback import Playback
from netviz.tui.scene import Scene
from netviz.tui.widgets.bar import Bar, gap
from netviz.tui.widgets.messages import Pressed, Scrubbed

_LEAST_TRACK = 8


class PlaybackBar(Bar):
    """Buttons, track and numbers."""

    def __init__(self, playback: Playback, occurrences: Occurrences) -> None:
        super().__init__("playback")
        self._playback = playback
        self._occurrences = occurrences
        self.breaks = Breaks()
        self._track = (0, 0)
        self._dragged = False
        self._marked: tuple[object, dict[int, str]] = (None, {})

    def forget(self) -> None:
        """More is known of what happens where: draw the marks anew."""
        self._marked = (None, {})
        self.refresh()

    def line(self, scene: Scene, width: int) -> Text:
        """`[▶] ◀◀ ◀ ▶ ▶▶ ━├━●╷──── - x1 + #14 of 120 · 1.204311 s`."""
        palette, glyphs = scene.palette, scene.glyphs
        text = Text(" ", no_wrap=True, end="")
        strong, ink = palette.ink(palette.accent, True), palette.plain()
        self.part(
            text, f" {glyphs.pause if self._playback.playing else glyphs.play} ", palette.on(palette.accent), "play"
        )
        left, right = glyphs.left, glyphs.right
        buttons = ((left * 2, "event(-1)"), (left, "step(-1)"), (right, "step(1)"), (right * 2, "event(1)"))
        for words, action in buttons:
            self.part(text, f" {words} ", strong, action)
        tail = _tail(scene, self._playback, width)
        track = max(width - text.cell_len - Text(tail).cell_len - 11, 0)
        if track >= _LEAST_TRACK:
            self._track = (text.cell_len + 1, text.cell_len + 1 + track)
            text.append(" ")
            text.append_text(track_text(scene, self._marks(scene, track), self.breaks, track))
            text.append(" ")
        else:
            self._track = (0, 0)
        self.part(text, " -", strong, "pace(-1)")
        text.append(f"{f'x{self._playback.speed:g}':^5}", ink)
        self.part(text, "+ ", strong, "pace(1)")
        gap(text, width, Text(tail).cell_len)
        text.append(tail, palette.plain(True))
        return text

    def _marks(self, scene: Scene, cells: int) -> dict[int, str]:
        """Marks are worked out again where packets, verdicts or the width have changed, not at each step."""
        key = (scene.version, scene.total, id(scene.fetches), cells)
        if self._marked[0] != key:
            self._marked = (key, marks(scene, self._occurrences, cells))
        return self._marked[1]

    # The mouse: a press on the track goes there, and the track follows until the button is let go.

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Begin to drag."""
        start, end = self._track
        if start <= event.x < end:
            self._dragged = True
            self.capture_mouse()
            self._scrub(event.x)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Follow the hand."""
        if self._dragged:
            self._scrub(event.x)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Let go."""
        if self._dragged:
            self._dragged = False
            self.release_mouse()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel steps back."""
        event.stop()
        self.post_message(Pressed("step(-1)"))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel steps on."""
        event.stop()
        self.post_message(Pressed("step(1)"))

    def _scrub(self, x: int) -> None:
        start, end = self._track
        if self.scene is not None and self.scene.total:
            cell = min(max(x - start, 0), end - start - 1)
            self.post_message(Scrubbed(packet_at(cell, self.scene.total, end - start)))


def _tail(scene: Scene, playback: Playback, width: int) -> str:
    """Position, time since the first packet, and how long until the next one where the wait is long."""
    as_of, total = scene.moment.as_of, scene.total
    if not as_of:
        return f" 0/{total} "
    packets = scene.store.packets
    seconds = (packets.value("time", as_of - 1) - packets.value("time", 0)) / 1e9
    words = f" {scene.say('as-of', packet=as_of, total=total)} {scene.glyphs.bullet} {seconds:.6f} s "
    if playback.playing and as_of < total:
        left = (playback.gap(packets, as_of) - playback.waited) / 1e9 / playback.speed
        if left > 1:
            words = f" {scene.say('next-in', seconds=f'{left:.0f}')} {scene.glyphs.bullet}{words}"
    return words if Text(words).cell_len < width - 40 else fit(words, max(width - 40, 12))
