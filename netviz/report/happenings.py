"""What has happened since one last asked: packets, exchanges that were answered and verdicts that fell, as lines of text."""

from collections.abc import Iterator

from netviz.explain.words import Language, say
from netviz.model.safe import safe
from netviz.pipeline.lines import packet_line
from netviz.pipeline.store import Store
from netviz.report.packets import text_line


class Happenings:
    """Remembers what was told already; `lines()` tells the rest, oldest first."""

    def __init__(self, store: Store, language: Language, verdicts_only: bool = False) -> None:
        self._verdicts_only = verdicts_only
        self._store = store
        self._language = language
        self._packets = 0
        self._answered: set[int] = set()
        self._open: dict[int, None] = {}
        self._exchanges = 0
        self._judged: set[int] = set()

    def lines(self) -> Iterator[str]:
        """Lines about everything new, or about the verdicts alone."""
        if self._verdicts_only:
            if list(self._new_answers()) or self._store.finished:
                yield from (line.strip() for line in self._new_verdicts())
            return
        yield from self._new_packets()
        if yielded := list(self._new_answers()):
            yield from yielded
            yield from self._new_verdicts()
        elif self._store.finished:
            yield from self._new_verdicts()

    def _new_packets(self) -> Iterator[str]:
        count = len(self._store.packets)
        first_time = self._store.packets.value("time", 0) if count else 0
        for row in range(self._packets, count):
            yield text_line(packet_line(self._store, row), first_time, self._language)
        self._packets = count

    def _new_answers(self) -> Iterator[str]:
        exchanges = self._store.exchanges
        for exchange in exchanges[self._exchanges :]:
            self._open[exchange.id] = None
        self._exchanges = len(exchanges)
        for number in list(self._open):
            response = exchanges[number - 1].response
            if response is not None:
                del self._open[number]
                read = self._store.read(number)
                method = read.request.method if read.request else "?"
                line = f"HTTP {number}: {method} {read.url or '?'} → {response.status} (#{response.head_row + 1})"
                yield "        " + safe(line)

    def _new_verdicts(self) -> Iterator[str]:
        for fetch in self._store.judgement().fetches:
            settled = fetch.decided_at is not None or self._store.finished
            if fetch.id in self._judged or not settled or fetch.verdict == "not-applicable":
                continue
            self._judged.add(fetch.id)
            word = say(f"verdict.{fetch.verdict}", self._language)
            yield "        " + safe(
                f"CORS {fetch.id}: {fetch.method} {fetch.url or '?'}: {word} {fetch.code or ''}".rstrip()
            )
