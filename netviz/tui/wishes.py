"""What the user has settled once for all runs, put in force when the screen begins. Reads no file."""

from dataclasses import replace
from typing import Final, get_args

from netviz.cors.terms import Browser
from netviz.explain.words import say
from netviz.model.settings import Settings
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
        said = [*settings.said, *(self._fault(fault) for fault in found.faults)]
        self._failed = " ".join(said)
        browser = next((known for known in _BROWSERS if known == settings.browser), self.scene.browser)
        self.scene = replace(self.scene, browser=browser, keys=found.rows)

    def _fault(self, fault: KeyFault) -> str:
        place = f"config.toml [keys] {fault.id}"
        return say(f"settings.fault.{fault.key}", self.scene.language, place=place, **fault.details)
