"""What a step costs on a large capture: `python tests/screen_benchmark.py [FILE]`; CPU milliseconds of key to paint.

Without a file, a capture of half a million packets is made as `tests/benchmark.py` makes it.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmark import make_capture  # type: ignore[import-not-found]

from netviz.capture.opening import open_capture
from netviz.pipeline.analyzer import Analyzer
from netviz.tui.app import NetvizApp

PACKETS = 500_000
ROUNDS = 12


async def cost(app: NetvizApp, act: Callable[[int], object]) -> tuple[float, float]:
    """Median and worst CPU milliseconds of an action and all the painting that follows."""
    found = []
    for at in range(ROUNDS):
        started = time.process_time()
        act(at)
        app.screen._compositor.render_strips()
        await asyncio.sleep(0)
        found.append((time.process_time() - started) * 1e3)
        await asyncio.sleep(0.05)
    return statistics.median(found), max(found)


async def main(path: str) -> None:
    """Every view: step on, step back, jump, scrub."""
    source = open_capture(path)
    app = NetvizApp(Analyzer(source.info), source, "en", "dark")
    async with app.run_test(size=(120, 40)) as pilot:
        while not app.store.finished:
            await pilot.pause(0.2)
        total = len(app.store.packets)
        print(f"{total} packets, 120x40; CPU ms, median (worst)")
        for view in range(1, 6):
            await app.action_view(view)
            await pilot.pause(1.0)
            while view == 5 and app.scene.fetches is None:
                await pilot.pause(0.5)
            app._go(total // 2)
            await pilot.pause(0.3)
            costs = {
                "step": await cost(app, lambda _: app.action_step(1)),
                "back": await cost(app, lambda _: app.action_step(-1)),
                "event": await cost(app, lambda _: app.action_event(1)),
                "jump": await cost(app, lambda at: app._go((at * 7919 * 61) % total + 1)),
                "scrub": await cost(app, lambda at: app._go(total // 3 + at * total // 120)),
            }
            print(
                f"view {view}: " + "  ".join(f"{name} {mid:.1f} ({worst:.1f})" for name, (mid, worst) in costs.items())
            )


if __name__ == "__main__":
    if len(sys.argv) > 1:
        asyncio.run(main(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as folder:
            made = Path(folder) / "large.pcap"
            make_capture(made, PACKETS)
            asyncio.run(main(str(made)))
