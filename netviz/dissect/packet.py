"""Takes one packet apart: from the link layer up, one dissector a layer, each with a window on the same bytes.

Importing this loads no scapy; `preload` does, and so does the first packet. May not know other packets: what they tell
(the stream's protocol) comes in as `carried`.
"""

from dataclasses import dataclass
from typing import Final

from netviz.dissect import application, dhcp, dns, generic, http, icmp, link, network, other, tls, transport, websocket
from netviz.dissect.forms import octets
from netviz.dissect.step import DATA, Dissector, Step, Under, Window
from netviz.dissect.tracing import scapy_class, tracing
from netviz.model.evidence import Span
from netviz.model.layers import Break, Dissection, Field, Layer
from netviz.model.limits import DEFAULT_LIMITS
from netviz.model.osi import Osi, Place, place_of

_RAW_IP: Final = "IP"

LINKS: Final[dict[int, str]] = {
    0: "Loopback",
    1: "Ethernet",
    9: "PPP",
    12: _RAW_IP,
    14: _RAW_IP,
    50: "PPP",
    51: "PPPoE",
    101: _RAW_IP,
    104: "CHDLC",
    105: "802.11",
    108: "Loopback",
    113: "Linux cooked",
    117: "PFLOG",
    119: "Prism",
    127: "Radiotap",
    187: "Bluetooth HCI",
    192: "PPI",
    195: "802.15.4",
    201: "Bluetooth HCI with direction",
    227: "CAN",
    228: "IPv4",
    229: "IPv6",
    230: "802.15.4 without FCS",
    249: "USBPcap",
    251: "Bluetooth LE",
    256: "Bluetooth LE with radio",
    276: "Linux cooked v2",
}
"""LINKTYPE_ number -> dissector. A link type that is not here is one layer of data."""

DISSECTORS: Final[dict[str, Dissector]] = {
    DATA: other.data,
    network.FRAGMENT: other.fragment_data,
    application.CONTINUED: other.continued,
    _RAW_IP: link.raw_ip,
    "Ethernet": link.ethernet,
    "802.1Q": link.vlan,
    "802.1ad": link.provider_vlan,
    "LLC": link.llc,
    "SNAP": link.snap,
    "Linux cooked": link.cooked,
    "Linux cooked v2": link.cooked2,
    "Loopback": link.loopback,
    "PPP": link.ppp,
    "PPPoE": link.pppoe,
    "MPLS": link.mpls,
    "ARP": link.arp,
    "Radiotap": generic.radiotap,
    "802.11": generic.wifi,
    "IPv4": network.ipv4,
    "IPv6": network.ipv6,
    "IPv6 Hop-by-Hop Options": network.hop_by_hop,
    "IPv6 Routing": network.routing,
    "IPv6 Fragment": network.fragment,
    "IPv6 Destination Options": network.destination_options,
    "AH": network.authentication,
    "ESP": network.encapsulated,
    "GRE": other.gre,
    "ICMP": icmp.icmp,
    "ICMPv6": icmp.icmpv6,
    "IGMP": icmp.igmp,
    "TCP": transport.tcp,
    "UDP": transport.udp,
    "SCTP": transport.sctp,
    "DCCP": transport.dccp,
    "VXLAN": other.vxlan,
    "HTTP": http.http,
    "WebSocket": websocket.websocket,
    "HTTP/2": other.http2,
    "TLS": tls.tls,
    "DNS": dns.dns,
    "mDNS": dns.mdns,
    "DHCP": dhcp.dhcp,
    "NTP": other.ntp,
    "QUIC": other.quic,
    "SSH": other.ssh,
}
"""Name of a layer -> what takes it apart. Names of `generic.SCAPY_CLASSES` are added to these."""

_TRAILED: Final = ("Ethernet", "802.3", "802.11", "Linux cooked", "Linux cooked v2")
"""Link layers that bytes after their payload belong to."""

_TRAILER_KEYS: Final[dict[str, tuple[str, str]]] = {
    "Ethernet": ("eth.trailer", "Trailer"),
    "802.3": ("eth.trailer", "Trailer"),
    "UDP": ("udp.surplus", "Surplus area"),
}


@dataclass(slots=True)
class _Draft:
    """A layer while the walk may still find out where its payload ends."""

    protocol: str
    start: int
    header_end: int
    payload_end: int
    fields: tuple[Field, ...]
    place: Place | None
    trailer: Span | None = None

    def layer(self, frame: bytes) -> Layer:
        fields = self.fields
        if self.trailer is not None and not any(field.span.start >= self.trailer.start for field in fields):
            fields = (*fields, _trailer_field(self.protocol, frame, self.trailer))
        header, payload = Span(self.start, self.header_end), Span(self.header_end, self.payload_end)
        return Layer(self.protocol, self.place, header, payload, fields, self.trailer)


def dissect(
    frame: bytes, link_type: int, length: int | None = None, carried: str | None = None, within: int = 0
) -> Dissection:
    """The layers and fields of one packet, each with its exact span, and where taking it apart had to stop.

    Args:
        frame: the captured bytes.
        link_type: LINKTYPE_ number.
        length: bytes it had on the wire; those captured where it is not given, or less than those.
        carried: protocol of the message that an earlier packet began and that this one's payload continues.
        within: bytes of the payload that are the rest of a WebSocket frame, where `carried` is that.

    Never raises for any bytes and any link type. May be called from any thread; scapy works on one packet at a time.
    """
    frame = bytes(frame)
    on_wire = len(frame) if length is None else max(length, len(frame))
    window = Window(frame, 0, len(frame), on_wire, Under(wire=on_wire, carried=carried, within=within))
    drafts, broken = _walk(window, LINKS.get(link_type, DATA))
    layers = tuple(draft.layer(frame) for draft in drafts)
    return Dissection(layers, broken, len(frame), len(frame) if length is None else length)


def preload() -> None:
    """Load what the first packet would load: for a process that is about to lose the right to read the installation."""
    for module, name in (("scapy.layers.l2", "Ether"), ("scapy.layers.dhcp", "BOOTP"), *generic.SCAPY_CLASSES.values()):
        try:
            scapy_class(module, name)
        except Exception:  # an optional part of scapy that is not there stays a layer of data
            continue
    for name in ("sctp.SCTP", "vxlan.VXLAN", "ppp.PPPoE", "dot11.Dot11"):
        module, _, attribute = name.partition(".")
        scapy_class(f"scapy.layers.{module}", attribute)
    scapy_class("scapy.contrib.mpls", "MPLS")


def _walk(window: Window, name: str | None) -> tuple[list[_Draft], Break | None]:
    drafts: list[_Draft] = []
    broken: Break | None = None
    with tracing():
        for _ in range(DEFAULT_LIMITS.dissection_layers):
            step = _step(name or DATA, window)
            broken = broken or step.stop
            _append(drafts, step, window, broken)
            name = _what_follows(step)
            if name is None:
                return drafts, broken
            window = Window(
                window.frame, step.header_end, step.payload_end, max(step.claimed, step.payload_end), step.under
            )
    if window.size:
        broken = broken or Break(name or DATA, window.start, "too-deep")
        _append(drafts, other.data(window), window, broken)
    return drafts, broken


def _step(name: str, window: Window) -> Step:
    try:
        if name in generic.SCAPY_CLASSES:
            return generic.by_scapy(name, window)
        return DISSECTORS[name](window)
    except Exception:  # hostile bytes against a dissector of scapy's or ours: what is below stands, this stays data
        return other.data(window)._replace(stop=Break(name, window.start, "dissector-failed"))


def _what_follows(step: Step) -> str | None:
    """The next dissector: none where nothing is left, data where what is left has no dissector."""
    left = step.payload_end > step.header_end
    if step.follows is None:
        covered = any(field.bit_end > 8 * step.header_end for field in step.fields)
        return DATA if left and not covered else None
    if step.stop is not None:
        return DATA if left else None
    return step.follows if left or step.follows not in (DATA, network.FRAGMENT) else None


def _append(drafts: list[_Draft], step: Step, window: Window, broken: Break | None) -> None:
    if not step.protocol or not window.size:
        return
    place = None if step.under.quoted and window.under.quoted else place_of(step.protocol)
    if step.protocol == DATA and (broken is not None or not _carried_by_transport(drafts)):
        place = None
    draft = _Draft(step.protocol, window.start, step.header_end, step.payload_end, step.fields, place)
    drafts.append(draft)
    if step.payload_end < window.end:
        _give_surplus(drafts, Span(step.payload_end, window.end))


def _carried_by_transport(drafts: list[_Draft]) -> bool:
    below = drafts[-1].place if drafts else None
    return below is not None and below.osi >= Osi.TRANSPORT


def _give_surplus(drafts: list[_Draft], surplus: Span) -> None:
    """Bytes behind the end of the topmost layer are the trailer of a link layer right below it; else its own."""
    owner = len(drafts) - 1
    if drafts[owner].protocol not in _TRAILED:
        below = owner - 1
        while below >= 0 and _is_link(drafts[below]):
            owner = below
            if drafts[below].protocol in _TRAILED:
                break
            below -= 1
    for draft in drafts[owner:]:
        draft.payload_end = min(draft.payload_end, surplus.start)
    known = drafts[owner].trailer
    drafts[owner].trailer = Span(surplus.start, known.end if known is not None else surplus.end)


def _is_link(draft: _Draft) -> bool:
    return draft.place is not None and draft.place.osi is Osi.DATA_LINK and draft.protocol != "VXLAN"


def _trailer_field(protocol: str, frame: bytes, trailer: Span) -> Field:
    """Zeros that fill an Ethernet frame to its least size are padding (IEEE 802.3 clause 4.2.3.3)."""
    raw = frame[trailer.start : trailer.end]
    key, label = _TRAILER_KEYS.get(protocol, ("frame.trailer", "Trailer"))
    if key == "eth.trailer" and not any(raw):
        key, label = "eth.padding", "Padding"
    value = f"{len(raw)} B" if not any(raw) else octets(0, raw)
    return Field(key, label, value, 8 * trailer.start, 8 * trailer.end)
