"""The one table of keys: complete, without clashes, with words in both languages."""

import pytest

from netviz.explain import words
from netviz.tui.app import NetvizApp
from netviz.tui.keys import GROUPS, KEYS, VIEWS, bindings, footer


def test_every_key_has_its_words():
    missing = [row.id for row in KEYS if not words.has(f"screen.help.{row.id}")]
    missing += [row.id for row in KEYS if row.footer and not words.has(f"screen.key.{row.id}")]
    assert missing == []
    assert all(words.has(f"screen.group.{group}") for group in GROUPS)
    assert all(words.has(f"screen.view.{name}") and words.has(f"screen.about.{name}") for name in VIEWS)


def test_no_key_means_two_things():
    for one, other in (("tree", "graph"), ("graph", "tree")):
        # A tree and a graph never have the focus at once, so a key may move in either; nor are two views in sight.
        for view in range(1, 7):
            rows = [row for row in KEYS if row.scope != one and (not row.views or view in row.views)]
            taken = [key for row in rows for key in row.keys.split(",") if key]
            assert len(taken) == len(set(taken)), (other, view)


def test_every_action_exists():
    panes = {"move", "page", "edge", "follow", "fold", "unfold", "vary", "flip", "across"}
    for row in KEYS:
        name = row.action.removeprefix("app.").partition("(")[0]
        assert not name or name in panes or hasattr(NetvizApp, f"action_{name}"), row.id


def test_bindings_come_from_the_table():
    bound = {binding.id for scope in ("app", "tree", "graph") for binding in bindings(scope)}
    assert bound == {row.id for row in KEYS if row.keys}


@pytest.mark.parametrize("view", range(1, 7))
def test_the_footer_begins_with_help(view):
    assert footer(view)[0].id == "help"
    assert ("layer-next" in {row.id for row in footer(view)}) == (view == 2)
