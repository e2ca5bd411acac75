"""The opening handshake of a WebSocket connection (RFC 6455 section 4): what was asked for, and whether the answer proves it.

Stateless, from the two heads alone. The frames that follow are read by `websocket_frames.py`.
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from typing import Final

from netviz.http.exchange import Head, Header

_GUID: Final = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
"""RFC 6455 1.3: a server that knows it has understood that this is no HTTP."""

_KEY_BYTES: Final = 16
_WINDOW_BITS: Final = range(8, 16)


@dataclass(frozen=True, slots=True)
class Extension:
    """One element of Sec-WebSocket-Extensions, names in lower case."""

    name: str
    parameters: tuple[tuple[str, str], ...]

    def get(self, name: str) -> str | None:
        """Value of a parameter, empty where it has none; None where it is not there."""
        return dict(self.parameters).get(name)


@dataclass(frozen=True, slots=True)
class Deflate:
    """permessage-deflate as it was agreed on (RFC 7692 section 7): window bits and whether it begins anew, by sender."""

    client_bits: int = 15
    server_bits: int = 15
    client_anew: bool = False
    """The client's window is empty at the start of each message (`client_no_context_takeover`)."""

    server_anew: bool = False


@dataclass(frozen=True, slots=True)
class Upgrade:
    """A handshake. Texts are as on the wire."""

    key: Header | None
    accept: Header | None
    expected: str | None
    """What Sec-WebSocket-Accept has to be for this key; None where there is no usable key."""

    is_accepted: bool
    """The server answered 101 with the value that proves it has read the key."""

    version: str
    protocols: tuple[str, ...]
    """Subprotocols that the client offered."""

    protocol: str | None
    """The one that the server chose."""

    extensions: tuple[Extension, ...]
    """Those that the server agreed to."""

    deflate: Deflate | None
    origin: str | None
    faults: tuple[str, ...]
    """Keys (`websocket.fault.*`): `key`, `accept`, `no-accept`, `version`, `method`, `protocol`, `extension`, `refused`."""


def is_websocket(request: Head | None) -> bool:
    """Whether a request asks to go on as WebSocket."""
    return request is not None and "websocket" in _elements(request, "Upgrade")


def upgrade_of(request: Head, response: Head | None) -> Upgrade:
    """The handshake of a request that `is_websocket`, and of its answer, where that is known."""
    keys = request.get_all("Sec-WebSocket-Key")
    accepts = response.get_all("Sec-WebSocket-Accept") if response is not None else []
    key, accept = keys[0] if keys else None, accepts[0] if accepts else None
    expected = accept_of(key.value) if key is not None and _is_key(key.value) else None
    switched = response is not None and response.status == 101
    offered, agreed = _elements(request, "Sec-WebSocket-Protocol", fold=False), None
    extensions: tuple[Extension, ...] = ()
    if response is not None and switched:
        agreed = response.get("Sec-WebSocket-Protocol")
        extensions = extensions_of(response.get("Sec-WebSocket-Extensions") or "")
    asked = {each.name for each in extensions_of(request.get("Sec-WebSocket-Extensions") or "")}
    version = request.get("Sec-WebSocket-Version") or ""
    faults = {
        "method": request.method != "GET",
        "key": expected is None,
        "version": version != "13",
        "refused": response is not None and not switched,
        "no-accept": switched and accept is None,
        "accept": switched and accept is not None and accept.value != expected,
        "protocol": agreed is not None and agreed not in offered,
        "extension": any(each.name not in asked for each in extensions),
    }
    return Upgrade(
        key,
        accept,
        expected,
        switched and accept is not None and accept.value == expected,
        version,
        tuple(offered),
        agreed,
        extensions,
        _deflate(extensions),
        request.get("Origin"),
        tuple(name for name, is_so in faults.items() if is_so),
    )


def accept_of(key: str) -> str:
    """RFC 6455 4.2.2: base64 of SHA-1 over the key and the fixed GUID."""
    return base64.b64encode(
        hashlib.sha1(key.encode("latin-1", "replace") + _GUID, usedforsecurity=False).digest()
    ).decode()


def extensions_of(value: str) -> tuple[Extension, ...]:
    """A Sec-WebSocket-Extensions field (RFC 6455 9.1)."""
    found = []
    for element in value.split(","):
        name, *rest = (part.strip() for part in element.split(";"))
        pairs = (part.partition("=") for part in rest if part)
        parameters = tuple((key.strip().lower(), given.strip().strip('"')) for key, _, given in pairs)
        if name:
            found.append(Extension(name.lower(), parameters))
    return tuple(found)


def _is_key(key: str) -> bool:
    try:
        return len(base64.b64decode(key, validate=True)) == _KEY_BYTES
    except (binascii.Error, ValueError):
        return False


def _elements(head: Head, name: str, fold: bool = True) -> list[str]:
    parts = [part.strip() for part in (head.get(name) or "").split(",")]
    return [part.lower() if fold else part for part in parts if part]


def _deflate(extensions: tuple[Extension, ...]) -> Deflate | None:
    agreed = next((each for each in extensions if each.name == "permessage-deflate"), None)
    if agreed is None:
        return None
    return Deflate(
        _bits(agreed.get("client_max_window_bits")),
        _bits(agreed.get("server_max_window_bits")),
        agreed.get("client_no_context_takeover") is not None,
        agreed.get("server_no_context_takeover") is not None,
    )


def _bits(value: str | None) -> int:
    """Window bits; what is missing or no such number is the most there is, which decodes every smaller window too."""
    number = int(value) if value is not None and value.isascii() and value.isdigit() and len(value) < 3 else 15
    return number if number in _WINDOW_BITS else 15
