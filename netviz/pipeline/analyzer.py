"""The one path of every packet: `Analyzer.feed(batch)` runs the steps in order and leaves what they found in the store.

No clock, no threads, no language. A batch of one packet and a batch of 50,000 leave the same facts.
"""

import numpy as np

from netviz.model.frames import CaptureInfo, FrameBatch, Source
from netviz.model.limits import DEFAULT_LIMITS, Limits
from netviz.pipeline.store import Store
from netviz.wire.decode import decode
from netviz.wire.fragments import Reassembler

_TCP = 6


class Analyzer:
    """Turns batches of frames into facts in `store`."""

    def __init__(self, info: CaptureInfo, limits: Limits = DEFAULT_LIMITS) -> None:
        self.store = Store(info, limits)
        self._reassembler = Reassembler(limits, self.store.limit_counter)

    def feed(self, batch: FrameBatch) -> None:
        """Decode a batch, follow its flows, connections and HTTP streams, and publish it."""
        if not len(batch):
            return
        store = self.store
        first = len(store.packets)
        columns = decode(batch)
        whole = self._reassembler.feed(batch, columns, first)
        columns["flow"], columns["side"] = store.flows.assign(batch, columns, whole)
        columns["connection"] = self._connections(columns, first)
        store.packets.reassembled.update(whole)
        store.packets.append(batch, columns)
        store.following.feed(first, len(store.packets))
        store.version += 1

    def finish(self) -> None:
        """The capture ends: streams that were open are closed, and what only the end can tell is told."""
        self.store.following.finish()
        self.store.finished = True
        self.store.version += 1

    def _connections(self, columns: dict[str, np.ndarray], first: int) -> np.ndarray:
        is_tcp = (columns["ip_protocol"] == _TCP) & (columns["flow"] >= 0)
        return self.store.assigner.assign(
            columns["flow"], columns["side"], is_tcp, columns["flags"], columns["seq"], first, columns["ack"]
        )


def analyze(source: Source, limits: Limits = DEFAULT_LIMITS) -> Store:
    """Read a source to its end and return the store with all that was found.

    Raises: UnreadableCapture where nothing at all can be read.
    """
    analyzer = Analyzer(source.info, limits)
    for batch in source.batches():
        analyzer.feed(batch)
    analyzer.finish()
    return analyzer.store
