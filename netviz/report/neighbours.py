"""What `netviz exchanges --exchange N --json` says of WebSocket frames, server-sent events, JSONP and forms."""

from netviz.http.content import describe, media_type
from netviz.http.exchange import ReadExchange
from netviz.http.jsonp import jsonp_of
from netviz.http.secrets import shown_message, shown_pair
from netviz.http.websocket_frames import TEXT
from netviz.pipeline.event_stream import event_stream_of
from netviz.pipeline.store import Store
from netviz.pipeline.websocket import SocketFrame, websocket_of


def neighbours(store: Store, number: int, show_secrets: bool) -> dict[str, object]:
    """The keys `websocket`, `events`, `jsonp` and `form`, each null where the exchange is none."""
    read = store.read(number)
    return {
        "websocket": _websocket(store, number, show_secrets),
        "events": _events(store, number, show_secrets),
        "jsonp": _jsonp(store, read),
        "form": _form(store, read, show_secrets),
    }


def _websocket(store: Store, number: int, show_secrets: bool) -> dict[str, object] | None:
    talk = websocket_of(store, number)
    if talk is None:
        return None
    upgrade = talk.upgrade
    return {
        "accepted": upgrade.is_accepted,
        "key": upgrade.key.value if upgrade.key is not None else None,
        "accept": upgrade.accept.value if upgrade.accept is not None else None,
        "expected_accept": upgrade.expected,
        "faults": list(upgrade.faults),
        "origin": upgrade.origin,
        "protocols_offered": list(upgrade.protocols),
        "protocol": upgrade.protocol,
        "extensions": [{"name": each.name, "parameters": dict(each.parameters)} for each in upgrade.extensions],
        "frames": [_frame(each, show_secrets) for each in talk.frames],
        "lost": list(talk.lost),
        "stopped": list(talk.stopped),
    }


def _frame(each: SocketFrame, show_secrets: bool) -> dict[str, object]:
    frame, message = each.frame, each.message
    found: dict[str, object] = {
        "number": each.number,
        "from": each.sender,
        "packet": each.at.packet,
        "span": list(each.at.span) if each.at.span is not None else None,
        "last_packet": frame.last_row + 1,
        "fin": frame.fin,
        "rsv": frame.rsv,
        "opcode": frame.opcode,
        "opcode_name": frame.name,
        "masking_key": frame.mask.hex() or None,
        "length": frame.length,
        "length_bits": frame.bits,
        "complete": frame.complete,
        "fragment": each.fragment,
        "compressed": message.compressed,
        "violations": list(dict.fromkeys(frame.violations)),
        "close": None,
        "text": None,
        "payload": None,
        "problem": message.problem or None,
    }
    if frame.close is not None:
        found["close"] = {"code": frame.close[0], "reason": frame.close[1]}
    elif frame.is_control:
        found["payload"] = frame.payload.hex()
    elif each.is_last and message.content is not None:
        if message.opcode == TEXT:
            found["text"] = shown_message(message.text or "", show_secrets)
        else:
            found["payload"] = message.content.hex()
    return found


def _events(store: Store, number: int, show_secrets: bool) -> dict[str, object] | None:
    stream = event_stream_of(store, number)
    if stream is None:
        return None
    return {
        "events": [
            {
                "number": each.number if each.event.is_dispatched else None,
                "packet": each.at.packet,
                "span": list(each.at.span) if each.at.span is not None else None,
                "first_packet": each.event.first_row + 1,
                "event": each.event.event or ("message" if each.event.is_dispatched else None),
                "id": each.event.id,
                "data": shown_message("\n".join(each.event.data), show_secrets) if each.event.is_dispatched else None,
                "retry": each.event.retry,
                "comments": each.event.comments,
            }
            for each in stream.events
        ],
        "coding": stream.coded or None,
        "gap_packet": stream.gap_row + 1 if stream.gap_row is not None else None,
        "unfinished": stream.unfinished_row is not None,
        "over": stream.is_over,
        "stopped": stream.stopped,
    }


def _jsonp(store: Store, read: ReadExchange) -> dict[str, object] | None:
    message = read.exchange.response
    if read.request is None or read.response is None or message is None or not message.body_bytes:
        return None
    call = jsonp_of(read.request, describe(read.response, store.body(message, read.exchange.connection)))
    return None if call is None else {"parameter": call.parameter, "function": call.function}


def _form(store: Store, read: ReadExchange, show_secrets: bool) -> dict[str, object] | None:
    """The fields of a form that was posted; of a file its name and its size."""
    head, message = read.request, read.exchange.request
    if head is None or message is None or head.method != "POST" or not message.body_bytes:
        return None
    content = describe(head, store.body(message, read.exchange.connection))
    if content.kind not in ("form", "multipart"):
        return None
    fields: list[dict[str, object]] = [
        {"name": name, "value": shown_pair(name, value, show_secrets)} for name, value in content.pairs
    ]
    for part in content.parts:
        if part.file_name is not None:
            file = {"file_name": part.file_name, "media_type": part.media_type or None, "bytes": part.content_bytes}
            fields.append({"name": part.name, **file})
        else:
            value = part.content.decode("utf-8", "replace")
            fields.append({"name": part.name, "value": shown_pair(part.name, value, show_secrets)})
    origin = head.get("Origin")
    return {"media_type": media_type(head)[0], "origin": origin, "host": head.get("Host"), "fields": fields}
