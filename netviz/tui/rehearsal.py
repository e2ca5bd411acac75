"""The screen once through without a terminal, so that all that is loaded late is loaded: every view, help, a dissection.

Done before privileges are given up where the user a process becomes can not read the installation. It is shown nowhere.
"""

import importlib

from textual.pilot import Pilot

from netviz.explain.words import Language
from netviz.model.frames import Source
from netviz.pipeline.analyzer import Analyzer
from netviz.tui.app import NetvizApp
from netviz.tui.theme import UNICODE

_KEYS = ("2", "3", "4", "5", "1", "down", "enter", "question_mark", "escape", "L", "L", "g", "1", "enter", "t")


async def _through(pilot: Pilot[object]) -> None:
    await pilot.pause(0.5)
    for key in _KEYS:
        await pilot.press(key)
    await pilot.pause(0.3)
    await pilot.resize_terminal(80, 24)
    pilot.app.exit(0)


def rehearse(source: Source, language: Language) -> None:
    """Run the screen on a capture without showing it."""
    importlib.import_module("textual.drivers.linux_driver")
    app = NetvizApp(Analyzer(source.info), source, language, None, 1, UNICODE)
    app.run(headless=True, size=(120, 40), auto_pilot=_through)
