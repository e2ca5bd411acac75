"""Which columns fit, and how wide they are."""

import pytest

from netviz.tui.columns import COLUMNS, automatic, is_column, layout


@pytest.mark.parametrize("width", [20, 40, 60, 71, 72, 80, 100, 120, 150, 200, 300])
@pytest.mark.parametrize(
    "chosen", [(), tuple(COLUMNS), ("info", "tcp.seq"), ("time",), ("number", "http.host", "ip.src")]
)
@pytest.mark.parametrize("form", ["relative", "date"])
def test_rows_are_as_wide_as_the_list_or_end_before(width, chosen, form):
    columns = layout(chosen, width, 6, form, False)
    names = [name for name, _ in columns]
    assert names and set(names) <= set(chosen or automatic(width))
    assert all(cells > 0 for _, cells in columns)
    if width >= 60:
        assert sum(cells + 1 for _, cells in columns) <= width
    assert "info" in names or "info" not in (chosen or ("info",))


def test_the_automatic_columns_grow_with_the_width():
    assert [len(automatic(width)) for width in (60, 80, 160)] == [6, 7, 8]


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("number", True),
        ("tcp.seq", True),
        ("http.header.x-a", True),
        ("tcp", False),
        ("tcp.payload", False),
        ("no.such", False),
    ],
)
def test_a_column_is_one_of_the_list_or_a_field_with_values(name, known):
    assert is_column(name) == known
