"""The display filter on the screen: typed, used, switched off and on, and kept up with a capture that grows."""

from dataclasses import replace

import numpy as np
from textual import work

from netviz.filter.fault import FilterError
from netviz.filter.rows import Cancelled, FilteredRows, Reading
from netviz.filter.seen import values_seen
from netviz.filter.syntax import Field
from netviz.pipeline.chosen import chosen, first_rows
from netviz.tui import remembered
from netviz.tui.playback import Following
from netviz.tui.scene import Scene
from netviz.tui.shown import Numbers, Shown
from netviz.tui.travel import Travel
from netviz.tui.widgets.filter_bar import Applied, FilterBar


class Filtering(Travel):
    """Actions of the filter. Matching is done beside the screen; a newer filter ends an older one's work."""

    _filtered: FilteredRows | None = None
    _filter_text = ""
    _matching: FilteredRows | None = None
    """What is being matched beside the screen."""
    _reading: Reading | None = None
    _completing: Reading | None = None

    def action_filter(self) -> None:
        """Type a filter."""
        bar = self.query_one(FilterBar)
        bar.seen = self._values
        bar.open(self.scene, self.scene.shown.text if self.scene.shown is not None else self._filter_text)

    def _values(self, field: Field) -> list[str]:
        """Values for completion; what they are read with is not shared with the matching beside the screen."""
        if self._completing is None:
            self._completing = Reading(self.store)
        return values_seen(self._completing, field)

    def on_applied(self, message: Applied) -> None:
        """A filter was typed, or typing was given up."""
        self.query_one(FilterBar).close()
        self.view.panes[0].focus()
        if message.text is not None:
            self.use_filter(message.text)

    def use_filter(self, text: str) -> None:
        """Filter by a text; an empty one takes the filter away."""
        if not text:
            self._filtered = None
            self._filter_text = self.scene.shown.text if self.scene.shown is not None else self._filter_text
            self._show(None)
            return
        try:
            self._reading = self._reading or Reading(self.store)
            self._filtered = FilteredRows(text, Reading(self.store) if self._matching else self._reading)
        except FilterError:
            return
        remembered.remember_filter(text)
        self._filter_text = text
        before = self.scene.shown
        empty = np.empty(0, np.int64)
        hides, steps_over = (before.hides, before.steps_over) if before is not None else (True, True)
        self._show(Shown(text, empty, empty, empty, hides=hides, steps_over=steps_over))
        self._begin(self._filtered)

    def _show(self, shown: Shown | None) -> None:
        self._set(replace(self.scene, shown=shown))
        self.call_after_refresh(self._repaint)

    def _set(self, scene: Scene) -> None:
        """Draw another scene, and keep the filter up with a capture that has grown."""
        super()._set(scene)
        filtered, shown = self._filtered, self.scene.shown
        if filtered is not None and shown is not None and shown.covered < self.scene.total and self._matching is None:
            self._begin(filtered)

    def _paint(self) -> None:
        super()._paint()
        self.query_one(FilterBar).show(self.scene)

    def _begin(self, filtered: FilteredRows) -> None:
        # Marked before the work begins: a repaint in between must not begin it again.
        self._matching = filtered
        self._match(filtered)

    @work(thread=True, exclusive=True, group="filter", exit_on_error=False)
    def _match(self, filtered: FilteredRows) -> None:
        try:
            finished = self.store.finished
            rows = filtered.update(lambda: filtered is self._filtered)
            found = chosen(self.store, rows)
        except Cancelled:
            self.call_from_thread(self._ended, filtered)
            return
        except Exception:
            self.call_from_thread(self._given_up, filtered)
            raise
        since = first_rows(self.store, found)
        self.call_from_thread(self._matched, filtered, rows, since, finished)

    def _matched(
        self, filtered: FilteredRows, rows: Numbers, since: tuple[dict[int, int], dict[int, int]], finished: bool
    ) -> None:
        self._ended(filtered)
        before = self.scene.shown
        if filtered is not self._filtered or before is None:
            return
        (connections, connections_since), (exchanges, exchanges_since) = map(_as_arrays, since)
        self._show(
            replace(
                before,
                rows=rows,
                connections=connections,
                connections_since=connections_since,
                exchanges=exchanges - 1,
                exchanges_since=exchanges_since,
                covered=filtered.covered,
            )
        )
        if not before.covered:
            self._select_matching()
        if self.store.finished and not finished:
            # The end of the capture settles what was open.
            self._begin(filtered)

    def _ended(self, filtered: FilteredRows) -> None:
        if self._matching is filtered:
            self._matching = None

    def _given_up(self, filtered: FilteredRows) -> None:
        """Matching failed, which the screen says by itself: the filter is taken away and not tried again."""
        self._ended(filtered)
        if filtered is self._filtered:
            self._filtered = None
            self._show(None)

    def _select_matching(self) -> None:
        """Where the selected packet is hidden by a new filter, the next that matches is selected, or else the last."""
        shown, moment = self.scene.shown, self.scene.moment
        if shown is None or not shown.narrows or self.scene.row is None or shown.has(self.scene.row):
            return
        packet = shown.step(moment.selected, 1)
        packet = packet if packet is not None and packet <= moment.as_of else shown.step(moment.as_of + 1, -1)
        if packet is not None:
            self._set(replace(self.scene, moment=moment.select(packet), step=0))

    def action_filter_toggle(self) -> None:
        """Switch the filter off without losing it, and on again."""
        shown = self.scene.shown
        if shown is not None:
            self._show(replace(shown, active=not shown.active))
        elif self._filter_text:
            self.use_filter(self._filter_text)

    def action_filter_hides(self) -> None:
        """Hide what does not match, or mark what does."""
        shown = self.scene.shown
        if shown is not None:
            self._show(replace(shown, hides=not shown.hides))

    def action_filter_steps(self) -> None:
        """Step over what is hidden, or take every packet."""
        shown = self.scene.shown
        if shown is not None:
            self._show(replace(shown, steps_over=not shown.steps_over))

    def action_step(self, by: int) -> None:
        """A packet on or back; with a filter, those that match."""
        self.playback.pause()
        self._go(self._stepped(by))

    def _following_packet(self) -> Following | None:
        """Playing goes over what is hidden as stepping does."""
        shown = self.scene.shown
        if shown is None or not shown.narrows or not shown.steps_over:
            return None
        return lambda packet: shown.step(packet, 1)

    def _stepped(self, by: int) -> int:
        """The packet that a step goes to."""
        shown, at = self.scene.shown, self.scene.moment.selected
        if shown is None or not shown.narrows or not shown.steps_over:
            return at + by
        return shown.step(at, by) or at


def _as_arrays(since: dict[int, int]) -> tuple[Numbers, Numbers]:
    """Numbers, ascending, and the row of each."""
    numbers = sorted(since)
    return np.array(numbers, np.int64), np.array([since[number] for number in numbers], np.int64)
