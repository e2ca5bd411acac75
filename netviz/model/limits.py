"""Every bound by name, with its default, and a counter that says how often it was hit. Nothing here enforces a bound."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on what hostile or endless traffic may cost. All sizes in bytes, all counts in pieces."""

    stream_pending_bytes: int = 1 << 20
    """Out-of-order bytes that one direction of a connection may keep waiting before a gap is declared."""

    stream_pending_segments: int = 256
    """Out-of-order segments that one direction may keep waiting before a gap is declared."""

    message_head_bytes: int = 64 << 10
    """Longest HTTP message head that is followed; a longer one is marked and the stream resynchronised."""

    message_headers: int = 500
    """Most header fields of one message that are listed."""

    body_raw_bytes: int = 64 << 20
    """Most bytes of a body, as transferred, that are put together to look at it."""

    body_decoded_bytes: int = 8 << 20
    """Most bytes that a compressed body may become."""

    fragments_pending: int = 256
    """IP datagrams that may wait for missing fragments."""

    fragment_bytes: int = 4 << 20
    """Bytes of fragments that may wait in all."""

    fragment_seconds: int = 60
    """How long fragments wait for the rest of their datagram, by the capture's own times (RFC 8200 section 4.5)."""

    nested_headers: int = 24
    """Headers of one packet, one inside the other, that are read for its columns; with more it is marked too deep."""

    datagrams_paired: int = 20_000
    """Datagrams of one UDP conversation whose contents are read to tell requests from replies."""

    icmp_errors_read: int = 50_000
    """ICMP errors whose quotation is read to find the UDP datagram that they answer."""

    pipelined_requests: int = 1000
    """Requests that may wait for a response on one connection."""

    websocket_frames: int = 20_000
    """Frames of one direction of a WebSocket connection that are listed."""

    stream_events: int = 20_000
    """Events of one event stream that are listed."""

    cookie_versions: int = 20_000
    """Cookies, each value counted, that the jars of all clients keep."""

    route_errors: int = 20_000
    """ICMP errors that routes (traceroute) are put together from."""

    route_probes: int = 2_000
    """Probes of one route."""

    lookups: int = 100_000
    """DNS lookups that are listed; later ones are in the list of packets only."""

    page_requests: int = 300
    """Requests before and after the one looked at among which its page's other requests are looked for."""

    decompressed_capture_bytes: int = 8 << 30
    """Size to which a compressed capture may grow when unpacked."""

    dissection_layers: int = 40
    """Headers inside each other that are followed in the one packet somebody looks at."""

    dissection_fields: int = 2000
    """Fields of one message of that packet that are listed; what is left is one field more."""

    frame_bytes: int = 16 << 20
    """Longest captured frame that is believed where the capture's own snaplen, or the link type, asks for long ones."""

    block_bytes: int = 64 << 20
    """Longest pcapng block that is believed."""

    interfaces: int = 65_535
    """Interfaces of one capture; then reading stops and says so."""

    capture_notes_bytes: int = 16 << 20
    """Comments, names and secrets kept of one capture; what goes beyond is skipped."""

    dissection_message_bytes: int = 4096
    """Bytes of a message in scapy's own words that are taken apart: its lists cost much more than a header does."""

    live_packets: int = 5_000_000
    """Packets kept from an interface or a pipe to look at; later ones are counted, and written where a file is written."""

    live_bytes: int = 4 << 30
    """Bytes kept from an interface or a pipe, in a temporary file; later packets are counted and written only."""

    live_seconds: int = 24 * 3600
    """How long packets are kept from an interface; later ones are counted and written only."""

    live_waiting: int = 2_000_000
    """Packets taken from an interface that may wait for their analysis (some 40 bytes of memory each)."""

    spill_free_bytes: int = 256 << 20
    """Room that is left free on the disk which holds the temporary file of kept packets."""

    clipboard_bytes: int = 56_000
    """Bytes that are copied at once: some terminals take 75,000 characters of base64 and drop what is longer."""

    recent_files: int = 30
    """Captures opened last that are remembered."""


DEFAULT_LIMITS = Limits()


@dataclass(slots=True)
class LimitCounter:
    """How often each bound was hit, by its name in `Limits`."""

    counts: Counter[str] = field(default_factory=Counter)

    def hit(self, name: str, times: int = 1) -> None:
        """Count that the bound `name` was hit."""
        self.counts[name] += times
