"""Live interfaces as a source of frames: one thread takes them off the wire, writes them and keeps them, and does no more.

It dissects nothing and waits for nobody: a screen that is paused, or an analysis that is behind, stops no capture. What
the kernel or the queue had to drop is counted. Open the source first, then give up privileges, then ask for batches.
"""

import os
import select
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Final

from netviz.capture.filter import compiled
from netviz.capture.interfaces import interface_names, link_type_of, nearest
from netviz.capture.keeping import Keeper
from netviz.capture.listening import ListeningReceiver
from netviz.capture.packet_socket import PacketSocket, is_loopback
from netviz.capture.recording import Portion, Recorder
from netviz.capture.ring import RingReceiver
from netviz.capture.taken import Receiver, Taken
from netviz.errors import BadArgument
from netviz.model.frames import LIVE, CaptureInfo, FrameBatch, Interface
from netviz.model.limits import DEFAULT_LIMITS, Limits
from netviz.model.live import LiveState

_POLL_MS: Final = 50
_NEWS_SECONDS: Final = 0.1
_LAST_BLOCK_SECONDS: Final = 0.03
"""After so long the kernel has handed over the block it was filling."""

_STILL_SECONDS: Final = 2.0
"""Looking after frames is never so far apart, unless the process was stopped."""


class LiveSource:
    """Frames from interfaces, until `stop()`, the wanted amount, or all interfaces going away."""

    def __init__(
        self,
        interfaces: str | Sequence[str],
        capture_filter: str = "",
        count: int | None = None,
        snaplen: int | None = None,
        limits: Limits = DEFAULT_LIMITS,
        *,
        promiscuous: bool = False,
        buffer: int | None = None,
        until: Portion | None = None,
        receivers: Sequence[Receiver] | None = None,
    ) -> None:
        """Open the sockets; this is the only step that needs a privilege.

        `buffer` is the size of each interface's ring in MiB; `until` says when capture ends by itself (`count` too);
        `receivers`, one an interface, take the place of sockets of our own.

        Raises: BadArgument for an interface or a filter that is not there; NotPermitted without the privilege.
        """
        names = [interfaces] if isinstance(interfaces, str) else list(dict.fromkeys(interfaces))
        for name in names:
            _must_exist(name)
        self.state = LiveState()
        described = [Interface(link_type_of(name), name, snaplen=snaplen or 0) for name in names]
        self.info = CaptureInfo(",".join(names), LIVE, interfaces=described, live=self.state)
        self._receivers: list[Receiver | None] = list(receivers or ())
        try:
            if receivers is None:
                for each in described:
                    self._receivers.append(_receiver(each, capture_filter, snaplen, promiscuous, buffer))
            self._keeper = Keeper(self.info, self.state, limits)
        except BaseException:
            self._close_receivers()
            raise
        self.state.way = next((each.way for each in self._receivers if each is not None), "")
        if any(map(is_loopback, names)) and receivers is None:
            self.state.note("loopback")
        self._until = until or Portion()
        self._wanted = count or self._until.packets or None
        self._recorder: Recorder | None = None
        self._down: set[int] = set()
        self._stopped = threading.Event()
        self._closed = False
        self._poll = select.poll()
        self._thread = threading.Thread(target=self._take_frames, name="capture", daemon=True)

    def record(self, file: str, ring: Portion | None = None, owner: tuple[int, int] | None = None) -> None:
        """Also write all frames to a pcapng file, or a ring of files; to be said before batches are asked for.

        Raises: NetvizError where the file can not be made.
        """
        self._recorder = Recorder(file, self.info.interfaces, self.state, ring, owner)

    def start(self) -> None:
        """Begin to capture now, rather than when the first batch is asked for."""
        if self._thread.ident is None and not self._closed:
            self._thread.start()

    def batches(self) -> Iterator[FrameBatch]:
        """Batches of what has arrived since the last one."""
        self.start()
        while True:
            ended = not self._thread.is_alive()
            batch = self._keeper.next()
            if batch is not None:
                yield batch
                self._keeper.given(batch)
            elif ended:
                break
            else:
                self._keeper.news.wait(_NEWS_SECONDS)
                self._keeper.news.clear()
        self.close()

    def stop(self) -> None:
        """Capture no more; what was captured is still delivered."""
        self._stopped.set()

    def close(self) -> None:
        """Stop capturing, end the written file and close the sockets."""
        self._closed = True
        self._stopped.set()
        if self._thread.is_alive():
            if threading.current_thread() is not self._thread:
                self._thread.join(timeout=5)
        elif self._thread.ident is None:
            self._end()
        self._keeper.close()

    # The capture thread.

    def _take_frames(self) -> None:
        began = looked = time.monotonic()
        for receiver in self._receivers:
            if receiver is not None:
                self._poll.register(receiver.fileno(), select.POLLIN | select.POLLERR)
        try:
            while not self._stopped.is_set() and any(each is not None for each in self._receivers):
                ready = dict(self._poll.poll(_POLL_MS))
                still, looked = time.monotonic() - looked, time.monotonic()
                for number, receiver in enumerate(self._receivers):
                    if receiver is not None and receiver.fileno() in ready:
                        self._take(number, receiver, ready[receiver.fileno()])
                lost = self._count_drops()
                if still > _STILL_SECONDS:
                    self.state.note("stood-still", grave=lost > 0, seconds=round(still), dropped=lost)
                if self._recorder is not None:
                    self._recorder.flush()
                if self._is_done(time.monotonic() - began):
                    break
            else:
                self._take_the_last()
        finally:
            self._end()

    def _take(self, number: int, receiver: Receiver, event: int) -> None:
        try:
            for taken in receiver.blocks():
                self._put(number, taken)
                if self._enough():
                    return
            trouble = receiver.trouble() if event & ~select.POLLIN else ""
        except (OSError, ValueError):
            trouble = receiver.trouble() or "gone"
        name = self.info.interfaces[number].name
        if trouble == "down" and number not in self._down:
            self._down.add(number)
            self.state.note("down", grave=True, interface=name)
        elif trouble == "gone":
            self._lose(number, receiver)

    def _put(self, number: int, taken: Taken) -> None:
        state = self.state
        if not len(taken):
            return
        if number in self._down:
            self._down.discard(number)
            state.note("up-again", interface=self.info.interfaces[number].name)
        if self._wanted:
            taken = taken.first(self._wanted - state.captured)
        state.newest = max(state.newest, int(taken.times[-1]))
        if self._recorder is not None:
            self._recorder.write(taken, number)
        self._keeper.keep(taken, number, self.info.interfaces[number].link_type)
        state.captured_bytes += int(taken.lengths.sum())
        state.captured += len(taken)

    def _enough(self) -> bool:
        return bool(self._wanted and self.state.captured >= self._wanted)

    def _is_done(self, seconds: float) -> bool:
        until, recorder = self._until, self._recorder
        if self._enough() or (until.seconds and seconds >= until.seconds):
            return True
        if until.size and self.state.written_bytes >= until.size:
            return True
        return bool(until.files and recorder is not None and recorder.files >= until.files and recorder.is_full())

    def _take_the_last(self) -> None:
        """What the kernel has not handed over yet when capture is stopped: a block that is not full waits for its time."""
        time.sleep(_LAST_BLOCK_SECONDS)
        for number, receiver in enumerate(self._receivers):
            if receiver is not None:
                self._take(number, receiver, select.POLLIN)

    def _lose(self, number: int, receiver: Receiver) -> None:
        self.state.note("gone", grave=True, interface=self.info.interfaces[number].name)
        self._poll.unregister(receiver.fileno())
        # The block that the kernel was filling outlives the interface.
        time.sleep(_LAST_BLOCK_SECONDS)
        with suppress(OSError, ValueError):
            for taken in receiver.blocks():
                if not self._enough():
                    self._put(number, taken)
        self._count_drops()
        receiver.close()
        self._receivers[number] = None
        if not any(each is not None for each in self._receivers):
            self.info.cut_short, self.info.cut_reason = True, "interface-down"

    def _count_drops(self) -> int:
        """Frames dropped since the last call: the kernel forgets its counters when they are read; here they add up."""
        before = self.state.dropped_by_kernel
        for interface, receiver in zip(self.info.interfaces, self._receivers, strict=True):
            if receiver is None:
                continue
            received, dropped = receiver.statistics()
            self.state.dropped_by_kernel += dropped
            interface.received = (interface.received or 0) + received
            interface.dropped = (interface.dropped or 0) + dropped
        return self.state.dropped_by_kernel - before

    def _end(self) -> None:
        self._count_drops()
        if self._recorder is not None:
            self._recorder.close()
        self._close_receivers()
        self._keeper.news.set()

    def _close_receivers(self) -> None:
        for number, receiver in enumerate(self._receivers):
            if receiver is not None:
                receiver.close()
                self._receivers[number] = None


def _receiver(
    described: Interface, capture_filter: str, snaplen: int | None, promiscuous: bool, buffer: int | None
) -> Receiver:
    """The fastest receiver there is for an interface."""
    name, link_type = described.name, described.link_type
    program = compiled(capture_filter, link_type, snaplen, name)
    if os.environ.get("NETVIZ_CAPTURE") == "socket":
        return ListeningReceiver(name, capture_filter, snaplen, promiscuous)
    socket = PacketSocket(name, program)
    try:
        receiver = RingReceiver(socket, link_type == 1, buffer)
    except OSError:
        socket.close()
        return ListeningReceiver(name, capture_filter, snaplen, promiscuous)
    socket.listen(promiscuous)
    return receiver


def _must_exist(name: str) -> None:
    known = interface_names()
    if name not in known:
        raise BadArgument("no-such-interface", interface=name, known=", ".join(nearest(name, known)))
