"""`netviz export FILE --har`: an HTTP archive, version 1.2, that browsers' network panels and other tools read.

http://www.softwareishard.com/blog/har-12-spec/ . Written an entry at a time. What packets can not tell is -1, never
guessed; names that begin with `_` are netviz's own, as the format allows.
"""

from collections.abc import Container, Iterator

from netviz import __version__
from netviz.http.secrets import shown_target
from netviz.pipeline.pages import roots_of
from netviz.pipeline.store import Store
from netviz.report.form import json_text
from netviz.report.har_dns import lookup_seconds
from netviz.report.har_entry import entry_of, iso, started_of


class HarArchive:
    """The archive of a store's exchanges, or of those named. A response without a request has no entry: it has no URL."""

    def __init__(self, store: Store, show_secrets: bool = False, only: Container[int] | None = None) -> None:
        self._store = store
        self._show_secrets = show_secrets
        wanted = [each for each in store.exchanges if only is None or each.id in only]
        self.left_out = [each.id for each in wanted if each.request is None]
        """Exchanges of which the capture has no request."""

        with_request = [each for each in wanted if each.request is not None]
        self._lookups = lookup_seconds(store, with_request)
        self._started = {each.id: started_of(store, each, self._lookups.get(each.id)) for each in with_request}
        self._order = sorted(self._started, key=lambda number: (self._started[number], number))
        self._roots = roots_of(store)

    @property
    def count(self) -> int:
        """How many entries it has."""
        return len(self._order)

    def parts(self) -> Iterator[str]:
        """The document's text, in parts."""
        log = {"version": "1.2", "creator": {"name": "netviz", "version": __version__}, "pages": self._pages()}
        if self.left_out:
            log["comment"] = f"without {len(self.left_out)} responses of which the capture has no request"
        text = json_text(log)
        yield '{"log": ' + text[: text.rindex("}")].rstrip() + ',\n "entries": ['
        for place, number in enumerate(self._order):
            yield (",\n" if place else "\n") + json_text(self.entry(number))
        yield "\n]}}\n"

    def entry(self, number: int) -> dict[str, object]:
        """One entry."""
        lookup = self._lookups.get(number)
        started, pageref = self._started[number], self._page_of(number)
        return entry_of(self._store, number, started, lookup, pageref, self._show_secrets)

    def _page_of(self, number: int) -> str | None:
        root = self._roots.get(number)
        return f"page_{root}" if root in self._started else None

    def _pages(self) -> list[dict[str, object]]:
        pages = sorted({root for number in self._order if (root := self._roots.get(number)) in self._started})
        return [self._page(root) for root in pages]

    def _page(self, root: int) -> dict[str, object]:
        url = self._store.read(root).url or ""
        return {
            "startedDateTime": iso(self._started[root]),
            "id": f"page_{root}",
            "title": shown_target(url, self._show_secrets),
            # When a page had been put together is known to the browser alone.
            "pageTimings": {"onContentLoad": -1, "onLoad": -1},
        }
