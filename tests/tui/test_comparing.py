"""The tree of fields beside the packet before from the same sender."""

from pathlib import Path

import numpy as np
import pytest
from rich.cells import cell_len

from netviz.capture.opening import open_capture
from netviz.pipeline.analyzer import analyze
from netviz.tui.compared import row_before


@pytest.mark.parametrize(
    ("language", "wanted"),
    [("en", ["compared with #4", "⇄ was "]), ("ko", ["#4와 비교", "⇄ 이전 "])],
)
async def test_what_differs_is_marked_and_kept_up_with_steps(opened, type_keys, text_of, language, wanted):
    async with opened(language=language, size=(120, 40)) as (app, pilot):
        app._go(8)
        text = await type_keys(pilot, "d", "tab", "z")
        assert app.scene.compared.packet == 6 and wanted[1] in text
        app._go(6)
        text = await type_keys(pilot, "f9")
        assert app.scene.compared.packet == 4 and wanted[0] in text
        assert {cell_len(line) for line in text_of(app)} == {120}
        await type_keys(pilot, "z", "d")
        assert app.scene.compared is None


async def test_the_first_packet_of_a_sender_says_so(opened, type_keys):
    async with opened() as (_, pilot):
        assert "No packet before this one" in await type_keys(pilot, "d")


def test_the_row_before_is_of_the_same_flow_and_direction():
    store = analyze(open_capture(str(Path(__file__).parents[2] / "captures" / "arp-ping.pcap")))
    packets = store.packets
    flow, side = packets["flow"].tolist(), packets["side"].tolist()
    for row in range(len(packets)):
        if flow[row] >= 0:
            same = [at for at in range(row) if (flow[at], side[at]) == (flow[row], side[row])]
            assert row_before(packets, row) == (same[-1] if same else None)
    arps = np.flatnonzero(packets["protocol"] == packets.value("protocol", 0)).tolist()
    asked = [row for row in arps if packets.frame(row)[6:12] == packets.frame(0)[6:12]]
    assert [row_before(packets, row) for row in asked] == [None, *asked[:-1]]
