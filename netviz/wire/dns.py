"""A DNS message in one line, for the packet list (RFC 1035). Bounded; a broken one gives what came before it broke.

Names are shown as in a zone file: a byte that is no printable ASCII, a dot within a label and a backslash are escaped.
"""

from typing import Final, NamedTuple

from netviz.model.endpoint import address_text

_HEADER: Final = 12
_LONGEST_NAME: Final = 255
_MOST_POINTERS: Final = 32
_MOST_ANSWERS: Final = 4
_LONGEST_TEXT: Final = 60

TYPES: Final = {
    1: "A", 2: "NS", 5: "CNAME", 6: "SOA", 12: "PTR", 13: "HINFO", 15: "MX", 16: "TXT", 28: "AAAA", 33: "SRV",
    35: "NAPTR", 41: "OPT", 43: "DS", 46: "RRSIG", 47: "NSEC", 48: "DNSKEY", 50: "NSEC3", 52: "TLSA", 64: "SVCB",
    65: "HTTPS", 252: "AXFR", 255: "ANY", 257: "CAA",
}  # fmt: skip
"""Record types by number, as IANA names them."""

RCODES: Final = {
    0: "NOERROR", 1: "FORMERR", 2: "SERVFAIL", 3: "NXDOMAIN", 4: "NOTIMP", 5: "REFUSED", 6: "YXDOMAIN", 7: "YXRRSET",
    8: "NXRRSET", 9: "NOTAUTH", 10: "NOTZONE",
}  # fmt: skip
"""Response codes by number (RFC 6895 section 2.3)."""

_A, _NS, _CNAME, _PTR, _MX, _TXT, _AAAA = 1, 2, 5, 12, 15, 16, 28


class DnsMessage(NamedTuple):
    """What the list says of a DNS message. Texts are printable ASCII."""

    id: int
    is_response: bool
    rcode: str
    """Response code by name; of a query it means nothing."""

    name: str | None
    """Name of the first question, None where there is none or it can not be read."""

    type: str | None
    answers: tuple[str, ...]
    """The first answers: `A 192.0.2.1`, `CNAME www.example`."""

    answer_count: int
    """How many answers the header claims."""

    broken: bool
    """The message ends early, or a name in it can not be read."""

    def __str__(self) -> str:
        words = ["response" if self.is_response else "query", f"0x{self.id:04x}"]
        if self.is_response and self.rcode != "NOERROR":
            words.append(self.rcode)
        if self.name is not None:
            words += [word for word in (self.type, self.name) if word]
        if self.answers:
            words += ["→", ", ".join(self.answers)]
        if self.answer_count > len(self.answers) > 0:
            words.append(f"(+{self.answer_count - len(self.answers)})")
        return " ".join(words)


class Unreadable(Exception):
    """Inside this package only: the message ends before what it promised."""


def question(payload: bytes) -> DnsMessage | None:
    """Summary of a message (of UDP, or of TCP behind its length); None where not even the header is there."""
    if len(payload) < _HEADER:
        return None
    identification, flags, questions, answers = (int.from_bytes(payload[at : at + 2]) for at in (0, 2, 4, 6))
    name, kind, found, broken = None, None, [], False
    try:
        at = _HEADER
        for index in range(min(questions, _MOST_ANSWERS)):
            asked, at = name_at(payload, at)
            if index == 0:
                name, kind = asked, type_name(number_at(payload, at, 4) >> 16)
            at += 4
        # Behind more questions than are read, the answers' place is not known.
        for _ in range(min(answers, _MOST_ANSWERS) if questions <= _MOST_ANSWERS else 0):
            text, at = _record(payload, at)
            found.append(text)
    except Unreadable:
        broken = True
    rcode = RCODES.get(flags & 15, f"RCODE{flags & 15}")
    return DnsMessage(identification, bool(flags & 0x8000), rcode, name, kind, tuple(found), answers, broken)


def type_name(number: int) -> str:
    """Name of a record type; of an unknown one as RFC 3597 writes it."""
    return TYPES.get(number, f"TYPE{number}")


def number_at(payload: bytes, at: int, width: int) -> int:
    """An unsigned number of so many bytes. Raises: Unreadable."""
    if at + width > len(payload):
        raise Unreadable
    return int.from_bytes(payload[at : at + width])


def name_at(payload: bytes, at: int) -> tuple[str, int]:
    """A name and where it ends. Each pointer must go back: a loop can not come about (RFC 1035 section 4.1.4)."""
    labels: list[str] = []
    behind: int | None = None
    earliest, length = at, 0
    for _ in range(_LONGEST_NAME + _MOST_POINTERS):
        size = number_at(payload, at, 1)
        if size == 0:
            return ".".join(labels) or ".", at + 1 if behind is None else behind
        if size >= 0xC0:
            behind = at + 2 if behind is None else behind
            at = number_at(payload, at, 2) & 0x3FFF
            if at >= earliest:
                raise Unreadable
            earliest = at
            continue
        length += size + 1
        if size > 63 or length > _LONGEST_NAME or at + 1 + size > len(payload):
            raise Unreadable
        labels.append(_escaped(payload[at + 1 : at + 1 + size], b".\\"))
        at += 1 + size
    raise Unreadable


def _escaped(text: bytes, special: bytes = b"\\") -> str:
    return "".join(
        f"\\{chr(byte)}" if byte in special else chr(byte) if 0x20 <= byte < 0x7F else f"\\{byte:03d}" for byte in text
    )


def _record(payload: bytes, at: int) -> tuple[str, int]:
    """One answer as text, and where it ends."""
    _, at = name_at(payload, at)
    kind, size = number_at(payload, at, 2), number_at(payload, at + 8, 2)
    at += 10
    if at + size > len(payload):
        raise Unreadable
    data = data_at(payload, at, kind, size)
    return f"{type_name(kind)} {data}".rstrip(), at + size


def data_at(payload: bytes, at: int, kind: int, size: int) -> str:
    """What a record says, as text; empty where its type is not read. Raises: Unreadable."""
    if kind in (_A, _AAAA) and size == (4 if kind == _A else 16):
        return address_text(payload[at : at + size])
    if kind in (_NS, _CNAME, _PTR):
        return name_at(payload, at)[0]
    if kind == _MX and size > 2:
        return f"{number_at(payload, at, 2)} {name_at(payload, at + 2)[0]}"
    if kind == _TXT and size:
        return f'"{_escaped(payload[at + 1 : at + 1 + min(payload[at], size - 1, _LONGEST_TEXT)])}"'
    return ""
