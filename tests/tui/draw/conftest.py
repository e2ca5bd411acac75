"""Scenes without a screen: a capture made by hand or a shipped one, as of a packet."""

from collections.abc import Callable
from pathlib import Path

import pytest

from netviz.capture.opening import open_capture
from netviz.explain.words import Language
from netviz.model.frames import CaptureInfo
from netviz.pipeline.analyzer import Analyzer, analyze
from netviz.pipeline.store import Store
from netviz.tui.moment import Choice, Moment
from netviz.tui.scene import Scene
from netviz.tui.theme import ASCII, DARK, UNICODE

CAPTURES = Path(__file__).parents[3] / "captures"
MakeScene = Callable[..., Scene]


@pytest.fixture(scope="session")
def store_of() -> Callable[[str], Store]:
    """The store of a shipped capture, by its name; read once."""
    known: dict[str, Store] = {}

    def read(name: str) -> Store:
        if name not in known:
            (path,) = CAPTURES.glob(f"{name}.pcap*")
            known[name] = analyze(open_capture(str(path)))
        return known[name]

    return read


@pytest.fixture
def a_scene(store_of: Callable[[str], Store]) -> MakeScene:
    """A scene: `a_scene("ko", name="http-loss", as_of=12)`; without a name, of no packet at all."""

    def make(
        language: Language = "en", ascii_only: bool = False, name: str = "", as_of: int = 0, selected: int = 0
    ) -> Scene:
        store = store_of(name) if name else Analyzer(CaptureInfo("none", "pcap")).store
        as_of = as_of or len(store.packets)
        moment = Moment(as_of, selected or as_of)
        return Scene(store, moment, Choice(0), language, DARK, ASCII if ascii_only else UNICODE, version=store.version)

    return make
