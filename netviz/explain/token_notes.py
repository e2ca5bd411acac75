"""Credentials and tokens in words: who can read them, what a token claims, and what of it holds at the packet's time."""

import json

from netviz.explain.cookie_notes import moment
from netviz.explain.notes import Note, note, title, word
from netviz.explain.words import Language
from netviz.http.claims import findings
from netviz.http.content import describe
from netviz.http.exchange import Head, Message, ReadExchange
from netviz.http.secrets import mask
from netviz.http.tokens import Token, credentials, tokens_in
from netviz.model.evidence import Evidence
from netviz.pipeline.store import Store

_LARGEST_BODY = 64 << 10
_MOMENTS = ("exp", "nbf", "iat")
_MOST_CLAIMS = 30
_MOST_VALUE = 200


def auth_notes(head: Head | None, language: Language, show_secrets: bool) -> list[Note]:
    """Authorization: the scheme, and what whoever sees the packet learns from it."""
    found = []
    for name in ("Authorization", "Proxy-Authorization"):
        for header in head.get_all(name) if head is not None else ():
            given, at = credentials(header.value), header.value_at
            found.append(note("http.auth.scheme", language, at=at, name=name, scheme=given.scheme or "-"))
            if given.user is not None and given.password is not None:
                user, password = (
                    (given.user, given.password) if show_secrets else (mask(given.user), mask(given.password))
                )
                found.append(note("http.auth.basic", language, "bad", at, user=user, password=password))
            elif given.scheme.lower() in ("basic", "digest", "bearer"):
                found.append(note(f"http.auth.{given.scheme.lower()}", language, "warn", at))
    return [title("http.title.auth", language), *found] if found else []


def challenge_notes(head: Head | None, language: Language) -> list[Note]:
    """WWW-Authenticate: what the server wants."""
    found = []
    for name in ("WWW-Authenticate", "Proxy-Authenticate"):
        for header in head.get_all(name) if head is not None else ():
            scheme = header.value.split(" ", 1)[0]
            found.append(note("http.auth.challenge", language, at=header.value_at, scheme=scheme, value=header.value))
    return [title("http.title.challenge", language), *found] if found else []


def message_tokens(
    store: Store, read: ReadExchange, head: Head | None, message: Message | None, time: int
) -> list[Token]:
    """JSON Web Tokens of a message's target, fields and small text body."""
    if head is None or message is None:
        return []
    body = ""
    if 0 < message.body_bytes <= _LARGEST_BODY:
        content = describe(head, store.body(message, read.exchange.connection))
        body = content.text or ""
    return tokens_in(head, time, body)


def token_notes(
    tokens: list[Token],
    time: int,
    packet: int,
    language: Language,
    show_secrets: bool,
    signature: Note | None = None,
) -> list[Note]:
    """Each token: where, its header and payload decoded, and its claims judged.

    `signature` says what became of the signature, where it was checked.
    """
    found: list[Note] = []
    for token in tokens:
        at = token.at or Evidence(packet)
        text = token.text if show_secrets else mask(token.text)
        found.append(title("http.title.token", language, where=token.where))
        found.append(note("http.token.encoded", language, "warn", at, token=text))
        head, payload, _ = token.text.split(".")
        found.append(note("http.token.header", language, "plain", at, size=len(head), value=_compact(token.header)))
        found.append(note("http.token.payload", language, "plain", at, size=len(payload)))
        for name, value in list(token.payload.items())[:_MOST_CLAIMS]:
            found.append(_claim(name, value, at, language))
        size = token.signature_bytes
        found.append(signature or note("http.token.signature", language, "plain", at, bytes=size))
        for finding in findings(token, time):
            weight = "good" if finding.good else "warn"
            if finding.key in ("alg-none", "no-signature", "expired", "not-yet"):
                weight = "bad"
            found.append(note(f"http.token.{finding.key}", language, weight, at, seconds=finding.seconds or 0))  # type: ignore[arg-type]
    return found


def _claim(name: str, value: object, at: Evidence, language: Language) -> Note:
    meaning = word(f"http.claim.{name}", language) if name.isalnum() else ""
    shown = _compact(value)
    if name in _MOMENTS and isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e12:
        shown = f"{shown} = {moment(int(value))}"
    text = note("http.token.claim", language, "plain", at, name=name, value=shown).text
    return Note(f"{text}  ({meaning})" if meaning else text, "plain", at, 2)


def _compact(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text if len(text) <= _MOST_VALUE else text[:_MOST_VALUE] + "…"
