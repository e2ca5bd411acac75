"""What the user has settled once for all runs, put in force when the screen begins. Reads no file."""

from dataclasses import replace
from typing import Final, get_args

from netviz.cors.terms import Browser
from netviz.explain.words import say
from netviz.model.settings import Settings
from netviz.pipeline.times import FORMS
from netviz.tui.columns import MOST, is_column
from netviz.tui.filtering import Filtering
from netviz.tui.remap import KeyFault, remapped

_BROWSERS: Final[tuple[Browser, ...]] = get_args(Browser)


class Wishes(Filtering):
    """Settings to the screen's own values."""

    presents = False
    """Whether presenter mode begins with the program."""

    def use(self, settings: Settings) -> None:
        """Put settings in force, before the screen is run."""
        self.moves = settings.motion
        self.presents = settings.present
        found = remapped(settings.keys)
        self.set_keymap(found.keymap)
        columns = tuple(name for name in settings.columns if is_column(name))[:MOST]
        unknown = [self._no_column(name) for name in settings.columns if not is_column(name)]
        said = [*settings.said, *(self._fault(fault) for fault in found.faults), *unknown]
        self._failed = " ".join(said)
        browser = next((known for known in _BROWSERS if known == settings.browser), self.scene.browser)
        form = next((known for known in FORMS if known == settings.time), self.scene.time_form)
        self.scene = replace(self.scene, browser=browser, keys=found.rows, columns=columns, time_form=form)

    def _no_column(self, name: str) -> str:
        return say("settings.fault.column", self.scene.language, place="config.toml columns", name=name)

    def _fault(self, fault: KeyFault) -> str:
        place = f"config.toml [keys] {fault.id}"
        return say(f"settings.fault.{fault.key}", self.scene.language, place=place, **fault.details)
