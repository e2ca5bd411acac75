"""Keys put in the place of others: they work, are shown, and a wish that can not be fulfilled is said."""

import pytest

from netviz.model.settings import Settings
from netviz.tui.keys import KEYS, footer
from netviz.tui.remap import key_name, key_sign, key_written, remapped


def test_every_key_of_the_table_can_be_written_in_the_file():
    keys = [key for row in KEYS if row.keys for key in row.keys.split(",")]
    assert [key_name(key_written(key)) for key in keys] == keys


@pytest.mark.parametrize(
    ("written", "name", "sign"),
    [
        ("f7", "f7", "F7"),
        ("F7", "f7", "F7"),
        ("?", "question_mark", "?"),
        ("ctrl+t", "ctrl+t", "ctrl+t"),
        ("T", "T", "T"),
        ("escape", "escape", "esc"),
        ("nonsense", None, ""),
        ("ctrl+nonsense", None, ""),
        ("", None, ""),
        ("\x1b", None, ""),
    ],
)
def test_keys_are_written_as_people_do(written, name, sign):
    assert key_name(written) == name
    assert name is None or key_sign(name) == sign


def test_a_wish_changes_one_row_and_its_place_in_the_footer():
    found = remapped({"filter": ("f7", "f9")})
    assert found.faults == [] and found.keymap == {"filter": "f7,f9"}
    assert [row.shown for row in footer(1, found.rows) if row.id == "filter"] == ["F7 F9"]
    assert [row.id for row in found.rows] == [row.id for row in KEYS]


def test_keys_may_change_places():
    found = remapped({"theme": ("m",), "meanings": ("t",)})
    assert found.faults == [] and found.keymap == {"theme": "m", "meanings": "t"}


@pytest.mark.parametrize(
    ("wanted", "fault", "details"),
    [
        ({"no-such": ("f7",)}, "key-id", {"name": "no-such"}),
        ({"filter": ("f99",)}, "key-name", {"name": "filter", "wish": "f99"}),
        ({"filter": ()}, "key-name", {"name": "filter", "wish": ""}),
        ({"filter": ("ctrl+c",)}, "key-name", {"name": "filter", "wish": "ctrl+c"}),
        ({"filter": ("q",)}, "key-double", {"name": "filter", "wish": "q", "other": "quit"}),
        ({"filter": ("f7",), "theme": ("f7",)}, "key-double", {"name": "filter", "wish": "F7", "other": "theme"}),
    ],
)
def test_what_can_not_be_is_said_and_changes_nothing(wanted, fault, details):
    found = remapped(wanted)
    assert [(each.key, each.details) for each in found.faults] == [(fault, details)]
    assert "filter" not in found.keymap


async def test_another_key_does_it_and_the_footer_and_the_help_page_show_it(opened, type_keys):
    keys = {"filter": ("f7",), "down": ("f8",), "language": ("t",), "nothing": ("x",)}
    async with opened(size=(200, 60)) as (app, pilot):
        app.use(Settings(keys=keys, browser="firefox"))
        text = await type_keys(pilot, "f8")
        assert app.scene.moment.selected == 2 and app.scene.browser == "firefox"
        assert "F7 Filter" in text
        assert "nothing is called nothing" in text and "t already does theme" in text
        help_text = await type_keys(pilot, "question_mark")
        assert "F7" in help_text and "F8" in help_text
        await type_keys(pilot, "escape", "slash")
        assert not app.query_one("FilterBar").has_class("-open")
        await pilot.press("f7")
        assert app.query_one("FilterBar").has_class("-open")
