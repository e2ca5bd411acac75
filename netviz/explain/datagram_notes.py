"""Sentences about one UDP datagram: its place among the others, its header field by field, an ICMP error about it."""

from netviz.explain.words import Language, say
from netviz.model.endpoint import address_text
from netviz.pipeline.datagrams import Datagram
from netviz.pipeline.icmp_names import PORT_UNREACHABLE, icmp_name
from netviz.pipeline.replies import Pair
from netviz.pipeline.store import Store

_HEADER = 8

Note = tuple[str, int | None]
"""A sentence, and the packet that it leads to."""


def is_guess(pair: Pair) -> bool:
    """Whether nothing in the datagrams ties the two."""
    return pair.tie == "ports"


def pair_notes(store: Store, found: Datagram, language: Language, as_of: int) -> list[Note]:
    """What is known of a datagram's place among the others: request, reply, asked again, refused."""
    told = _paired(store, found, found.pair, language, as_of) if found.pair is not None else []
    if found.refused is not None:
        name = icmp_name(store.packets, found.refused - 1)
        told.append((say("udp.refused", language, packet=found.refused, name=name), found.refused))
    return told


def error_notes(store: Store, row: int, language: Language) -> list[Note]:
    """What an ICMP error says, and of which datagram."""
    quoted, name = store.datagrams.quoted(row + 1), icmp_name(store.packets, row)
    told: list[Note] = [(say("udp.error", language, name=name, packet=quoted if quoted is not None else "?"), quoted)]
    if quoted is not None and name == PORT_UNREACHABLE:
        address = address_text(store.packets.addresses(quoted - 1)[1])
        port = store.packets.value("destination_port", quoted - 1)
        told.append((say("udp.error.port", language, port=port, address=address), None))
    return told


def header_notes(store: Store, row: int, language: Language) -> list[str]:
    """The four fields of the header, each with what it means."""
    packets = store.packets
    whole = packets.reassembled.get(row)
    start = 0 if whole is not None else packets.value("transport_offset", row)
    header = (packets.frame(row) if whole is None else whole)[start : start + _HEADER]
    if len(header) < _HEADER:
        return [say("udp.field.cut", language)]
    source, destination, length, checksum = (int.from_bytes(header[at : at + 2], "big") for at in (0, 2, 4, 6))
    payload = packets.value("payload_length", row)
    key = "udp.field.length" if length == payload + _HEADER else "udp.field.length-odd"
    sums = (
        say("udp.field.checksum", language, value=f"0x{checksum:04x}")
        if checksum
        else say("udp.field.no-checksum", language)
    )
    return [
        say("udp.field.source", language, value=source),
        say("udp.field.destination", language, value=destination),
        say(key, language, value=length, payload=payload),
        sums,
    ]


def _paired(store: Store, found: Datagram, pair: Pair, language: Language, as_of: int) -> list[Note]:
    tie = say(f"udp.tie.{pair.tie}", language)

    def ms(one: int, other: int) -> str:
        return f"{(store.packets.value('time', other - 1) - store.packets.value('time', one - 1)) / 1e6:.3f}"

    if pair.is_reply:
        return [(_answer(store, pair, tie, language), pair.answers)]
    told: list[Note] = []
    if pair.asked_before is not None:
        waited = ms(pair.asked_before, found.packet)
        told.append((say("udp.pair.again", language, packet=pair.asked_before, ms=waited), pair.asked_before))
    if pair.answered is not None:
        waited = ms(found.packet, pair.answered)
        key, details = ("guess-answered", {}) if is_guess(pair) else ("answered", {"tie": tie})
        told.append((say(f"udp.pair.{key}", language, packet=pair.answered, ms=waited, **details), pair.answered))
    elif found.refused is None:
        told.append((say("udp.pair.unanswered", language, packet=as_of), None))
    return told


def _answer(store: Store, pair: Pair, tie: str, language: Language) -> str:
    if pair.answers is None:
        return say("udp.pair.unasked", language, tie=tie)
    if is_guess(pair):
        return say("udp.pair.guess-answers", language, packet=pair.answers)
    before = store.datagrams.asked_before(pair.answers)
    if before is not None:
        return say("udp.pair.answers-again", language, packet=pair.answers, before=before, tie=tie)
    return say("udp.pair.answers", language, packet=pair.answers, tie=tie)
