"""DNS messages (RFC 1035 section 4), also mDNS and DNS over TCP: header, questions, records, names through pointers.

A name's field covers the bytes it has where it stands; what a pointer leads to belongs to another field.
"""

from typing import Final

from netviz.dissect import message_numbers as numbers
from netviz.dissect.cursor import Cursor, OutOfBytes, TooManyFields, bits_of
from netviz.dissect.forms import address, hexadecimal, named, number, octets, yes
from netviz.dissect.step import Step, Window, ends, too_short
from netviz.model.layers import Break
from netviz.model.safe import safe

_FLAGS: Final = (
    ("dns.flags.response", "Response", 1, yes),
    ("dns.flags.opcode", "Opcode", 4, named(numbers.DNS_OPCODES)),
    ("dns.flags.authoritative", "Authoritative", 1, yes),
    ("dns.flags.truncated", "Truncated", 1, yes),
    ("dns.flags.recdesired", "Recursion desired", 1, yes),
    ("dns.flags.recavail", "Recursion available", 1, yes),
    ("dns.flags.z", "Reserved", 1, number),
    ("dns.flags.authenticated", "Authenticated data", 1, yes),
    ("dns.flags.checkdisable", "Checking disabled", 1, yes),
    ("dns.flags.rcode", "Response code", 4, named(numbers.DNS_RCODES)),
)
_COUNTS: Final = (
    ("dns.count.queries", "Questions"),
    ("dns.count.answers", "Answers"),
    ("dns.count.auth_rr", "Authority records"),
    ("dns.count.add_rr", "Additional records"),
)
_NAME_MOST: Final = 255
_POINTERS_MOST: Final = 64
_ONE_NAME: Final[dict[int, str]] = {
    2: "dns.ns",
    5: "dns.cname",
    12: "dns.ptr.domain_name",
    39: "dns.dname",
}


class _Message:
    """A DNS message under the cursor: names refer back to its first byte."""

    def __init__(self, cursor: Cursor) -> None:
        self.cursor = cursor
        self.start = cursor.at

    def name(self, key: str, label: str) -> str:
        """A name as a field. Raises: OutOfBytes."""
        begin = self.cursor.at
        text = self._labels()
        self.cursor.note(key, label, text, begin, self.cursor.at)
        return text

    def _labels(self) -> str:
        cursor, labels, jumps, total = self.cursor, [], 0, 0
        at, after = cursor.at, 0
        while total <= _NAME_MOST and jumps <= _POINTERS_MOST:
            length = self._byte(at)
            if length >= 0xC0:
                target = self.start + ((length & 0x3F) << 8 | self._byte(at + 1))
                after = after or at + 2
                jumps += 1
                if target >= at:
                    break  # a pointer goes to a prior place (RFC 1035 section 4.1.4): this one never ends
                at = target
            elif length >= 0x40 or length == 0:
                at += 1
                break
            else:
                if at + 1 + length > cursor.end:
                    raise OutOfBytes(at, 1 + length, cursor.end - at)
                labels.append(cursor.frame[at + 1 : at + 1 + length])
                at += 1 + length
                total += 1 + length
        cursor.at = after or at
        return safe(b".".join(labels), 1024) or "<Root>"

    def _byte(self, at: int) -> int:
        if at >= self.cursor.end:
            raise OutOfBytes(at, 1, 0)
        return self.cursor.frame[at]


def dns(window: Window) -> Step:
    """DNS in a datagram, or behind its two bytes of length on a stream (RFC 1035 section 4.2.2)."""
    return _dns(window, "DNS")


def mdns(window: Window) -> Step:
    """Multicast DNS (RFC 6762): the same messages."""
    return _dns(window, "mDNS")


def _dns(window: Window, protocol: str) -> Step:
    cursor = Cursor(window.frame, window.start, window.end)
    stop: Break | None = None
    try:
        if window.under.stream:
            cursor.number("dns.length", "Length", 2)
        _message(_Message(cursor))
    except OutOfBytes as short:
        if not (window.under.stream or window.under.part):
            needed = short.at + short.needed - window.start
            stop = too_short(protocol, window, needed)
    except TooManyFields:
        pass  # as much as is listed of one message
    cursor.rest("dns.unread", "Rest")
    return ends(protocol, tuple(cursor.fields), window, stop)


def _message(message: _Message) -> None:
    cursor = message.cursor
    cursor.number("dns.id", "Transaction ID", 2, hexadecimal)
    flags = bits_of(cursor.frame, 8 * cursor.at, _FLAGS) if cursor.left >= 2 else ()
    cursor.number("dns.flags", "Flags", 2, _flags_text, flags)
    counts = [cursor.number(key, label, 2) for key, label in _COUNTS]
    for _ in range(counts[0]):
        _question(message)
    for kind, count in zip(("answer", "authority", "additional"), counts[1:], strict=True):
        for _ in range(count):
            _record(message, kind)


def _flags_text(value: int, raw: bytes) -> str:
    what = "response" if value & 0x8000 else "query"
    code = numbers.DNS_RCODES.get(value & 15, str(value & 15))
    return f"0x{value:04x} ({what}, {code})" if value & 0x8000 else f"0x{value:04x} ({what})"


def _question(message: _Message) -> None:
    cursor = message.cursor
    begin, since = cursor.at, len(cursor.fields)
    name = message.name("dns.qry.name", "Name")
    kind = cursor.number("dns.qry.type", "Type", 2, named(numbers.DNS_TYPES))
    cursor.number("dns.qry.class", "Class", 2, _class)
    cursor.group("dns.question", "Question", f"{name} {numbers.DNS_TYPES.get(kind, str(kind))}", begin, since)


def _class(value: int, raw: bytes) -> str:
    """In mDNS the top bit is a flag, not part of the class (RFC 6762 section 10.2)."""
    name = numbers.DNS_CLASSES.get(value & 0x7FFF if value not in numbers.DNS_CLASSES else value)
    return f"{value} ({name})" if name else str(value)


def _record(message: _Message, section: str) -> None:
    cursor = message.cursor
    begin, since, whole_end = cursor.at, len(cursor.fields), cursor.end
    name = message.name("dns.resp.name", "Name")
    kind = cursor.number("dns.resp.type", "Type", 2, named(numbers.DNS_TYPES))
    if kind == 41:
        _extended(cursor)
    else:
        cursor.number("dns.resp.class", "Class", 2, _class)
        cursor.number("dns.resp.ttl", "Time to live", 4)
    length = cursor.number("dns.resp.len", "Data length", 2)
    if length > cursor.left:
        raise OutOfBytes(cursor.at, length, cursor.left)
    cursor.end = cursor.at + length
    try:
        value = _data(message, kind, length)
    except OutOfBytes:
        value = "?"
    cursor.rest("dns.data", "Data")
    cursor.end = whole_end
    said = f"{name} {numbers.DNS_TYPES.get(kind, str(kind))} {value}".strip()
    cursor.group(f"dns.{section}", section.capitalize(), said, begin, since)


def _extended(cursor: Cursor) -> None:
    """The pseudo-record OPT (RFC 6891 section 6.1) has its own meaning for class and time to live."""
    cursor.number("dns.rr.udp_payload_size", "UDP payload size", 2)
    cursor.number("dns.resp.ext_rcode", "Higher bits of the code", 1, hexadecimal)
    cursor.number("dns.resp.edns0_version", "EDNS0 version", 1)
    cursor.number("dns.resp.z", "Flags", 2, hexadecimal)


def _data(message: _Message, kind: int, length: int) -> str:
    cursor = message.cursor
    if kind == 1 and length == 4:
        return address(0, cursor.octets("dns.a", "Address", 4, address))
    if kind == 28 and length == 16:
        return address(0, cursor.octets("dns.aaaa", "Address", 16, address))
    if kind in _ONE_NAME:
        return message.name(_ONE_NAME[kind], numbers.DNS_TYPES[kind])
    if kind == 15:
        preference = cursor.number("dns.mx.preference", "Preference", 2)
        return f"{preference} {message.name('dns.mx.mail_exchange', 'Mail exchange')}"
    if kind == 16:
        return _texts(cursor)
    if kind == 6:
        return _authority(message)
    if kind == 33:
        priority = cursor.number("dns.srv.priority", "Priority", 2)
        weight = cursor.number("dns.srv.weight", "Weight", 2)
        port = cursor.number("dns.srv.port", "Port", 2)
        return f"{priority} {weight} {port} {message.name('dns.srv.target', 'Target')}"
    return octets(0, cursor.peek(length))


def _texts(cursor: Cursor) -> str:
    texts = []
    while cursor.left:
        length = cursor.number("dns.txt.length", "Text length", 1)
        if length:
            raw = cursor.octets("dns.txt", "Text", length, lambda value, raw: safe(raw, 255))
            texts.append(safe(raw, 255))
    return " ".join(texts)


def _authority(message: _Message) -> str:
    cursor = message.cursor
    server = message.name("dns.soa.mname", "Primary server")
    message.name("dns.soa.rname", "Mailbox")
    for key, label in (
        ("dns.soa.serial_number", "Serial"),
        ("dns.soa.refresh_interval", "Refresh"),
        ("dns.soa.retry_interval", "Retry"),
        ("dns.soa.expire_limit", "Expire"),
        ("dns.soa.minimum_ttl", "Minimum TTL"),
    ):
        cursor.number(key, label, 4)
    return server
