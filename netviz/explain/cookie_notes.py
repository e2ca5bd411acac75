"""Cookies in words: the jar over time, why each went along or stayed behind, what attributes leave open, logins."""

from datetime import UTC, datetime

from netviz.explain.notes import Note, note, numbers, title, word
from netviz.explain.words import Language
from netviz.http.cookies import SetCookie, sent_cookies, set_cookies
from netviz.http.exchange import ReadExchange
from netviz.http.jar import Event, Jar, Judged, Version
from netviz.http.secrets import mask
from netviz.http.sessions import Login, SessionId, login_of, session_ids
from netviz.pipeline.store import Store

_MOST_LISTED = 60
_EVENT_WEIGHT = {"set": "good", "changed": "warn", "deleted": "warn", "refused": "bad", "expired": "warn"}


def shown_value(value: str, show_secrets: bool) -> str:
    """A cookie's value, covered unless it was asked for."""
    return value if show_secrets else mask(value)


def request_cookie_notes(store: Store, read: ReadExchange, language: Language, show_secrets: bool) -> list[Note]:
    """For each cookie that this client had: whether it went with the request, and by which rule (not)."""
    request, message = read.request, read.exchange.request
    if request is None or message is None:
        return []
    time = store.packets.value("time", message.head_row)
    judged = store.cookies().judged(read.client, request, message.head_row, time)
    if not judged and not sent_cookies(request):
        return []
    found = [title("http.title.cookies-sent", language)]
    # Cookies of other hosts say least, so they come last.
    judged.sort(key=lambda each: (not each.sent, each.why == "domain"))
    found += [_judged(each, read.id, language, show_secrets) for each in judged[:_MOST_LISTED]]
    if not any(each.sent for each in judged):
        found.insert(1, note("http.cookie.none-sent", language, "faint", request.line_at))
    return found


def _judged(each: Judged, exchange: int, language: Language, show_secrets: bool) -> Note:
    version = each.version
    value = shown_value(version.value, show_secrets)
    details = {
        "name": version.name or "''", "value": value, "packet": version.at.packet, "domain": version.domain,
        "path": version.path or "/",
    }  # fmt: skip
    if each.sent:
        use = next((use.at for use in version.uses if use.exchange == exchange), version.at)
        if version.set_by is None:
            return note("http.cookie.sent-unknown", language, "plain", use, **details)
        key = "http.cookie.sent-against" if each.why is not None else "http.cookie.sent-fits"
        rule = word(f"http.cookie.rule.{each.why}", language)
        weight = "warn" if each.why is not None else "good"
        return note(key, language, weight, use, rule=rule, **details)  # type: ignore[arg-type]
    if each.why is not None:
        return note(f"http.cookie.kept-{each.why}", language, "faint", version.at, **details)
    return note("http.cookie.kept-unknown", language, "warn", version.at, **details)


def set_cookie_notes(read: ReadExchange, language: Language, show_secrets: bool) -> list[Note]:
    """What the response sets, how long it lives, and what its attributes leave open."""
    if read.response is None:
        return []
    found = []
    for cookie in set_cookies(read.response, read.response_time or 0)[:_MOST_LISTED]:
        life = word(f"http.lifetime.{cookie.lifetime}", language)
        value = shown_value(cookie.value, show_secrets)
        found.append(note("http.cookie.set", language, "plain", cookie.at, name=cookie.name, value=value, life=life))
        if cookie.lifetime == "persistent" and cookie.expires is not None:
            found.append(_deeper(note("http.cookie.until", language, "faint", cookie.at, until=moment(cookie.expires))))
        if cookie.lifetime != "deleted":
            found += _findings(cookie, language)
    return [title("http.title.cookies-set", language), *found] if found else []


def moment(seconds: int) -> str:
    """A moment in UTC."""
    return datetime.fromtimestamp(min(max(seconds, 0), 253402300799), UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def findings_of(cookie: SetCookie) -> list[tuple[str, bool]]:
    """Keys (`http.cookie.finding.*`) of what a cookie's attributes protect (True) or leave open (False)."""
    same_site = (cookie.same_site or "default").lower()
    return [
        ("http-only" if cookie.http_only else "no-http-only", cookie.http_only),
        ("secure" if cookie.secure else "no-secure", cookie.secure),
        (f"same-site-{same_site}", same_site in ("strict", "lax", "default")),
        ("host-only" if cookie.domain is None else "subdomains", cookie.domain is None),
    ]


def _findings(cookie: SetCookie, language: Language) -> list[Note]:
    found = []
    for key, good in findings_of(cookie):
        text = note(f"http.cookie.finding.{key}", language, "plain" if good else "warn", cookie.at)
        found.append(_deeper(text))
    if cookie.name.lower().startswith(("__host-", "__secure-")):
        prefix = "__Host-" if cookie.name.lower().startswith("__host-") else "__Secure-"
        found.append(_deeper(note("http.cookie.finding.prefix", language, "good", cookie.at, prefix=prefix)))
    if cookie.refused:
        found.append(_deeper(Note(word(f"http.cookie.{cookie.refused}", language), "bad", cookie.at)))
    return found


def _deeper(given: Note) -> Note:
    return given._replace(indent=2)


def jar_notes(store: Store, as_of: int, language: Language, show_secrets: bool) -> list[Note]:
    """The jar as of a packet: each client's cookies, what happened to them, the sessions and logins seen."""
    jar = store.cookies()
    row = as_of - 1
    events = jar.events_between(0, row)
    if not events:
        return [note("http.jar.empty", language, "faint")]
    found: list[Note] = []
    if jar.full:
        found.append(note("http.jar.full", language, "bad"))
    now = store.packets.value("time", row)
    by_client: dict[str, list[Version]] = {}
    for version in jar.at(row):
        by_client.setdefault(version.client, []).append(version)
    for client in dict.fromkeys(event.version.client for event in events):
        held = by_client.get(client, [])
        found.append(title("http.jar.client", language, client=client, count=len(held)))
        found += [_held(each, now, row, language, show_secrets) for each in held[-_MOST_LISTED:]]
    found.append(note("http.jar.by-address", language, "faint"))
    ids = session_ids(jar, row)
    found += _sessions(ids, row, language, show_secrets)
    found += _logins(store, jar, ids, as_of, language)
    found.append(title("http.title.jar-events", language))
    found += [event_note(each, language, show_secrets) for each in events[-_MOST_LISTED:]]
    return found


def _held(version: Version, now: int, row: int, language: Language, show_secrets: bool) -> Note:
    made = version.set_by
    uses = sum(use.row <= row for use in version.uses)
    details = {
        "name": version.name or "''", "value": shown_value(version.value, show_secrets), "domain": version.domain,
        "path": version.path or "?", "packet": version.at.packet, "uses": uses,
    }  # fmt: skip
    if made is None:
        return note("http.jar.held-unknown", language, "plain", version.at, **details)
    if version.expired(now):
        return note("http.jar.held-over", language, "warn", version.at, **details)
    if made.lifetime == "persistent" and made.expires is not None:
        return note("http.jar.held-until", language, "plain", version.at, until=moment(made.expires), **details)
    return note("http.jar.held-session", language, "plain", version.at, **details)


def event_note(event: Event, language: Language, show_secrets: bool) -> Note:
    """What happened to a cookie, in a line."""
    version, before = event.version, event.before
    details = {
        "name": version.name or "''", "domain": version.domain, "exchange": event.exchange,
        "value": shown_value(version.value, show_secrets), "packet": event.at.packet,
        "old": shown_value(before.value, show_secrets) if before is not None else "-",
        "reason": word(f"http.cookie.{event.reason}", language) if event.reason else "",
    }  # fmt: skip
    weight = _EVENT_WEIGHT.get(event.kind, "plain")
    return note(f"http.jar.{event.kind}", language, weight, event.at, **details)  # type: ignore[arg-type]


def _sessions(ids: list[SessionId], row: int, language: Language, show_secrets: bool) -> list[Note]:
    found: list[Note] = []
    for each in ids[:_MOST_LISTED]:
        signs = ", ".join(word(f"http.session.sign.{sign}", language) for sign in each.signs)
        first = each.versions[0]
        found.append(note("http.session.id", language, "good", first.at, name=each.name, host=each.host, signs=signs))
        for version in each.versions:
            uses = [use.at.packet for use in version.uses if use.row <= row]
            value = shown_value(version.value, show_secrets)
            key = "http.session.followed" if uses else "http.session.not-sent"
            line = note(key, language, "plain", version.at, value=value, packet=version.at.packet, uses=numbers(uses))
            found.append(_deeper(line))
        key = f"http.session.holds-{each.holds}"
        found.append(_deeper(note(key, language, "faint", first.at, name=each.name, size=len(each.versions[-1].value))))
    return [title("http.title.sessions", language), *found] if found else []


def logins(store: Store, jar: Jar, ids: list[SessionId], as_of: int) -> list[tuple[ReadExchange, Login]]:
    """Requests that brought a password and were answered by a packet, with what became of the session."""
    found = []
    for number in store.password_requests():
        read = store.read(number)
        request, response = read.exchange.request, read.exchange.response
        if request is None or response is None or response.head_row >= as_of:
            continue
        events = jar.events_between(response.head_row, response.head_row)
        found.append((read, login_of(number, response.status, ids, events)))
    return found


def _logins(store: Store, jar: Jar, ids: list[SessionId], as_of: int, language: Language) -> list[Note]:
    found = []
    for read, login in logins(store, jar, ids, as_of)[:_MOST_LISTED]:
        assert read.response is not None
        weight = {"rotated": "good", "created": "good", "kept": "bad"}.get(login.result, "plain")
        at = login.after.at if login.after is not None else read.response.line_at
        before = login.before.at.packet if login.before is not None else 0
        details = {"exchange": login.exchange, "before": before, "after": at.packet, "status": read.response.status}
        found.append(note(f"http.login.{login.result}", language, weight, at, **details))  # type: ignore[arg-type]
    return [title("http.title.logins", language), *found] if found else []
