"""Is this line the start of an HTTP/1.x message? RFC 9112 sections 3 and 4, read leniently, every leniency marked.

Stateless: one line in, what it says out. Real clients and servers repeat their start lines, so answers are remembered.
"""

import re
from functools import lru_cache
from typing import Final, NamedTuple

LONGEST_METHOD: Final = 64
"""A token longer than this is not taken for a method; the longest registered method has 17 letters."""

_TOKEN: Final = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]"
_REQUEST: Final = re.compile(
    rb"(%s{1,%d})([ \t]+)([^\r\n]*?[^ \t\r\n])([ \t]+)HTTP/([0-9]+\.[0-9]+)([ \t]*)\r?" % (_TOKEN, LONGEST_METHOD)
)
_MALFORMED: Final = re.compile(
    rb"(%s{1,%d})[ \t]+([^\r\n]*?)(?:(?<=[ \t])HTTP/([0-9.]+)|(HTTP/[0-9.]+))[ \t]*\r?" % (_TOKEN, LONGEST_METHOD)
)
"""A method and a version, but not three parts: `GET /HTTP/1.1`, `OPTIONS HTTP/1.1`, `GET / HTTP/1.`"""

_RESPONSE: Final = re.compile(rb"HTTP/([0-9]+\.[0-9]+)([ \t]+)([0-9]{3})(?:([ \t])[^\r\n]*)?\r?")
_PREFIX: Final = re.compile(rb"%s{1,%d}(?:[ \t]|\r?\Z)|HTTP/" % (_TOKEN, LONGEST_METHOD))
_BEGINNING: Final = re.compile(rb"%s{1,%d}(?:[ \t\r\n]|\Z)" % (_TOKEN[:-1] + b"/]", LONGEST_METHOD))
_CERTAIN: Final = re.compile(
    rb"(?:(?:GET|HEAD|POST|PUT|DELETE|CONNECT|OPTIONS|TRACE|PATCH) [^ \r\n]+ HTTP/1\.[01]"
    rb"|HTTP/1\.[01] [0-9]{3}(?: [^\r\n]*)?)\r?\n"
)
_HTTP2_PREFACE: Final = b"PRI * HTTP/2.0"
_METHODS: Final = {
    name.encode(): name for name in ("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH")
}
_REGISTERED: Final = tuple(
    name.encode()
    for name in (
        *(
            "ACL",
            "BASELINE-CONTROL",
            "BIND",
            "CHECKIN",
            "CHECKOUT",
            "CONNECT",
            "COPY",
            "DELETE",
            "GET",
            "HEAD",
            "LABEL",
        ),
        *("LINK", "LOCK", "M-SEARCH", "MERGE", "MKACTIVITY", "MKCALENDAR", "MKCOL", "MKREDIRECTREF", "MKWORKSPACE"),
        *(
            "MOVE",
            "NOTIFY",
            "OPTIONS",
            "ORDERPATCH",
            "PATCH",
            "POST",
            "PROPFIND",
            "PROPPATCH",
            "PUT",
            "QUERY",
            "REBIND",
        ),
        *(
            "REPORT",
            "SEARCH",
            "SUBSCRIBE",
            "TRACE",
            "UNBIND",
            "UNCHECKOUT",
            "UNLINK",
            "UNLOCK",
            "UNSUBSCRIBE",
            "UPDATE",
        ),
        *("UPDATEREDIRECTREF", "VERSION-CONTROL"),
    )
)
"""Methods of the IANA registry (RFC 9110 section 16.1), and UPnP's."""

_BEHIND_GAP: Final = (*(name + b" " for name in _REGISTERED), *(b"HTTP/1.%d " % minor for minor in range(2)))
_BREAKS: Final = re.compile(rb"[\r\n\t]")
_COMMON_VERSIONS: Final = {b"HTTP/1.1": "1.1", b"HTTP/1.0": "1.0"}
_VERSIONS: Final = (b"1.1", b"1.0")
_REMEMBERED_LENGTH: Final = 512


class StartLine(NamedTuple):
    """What a start line says. A response has a status and no method."""

    method: str
    target: bytes
    status: int
    version: str
    """`1.1`; empty where the line has none of its own."""

    violations: tuple[str, ...] = ()


def read_start_line(line: bytes) -> StartLine | None:
    """The start line in `line` (without its line feed), or None where it is none."""
    return _remembered(line) if len(line) <= _REMEMBERED_LENGTH else _read(line)


def may_begin_start_line(data: bytes) -> bool:
    """Whether `data` begins with what a start line can begin with: cheap, and enough to turn other traffic away."""
    return _BEGINNING.match(data) is not None


def may_become_start_line(text: bytes | bytearray, at: int = 0) -> bool:
    """Whether a line that begins at `at`, its end not yet seen, can still turn out to be a start line."""
    return _PREFIX.match(text, at) is not None


def is_certain_start(text: bytes | bytearray, at: int = 0) -> bool:
    """Whether `text` has a start line at `at` that is hard to mistake: of a known method, or of a response."""
    return _CERTAIN.match(text, at) is not None


def may_stand_behind_gap(text: bytes | bytearray, at: int = 0) -> bool:
    """Whether bytes behind a gap can be the start of a message: the rest of a start line must not pass for one.

    `ET /a HTTP/1.1` has lost its first letter, `a HTTP/1.1` more; only a registered method is believed there.
    """
    return text.startswith(_BEHIND_GAP, at) or any(each.startswith(text[at : at + len(each)]) for each in _BEHIND_GAP)


def _read(line: bytes) -> StartLine | None:
    parts = line.split(b" ")
    # Nearly every request line is of this form, and splitting is several times as fast as matching.
    usual = len(parts) == 3 and parts[1] and parts[0] in _METHODS and parts[2] in _COMMON_VERSIONS
    if usual and not _BREAKS.search(parts[1]):
        return StartLine(_METHODS[parts[0]], parts[1], 0, _COMMON_VERSIONS[parts[2]])
    if line.startswith(b"HTTP/"):
        response = _RESPONSE.fullmatch(line)
        if response is not None:
            return _response(response)
    if line.startswith(_HTTP2_PREFACE):
        # RFC 9113 3.4: what follows this line is HTTP/2.
        return None
    request = _REQUEST.fullmatch(line)
    if request is not None:
        return _request(request)
    malformed = _MALFORMED.fullmatch(line)
    return None if malformed is None else _malformed(malformed)


_remembered = lru_cache(maxsize=4096)(_read)


def _request(found: re.Match[bytes]) -> StartLine:
    method, before, target, after, version, end = found.groups()
    violations = []
    if before != b" " or after != b" " or end:
        violations.append("start-line-spaces")
    if b" " in target or b"\t" in target:
        violations.append("space-in-target")
    if version not in _VERSIONS:
        violations.append("odd-version")
    return StartLine(method.decode("latin-1"), target, 0, version.decode("latin-1"), tuple(violations))


def _malformed(found: re.Match[bytes]) -> StartLine:
    method, target, version, joined = found.groups()
    if version is not None and not target.strip():
        target, version = b"HTTP/" + version, None
    return StartLine(
        method.decode("latin-1"),
        (target + (joined or b"")).strip(b" \t"),
        0,
        (version or b"").decode("latin-1"),
        ("bad-request-line",),
    )


def _response(found: re.Match[bytes]) -> StartLine:
    version, before, status, after = found.groups()
    violations = []
    if before != b" ":
        violations.append("start-line-spaces")
    if after != b" ":
        violations.append("no-space-after-status")
    if version not in _VERSIONS:
        violations.append("odd-version")
    return StartLine("", b"", int(status), version.decode("latin-1"), tuple(violations))
