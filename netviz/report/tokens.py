"""`netviz tokens`: every JSON Web Token of a capture, where it went, what it claims, and whether it fits a given key."""

from collections.abc import Container, Iterator, Sequence
from typing import NamedTuple

from rich.text import Text

from netviz.explain.notes import Note, note
from netviz.explain.token_notes import message_tokens, token_notes
from netviz.explain.words import Language, say
from netviz.http.exchange import ReadExchange
from netviz.http.secrets import mask
from netviz.http.signature import Check, Key, check
from netviz.http.tokens import Token
from netviz.pipeline.store import Store
from netviz.report.exchange_depth import note_text
from netviz.report.form import document as envelope
from netviz.report.form import timestamp


class SeenToken(NamedTuple):
    """A token, where it was seen for the first time, and in which exchanges it came again."""

    token: Token
    exchange: int
    by: str
    """`client` or `server`: who sent it."""

    packet: int
    time: int
    """Of that packet, in nanoseconds."""

    again: list[int]


def seen_tokens(store: Store, only: Container[int] | None = None) -> list[SeenToken]:
    """The tokens of a capture, each once, in the order in which they came."""
    found: dict[str, SeenToken] = {}
    for exchange in store.exchanges:
        if only is not None and exchange.id not in only:
            continue
        for by, packet, time, tokens in _of(store, store.read(exchange.id)):
            for token in tokens:
                known = found.get(token.text)
                if known is None:
                    found[token.text] = SeenToken(token, exchange.id, by, packet, time, [])
                elif exchange.id != known.exchange and exchange.id not in known.again:
                    known.again.append(exchange.id)
    return list(found.values())


def _of(store: Store, read: ReadExchange) -> Iterator[tuple[str, int, int, list[Token]]]:
    exchange = read.exchange
    for by, head, message in (("client", read.request, exchange.request), ("server", read.response, exchange.response)):
        if message is not None:
            time = store.packets.value("time", message.head_row)
            yield by, message.head_row + 1, time, message_tokens(store, read, head, message, time)


def document(
    store: Store, keys: Sequence[Key], show_secrets: bool = False, only: Container[int] | None = None
) -> dict[str, object]:
    """`netviz tokens FILE --json`."""
    return envelope(tokens=[_object(each, check(each.token, keys), show_secrets) for each in seen_tokens(store, only)])


def _object(each: SeenToken, found: Check, show_secrets: bool) -> dict[str, object]:
    token = each.token
    return {
        "exchange": each.exchange,
        "from": each.by,
        "packet": token.at.packet if token.at is not None else each.packet,
        "time": timestamp(each.time),
        "where": token.where,
        "again_in": each.again,
        "token": token.text if show_secrets else mask(token.text),
        "header": token.header,
        "payload": token.payload,
        "signature_bytes": token.signature_bytes,
        "valid_at_packet_time": token.valid_at_packet_time,
        "check": {"outcome": found.outcome, "why": found.why},
    }


def text(
    store: Store, keys: Sequence[Key], language: Language, show_secrets: bool, only: Container[int] | None = None
) -> Iterator[Text]:
    """A block a token: where it went, whether it fits the key, and what it says."""
    tokens = seen_tokens(store, only)
    if not tokens:
        yield Text(say("token.none", language))
    for each in tokens:
        packet = each.token.at.packet if each.token.at is not None else each.packet
        again = ", ".join(map(str, each.again)) or "-"
        details = {"exchange": each.exchange, "packet": packet, "again": again, "where": each.token.where}
        yield Text(say(f"token.seen-{each.by}", language, **details), style="bold")
        said = check_note(check(each.token, keys), each.token, language)
        for line in token_notes([each.token], each.time, packet, language, show_secrets, said)[1:]:
            yield note_text(line)


def check_note(found: Check, token: Token, language: Language) -> Note:
    """`fits`, `does not fit` or `not checked`, and why."""
    algorithm = str(token.header.get("alg", "-"))
    why = say(f"token.check.{found.why}", language, algorithm=algorithm)
    weight = {"fits": "good", "does-not-fit": "bad", "not-checked": "warn"}[found.outcome]
    line = note(f"token.{found.outcome}", language, "plain", token.at, why=why)
    return line._replace(weight=weight)  # type: ignore[arg-type]
