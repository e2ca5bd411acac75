"""Fields of WebSocket frames, marked on the packet with which the frame was complete, as tshark has it."""

from collections.abc import Callable, Iterable
from typing import Final

import numpy as np

from netviz.filter.part import Part, Sparse, Values
from netviz.pipeline.reading import ExchangeReader
from netviz.pipeline.store import Store
from netviz.pipeline.websocket import SocketFrame, talk_of

Value = str | int | bytes
Get = Callable[[SocketFrame], Iterable[Value]]

_CODES: Final = {7: None, 16: 126, 64: 127}
"""What stands in the 7 bits where the length is written longer."""


class Sockets:
    """The frames of all WebSocket connections of a store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        # Filters run beside the screen: what is read for one must not be kept by the other.
        self._reader = ExchangeReader(store)
        self._found: tuple[int, list[SocketFrame]] | None = None

    def _frames(self) -> list[SocketFrame]:
        store, version = self._store, self._store.version
        if self._found is None or self._found[0] != version:
            upgraded = (each for each in store.exchanges[:] if each.response and each.response.framing == "upgrade")
            talks = (talk_of(store, self._reader, each.id) for each in upgraded)
            frames = [frame for talk in talks if talk is not None for frame in talk.frames if frame.frame.complete]
            self._found = (version, frames)
        return self._found[1]

    def _read(self, get: Get) -> Callable[[Part], list[Values]]:
        def values(part: Part) -> list[Values]:
            at: list[int] = []
            data: list[Value] = []
            for each in self._frames():
                row = each.frame.last_row
                if part.first <= row < part.stop:
                    found = list(get(each))
                    at += [row - part.first] * len(found)
                    data += found
            return [Sparse(np.array(at, np.int64), data)]

        return values

    def readers(self) -> dict[str, Callable[[Part], list[Values]]]:
        """How each field's values are read."""
        return {
            "websocket": self._read(lambda each: [1]),
            "websocket.fin": self._read(lambda each: [int(each.frame.fin)]),
            "websocket.rsv": self._read(lambda each: [each.frame.rsv]),
            "websocket.opcode": self._read(lambda each: [each.frame.opcode]),
            "websocket.mask": self._read(lambda each: [int(bool(each.frame.mask))]),
            "websocket.masking_key": self._read(lambda each: [each.frame.mask] if each.frame.mask else []),
            "websocket.payload_length": self._read(lambda each: [_CODES[each.frame.bits] or each.frame.length]),
            "websocket.payload_length_ext_16": self._read(lambda each: _length(each, 16)),
            "websocket.payload_length_ext_64": self._read(lambda each: _length(each, 64)),
            "websocket.length": self._read(lambda each: [each.frame.length]),
            "websocket.payload.text": self._read(_text),
            "websocket.payload.close.status_code": self._read(
                lambda each: [each.frame.close[0]] if each.frame.close else []
            ),
            "websocket.payload.close.reason": self._read(_reason),
            "websocket.violation": self._read(lambda each: each.frame.violations),
        }


def _length(each: SocketFrame, bits: int) -> list[Value]:
    return [each.frame.length] if each.frame.bits == bits else []


def _text(each: SocketFrame) -> list[Value]:
    text = each.message.text if each.is_last else None
    return [] if text is None else [text]


def _reason(each: SocketFrame) -> list[Value]:
    close = each.frame.close
    return [close[1]] if close is not None and close[1] else []
