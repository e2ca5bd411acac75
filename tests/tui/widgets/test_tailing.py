"""The newest rows of a live capture stay in sight until somebody goes elsewhere; what it loses is never out of sight."""

import numpy as np
import pytest

from netviz.model.frames import LIVE, CaptureInfo, FrameBatch, Interface
from netviz.model.live import LiveState
from netviz.pipeline.analyzer import Analyzer
from netviz.tui.app import NetvizApp

FRAME = bytes.fromhex("ffffffffffff02000000000188b5") + bytes(46)
SIZES = [(80, 24), (120, 40), (200, 60)]


class Wire:
    """A live screen whose packets come when a test says so."""

    def __init__(self, language="en"):
        self.state = LiveState(most_packets=1000)
        self.analyzer = Analyzer(CaptureInfo("eth9", LIVE, interfaces=[Interface(1, "eth9")], live=self.state))
        self.app = NetvizApp(self.analyzer, None, language, "dark")
        self.count = 0

    def bring(self, count):
        sizes = np.full(count, len(FRAME), np.int32)
        times = 1_700_000_000_000_000_000 + np.arange(self.count, self.count + count, dtype=np.int64) * 1_000_000
        kinds, none = np.ones(count, np.uint16), np.zeros(count, np.uint16)
        offsets = np.arange(count, dtype=np.int64) * len(FRAME)
        self.analyzer.feed(FrameBatch(FRAME * count, offsets, sizes, sizes, times, kinds, none))
        self.count += count
        self.state.captured = self.state.kept = self.count

    async def shown(self, pilot, *keys):
        for key in keys:
            await pilot.press(key)
        for _ in range(200):
            await pilot.pause(0.01)
            if self.app.scene.version == self.analyzer.store.version:
                break
        await pilot.pause(0.1)
        return ["".join(part.text for part in strip) for strip in self.app.screen._compositor.render_strips()]


def numbers(lines):
    """Numbers of the packets in the list."""
    first = next(at for at, line in enumerate(lines) if "#" in line and "Bytes" in line)
    cells = [line.strip("│ ▁▂▃▄▅▆▇█▸").split(" ")[0] for line in lines[first + 1 :]]
    found = []
    for cell in cells:
        if not cell.isdigit():
            break
        found.append(int(cell))
    return found


@pytest.mark.parametrize("size", SIZES)
async def test_the_newest_rows_are_in_sight_while_nobody_goes_elsewhere(size):
    wire = Wire()
    async with wire.app.run_test(size=size) as pilot:
        wire.bring(100)
        assert numbers(await wire.shown(pilot))[-1] == 100
        wire.bring(50)
        assert numbers(await wire.shown(pilot))[-1] == 150


async def test_who_goes_up_stays_there_and_end_follows_again():
    wire = Wire()
    async with wire.app.run_test(size=(80, 24)) as pilot:
        wire.bring(100)
        await wire.shown(pilot)
        await wire.shown(pilot, "up")
        assert wire.app.scene.moment.selected == 100
        before = numbers(await wire.shown(pilot, "up", "up"))
        assert wire.app.scene.moment.selected == 98
        wire.bring(100)
        assert numbers(await wire.shown(pilot)) == before
        assert numbers(await wire.shown(pilot, "end"))[-1] == 200
        wire.bring(20)
        assert numbers(await wire.shown(pilot))[-1] == 220
        assert numbers(await wire.shown(pilot, "home"))[0] == 1
        wire.bring(20)
        assert numbers(await wire.shown(pilot))[0] == 1


async def test_a_step_back_in_time_is_not_pulled_to_the_end():
    wire = Wire()
    async with wire.app.run_test(size=(80, 24)) as pilot:
        wire.bring(100)
        await wire.shown(pilot)
        await wire.shown(pilot, "comma")
        at = wire.app.scene.moment.selected
        wire.bring(50)
        assert at in numbers(await wire.shown(pilot))


async def test_the_wheel_leaves_the_newest():
    wire = Wire()
    async with wire.app.run_test(size=(80, 24)) as pilot:
        wire.bring(100)
        await wire.shown(pilot)
        pane = wire.app.view.panes[0]
        pane.on_mouse_scroll_up()
        pane.scroll_to(y=40, animate=False, force=True)
        wire.bring(10)
        assert 100 not in numbers(await wire.shown(pilot))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "language, words", [("en", "lost 7 · lag 1,500 ms · 10 %"), ("ko", "손실 7 · 지연 1,500 ms · 10 %")]
)
async def test_drops_queue_lag_and_bounds_are_always_in_sight(size, language, words):
    wire = Wire(language)
    async with wire.app.run_test(size=size) as pilot:
        wire.bring(100)
        state = wire.state
        state.dropped_by_kernel, state.dropped_by_queue = 4, 3
        state.waiting, state.newest, state.analysed_to = 9, 2_500_000_000, 1_000_000_000
        state.kept_since = state.newest
        for key in ("1", "3", "6"):
            line = (await wire.shown(pilot, key))[0]
            assert words.replace(" · 10 %", "") in line and "10 %" in line and "✗" in line


async def test_a_bound_that_is_reached_is_said_with_what_moves_it():
    wire = Wire()
    async with wire.app.run_test(size=(80, 24)) as pilot:
        wire.bring(10)
        wire.state.not_kept = 5
        wire.state.note("live_packets", packets=10, bytes=600)
        lines = await wire.shown(pilot)
        assert "100 %" in lines[0] and "The bound on what is kept is reached" in "\n".join(lines)
