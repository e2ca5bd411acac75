"""Status codes: class, name, and what must come with them (RFC 9110 section 15, IANA registry). Data and look-ups.

What a code means, in words, is in `explain/http.toml` under `http.status.<code>`.
"""

from typing import Final, Literal, NamedTuple

from netviz.http.exchange import Head

Class = Literal["informational", "successful", "redirection", "client-error", "server-error", "unknown"]

CLASSES: Final[dict[int, Class]] = {
    1: "informational",
    2: "successful",
    3: "redirection",
    4: "client-error",
    5: "server-error",
}

NAMES: Final[dict[int, str]] = {
    100: "Continue",
    101: "Switching Protocols",
    102: "Processing",
    103: "Early Hints",
    200: "OK",
    201: "Created",
    202: "Accepted",
    203: "Non-Authoritative Information",
    204: "No Content",
    205: "Reset Content",
    206: "Partial Content",
    207: "Multi-Status",
    208: "Already Reported",
    226: "IM Used",
    300: "Multiple Choices",
    301: "Moved Permanently",
    302: "Found",
    303: "See Other",
    304: "Not Modified",
    305: "Use Proxy",
    307: "Temporary Redirect",
    308: "Permanent Redirect",
    400: "Bad Request",
    401: "Unauthorized",
    402: "Payment Required",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    406: "Not Acceptable",
    407: "Proxy Authentication Required",
    408: "Request Timeout",
    409: "Conflict",
    410: "Gone",
    411: "Length Required",
    412: "Precondition Failed",
    413: "Content Too Large",
    414: "URI Too Long",
    415: "Unsupported Media Type",
    416: "Range Not Satisfiable",
    417: "Expectation Failed",
    418: "(Unused)",
    421: "Misdirected Request",
    422: "Unprocessable Content",
    423: "Locked",
    424: "Failed Dependency",
    425: "Too Early",
    426: "Upgrade Required",
    428: "Precondition Required",
    429: "Too Many Requests",
    431: "Request Header Fields Too Large",
    451: "Unavailable For Legal Reasons",
    500: "Internal Server Error",
    501: "Not Implemented",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
    505: "HTTP Version Not Supported",
    506: "Variant Also Negotiates",
    507: "Insufficient Storage",
    508: "Loop Detected",
    510: "Not Extended",
    511: "Network Authentication Required",
}
"""Code -> name in the registry. A response may carry any other reason phrase: it means nothing."""


class Companion(NamedTuple):
    """Fields of which one must (or should) come with a status."""

    fields: tuple[str, ...]
    required: bool
    """RFC 9110 says MUST; else SHOULD."""

    section: str


COMPANIONS: Final[dict[int, Companion]] = {
    101: Companion(("Upgrade",), True, "RFC 9110 15.2.2"),
    206: Companion(("Content-Range", "Content-Type"), True, "RFC 9110 15.3.7"),
    301: Companion(("Location",), False, "RFC 9110 15.4.2"),
    302: Companion(("Location",), False, "RFC 9110 15.4.3"),
    303: Companion(("Location",), False, "RFC 9110 15.4.4"),
    307: Companion(("Location",), False, "RFC 9110 15.4.8"),
    308: Companion(("Location",), False, "RFC 9110 15.4.9"),
    401: Companion(("WWW-Authenticate",), True, "RFC 9110 15.5.2"),
    405: Companion(("Allow",), True, "RFC 9110 15.5.6"),
    407: Companion(("Proxy-Authenticate",), True, "RFC 9110 15.5.8"),
    416: Companion(("Content-Range",), False, "RFC 9110 15.5.17"),
    426: Companion(("Upgrade",), True, "RFC 9110 15.5.22"),
}
"""206 needs Content-Range for one range, or a multipart Content-Type for several."""


def class_of(status: int) -> Class:
    """The class a code belongs to by its first digit."""
    return CLASSES.get(status // 100, "unknown")


def name_of(status: int) -> str:
    """The registered name, empty where the code is not registered."""
    return NAMES.get(status, "")


def missing_companion(head: Head) -> Companion | None:
    """The fields that should have come with a response's status and did not; None where nothing is missing."""
    companion = COMPANIONS.get(head.status)
    if companion is None:
        return None
    if head.status == 206:
        whole = (head.get("Content-Type") or "").lower().startswith("multipart/byteranges")
        return None if whole or head.get_all("Content-Range") else companion
    return None if any(head.get_all(name) for name in companion.fields) else companion
