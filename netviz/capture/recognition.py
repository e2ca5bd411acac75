"""Which format a capture has, by its first bytes. Knows nothing of where they come from."""

from typing import Final

from netviz.capture import pcap, pcapng
from netviz.capture.walking import Walk
from netviz.errors import UnreadableCapture
from netviz.model.frames import CaptureInfo
from netviz.model.limits import Limits

HEAD: Final = max(variant.header for variant in pcap.VARIANTS.values())
"""First bytes of a capture that are needed to recognise it."""

_SHOWN: Final = 12


def recognised(head: bytes, info: CaptureInfo, limits: Limits) -> Walk:
    """The walk for a capture that begins with these bytes: HEAD of them, or all there are.

    Raises: UnreadableCapture for an empty capture, one that ends within its header, or one of no known format.
    """
    if not head:
        raise UnreadableCapture("empty-pipe" if info.size is None else "empty-file", file=info.file)
    if head[:4] in pcap.VARIANTS:
        _header_is_whole(head, pcap.HEADER, info)
        return pcap.PcapWalk(head, info, limits)
    if head[:4] == pcapng.MAGIC:
        _header_is_whole(head, pcapng.HEAD, info)
        return pcapng.PcapngWalk(head, info, limits)
    raise UnreadableCapture("not-a-capture", file=info.file, bytes=head[:_SHOWN].hex(" "))


def _header_is_whole(head: bytes, needed: int, info: CaptureInfo) -> None:
    if len(head) < needed:
        raise UnreadableCapture("header-cut", file=info.file, needed=needed, available=len(head))
