"""Origins and the URLs they come from: serialise, parse, compare, resolve (Fetch 3.2, URL 4, RFC 6454).

Only text: nothing here knows an exchange. Any text is accepted; what is no origin or URL is None or False.
"""

import re
from functools import lru_cache
from typing import Final, NamedTuple
from urllib.parse import urljoin

from netviz.cors.request.host import is_valid_host

DEFAULT_PORTS: Final = {"http": 80, "https": 443, "ws": 80, "wss": 443, "ftp": 21}
_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*):")
_TRIMMED: Final = "".join(map(chr, range(0x21)))


class Origin(NamedTuple):
    """A tuple origin: scheme, host and port, the first two in lower case, the port as a number."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        if DEFAULT_PORTS.get(self.scheme) == self.port:
            return f"{self.scheme}://{self.host}"
        return f"{self.scheme}://{self.host}:{self.port}"


class Url(NamedTuple):
    """A URL as far as CORS looks at it. `path` holds the query too, never the fragment."""

    scheme: str
    host: str
    port: int | None
    path: str
    has_credentials: bool
    """A user name or a password stands before the host."""

    @property
    def origin(self) -> str | None:
        """Its serialised origin; None for a scheme that has none (`data:`, `mailto:`)."""
        if self.scheme not in DEFAULT_PORTS or not self.host:
            return None
        return str(Origin(self.scheme, self.host, self.port or DEFAULT_PORTS[self.scheme]))

    @property
    def key(self) -> str:
        """The text under which two spellings of one URL are the same."""
        return f"{self.origin or self.scheme}{self.path}"


@lru_cache(maxsize=4096)
def origin_of(url: str) -> str | None:
    """Serialised origin of a URL or of an Origin header's value: default port left out, host in lower case."""
    found = parse_url(url)
    return found.origin if found else None


@lru_cache(maxsize=4096)
def origin_of_host(scheme: str, host: str) -> str:
    """Serialised origin of a target from its scheme and its Host header's value (R1)."""
    return origin_of(f"{scheme}://{host}") or f"{scheme}://{host.lower()}"


def parts_of(serialised: str) -> Origin | None:
    """Scheme, host and port of a serialised origin, for a comparison part by part; None for `null` and what is none."""
    url = parse_url(serialised)
    if url is None or url.origin is None:
        return None
    return Origin(url.scheme, url.host, url.port or DEFAULT_PORTS[url.scheme])


@lru_cache(maxsize=4096)
def parse_url(text: str) -> Url | None:
    """An absolute URL taken apart, or None where a browser would not read it as one (URL 4.4)."""
    text = _cleaned(text)
    match = _SCHEME.match(text)
    if match is None:
        return None
    scheme, rest = match.group(1).lower(), text[match.end() :].split("#", 1)[0]
    if scheme in DEFAULT_PORTS:
        return _special(scheme, rest.replace("\\", "/").lstrip("/"))
    if scheme != "file" and rest.startswith("//"):
        return _with_authority(scheme, rest[2:], special=False)
    return Url(scheme, "", None, rest, False)


def is_url(text: str) -> bool:
    """Whether a browser can read the text as an absolute URL: what Chromium asks of an Allow-Origin value (R44)."""
    return parse_url(text) is not None


@lru_cache(maxsize=1024)
def resolve(base: str, location: str) -> Url | None:
    """The URL to which a Location header leads from `base` (RFC 9110 10.2.2), or None where it is no URL."""
    location = _cleaned(location)
    if not _SCHEME.match(location):
        try:
            location = urljoin(base, location)
        except ValueError:
            return None
    return parse_url(location)


def _cleaned(text: str) -> str:
    return text.strip(_TRIMMED).replace("\t", "").replace("\n", "").replace("\r", "")


def _special(scheme: str, rest: str) -> Url | None:
    return _with_authority(scheme, rest, special=True)


def _with_authority(scheme: str, rest: str, *, special: bool) -> Url | None:
    match = re.search(r"[/?]", rest)
    cut = match.start() if match else len(rest)
    authority, path = rest[:cut], rest[cut:]
    user, at, place = authority.rpartition("@")
    host, port = _host_and_port(place)
    if port is None or (special and not host) or not is_valid_host(host, special=special):
        return None
    number = int(port) if port else None
    if number is not None and number > 65535:
        return None
    return Url(scheme, host.lower(), number, _path(path) if special else path, bool(at) and user not in ("", ":"))


def _host_and_port(place: str) -> tuple[str, str | None]:
    """Host and the port's digits; None for the port where it is no number."""
    if place.startswith("["):
        inner, bracket, rest = place.partition("]")
        host, port = inner + bracket, rest[1:]
        if rest and not rest.startswith(":"):
            return host, None
    else:
        host, _, port = place.partition(":")
    if port and not (port.isascii() and port.isdigit() and len(port) < 20):
        return host, None
    return host, port


def _path(path: str) -> str:
    """Path and query as they stand on a request line: dot segments gone, `%XX` for what may not stand there."""
    if not path.startswith("/"):
        path = "/" + path
    if "/." in path or "/%2" in path:
        bare, mark, query = path.partition("?")
        path = _without_dots(bare) + mark + query
    return path if path.isascii() and " " not in path else _escaped(path)


def _without_dots(path: str) -> str:
    kept: list[str] = []
    parts = path.split("/")[1:]
    for index, part in enumerate(parts):
        last = index == len(parts) - 1
        dots = part.replace("%2e", ".").replace("%2E", ".")
        if dots == "..":
            del kept[-1:]
        elif dots != ".":
            kept.append(part)
            continue
        if last:
            kept.append("")
    return "/" + "/".join(kept)


def _escaped(path: str) -> str:
    # A head is read as Latin-1 where it is no UTF-8: give back the bytes that stood there.
    try:
        raw = path.encode("latin-1")
    except UnicodeEncodeError:
        raw = path.encode("utf-8", "surrogatepass")
    return "".join(chr(byte) if 0x21 <= byte < 0x7F else f"%{byte:02X}" for byte in raw)
