"""The columns of the exchange list: each once, and all of the width."""

import pytest
from rich.cells import cell_len


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
async def test_each_column_stands_once_and_the_row_fills_the_list(opened, type_keys, size):
    async with opened(size=size) as (app, pilot):
        await type_keys(pilot, "4")
        rows = app.view.panes[0].rows
        for width in (60, 78, 100, 118, 150, 198):
            (head,) = rows.head(app.scene, width)
            names = head.plain.split()
            assert names.count("Method") == 1 and names.count("Status") == 1
            assert names.index("Method") < names.index("URL") < names.index("Status")
            assert rows.row(app.scene, 0, width).plain.split().count("OPTIONS") == 1
            assert cell_len(head.plain) <= width
