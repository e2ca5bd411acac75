"""The line of time: play and step, the track to be clicked, the packet everything is drawn as of, and the pace."""

from rich.text import Text

from netviz.tui.cells import fit
from netviz.tui.playback import Playback
from netviz.tui.scene import Scene
from netviz.tui.widgets.bar import Bar, gap
from netviz.tui.widgets.messages import Scrubbed


class PlaybackBar(Bar):
    """Buttons, track and numbers."""

    def __init__(self, playback: Playback) -> None:
        super().__init__("playback")
        self._playback = playback
        self._track = (0, 0)

    def line(self, scene: Scene, width: int) -> Text:
        """`[▶] ◀◀ ◀ ▶ ▶▶ ━━━●──── - x1 + #14 of 120 · 1.204311 s`."""
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
        track = max(width - text.cell_len - Text(tail).cell_len - 9, 0)
        self._track = (text.cell_len + 1, text.cell_len + 1 + track)
        if track >= 8:
            text.append(" ")
            _append_track(text, scene, track)
            text.append(" ")
        self.part(text, "-", strong, "pace(-1)")
        text.append(f"{f'x{self._playback.speed:g}':^5}", ink)
        self.part(text, "+", strong, "pace(1)")
        gap(text, width, Text(tail).cell_len)
        text.append(tail, palette.plain(True))
        return text

    def clicked(self, x: int) -> None:
        """Go to the packet at a place on the track."""
        start, end = self._track
        if self.scene is not None and start <= x < end and self.scene.total:
            packet = 1 + round((x - start) / max(end - start - 1, 1) * (self.scene.total - 1))
            self.post_message(Scrubbed(packet))


def _append_track(text: Text, scene: Scene, track: int) -> None:
    total, as_of = scene.total, scene.moment.as_of
    at = round((as_of - 1) / (total - 1) * (track - 1)) if total > 1 and as_of else 0
    at = min(max(at, 0), track - 1)
    text.append(scene.glyphs.track * at, scene.palette.ink(scene.palette.accent))
    text.append(scene.glyphs.knob, scene.palette.ink(scene.palette.accent, True))
    text.append(scene.glyphs.across * (track - 1 - at), scene.palette.faint())


def _tail(scene: Scene, playback: Playback, width: int) -> str:
    """Position, time since the first packet, and how long until the next one where the wait is long."""
    as_of, total = scene.moment.as_of, scene.total
    if not as_of:
        return f" {0}/{total} "
    packets = scene.store.packets
    seconds = (packets.value("time", as_of - 1) - packets.value("time", 0)) / 1e9
    words = f" {scene.say('as-of', packet=as_of, total=total)} {scene.glyphs.bullet} {seconds:.6f} s "
    if playback.playing and as_of < total:
        left = (playback.gap(packets, as_of) - playback.waited) / 1e9 / playback.speed
        if left > 1:
            words = f" {scene.say('next-in', seconds=f'{left:.0f}')} {scene.glyphs.bullet}{words}"
    return words if Text(words).cell_len < width - 40 else fit(words, max(width - 40, 12))
