"""A list of a million rows asks for the rows in sight, whatever the user does."""

from rich.text import Text
from textual.app import App

from netviz.tui.draw.line import Target
from netviz.tui.widgets.messages import Chosen
from netviz.tui.widgets.row_list import RowList

MILLION = 1_000_000


class Counting:
    """Rows that remember which of them were asked for."""

    def __init__(self) -> None:
        self.asked: list[int] = []
        self.at = 0

    def count(self, scene):
        return MILLION

    def head(self, scene, width):
        return [Text("head")]

    def row(self, scene, index, width):
        self.asked.append(index)
        return Text(f"row {index}")

    def colour(self, scene, index):
        return "#FFFFFF"

    def current(self, scene):
        return self.at

    def target(self, scene, index):
        return Target(index + 1)

    def empty(self, scene):
        return ""


class Holder(App[None]):
    """Nothing but the list."""

    def __init__(self, rows: Counting, scene) -> None:
        super().__init__()
        self.rows, self.a_scene = rows, scene

    def compose(self):
        yield RowList("packets--list", self.rows)

    def on_mount(self):
        self.call_after_refresh(self.query_one(RowList).show, self.a_scene)

    def on_chosen(self, message: Chosen):
        self.rows.at = message.target.packet - 1
        self.query_one(RowList).scene_changed()


async def test_only_rows_in_sight_are_asked_for(opened):
    async with opened() as (app, _):
        scene = app.scene
    rows = Counting()
    async with Holder(rows, scene).run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert set(rows.asked) <= set(range(24))
        for key, last in (("end", MILLION - 1), ("pageup", MILLION - 23), ("home", 0)):
            rows.asked.clear()
            pilot.app.query_one(RowList).focus()
            await pilot.press(key)
            await pilot.pause()
            assert rows.at == last
            assert last in rows.asked
            # At most the rows in sight before, on the way and after; each painted a few times.
            assert len(set(rows.asked)) <= 3 * 24
            assert len(rows.asked) < 200
