"""Zoom gives one pane all the room of its view, at every size, and the layout comes back."""

from typing import Any

import pytest

from netviz.tui.keys import VIEWS


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)], ids=str)
async def test_a_zoomed_pane_has_all_the_room(opened: Any, size: tuple[int, int]) -> None:
    async with opened(size=size) as (app, pilot):
        for name in ("packets", "exchanges"):
            await pilot.press(str(VIEWS.index(name) + 1), "tab")
            await pilot.pause()
            before = {pane.id: pane.outer_size for pane in app.view.panes if pane.display}
            await pilot.press("z")
            await pilot.pause()
            shown = [pane for pane in app.view.panes if pane.display]
            assert len(shown) == 1, name
            assert shown[0].outer_size == app.view.size, name
            await pilot.press("z")
            await pilot.pause()
            assert {pane.id: pane.outer_size for pane in app.view.panes if pane.display} == before, name
