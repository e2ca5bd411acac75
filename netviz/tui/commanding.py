"""The command list's actions: what it offers is done as if its key had been typed."""

from dataclasses import replace
from typing import get_args

from netviz.cors.terms import Browser
from netviz.tui.commands import Command, Elsewhere, commands
from netviz.tui.filtering import Filtering
from netviz.tui.theme import palette_named
from netviz.tui.widgets.command_screen import CommandScreen
from netviz.tui.widgets.pane import Pane


class Commanding(Filtering):
    """Actions that have no key of their own, and the list that leads to them."""

    elsewhere: Elsewhere | None = None
    """Other captures to go on with; None where there is no way back, as when an interface is watched."""

    def action_commands(self) -> None:
        """Ask what to do."""
        pane = self.screen.focused

        async def picked(command: Command | None) -> None:
            if command is not None:
                here = pane if command.on_pane and isinstance(pane, Pane) else None
                await self.run_action(command.action, here)

        self.push_screen(CommandScreen(self.scene, commands(self.scene, self.view_number, self.elsewhere)), picked)

    def action_look(self, name: str) -> None:
        """A theme by its name."""
        palette = palette_named(name)
        if palette is not None:
            self.theme = palette.name
            self._set(replace(self.scene, palette=palette))

    def action_judge_as(self, name: str) -> None:
        """Judge as one browser."""
        browser: Browser | None = next((known for known in get_args(Browser) if known == name), None)
        if browser is not None and browser != self.scene.browser:
            self._set(replace(self.scene, browser=browser, fetches=None))
            self._judge()

    def action_filter_by(self, text: str) -> None:
        """A filter that was used before."""
        self.use_filter(text)

    def action_elsewhere(self, place: str) -> None:
        """End here, and go on with another capture or a lesson."""
        if self.elsewhere is not None:
            self.elsewhere.wanted = place
            self.exit(0)
