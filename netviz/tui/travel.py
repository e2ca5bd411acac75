"""Moving in time: playing, stepping, scrubbing, and stopping where something happens. Nothing is ever undone."""

import time
from dataclasses import replace
from typing import Any

from textual import work
from textual.worker import get_current_worker

from netviz.tui.breaks import Breaks
from netviz.tui.judging import Judging
from netviz.tui.playback import Following
from netviz.tui.widgets.break_screen import BreakScreen
from netviz.tui.widgets.key_bar import KeyBar
from netviz.tui.widgets.messages import Scrubbed
from netviz.tui.widgets.playback_bar import PlaybackBar


class Travel(Judging):
    """Keys, clicks and the clock to packet numbers."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.breaks = Breaks()
        self._scrub: int | None = None
        self._looking = False
        self._looked = -1

    def _bar(self) -> PlaybackBar:
        return self.query_one(PlaybackBar)

    def _go(self, packet: int) -> None:
        """Move the position to a packet and select it."""
        total = self.scene.total
        if not total:
            return
        packet = min(max(packet, 1), total)
        self._following = packet == total and not self.store.finished
        self.playback.waited = 0.0
        self._set(replace(self.scene, moment=self.scene.moment.go(packet), step=0))

    # The clock.

    def _tick(self) -> None:
        if self._scrub is not None:
            packet, self._scrub = self._scrub, None
            self._go(packet)
        super()._tick()
        if self.store.finished:
            self._look_for_retransmissions()

    def _look_for_retransmissions(self) -> None:
        """Find where they are beside the screen, then mark them on the line of time."""
        if self._looked != self.store.version and not self._looking:
            self._looking = True
            self._look()

    @work(thread=True, group="occurrences", exit_on_error=False)
    def _look(self) -> None:
        version, worker = self.store.version, get_current_worker()
        self.occurrences.look(lambda: not worker.is_cancelled)
        self.call_from_thread(self._has_looked, version)

    def _has_looked(self, version: int) -> None:
        self._looking = False
        self._looked = version
        self._bar().forget()

    def _play(self, elapsed: float) -> None:
        moment = self.scene.moment
        following = self._following_packet()
        reached = self.playback.advance(self.store.packets, moment.as_of, elapsed, following)
        stop = self.breaks.first(self.scene, self.occurrences, moment.as_of, reached) if self._stops() else None
        if stop is not None:
            self.playback.pause()
            self._set(replace(self.scene, moment=moment.go(stop.packet), step=0))
            self.tell(self.scene.say(f"break.stopped-{stop.kind}", packet=stop.packet))
            return
        if reached != moment.as_of:
            self._set(replace(self.scene, moment=moment.go(reached), step=0))
        elif moment.as_of < self.scene.total:
            self._bar().refresh()
        over = reached >= self.scene.total or (following is not None and following(reached) is None)
        if over and self.store.finished:
            self.playback.pause()
            self._bar().refresh()

    def _following_packet(self) -> Following | None:
        """Which packet playing goes to after another; None where it takes every packet."""
        return None

    def _stops(self) -> bool:
        return bool(self.breaks.kinds or self.breaks.packets)

    def tell(self, sentence: str) -> None:
        """Say something in passing, on the line of keys."""
        self.query_one(KeyBar).tell(sentence)

    # Messages of the line of time.

    def on_scrubbed(self, message: Scrubbed) -> None:
        """The track was clicked or dragged: gone to at the next look, so that a fast hand costs no more than a slow one."""
        self.playback.pause()
        self._scrub = message.packet
        self._timer.resume()

    # Actions.

    def action_play(self) -> None:
        """Play or pause; at the end, play from the beginning."""
        moment = self.scene.moment
        if not self.playback.playing and moment.as_of >= self.scene.total and self.store.finished:
            self._go(1)
        self._following = False
        self.playback.toggle()
        self._ticked = time.monotonic()
        self._timer.resume()
        self._bar().refresh()

    def action_step(self, by: int) -> None:
        """One packet on or back from the one that is selected."""
        self.playback.pause()
        self._go(self.scene.moment.selected + by)

    def action_event(self, by: int) -> None:
        """The next or previous packet at which something happens."""
        at = self.scene.moment.selected
        self._jump(self.store.next_event(at) if by > 0 else self.store.previous_event(at), by)

    def action_next(self, kind: str, by: int) -> None:
        """The next or previous beginning of a connection, or of an exchange."""
        at = self.scene.moment.selected
        self._jump(self.occurrences.after(kind, at) if by > 0 else self.occurrences.before(kind, at), by)

    def _jump(self, packet: int | None, by: int) -> None:
        self.playback.pause()
        if packet is None:
            self.tell(self.scene.say("travel.no-more" if by > 0 else "travel.no-earlier"))
        else:
            self._go(packet)

    def action_pace(self, by: int) -> None:
        """Play faster or slower."""
        self.playback.faster(by)
        self._bar().refresh()

    def action_to_start(self) -> None:
        """The first packet."""
        self.playback.pause()
        self._go(1)

    def action_to_end(self) -> None:
        """Everything that has come; the selected packet stays."""
        self.playback.pause()
        self._following = not self.store.finished
        self._set(replace(self.scene, moment=replace(self.scene.moment, as_of=self.scene.total)))

    def action_break_here(self) -> None:
        """Playing stops at the selected packet, or no longer."""
        packet = self.scene.moment.selected
        if packet:
            self._arm(self.breaks.with_packet(packet))
            key = "break.packet-on" if packet in self.breaks.packets else "break.packet-off"
            self.tell(self.scene.say(key, packet=packet))

    def action_breaks(self) -> None:
        """Choose what playing stops at."""
        self.push_screen(BreakScreen(self.scene, self.breaks, self._arm))

    def _arm(self, breaks: Breaks) -> None:
        self.breaks = breaks
        self._bar().breaks = breaks
        self._bar().refresh()
        if "blocked" in breaks.kinds:
            self._judge()
