"""The time of a packet as text, in the forms that Wireshark's list knows. Asks no clock; local time is the machine's zone."""

from datetime import UTC, datetime
from typing import Final, Literal, get_args

import numpy as np

from netviz.model.packets import PacketTable

TimeForm = Literal["relative", "delta", "shown", "conversation", "clock", "utc", "date", "utc-date", "epoch"]
"""Since the first packet, the one before, the one shown before, the one before in the conversation; time of day in local
time and UTC, the same with the date; seconds since 1970."""

FORMS: Final[tuple[TimeForm, ...]] = get_args(TimeForm)
LETTERS: Final[dict[str, TimeForm]] = {
    "r": "relative", "d": "delta", "dd": "shown", "a": "clock", "ad": "date", "u": "utc", "ud": "utc-date", "e": "epoch",
    "c": "conversation",
}  # fmt: skip
"""What `-t` means in tshark -> the form; `c` is netviz's own."""

_SINCE: Final = ("relative", "delta", "shown", "conversation")
_STRIDE: Final = 20_000


def time_text(packets: PacketTable, row: int, form: TimeForm, shown_before: int | None = None) -> str:
    """The time of the packet in a row, to the microsecond. `shown_before`: row of the packet that is shown before it."""
    time = packets.value("time", row)
    if form in _SINCE:
        before = _before(packets, row, form, shown_before)
        return f"{(time - packets.value('time', before)) / 1e9:.6f}" if before is not None else "0.000000"
    seconds, rest = divmod(time, 1_000_000_000)
    micros = f"{rest // 1000:06d}"
    if form == "epoch":
        return f"{seconds}.{micros}"
    try:
        moment = datetime.fromtimestamp(seconds, UTC if form.startswith("utc") else None)
    except (OverflowError, OSError, ValueError):
        return f"{seconds}.{micros}"
    return f"{moment:%Y-%m-%d %H:%M:%S}.{micros}" if form.endswith("date") else f"{moment:%H:%M:%S}.{micros}"


def _before(packets: PacketTable, row: int, form: TimeForm, shown_before: int | None) -> int | None:
    """Row of the packet that time is counted from; None where there is none."""
    if form == "relative":
        return 0
    if form == "delta":
        return row - 1 if row else None
    return shown_before if form == "shown" else previous_in_conversation(packets, row)


def previous_in_conversation(packets: PacketTable, row: int) -> int | None:
    """Row of the packet before in the same conversation; None for its first, and where there is no conversation."""
    flow, stop, stride = packets.value("flow", row), row, _STRIDE
    while flow >= 0 and stop > 0:
        start = max(stop - stride, 0)
        found = np.flatnonzero(packets["flow"][start:stop] == flow)
        if len(found):
            return start + int(found[-1])
        stop, stride = start, stride * 4
    return None
