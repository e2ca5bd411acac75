"""Marks: packets that the user wants to find again, set and gone to by keys, listed, and a field of the filter."""

from dataclasses import replace

from netviz.filter.rows import FilteredRows, Reading
from netviz.filter.syntax import fields_of
from netviz.pipeline.lines import packet_line
from netviz.tui.draw.line import Target
from netviz.tui.wandering import Wandering
from netviz.tui.widgets.pick_screen import Entry, PickScreen

_NONE = "none"
_MOST_LISTED = 200


class Marking(Wandering):
    """Actions of marks. They live with the packets, and are forgotten with the capture."""

    def action_mark(self) -> None:
        """Mark the selected packet, or no longer."""
        packet = self.scene.moment.selected
        if not packet:
            return
        self._mark_only(self.scene.marks ^ {packet})
        key = "mark.on" if packet in self.scene.marks else "mark.off"
        self.tell(self.scene.say(key, packet=packet, count=len(self.scene.marks)))

    def _mark_only(self, packets: frozenset[int]) -> None:
        self.store.packets.marked = frozenset(packet - 1 for packet in packets)
        self._set(replace(self.scene, marks=packets))
        self._filter_anew()

    def _filter_anew(self) -> None:
        """A filter that asks for marks finds others now."""
        filtered, shown = self._filtered, self.scene.shown
        if filtered is None or shown is None:
            return
        if any(field.name == "frame.marked" for field in fields_of(filtered.expression)):
            self._filtered = FilteredRows(filtered.expression, Reading(self.store))
            self._begin(self._filtered)

    def action_mark_next(self, by: int) -> None:
        """The next marked packet, or the previous; from the last on at the first."""
        marks, at = sorted(self.scene.marks), self.scene.moment.selected
        if not marks:
            self.tell(self.scene.say("mark.nothing"))
            return
        ahead = (
            [packet for packet in marks if packet > at] if by > 0 else [packet for packet in marks if packet < at][::-1]
        )
        self._choose(Target(ahead[0] if ahead else marks[0 if by > 0 else -1]))
        if not ahead:
            self.tell(self.scene.say("mark.wrapped"))

    def action_marks(self) -> None:
        """A list of all marks, to go to one."""
        scene = self.scene
        if not scene.marks:
            self.tell(scene.say("mark.nothing"))
            return
        entries = [
            Entry(str(packet), f"#{packet}", _said(self, packet)) for packet in sorted(scene.marks)[:_MOST_LISTED]
        ]
        entries.append(Entry(_NONE, scene.say("mark.clear")))

        def picked(mark: str | None) -> None:
            if mark == _NONE:
                self._mark_only(frozenset())
            elif mark is not None:
                self._went(int(mark))

        self.push_screen(PickScreen(scene, scene.say("mark.title"), entries, scene.say("mark.how"), "K"), picked)


def _said(app: Marking, packet: int) -> str:
    line = packet_line(app.store, packet - 1)
    return f"{line.source} → {line.destination} {line.protocol} {line.info}"
