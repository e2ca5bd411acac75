"""The first line: the program's name, the views as tabs, the file, and how far it has been read."""

from rich.style import Style
from rich.text import Text

from netviz.model.frames import LIVE
from netviz.model.safe import safe
from netviz.tui.cells import fit
from netviz.tui.keys import VIEWS
from netviz.tui.scene import Scene
from netviz.tui.widgets.bar import Bar, gap


class TopBar(Bar):
    """Tabs and state of the capture."""

    def __init__(self) -> None:
        super().__init__("top")
        self.view = 1

    def line(self, scene: Scene, width: int) -> Text:
        """`netviz  1 Packets 2 Layers ...        demo.pcapng · 120 packets`."""
        palette = scene.palette
        text = Text(no_wrap=True, end="")
        text.append(" netviz " if width >= 76 else " ", palette.ink(palette.accent, True))
        for number, name in enumerate(VIEWS, 1):
            words = f" {number} {scene.say(f'view.{name}')} "
            style = palette.on(palette.text) if number == self.view else Style(color=palette.text)
            self.part(text, words, style, f"view({number})")
        tail = f" {_state(scene)} "
        room = width - text.cell_len
        tail_width = min(Text(tail).cell_len, max(room, 0))
        gap(text, width, tail_width)
        style = palette.ink(palette.bad, True) if scene.store.error is not None else palette.faint()
        text.append(fit(tail, tail_width, scene.glyphs.ellipsis), style)
        return text


def _state(scene: Scene) -> str:
    store, info = scene.store, scene.store.info
    name = safe(info.file.rpartition("/")[2] or info.file, 60)
    if store.error is not None:
        return f"{name} {scene.glyphs.bad} {scene.say('state.error')}"
    dropped = sum(interface.dropped or 0 for interface in info.interfaces)
    if info.format == LIVE:
        # What an interface lost is said all the time, also while it is nothing.
        key = "state.live" if not store.finished else "state.stopped"
        return f"{name} {scene.glyphs.knob} {scene.say(key)} · {scene.say('state.dropped', count=dropped)}"
    if dropped:
        name = f"{name} {scene.glyphs.bad} {scene.say('state.dropped', count=dropped)}"
    if not store.finished:
        if info.size:
            return f"{name} {scene.glyphs.bullet} {min(100 * info.position // info.size, 100)}%"
        return f"{name} {scene.glyphs.knob} {scene.say('state.reading')}"
    if info.cut_short:
        return f"{name} {scene.glyphs.bad} {scene.say('state.cut-short')}"
    return name
