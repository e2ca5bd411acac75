"""A whole DNS message: its flags and its four sections, record by record (RFC 1035 section 4). Bounded, never raises.

For the one message somebody looks at; `dns.py` has the line of the packet list.
"""

from typing import Final, NamedTuple

from netviz.wire.dns import RCODES, Unreadable, data_at, name_at, number_at, type_name

_HEADER: Final = 12
_MOST_RECORDS: Final = 60
_SOA, _OPT = 6, 41


class Record(NamedTuple):
    """One resource record. Texts are printable ASCII."""

    name: str
    type: str
    ttl: int
    """Seconds for which the answer may be kept."""

    data: str
    """Address, name or text; empty where this type is not read."""


class DnsSections(NamedTuple):
    """A message taken apart."""

    id: int
    is_response: bool
    authoritative: bool
    truncated: bool
    recursion_desired: bool
    recursion_available: bool
    rcode: str
    counts: tuple[int, int, int, int]
    """Questions, answers, authority and additional records, as the header claims."""

    questions: tuple[tuple[str, str], ...]
    """Name and type of each."""

    answers: tuple[Record, ...]
    authority: tuple[Record, ...]
    additional: tuple[Record, ...]
    broken: bool
    """The message ends early, or is longer than what is read of it."""


def sections(payload: bytes) -> DnsSections | None:
    """The message in `payload` (of UDP, or of TCP behind its length); None where not even the header is there."""
    if len(payload) < _HEADER:
        return None
    identification, flags, *rest = (int.from_bytes(payload[at : at + 2]) for at in range(0, _HEADER, 2))
    counts = (rest[0], rest[1], rest[2], rest[3])
    questions: list[tuple[str, str]] = []
    records: tuple[list[Record], ...] = ([], [], [])
    broken = any(count > _MOST_RECORDS for count in counts)
    try:
        at = _HEADER
        for _ in range(min(counts[0], _MOST_RECORDS)):
            name, at = name_at(payload, at)
            questions.append((name, type_name(number_at(payload, at, 2))))
            at += 4
        for found, count in zip(records, counts[1:], strict=True):
            for _ in range(min(count, _MOST_RECORDS)):
                record, at = _record(payload, at)
                found.append(record)
            if count > _MOST_RECORDS:
                break
    except Unreadable:
        broken = True
    return DnsSections(
        identification, bool(flags & 0x8000), bool(flags & 0x400), bool(flags & 0x200), bool(flags & 0x100),
        bool(flags & 0x80), RCODES.get(flags & 15, f"RCODE{flags & 15}"), counts, tuple(questions),
        tuple(records[0]), tuple(records[1]), tuple(records[2]), broken,
    )  # fmt: skip


def _record(payload: bytes, at: int) -> tuple[Record, int]:
    """One record, and where it ends."""
    name, at = name_at(payload, at)
    kind, ttl, size = number_at(payload, at, 2), number_at(payload, at + 4, 4), number_at(payload, at + 8, 2)
    size_of_udp = number_at(payload, at + 2, 2)
    at += 10
    if at + size > len(payload):
        raise Unreadable
    if kind == _OPT:
        # RFC 6891 6.1.2: the class is a size, the time to live is flags.
        return Record(name, "OPT", 0, f"UDP {size_of_udp}"), at + size
    return Record(name, type_name(kind), ttl, _data(payload, at, kind, size)), at + size


def _data(payload: bytes, at: int, kind: int, size: int) -> str:
    if kind != _SOA:
        return data_at(payload, at, kind, size)
    primary, behind = name_at(payload, at)
    mailbox, _ = name_at(payload, behind)
    return f"{primary} {mailbox}"
