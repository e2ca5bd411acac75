"""What came with a status code, in words: the field that has to come with it, when to come back, where it leads."""

from typing import Final

from netviz.explain.cookie_notes import moment
from netviz.explain.notes import Note, note, word
from netviz.explain.words import Language
from netviz.http.exchange import Head, ReadExchange
from netviz.http.retry import retry_after
from netviz.http.secrets import shown
from netviz.http.status import COMPANIONS, missing_companion
from netviz.model.evidence import Evidence
from netviz.pipeline.redirects import followed
from netviz.pipeline.store import Store

_ASKS_TO_WAIT: Final = (429, 503)
"""Statuses that ask to come back later: Retry-After may say when (RFC 6585 section 4, RFC 9110 section 15.6.4)."""


def companion_notes(read: ReadExchange, head: Head, language: Language, show_secrets: bool) -> list[Note]:
    """The fields that belong to a status and came with it; a missing one is told where the status is."""
    companion = COMPANIONS.get(head.status)
    found = []
    if companion is not None and missing_companion(head) is None:
        for header in (each for name in companion.fields for each in head.get_all(name)):
            if head.status == 206 and header.name.lower() == "content-type" and head.get_all("Content-Range"):
                continue
            value = shown(header.name, header.value, show_secrets)
            key = "http.companion.must" if companion.required else "http.companion.should"
            details = {"status": head.status, "name": header.name, "value": value, "section": companion.section}
            found.append(note(key, language, "good", header.value_at, **details))
    return found + _retry(read, head, language)


def _retry(read: ReadExchange, head: Head, language: Language) -> list[Note]:
    time = read.response_time or 0
    given = head.get_all("Retry-After")
    if not given:
        return [note("http.retry.none", language, "faint", head.line_at)] if head.status in _ASKS_TO_WAIT else []
    header = given[0]
    left = retry_after(header, time)
    if left is None:
        return [note("http.retry.unreadable", language, "warn", header.value_at, value=header.value)]
    until = moment(time // 1_000_000_000 + left)
    return [note("http.retry.after", language, "plain", header.value_at, seconds=left, until=until)]


def redirect_notes(store: Store, read: ReadExchange, as_of: int, language: Language) -> list[Note]:
    """Whether the client went where the answer sent it, and with which method."""
    number = followed(store, read.id, as_of)
    if number is None or read.request is None:
        return []
    after = store.read(number).request
    message = store.exchanges[number - 1].request
    if after is None or message is None:
        return []
    at = Evidence(message.first_row + 1)
    details = {"exchange": number, "packet": at.packet, "before": read.request.method, "after": after.method}
    same = read.request.method == after.method
    kind = word("http.redirect.same" if same else "http.redirect.changed", language)
    return [note("http.redirect.followed", language, "plain", at, kind=kind, **details)]
