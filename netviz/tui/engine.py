"""The thread that reads: takes batches from a source and feeds the analyzer. The screen never waits for it."""

import threading

from netviz.model.frames import Source
from netviz.pipeline.analyzer import Analyzer
from netviz.pipeline.settling import Settling


class Engine:
    """Reads a source to its end in a thread of its own; what it finds is in the analyzer's store."""

    def __init__(self, analyzer: Analyzer, source: Source) -> None:
        self._analyzer = analyzer
        self._source = source
        self._stopping = threading.Event()
        self._enough = threading.Event()
        self._thread = threading.Thread(target=self._read, name="engine", daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def stop(self) -> None:
        """Read no further batch, and give the source back."""
        self._stopping.set()
        self._source.close()

    def enough(self) -> None:
        """Read no further batch; what was read stays, and the capture counts as cut short there.

        A live capture is stopped: all that had arrived is still read, and nothing is missing.
        """
        stop = getattr(self._source, "stop", None)
        if stop is not None:
            stop()
        else:
            self._enough.set()

    def _read(self) -> None:
        store, settling = self._analyzer.store, Settling()
        try:
            for batch in self._source.batches():
                if self._stopping.is_set():
                    return
                self._analyzer.feed(batch)
                settling.after(len(batch))
                if self._enough.is_set():
                    self._source.info.cut_short, self._source.info.cut_reason = True, "enough"
                    self._source.close()
                    break
            self._analyzer.finish()
        except Exception as error:
            # Whatever it is: a thread that dies must not leave a screen that waits for it, nor write over it.
            if self._stopping.is_set():
                return
            store.error = error
            store.finished = True
            store.version += 1
