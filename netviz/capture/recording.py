"""A source that is written to a pcapng file while it is read. What was written before a full disk stays readable."""

from collections.abc import Iterator

from netviz.capture.writer import PcapngWriter
from netviz.model.frames import CaptureInfo, FrameBatch, Source


class RecordedSource:
    """Delivers another source's batches after they have been written."""

    def __init__(self, source: Source, file: str) -> None:
        """Make the file.

        Raises: NetvizError where it can not be made.
        """
        self._source = source
        self.info: CaptureInfo = source.info
        self._writer = PcapngWriter(file, source.info.interfaces)

    def batches(self) -> Iterator[FrameBatch]:
        """The source's batches.

        Raises: NetvizError where the file can not be written any longer; and what the source raises.
        """
        for batch in self._source.batches():
            self._writer.write_batch(batch)
            self._writer.flush()
            yield batch

    def close(self) -> None:
        """Close the source and then the file, which then also tells of dropped packets."""
        self._source.close()
        self._writer.close()
