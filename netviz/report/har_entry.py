"""One entry of an HTTP archive: the request, the response, and where the time went, from the packets that brought them."""

import base64
from datetime import UTC, datetime, timedelta
from typing import Final

from netviz.http.content import Content, describe
from netviz.http.cookies import SetCookie, sent_cookies, set_cookies
from netviz.http.copying import shown_text
from netviz.http.exchange import Body, Exchange, Head, Message, ReadExchange
from netviz.http.secrets import mask, shown, shown_message, shown_pair, shown_target
from netviz.http.uri import request_uri
from netviz.http.websocket_frames import TEXT
from netviz.pipeline.exchange_times import timing_of
from netviz.pipeline.store import Store
from netviz.pipeline.websocket import websocket_of

_UNKNOWN: Final = -1
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_NO_BODY: Final = Body(b"", b"")


def started_of(store: Store, exchange: Exchange, lookup: float | None) -> int:
    """When an entry begins, in nanoseconds: with the request's first byte, or as long before as looking the host up (in
    seconds, None where it was not) and connecting took."""
    request = exchange.request
    assert request is not None
    connect = timing_of(store, exchange).connect
    return store.packets.value("time", request.first_row) - round(((connect or 0) + (lookup or 0)) * 1e9)


def entry_of(
    store: Store, number: int, started: int, lookup: float | None, pageref: str | None, show_secrets: bool
) -> dict[str, object]:
    """The entry of one exchange, which has a request."""
    read = store.read(number)
    timings = _timings(store, read, lookup)
    entry: dict[str, object] = {
        "startedDateTime": iso(started),
        "time": round(sum(each for each in timings.values() if each >= 0), 6),
        "request": _request(store, read, show_secrets),
        "response": _response(store, read, show_secrets),
        "cache": {},
        "timings": timings,
        "serverIPAddress": read.server,
        "connection": str(read.exchange.connection),
        "_exchange": number,
        "_requestPackets": list(read.request_packets),
        "_responsePackets": list(read.response_packets),
    }
    entry |= _messages(store, number, show_secrets)
    if read.exchange.inferred:
        entry["comment"] = (
            "bytes were lost before the response: which request it answers was inferred from the order in time"
        )
    return entry if pageref is None else {"pageref": pageref, **entry}


def _messages(store: Store, number: int, show_secrets: bool) -> dict[str, object]:
    """What Chromium adds to an archive for WebSocket: `_webSocketMessages`, each whole, with the time of its last packet."""
    talk = websocket_of(store, number)
    if talk is None:
        return {}
    found = []
    for each in talk.frames:
        content = each.message.content
        if each.is_last and content is not None:
            is_text = each.message.opcode == TEXT
            text = (
                shown_message(each.message.text or "", show_secrets) if is_text else base64.b64encode(content).decode()
            )
            found.append(
                {
                    "type": "send" if each.sender == "client" else "receive",
                    "time": store.packets.value("time", each.frame.last_row) / 1e9,
                    "opcode": each.message.opcode,
                    "data": text,
                }
            )
    return {"_resourceType": "websocket", "_webSocketMessages": found}


def iso(nanoseconds: int) -> str:
    """ISO 8601 in UTC, to the microsecond."""
    moment = _EPOCH + timedelta(microseconds=nanoseconds // 1000)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _timings(store: Store, read: ReadExchange, lookup: float | None) -> dict[str, float]:
    """Milliseconds of each phase; -1 where it did not happen or where the packets do not tell."""
    timing = timing_of(store, read.exchange)
    # A connection that was open already took no connecting: the format has -1 for that, not 0.
    phases = {
        "blocked": timing.blocked,
        "dns": lookup,
        "connect": timing.connect or None,
        "send": timing.send,
        "wait": timing.wait,
        "receive": timing.receive,
        "ssl": None,
    }
    return {name: _UNKNOWN if value is None else round(value * 1e3, 6) for name, value in phases.items()}


def _request(store: Store, read: ReadExchange, show_secrets: bool) -> dict[str, object]:
    head, message = read.request, read.exchange.request
    assert head is not None and message is not None
    query = request_uri(head.method, head.target, head.get("Host")).pairs
    found: dict[str, object] = {
        "method": head.method,
        "url": shown_target(read.url or head.target, show_secrets),
        "httpVersion": head.version or "HTTP/0.9",
        "cookies": [
            {"name": name, "value": value if show_secrets else mask(value)} for name, value, _ in sent_cookies(head)
        ],
        "headers": _headers(head, show_secrets),
        "queryString": [{"name": name, "value": shown_pair(name, value, show_secrets)} for name, value in query],
        "headersSize": message.body_start - message.start,
        "bodySize": _body_size(message),
    }
    if message.body_bytes:
        found["postData"] = _posted(head, store.body(message, read.exchange.connection), show_secrets)
    return found


def _headers(head: Head, show_secrets: bool) -> list[dict[str, str]]:
    return [{"name": each.name, "value": shown(each.name, each.value, show_secrets)} for each in head.headers]


def _body_size(message: Message) -> int:
    """Bytes of a body without chunk framing; not known where some are missing or still to come."""
    whole = message.complete or message.framing == "none"
    return message.body_bytes if whole and not message.missing else _UNKNOWN


def _posted(head: Head, body: Body, show_secrets: bool) -> dict[str, object]:
    """A request's body: the fields of a form, or text; what is no text as base64."""
    content = describe(head, body)
    found: dict[str, object] = {"mimeType": head.get("Content-Type") or ""}
    if content.kind == "form":
        pairs = content.pairs
        found["params"] = [{"name": name, "value": shown_pair(name, value, show_secrets)} for name, value in pairs]
    elif content.kind == "multipart":
        found["params"] = [
            _part(part.name, part.file_name, part.media_type, part.content, show_secrets) for part in content.parts
        ]
    else:
        text = shown_text(content, show_secrets)
        found["text"] = base64.b64encode(body.content).decode() if text is None else text
        if text is None:
            found["_encoding"] = "base64"
    if body.problem:
        found["comment"] = f"not whole: {body.problem}"
    return found


def _part(name: str, file_name: str | None, media_type: str, data: bytes, show_secrets: bool) -> dict[str, str]:
    found = {"name": name}
    if file_name is None:
        found["value"] = shown_pair(name, data.decode("utf-8", "replace"), show_secrets)
    else:
        found["fileName"] = file_name
    return {**found, "contentType": media_type} if media_type else found


def _response(store: Store, read: ReadExchange, show_secrets: bool) -> dict[str, object]:
    head, message = read.response, read.exchange.response
    if head is None or message is None:
        return _no_response()
    body = store.body(message, read.exchange.connection) if message.body_bytes else _NO_BODY
    return {
        "status": head.status,
        "statusText": head.reason,
        "httpVersion": head.version,
        "cookies": [_cookie(each, show_secrets) for each in set_cookies(head, read.response_time or 0)],
        "headers": _headers(head, show_secrets),
        "content": _content(head, body, show_secrets),
        "redirectURL": shown_target(head.get("Location") or "", show_secrets),
        "headersSize": message.body_start - message.start,
        "bodySize": _body_size(message),
    }


def _no_response() -> dict[str, object]:
    return {
        "status": 0, "statusText": "", "httpVersion": "", "cookies": [], "headers": [],
        "content": {"size": 0, "mimeType": "x-unknown"}, "redirectURL": "", "headersSize": _UNKNOWN,
        "bodySize": _UNKNOWN, "comment": "the capture has no response",
    }  # fmt: skip


def _content(head: Head, body: Body, show_secrets: bool) -> dict[str, object]:
    """The content decoded: text, or base64 where it is none."""
    content: Content = describe(head, body)
    found: dict[str, object] = {"size": len(body.content), "mimeType": head.get("Content-Type") or "x-unknown"}
    if body.coding and not body.problem:
        found["compression"] = len(body.content) - len(body.raw)
    if body.content:
        text = shown_text(content, show_secrets)
        found["text"] = base64.b64encode(body.content).decode() if text is None else text
        if text is None:
            found["encoding"] = "base64"
    if body.problem:
        found["comment"] = f"not whole: {body.problem}"
    return found


def _cookie(each: SetCookie, show_secrets: bool) -> dict[str, object]:
    found: dict[str, object] = {"name": each.name, "value": each.value if show_secrets else mask(each.value)}
    if each.path is not None:
        found["path"] = each.path
    if each.domain is not None:
        found["domain"] = each.domain
    if each.expires is not None:
        found["expires"] = iso(each.expires * 1_000_000_000)
    found |= {"httpOnly": each.http_only, "secure": each.secure}
    return found if each.same_site is None else {**found, "sameSite": each.same_site}
