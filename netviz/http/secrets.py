"""Header values with their secrets covered: cookies, tokens and passwords are for their owners' eyes only."""

import json
import re
from collections.abc import Callable
from typing import Final

_KEPT: Final = 4
_SECRET_NAMES: Final = (
    "password", "passwd", "pwd", "pass", "token", "access_token", "id_token", "refresh_token", "secret",
    "client_secret", "api_key", "apikey", "session", "session_id", "sessionid", "sid", "csrf", "csrf_token", "otp", "pin",
)  # fmt: skip
_PAIR = re.compile(r"([^=;\s]+)\s*=\s*([^;]*)")
_JWT = re.compile(r"(?<![A-Za-z0-9_\-])e[yw][A-Za-z0-9_\-]{4,}\.e[A-Za-z0-9_\-]{2,}\.[A-Za-z0-9_\-]*")
_PARAMETER = re.compile(
    r"((?:^|[?&;])(?:access_token|id_token|refresh_token|token|api_?key|client_secret|secret|passw(?:or)?d|pwd|pw"
    r"|session_?id|sid|sig|signature)=)([^&;#\s]+)",
    re.IGNORECASE,
)


def mask(secret: str) -> str:
    """A secret as its length and, where it is long enough that this tells little, its first characters."""
    start = secret[:_KEPT] if len(secret) >= 4 * _KEPT else ""
    return f"{start}…({len(secret)})"


def _authorization(value: str) -> str:
    scheme, space, secret = value.partition(" ")
    return f"{scheme} {mask(secret.strip())}" if space else mask(value)


def _cookie(value: str) -> str:
    return _PAIR.sub(lambda pair: f"{pair[1]}={mask(pair[2])}", value)


def _set_cookie(value: str) -> str:
    pair, semicolon, attributes = value.partition(";")
    return _cookie(pair) + semicolon + attributes


_COVERS: Final[dict[str, Callable[[str], str]]] = {
    "authorization": _authorization,
    "proxy-authorization": _authorization,
    "cookie": _cookie,
    "set-cookie": _set_cookie,
    "x-api-key": mask,
    "x-auth-token": mask,
    "x-csrf-token": mask,
    "x-xsrf-token": mask,
    "location": lambda value: shown_target(value, False),
    "referer": lambda value: shown_target(value, False),
}


def shown(name: str, value: str, show_secrets: bool) -> str:
    """A header's value as it may be printed: covered, unless secrets were asked for."""
    if show_secrets:
        return value
    cover = _COVERS.get(name.lower())
    return covered(value) if cover is None else cover(value)


def shown_target(target: str, show_secrets: bool) -> str:
    """A target, URL, or form body as it may be printed: tokens and passwords in it covered."""
    return target if show_secrets else covered(_PARAMETER.sub(lambda found: found[1] + mask(found[2]), target))


def covered(text: str) -> str:
    """Any text with the JSON Web Tokens in it covered."""
    return _JWT.sub(lambda found: mask(found[0]), text)


def is_secret_name(name: str) -> bool:
    """Whether a field of this name holds what only its owner should see."""
    return name.lower().replace("-", "_") in _SECRET_NAMES


def shown_pair(name: str, value: str, show_secrets: bool) -> str:
    """The value of a query's or a form's field as it may be printed."""
    if show_secrets:
        return value
    return mask(value) if is_secret_name(name) else shown_target(f"{name}={value}", False)[len(name) + 1 :]


def covered_json(value: object) -> object:
    """Parsed JSON with the values of secret names, and tokens in any text, covered. Raises: RecursionError."""
    if isinstance(value, dict):
        return {
            key: mask(str(each))
            if is_secret_name(str(key)) and isinstance(each, str | int) and each
            else covered_json(each)
            for key, each in value.items()
        }
    if isinstance(value, list):
        return [covered_json(each) for each in value]
    return covered(value) if isinstance(value, str) else value


def shown_message(text: str, show_secrets: bool) -> str:
    """A message that stands by itself (a WebSocket's, an event's): JSON with its secrets covered, else any text's tokens."""
    if show_secrets:
        return text
    if text.lstrip()[:1] in ("{", "["):
        try:
            value = json.loads(text)
            hidden = covered_json(value)
        except (ValueError, RecursionError):
            return covered(text)
        return text if hidden == value else json.dumps(hidden, ensure_ascii=False)
    return covered(text)
