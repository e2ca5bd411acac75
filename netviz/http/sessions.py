"""Which cookie is a session's id, and what a login did to it. Inferred: names and values only suggest what they are for."""

import base64
import binascii
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from netviz.http.content import describe
from netviz.http.exchange import Body, Head
from netviz.http.jar import Event, Jar, Version

Sign = Literal["name", "http-only", "no-expiry", "random", "sent-again"]
Holds = Literal["id", "token", "data"]
"""What the value is: a mere id, a JSON Web Token, or readable data."""

_NAMES: Final = re.compile(
    r"(?:^|[._\-])(?:sess(?:ion)?(?:[._\-]?id)?|sid|auth|login|ssid)(?:$|[._\-\d])|phpsessid|jsessionid|sessid|"
    r"asp\.net_sessionid|aspsessionid|connect\.sid|_session|sessionid|cfid|cftoken|laravel_session|remember",
    re.IGNORECASE,
)
_JWT: Final = re.compile(r"e[yw][A-Za-z0-9_\-]+\.e[A-Za-z0-9_\-]+\.[A-Za-z0-9_\-]*")
_RANDOM: Final = re.compile(r"[A-Za-z0-9+/_=.%:\-]{16,}")
_PASSWORD: Final = re.compile(r"^(?:pass(?:wor[dt]|wd|phrase)?|pwd|pw)$|password", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SessionId:
    """A cookie that looks like a session's id."""

    name: str
    host: str
    client: str
    signs: tuple[Sign, ...]
    versions: tuple[Version, ...]
    holds: Holds


@dataclass(frozen=True, slots=True)
class Login:
    """A request that brought a password, and what its answer did to the session's id."""

    exchange: int
    result: Literal["created", "rotated", "kept", "refused", "no-cookie"]
    """`kept`: the id from before the login goes on, so who knew it then is logged in now (session fixation)."""

    before: Version | None
    after: Version | None


def session_ids(jar: Jar, until_row: int) -> list[SessionId]:
    """Cookies that look like session ids among those known by a row, in order of appearance."""
    chains: dict[tuple[str, str, str], list[Version]] = {}
    for version in jar.versions:
        if version.row <= until_row:
            chains.setdefault((version.client, version.host, version.name), []).append(version)
    found = []
    for (client, host, name), versions in chains.items():
        signs = signs_of(versions, until_row)
        if len(signs) >= 2 and ("name" in signs or {"http-only", "random"} <= set(signs)):
            found.append(SessionId(name, host, client, signs, tuple(versions), holds(versions[-1].value)))
    return found


def signs_of(versions: Sequence[Version], until_row: int) -> tuple[Sign, ...]:
    """What speaks for a session id, by a row."""
    made = [each.set_by for each in versions if each.set_by is not None]
    signs: dict[Sign, bool] = {
        "name": bool(_NAMES.search(versions[0].name)),
        "http-only": any(each.http_only for each in made),
        "no-expiry": bool(made) and all(each.lifetime == "session" for each in made),
        "random": any(_is_random(each.value) for each in versions),
        "sent-again": any(use.row <= until_row for each in versions for use in each.uses),
    }
    return tuple(sign for sign, holds_true in signs.items() if holds_true)


def holds(value: str) -> Holds:
    """What kind of value it is."""
    if _JWT.fullmatch(value):
        return "token"
    for text in (value, _decoded(value)):
        if text[:1] in ("{", "["):
            try:
                json.loads(text)
            except (ValueError, RecursionError):
                continue
            return "data"
    return "id"


def has_password(head: Head, body: Body) -> bool:
    """Whether a request's form or JSON body has a field that is named like a password."""
    content = describe(head, body)
    if content.kind == "form":
        return any(_PASSWORD.search(name) for name, _ in content.pairs)
    if content.kind == "multipart":
        return any(_PASSWORD.search(part.name) for part in content.parts)
    return isinstance(content.value, dict) and any(_PASSWORD.search(str(name)) for name in content.value)


def login_of(exchange: int, status: int, ids: Sequence[SessionId], events: Sequence[Event]) -> Login:
    """What a login did. `events`: those of its response."""
    names = {(each.client, each.host, each.name) for each in ids}
    before = _before(ids, exchange)
    for event in events:
        version = event.version
        if event.exchange == exchange and (version.client, version.host, version.name) in names:
            if event.kind == "set":
                return Login(exchange, "created", None, version)
            if event.kind == "changed":
                return Login(exchange, "rotated", event.before, version)
    if status >= 400:
        return Login(exchange, "refused", before, None)
    return Login(exchange, "kept" if before is not None else "no-cookie", before, None)


def _before(ids: Sequence[SessionId], exchange: int) -> Version | None:
    for each in ids:
        for version in each.versions:
            if any(use.exchange == exchange for use in version.uses):
                return version
    return None


def _is_random(value: str) -> bool:
    """Long, and of several kinds of characters: a heuristic."""
    kinds = sum((any(c.islower() for c in value), any(c.isupper() for c in value), any(c.isdigit() for c in value)))
    return bool(_RANDOM.fullmatch(value)) and (kinds >= 2 or len(set(value)) >= 10)


def _decoded(value: str) -> str:
    try:
        return base64.urlsafe_b64decode(value + "=" * (-len(value) % 4)).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""
