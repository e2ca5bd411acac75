"""Protocols that scapy names and netviz has no words for, and 802.11: scapy's fields and spelling, with their spans.

A chain of scapy headers becomes one layer, each header a field with parts, up to a header that netviz knows itself.
"""

from typing import Any, Final, NamedTuple

from netviz.dissect.forms import octets
from netviz.dissect.step import DATA, Step, Window, ends, too_short
from netviz.dissect.tracing import Header, Seen, TracedBytes, read_header, scapy_class
from netviz.model.layers import Break, Field
from netviz.model.limits import DEFAULT_LIMITS
from netviz.model.safe import safe

SCAPY_CLASSES: Final[dict[str, tuple[str, str]]] = {
    "STP": ("scapy.layers.l2", "STP"),
    "CDP": ("scapy.contrib.cdp", "CDPv2_HDR"),
    "LLDP": ("scapy.contrib.lldp", "LLDPDU"),
    "EAPOL": ("scapy.layers.eap", "EAPOL"),
    "OSPF": ("scapy.contrib.ospf", "OSPF_Hdr"),
    "PIM": ("scapy.contrib.pim", "PIMv2Hdr"),
    "VRRP": ("scapy.layers.vrrp", "VRRP"),
    "DHCPv6": ("scapy.layers.dhcp6", "DHCP6"),
    "Prism": ("scapy.layers.dot11", "PrismHeader"),
    "PPI": ("scapy.layers.ppi", "PPI"),
    "PFLOG": ("scapy.layers.pflog", "PFLog"),
    "CHDLC": ("scapy.contrib.chdlc", "CHDLC"),
    "CAN": ("scapy.layers.can", "CAN"),
    "802.15.4": ("scapy.layers.dot15d4", "Dot15d4FCS"),
    "802.15.4 without FCS": ("scapy.layers.dot15d4", "Dot15d4"),
    "Bluetooth HCI": ("scapy.layers.bluetooth", "HCI_Hdr"),
    "Bluetooth HCI with direction": ("scapy.layers.bluetooth", "HCI_PHDR_Hdr"),
    "Bluetooth LE": ("scapy.layers.bluetooth4LE", "BTLE"),
    "Bluetooth LE with radio": ("scapy.layers.bluetooth4LE", "BTLE_RF"),
    "USBPcap": ("scapy.layers.usb", "USBpcap"),
}
"""Name of the layer -> scapy module and class. The modules are loaded when such a packet is first looked at."""

_OURS: Final[dict[str, str]] = {
    "IP": "IPv4",
    "IPv6": "IPv6",
    "Ether": "Ethernet",
    "ARP": "ARP",
    "LLC": "LLC",
    "Dot11": "802.11",
    "RadioTap": "Radiotap",
    "PPP": "PPP",
}
"""scapy classes at which a chain hands over to netviz's own dissectors."""

_HEADERS_MOST: Final = 400
_ENCRYPTED: Final = ("Dot11Encrypted", "Dot11WEP", "Dot11TKIP", "Dot11CCMP")


class _Chain(NamedTuple):
    """Headers that scapy read one behind the other."""

    fields: tuple[Field, ...]
    end: int
    """Offset after the last of them."""

    follows: str | None
    first: Header | None
    failed: bool
    """Not even the first could be read."""


def by_scapy(protocol: str, window: Window) -> Step:
    """A layer of SCAPY_CLASSES."""
    module, name = SCAPY_CLASSES[protocol]
    chain = _chain(window, scapy_class(module, name), window.end)
    if chain.failed:
        stop = Break(protocol, window.start, "dissector-failed") if not window.under.quoted else None
        return Step(protocol, chain.fields, chain.end, window.end, window.claimed, DATA, window.under, stop)
    if chain.follows is None:
        return ends(protocol, chain.fields, window)
    return Step(protocol, chain.fields, chain.end, window.end, window.claimed, chain.follows, window.under)


def _chain(window: Window, protocol: Any, end: int) -> _Chain:
    groups: list[tuple[Any, tuple[Field, ...], int, int]] = []
    whole, end = end, min(end, window.start + DEFAULT_LIMITS.dissection_message_bytes)
    at, under, first, follows = window.start, None, None, None
    for _ in range(_HEADERS_MOST):
        content = window.frame[at:end]
        chosen = _dispatched(protocol, content, under)
        if chosen is None:
            break
        header = read_header(chosen, content, at, under)
        fields = _fields(window.frame, _prefix(chosen), header.seen, end)
        first = first or header
        if header.failed and not fields:
            break
        after = _after(header, fields, at, end)
        groups.append((chosen, fields, at, after))
        at, under, protocol = after, header.packet, _following(header)
        if header.failed or at >= end or protocol is None:
            break
        if protocol.__name__ in _OURS or protocol.__name__ in _ENCRYPTED:
            follows = _OURS.get(protocol.__name__, DATA)
            break
    listed = _listed(groups)
    if at < whole and follows is None and groups:
        follows = DATA
    return _Chain(listed, at, follows, first, not groups or first is None or first.failed)


def _dispatched(protocol: Any, content: bytes, under: Any) -> Any:
    """The class that a scapy class chooses by the bytes; None where it has none for them."""
    hook = protocol.__dict__.get("dispatch_hook")
    try:
        chosen = protocol.dispatch_hook(content, _underlayer=under) if hook is not None else protocol
    except Exception:  # a hook that trips over the bytes knows no class for them
        return None
    return None if chosen.__name__ in ("Raw", "Padding", "NoPayload") else chosen


def _following(header: Header) -> Any:
    """The class of what is left behind a header; None where scapy knows none."""
    if header.failed or not header.rest:
        return None
    try:
        payload, _ = header.packet.extract_padding(header.rest)
        following = header.packet.guess_payload_class(payload) if payload else None
    except Exception:  # guessing reads fields that hostile bytes may not have
        return None
    return None if following is None or following.__name__ in ("Raw", "Padding", "NoPayload") else following


def _after(header: Header, fields: tuple[Field, ...], at: int, end: int) -> int:
    """Offset after a header: where scapy's rest begins, else after its last field."""
    if isinstance(header.rest, TracedBytes) and at < header.rest.offset <= end:
        return header.rest.offset
    if not header.failed and not header.rest:
        return end
    return max((each.span.end for each in fields), default=end)


def _fields(frame: bytes, prefix: str, seen: tuple[Seen, ...], end: int) -> tuple[Field, ...]:
    """Fields of what scapy saw, those that reach past `end` or took no bits left out."""
    fields = []
    for each in seen[: DEFAULT_LIMITS.dissection_fields]:
        if not 0 <= each.bit_start < each.bit_end <= 8 * end:
            continue
        parts = tuple(
            part
            for part in _fields(frame, prefix, each.parts, end)
            if each.bit_start <= part.bit_start and part.bit_end <= each.bit_end
        )
        said = "" if parts else each.spelling()
        value = safe(said, 400) if said else octets(0, frame[each.bit_start // 8 : -(-each.bit_end // 8)])
        key = f"{prefix}.{each.name.lower()}"
        fields.append(Field(key, each.name.replace("_", " "), value, each.bit_start, each.bit_end, parts))
    return tuple(fields)


def _prefix(protocol: Any) -> str:
    name: str = protocol.__name__.lower()
    return "wlan" if name == "dot11" else name


def _listed(groups: list[tuple[Any, tuple[Field, ...], int, int]]) -> tuple[Field, ...]:
    if not groups:
        return ()
    head = groups[0][1]
    rest = tuple(
        Field(_prefix(each), safe(str(each._name or each.__name__), 60), "", 8 * start, 8 * end, fields)
        for each, fields, start, end in groups[1:]
        if start < end
    )
    return head + rest


def radiotap(window: Window) -> Step:
    """Radiotap: what the radio noted about a frame; its length stands in bytes 2 and 3, lowest byte first."""
    if window.size < 8:
        return ends("Radiotap", (), window, too_short("Radiotap", window, 8))
    size = window.byte(2) | window.byte(3) << 8
    if size < 8:
        stop = Break("Radiotap", window.start + 2, "bad-header-length", 8, size)
        return Step("Radiotap", (), window.start + 8, window.end, window.claimed, DATA, window.under, stop)
    if size > window.size:
        return ends("Radiotap", (), window, too_short("Radiotap", window, size))
    content = window.frame[window.start : window.start + size]
    header = read_header(scapy_class("scapy.layers.dot11", "RadioTap"), content, window.start)
    fields = _fields(window.frame, "radiotap", header.seen, window.start + size)
    flags = header.packet.fields.get("Flags")
    has_check = flags is not None and int(flags) & 0x10 != 0
    under = window.under._replace(kind=1 if has_check else 0)
    return Step("Radiotap", fields, window.start + size, window.end, window.claimed, "802.11", under)


def wifi(window: Window) -> Step:
    """IEEE 802.11: its header of many forms, the body of a management frame, or the LLC frame that data carries.

    With `under.kind` the frame ends in its check sequence of four bytes.
    """
    if window.size < 10:
        return ends("802.11", (), window, too_short("802.11", window, 10))
    check = 4 if window.under.kind and window.size >= 14 and window.end == window.claimed else 0
    end = window.end - check
    chain = _chain(window, scapy_class("scapy.layers.dot11", "Dot11"), end)
    fields, under = chain.fields, window.under._replace(kind=0)
    if check:
        value = f"0x{int.from_bytes(window.frame[end : window.end], 'little'):08x}"
        fields = (*fields, Field("wlan.fcs", "Frame Check Sequence", value, 8 * end, 8 * window.end))
    if chain.failed:
        return ends("802.11", fields, window, too_short("802.11", window, 24))
    header_end = chain.end if chain.follows is not None else end
    return Step("802.11", fields, header_end, end, end, chain.follows, under)
