"""`netviz cookies`: the jar of each client over time, sessions and logins. Secrets are covered unless asked for."""

from collections.abc import Container, Iterator

from rich.text import Text

from netviz.explain.cookie_notes import event_note, findings_of, jar_notes, logins
from netviz.explain.words import Language, say
from netviz.http.jar import Event, Version
from netviz.http.secrets import mask
from netviz.http.sessions import session_ids
from netviz.pipeline.store import Store
from netviz.report.exchange_depth import note_text
from netviz.report.form import document as envelope
from netviz.report.form import timestamp


def text(store: Store, language: Language, show_secrets: bool, only: Container[int] | None = None) -> Iterator[Text]:
    """What is in the jars at the end of the capture, and what happened on the way; or only what some exchanges did."""
    if only is not None:
        events = [event for event in store.cookies().events if event.exchange in only]
        yield from (note_text(event_note(event, language, show_secrets)) for event in events)
        if not events:
            yield Text(say("filter.nothing", language))
        return
    if not len(store.packets):
        yield Text(say("http.jar.empty", language))
        return
    for each in jar_notes(store, len(store.packets), language, show_secrets):
        yield note_text(each)


def document(store: Store, show_secrets: bool, only: Container[int] | None = None) -> dict[str, object]:
    """`netviz cookies FILE --json`: cookies, events, session ids and logins; or of some exchanges only."""
    jar = store.cookies()
    last = len(store.packets) - 1
    ids = session_ids(jar, last)
    return envelope(
        cookies=[_version(each, show_secrets) for each in jar.versions if only is None or each.exchange in only],
        events=[_event(each, show_secrets) for each in jar.events if only is None or each.exchange in only],
        sessions=[
            {
                "name": each.name, "host": each.host, "client": each.client, "signs": list(each.signs),
                "holds": each.holds, "packets": [version.at.packet for version in each.versions],
            }
            for each in ids
        ],
        logins=[
            {
                "exchange": login.exchange, "result": login.result,
                "before": login.before.at.packet if login.before else None,
                "after": login.after.at.packet if login.after else None,
            }
            for _, login in logins(store, jar, ids, last + 1)
            if only is None or login.exchange in only
        ],
    )  # fmt: skip


def _version(each: Version, show_secrets: bool) -> dict[str, object]:
    made = each.set_by
    return {
        "client": each.client,
        "name": each.name,
        "value": each.value if show_secrets else mask(each.value),
        "domain": each.domain,
        "host_only": made.domain is None if made is not None else None,
        "path": each.path or None,
        "lifetime": made.lifetime if made is not None else None,
        "expires": made.expires if made is not None else None,
        "findings": [key for key, _ in findings_of(made)] if made is not None else [],
        "packet": each.at.packet,
        "exchange": each.exchange,
        "ended": {"packet": each.ended_row + 1, "by": each.ended_by} if each.ended_row is not None else None,
        "sent": [{"packet": use.at.packet, "exchange": use.exchange} for use in each.uses],
    }


def _event(event: Event, show_secrets: bool) -> dict[str, object]:
    return {
        "packet": event.row + 1,
        "time": timestamp(event.time),
        "exchange": event.exchange,
        "kind": event.kind,
        "client": event.version.client,
        "name": event.version.name,
        "value": event.version.value if show_secrets else mask(event.version.value),
        "domain": event.version.domain,
        "refused": event.reason or None,
    }
