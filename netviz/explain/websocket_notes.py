"""A WebSocket connection in words, as of a packet: the handshake held to RFC 6455, then each frame with its bits."""

from typing import Any, Final

from netviz.explain.notes import Note, note, title, word
from netviz.explain.words import Language, say
from netviz.http.exchange import ReadExchange
from netviz.http.secrets import shown_message
from netviz.http.websocket import Upgrade
from netviz.http.websocket_frames import CLOSE, PING, PONG, TEXT
from netviz.model.safe import safe
from netviz.pipeline.store import Store
from netviz.pipeline.websocket import SocketFrame, WebSocketTalk, websocket_of

_MOST_FRAMES: Final = 300
_MOST_TEXT: Final = 300
_MOST_OCTETS: Final = 24


def websocket_notes(store: Store, number: int, as_of: int, language: Language, show_secrets: bool) -> list[Note]:
    """Notes on the WebSocket connection of exchange `number`; none where it is no such exchange."""
    talk = websocket_of(store, number)
    if talk is None:
        return []
    read = store.read(number)
    response = read.exchange.response
    found = [title("websocket.title", language)]
    if response is None or response.head_row >= as_of:
        return [*found, note("websocket.asked", language, "faint")]
    found += _handshake(read, talk.upgrade, language)
    frames = talk.until(as_of)
    if response.framing == "upgrade":
        found += _frames(store, talk, frames, as_of, language, show_secrets)
    return found


def _handshake(read: ReadExchange, upgrade: Upgrade, language: Language) -> list[Note]:
    found = []
    key, accept = upgrade.key, upgrade.accept
    if upgrade.is_accepted and key is not None and accept is not None:
        details = {"asked": key.value, "accept": accept.value}
        found.append(note("websocket.accepted", language, "good", accept.value_at, **details))
    at = accept.value_at if accept is not None else read.response.line_at if read.response is not None else None
    for fault in upgrade.faults:
        status = read.response.status if read.response is not None else 0
        faulty = {"expected": upgrade.expected or "-", "status": status, "version": upgrade.version or "-"}
        found.append(note(f"websocket.fault.{fault}", language, "bad", at, **faulty))
    if upgrade.origin is not None and read.request is not None:
        where = read.request.get_all("Origin")[0].value_at
        found.append(note("websocket.origin", language, "faint", where, origin=upgrade.origin))
    if upgrade.protocols:
        offered = ", ".join(upgrade.protocols)
        found.append(note("websocket.protocol", language, offered=offered, chosen=upgrade.protocol or "-"))
    for each in upgrade.extensions:
        listed = "; ".join(f"{name}={value}" if value else name for name, value in each.parameters)
        known = "websocket.deflate" if each.name == "permessage-deflate" else "websocket.extension"
        found.append(note(known, language, name=each.name, parameters=listed or "-"))
    return found


def _frames(
    store: Store, talk: WebSocketTalk, frames: tuple[SocketFrame, ...], as_of: int, language: Language, secrets: bool
) -> list[Note]:
    by_client = sum(each.sender == "client" for each in frames)
    messages = len({id(each.message) for each in frames if not each.frame.is_control})
    found = [title("websocket.frames", language)]
    counts: dict[str, Any] = {
        "count": len(frames),
        "client": by_client,
        "server": len(frames) - by_client,
        "messages": messages,
    }
    found.append(note("websocket.count", language, "faint", **counts))
    if len(frames) > _MOST_FRAMES:
        found.append(note("websocket.earlier", language, "faint", count=len(frames) - _MOST_FRAMES))
    for each in frames[-_MOST_FRAMES:]:
        found += frame_notes(each, as_of, language, secrets)
    if as_of >= len(store.packets):
        found += [note(f"websocket.lost-{sender}", language, "bad") for sender in talk.lost]
        found += [note("websocket.stopped", language, "warn") for _ in talk.stopped[:1]]
    return found


def frame_notes(each: SocketFrame, as_of: int, language: Language, show_secrets: bool) -> list[Note]:
    """One frame: a line with its bits and its content, and a line for each violation."""
    frame = each.frame
    arrow = "→" if each.sender == "client" else "←"
    marks = [word(f"websocket.opcode.{frame.name}", language, frame.name)]
    if each.fragment > 1 or not frame.fin:
        marks.append(say("websocket.fragment", language, place=each.fragment))
    marks += ["FIN"] if frame.fin else []
    marks += [f"RSV {frame.rsv:03b}"] if frame.rsv else []
    marks.append(f"MASK {frame.mask.hex()}" if frame.mask else word("websocket.not-masked", language))
    length = f"{frame.length:,} B ({frame.bits}-bit)"
    text = f"{each.number} {arrow} {', '.join(marks)}, {length}"
    content = content_of(each, as_of, language, show_secrets)
    line = Note(f"{text}: {content}" if content else text, "plain", each.at, 1)
    wrong = [note(f"websocket.violation.{name}", language, "bad", each.at) for name in dict.fromkeys(frame.violations)]
    return [line, *(broken._replace(indent=2) for broken in wrong)]


def content_of(each: SocketFrame, as_of: int, language: Language, show_secrets: bool) -> str:
    """What a frame carries, in words; of a message of several frames the whole with its last one."""
    frame, message = each.frame, each.message
    if frame.last_row >= as_of or not frame.complete:
        return note("websocket.coming", language).text if not frame.missing else note("websocket.gap", language).text
    if frame.opcode == CLOSE:
        code, reason = frame.close or (1005, "")
        meaning = word(f"websocket.close.{code}", language, word("websocket.close.other", language))
        return note("websocket.closing", language, code=code, meaning=meaning, reason=reason or "-").text
    if frame.opcode in (PING, PONG):
        return _octets(frame.payload)
    if message.problem and each.is_last:
        return word(f"websocket.problem.{message.problem}", language, message.problem)
    if not each.is_last or message.content is None:
        return "" if message.compressed else _shown(frame.payload, message.opcode == TEXT, show_secrets)
    shown = _shown(message.content, message.opcode == TEXT, show_secrets)
    if message.compressed or len(message.frames) > 1:
        key = "websocket.inflated" if message.compressed else "websocket.joined"
        details: dict[str, Any] = {"bytes": len(message.content), "frames": len(message.frames), "text": shown}
        return note(key, language, **details).text
    return shown


def _shown(data: bytes, is_text: bool, show_secrets: bool) -> str:
    if not is_text:
        return _octets(data)
    text = shown_message(data.decode("utf-8", "backslashreplace"), show_secrets)
    return safe(text, _MOST_TEXT)


def _octets(data: bytes) -> str:
    return data[:_MOST_OCTETS].hex(" ") + (" …" if len(data) > _MOST_OCTETS else "")
