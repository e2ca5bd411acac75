"""View 5 of a live capture follows new fetches, until the user looks at another."""

from dataclasses import replace

import pytest

from netviz.model.frames import LiveState


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_newest_fetch_is_shown_until_another_is_looked_at(opened, type_keys, size):
    async with opened(size=size) as (app, pilot):
        await type_keys(pilot, "5")
        all_fetches = app.scene.fetches
        assert all_fetches is not None and len(all_fetches) == 1
        one = all_fetches[0]
        several = tuple(replace(one, id=number) for number in range(1, 10))
        app.store.info.live = LiveState()
        app.store.finished = False
        app._following = True

        def judged(count: int) -> int | None:
            app._judged(app.scene.browser, several[:count], app.store.version, 0.0)
            return app.scene.choice.fetch

        assert [judged(count) for count in (1, 2, 5)] == [1, 2, 5]
        await pilot.pause()
        pane = app.view.panes[0]
        assert pane.scroll_offset.y + pane.shown >= 5
        app._set(replace(app.scene, choice=replace(app.scene.choice, fetch=2)))
        assert judged(7) == 2
        app._set(replace(app.scene, choice=replace(app.scene.choice, fetch=7)))
        assert judged(9) == 9


async def test_a_saved_capture_stays_where_it_is(opened, type_keys):
    async with opened() as (app, pilot):
        await type_keys(pilot, "5")
        (one,) = app.scene.fetches or ()
        app._judged(app.scene.browser, (one, replace(one, id=2)), app.store.version, 0.0)
        assert app.scene.choice.fetch == 1
