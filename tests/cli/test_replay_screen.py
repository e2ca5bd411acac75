"""`netviz replay --step` on a terminal begins at the first packet, and `.` shows the next."""

import sys
from pathlib import Path

DEMO = Path(__file__).parents[2] / "captures" / "demo.pcapng"


def test_stepwise_the_screen_begins_at_the_first_packet(terminal, tmp_path) -> None:  # type: ignore[no-untyped-def]
    command = [sys.executable, "-P", "-m", "netviz", "replay", str(DEMO), "--step", "--lang", "en"]
    program = terminal(command, (120, 40), XDG_STATE_HOME=str(tmp_path))
    assert "#82 of 82" not in program.shows("#1 of 82")
    program.press(".")
    program.shows("#2 of 82")
    program.press("q")
    assert program.ends() == 0
