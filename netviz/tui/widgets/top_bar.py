"""The first line: the program's name, the views as tabs, the file, and how far it has been read."""

from rich.cells import cell_len
from rich.style import Style
from rich.text import Text

from netviz.model.safe import safe
from netviz.tui.cells import fit
from netviz.tui.keys import VIEWS
from netviz.tui.live_state import live_states
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
        text = self._tabs(scene, width)
        if scene.store.info.live is not None and width - text.cell_len < cell_len(_states(scene)[-2]):
            # What a capture loses is always in sight: the other views' names give way.
            self.forget()
            text = self._tabs(scene, width, names=False)
        room = width - text.cell_len
        tail = next((words for words in _states(scene) if cell_len(words) <= room), _states(scene)[-1])
        tail_width = min(cell_len(tail), max(room, 0))
        gap(text, width, tail_width)
        style = palette.ink(palette.bad, True) if scene.store.error is not None else palette.faint()
        at = text.cell_len
        self.part(text, fit(tail, tail_width, scene.glyphs.ellipsis), style, "" if scene.store.finished else "stop")
        share = _share(scene)
        if share is not None:
            text.stylize(palette.on(palette.accent), at, at + round(tail_width * share))
        return text

    def _tabs(self, scene: Scene, width: int, names: bool = True) -> Text:
        """The program's name and the views; without `names` only the one in sight has its own."""
        palette = scene.palette
        text = Text(no_wrap=True, end="")
        text.append(" netviz " if width >= 76 else " ", palette.ink(palette.accent, True))
        for number, name in enumerate(VIEWS, 1):
            if scene.present and number != self.view:
                continue
            words = f" {number} {scene.say(f'view.{name}')} " if names or number == self.view else f" {number} "
            style = palette.on(palette.text) if number == self.view else Style(color=palette.text)
            self.part(text, words, style, f"view({number})")
        return text


def _share(scene: Scene) -> float | None:
    """How much of the file has been read; None where that is over or not known."""
    info = scene.store.info
    if scene.store.finished or scene.store.error is not None or not info.size:
        return None
    return min(info.position / info.size, 1.0)


def _states(scene: Scene) -> list[str]:
    """The state in words, the longest first: how far a file has been read, and how to stop."""
    if scene.store.info.live is not None and scene.store.error is None:
        return live_states(scene)
    share, info = _share(scene), scene.store.info
    if share is None or not info.size:
        return [f" {_state(scene)} "]
    divisor, unit = (1 << 20, "MiB") if info.size >= 10 << 20 else (1 << 10, "KiB")
    done, size = info.position // divisor, info.size // divisor
    words = scene.say("reading.file", done=min(done, size), size=size, unit=unit, share=f"{100 * share:.0f}")
    name = safe(info.file.rpartition("/")[2] or info.file, 60)
    stop = f"{scene.glyphs.bullet} esc {scene.say('key.stop')}"
    return [f" {name} {scene.glyphs.bullet} {words} {stop} ", f" {words} {stop} ", f" {words} "]


def _state(scene: Scene) -> str:
    store, info = scene.store, scene.store.info
    name = safe(info.file.rpartition("/")[2] or info.file, 60)
    if store.error is not None:
        return f"{name} {scene.glyphs.bad} {scene.say('state.error')}"
    dropped = sum(interface.dropped or 0 for interface in info.interfaces)
    if dropped:
        name = f"{name} {scene.glyphs.bad} {scene.say('state.dropped', count=dropped)}"
    if not store.finished:
        if info.size:
            return f"{name} {scene.glyphs.bullet} {min(100 * info.position // info.size, 100)}%"
        return f"{name} {scene.glyphs.knob} {scene.say('state.reading')}"
    if info.cut_short:
        return f"{name} {scene.glyphs.bad} {scene.say('state.cut-short')}"
    return name
