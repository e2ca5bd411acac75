"""Which requests belong to one page load: by Referer and Sec-Fetch-Dest, else the same client's burst of requests.

Looks only so far before and after the exchange that is looked at (`limits.page_requests`). As of a packet.
"""

from typing import Final, NamedTuple

from netviz.http.exchange import Head, ReadExchange
from netviz.pipeline.store import Store

_IDLE: Final = 2_000_000_000
"""Nanoseconds without a new request after which a burst is over."""

_DOCUMENTS: Final = ("document", "iframe", "frame")
_KINDS: Final = {
    "document": ("text/html", "application/xhtml"),
    "style": ("text/css",),
    "script": ("javascript", "ecmascript"),
    "image": ("image/",),
    "font": ("font/", "application/font", "application/vnd.ms-fontobject"),
    "media": ("video/", "audio/"),
    "data": ("json", "xml", "event-stream"),
}


class Member(NamedTuple):
    """One request of a page."""

    id: int
    kind: str
    """`document`, `style`, `script`, `image`, `font`, `media`, `data`, `preflight`, `other`."""

    by: str
    """What says so: `sec-fetch-dest`, `content-type`, `accept`, or empty."""

    initiator: int | None
    """The member that its Referer names; None where none does."""


class Page(NamedTuple):
    """Requests that belong together, in the order in which they were sent."""

    root: int | None
    """The document that the others refer to; None where they are held together by time alone."""

    members: tuple[Member, ...]


def page_of(store: Store, number: int, as_of: int) -> Page:
    """The page that an exchange belongs to."""
    near = _near(store, number, as_of)
    tree = _Tree(as_of)
    for read in near:
        tree.add(read)
    members, pages = tree.members, tree.roots
    root = pages.get(number)
    if root is None:
        return Page(None, ())
    together = tuple(each for each in members.values() if pages[each.id] == root)
    if len(together) > 1:
        return Page(root, together)
    return Page(None, _burst(store, near, members, number))


def roots_of(store: Store) -> dict[int, int]:
    """Number of an exchange -> the document that its Referer leads back to, itself where it is one; of a whole capture."""
    trees: dict[str, _Tree] = {}
    as_of = len(store.packets)
    for exchange in store.exchanges:
        read = store.read(exchange.id)
        if read.request is not None:
            trees.setdefault(read.client, _Tree(as_of)).add(read)
    return {
        number: root
        for tree in trees.values()
        for number, root in tree.roots.items()
        if tree.members[root].kind == "document"
    }


class _Tree:
    """What led to what among the requests of one client, in their order."""

    def __init__(self, as_of: int) -> None:
        self._as_of = as_of
        self._urls: dict[str, int] = {}
        self.members: dict[int, Member] = {}
        self.roots: dict[int, int] = {}
        """Exchange -> the document at the top of what led to it, itself where nothing did."""

    def add(self, read: ReadExchange) -> None:
        """The next exchange."""
        head, urls = read.request, self._urls
        if head is None:
            return
        kind, by = kind_of(head, _answer(read, self._as_of))
        initiator = _initiator(head, urls, read.id)
        self.members[read.id] = Member(read.id, kind, by, initiator)
        root = self.roots.get(initiator) if initiator is not None else None
        begins = kind == "document" and (head.get("Sec-Fetch-Dest") or "document") not in _DOCUMENTS[1:]
        self.roots[read.id] = read.id if begins or root is None else root
        if read.url is not None:
            urls[_without_query(read.url)] = read.id
            urls[read.url] = read.id


def kind_of(request: Head, response: Head | None) -> tuple[str, str]:
    """What a request fetches, and what says so."""
    if request.method == "OPTIONS" and request.get_all("Access-Control-Request-Method"):
        return "preflight", "method"
    dest = (request.get("Sec-Fetch-Dest") or "").strip().lower()
    if dest and dest != "empty":
        named = {"iframe": "document", "frame": "document", "audio": "media", "video": "media", "track": "media"}
        kind = named.get(dest, dest)
        return (kind if kind in _KINDS else "other"), "sec-fetch-dest"
    media = (response.get("Content-Type") or "").lower() if response is not None else ""
    for kind, signs in _KINDS.items():
        if any(sign in media for sign in signs):
            return kind, "content-type"
    if dest == "empty":
        return "data", "sec-fetch-dest"
    # A 304 says no type; what browsers accept does, as they ask for documents, styles and images in words of their own.
    accepted = (request.get("Accept") or "").lower().split(",")[0]
    for kind in ("document", "style", "image"):
        if not media and accepted.startswith(_KINDS[kind]):
            return kind, "accept"
    return "other", ""


def _answer(read: ReadExchange, as_of: int) -> Head | None:
    response = read.exchange.response
    return read.response if response is not None and response.head_row < as_of else None


def _near(store: Store, number: int, as_of: int) -> list[ReadExchange]:
    """Exchanges of the same client around one, in order."""
    reach = store.limits.page_requests
    last = min(store.exchange_count(as_of), number + reach)
    client = store.read(number).client
    near = (store.read(each) for each in range(max(number - reach, 1), last + 1))
    return [read for read in near if read.client == client]


def _initiator(head: Head, urls: dict[str, int], own: int) -> int | None:
    referer = head.get("Referer")
    if referer is None:
        return None
    found = urls.get(referer) or urls.get(_without_query(referer))
    return found if found != own else None


def _without_query(url: str) -> str:
    return url.partition("?")[0].partition("#")[0]


def _burst(store: Store, near: list[ReadExchange], members: dict[int, Member], number: int) -> tuple[Member, ...]:
    """Requests to the same server without a long pause between one and the next."""
    server = store.read(number).server
    found: list[Member] = []
    before: int | None = None
    for read in near:
        member = members.get(read.id)
        if member is None or read.server != server or read.request_time is None:
            continue
        if before is not None and read.request_time - before > _IDLE:
            if any(each.id == number for each in found):
                break
            found = []
        before = max(before or 0, read.request_time, read.response_time or 0)
        found.append(member)
    return tuple(found)
