"""Everything that was found, to be read at any moment while more comes. What is deep is worked out when first asked for.

One thread writes (the analyzer), any number read. A packet number N asks "as of packet N": facts carry the packet at
which they became known, and lists of them are in that order, so a view takes those up to N.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeVar

from netviz.cors.advice.finding import Finding
from netviz.cors.advice.findings import findings_of
from netviz.cors.browser import PROFILES
from netviz.cors.decision.differing import differing_verdicts
from netviz.cors.decision.judge import Judgement, count_verdicts, judge
from netviz.cors.terms import Browser, Word
from netviz.cors.verdict import Fetch
from netviz.http.exchange import Body, Exchange, Message, ReadExchange
from netviz.model.frames import CaptureInfo
from netviz.model.limits import Limits
from netviz.pipeline.datagrams import Datagrams
from netviz.pipeline.events import EventIndex
from netviz.pipeline.facts import Facts
from netviz.pipeline.reading import Carrier, ExchangeReader
from netviz.pipeline.rows import RowIndex
from netviz.pipeline.segments import Segments
from netviz.pipeline.strays import Strays
from netviz.pipeline.tcp_columns import TcpColumns
from netviz.pipeline.tracking import ConnectionTracking
from netviz.tcp.connection import Connection
from netviz.tcp.series import ConnectionSeries

if TYPE_CHECKING:
    import numpy as np

    from netviz.http.jar import Jar

Deep = TypeVar("Deep")


class Store(Facts):
    """The facts of one capture. Packet numbers count from 1, rows from 0, connections from 0, exchanges from 1."""

    def __init__(self, info: CaptureInfo, limits: Limits) -> None:
        super().__init__(info, limits)
        self.finished = False
        self.error: Exception | None = None
        """Why reading stopped before the end of the source, for a screen to show."""
        self.version = 0
        """Grows whenever something was added; written last."""
        strays = Strays(self.packets, RowIndex(self.packets, "connection"), self.assigner)
        self.tcp_columns = TcpColumns(self.packets, self.assigner, strays)
        """The TCP analysis of all packets; worked out when asked for."""
        self._tracking = self.tracking()
        self._reader = ExchangeReader(self)
        self.datagrams = Datagrams(self.packets, self.flows, limits, self.limit_counter)
        """UDP conversations, worked out when asked for."""
        self._events = EventIndex(self.packets)
        self._passwords: tuple[int, list[int]] | None = None
        self._jar: tuple[int, Jar] | None = None
        self._judged: dict[Browser, tuple[int, bool, Judgement]] = {}

    # Packets.

    def next_event(self, packet: int) -> int | None:
        """Number of the next packet after `packet` at which something happens: SYN, FIN, RST, a head, an error."""
        return self._events.after(packet)

    def previous_event(self, packet: int) -> int | None:
        """The same, backwards."""
        return self._events.before(packet)

    # Connections.

    def connection_count(self, as_of: int | None = None) -> int:
        """How many TCP connections had appeared by packet `as_of` (None: by the newest)."""
        return self._tracking.count(as_of)

    def connection(self, connection: int) -> Connection:
        """One connection with all its transitions, as far as its packets have come."""
        return self._tracking.connection(connection)

    def connection_ids(self, only: Iterable[int] | None = None) -> list[int]:
        """Numbers of all connections, or of those named, without those that only seem to begin (`strays`): these stand
        for the one that they are a part of."""
        named = range(self.connection_count()) if only is None else only
        return list(dict.fromkeys(self._tracking.home(each) for each in named))

    def connection_of(self, row: int) -> int | None:
        """The TCP connection a packet belongs to."""
        found = self.packets.value("connection", row)
        return found if found >= 0 else None

    def tracking(self) -> ConnectionTracking:
        """Connections in depth anew, for what works beside the screen that reads the store's own."""
        return ConnectionTracking(self.packets, self.flows, self.assigner, self.tcp_columns)

    def series(self, connection: int) -> ConnectionSeries:
        """A connection as numpy arrays, for graphs and measures; what holds as of a packet is a bisection in them."""
        return self._tracking.series(connection)

    def connection_rows(self, connection: int) -> "np.ndarray":
        """Rows of all segments of a connection, ascending. Shape (n,)."""
        return self._tracking.rows(connection)

    def segments(self, connection: int) -> Segments:
        """All segments of a connection in the order of the capture."""
        return self._tracking.segments(connection)

    def analysis(self, row: int) -> tuple[str, ...]:
        """What TCP analysis says of a packet: `retransmission`, `zero-window` ... (CONTRACT)."""
        return self._tracking.analysis(row)

    def window(self, row: int) -> int:
        """The window that a segment offers in bytes: scaled, where both SYNs were captured and offered it (RFC 7323)."""
        return self._tracking.window(row)

    # Exchanges.

    def exchange_count(self, as_of: int | None = None) -> int:
        """How many exchanges had become known by packet `as_of`."""
        if as_of is None:
            return len(self.exchanges)
        return bisect_right(self.exchanges, as_of - 1, key=known_row)

    def read(self, exchange: int) -> ReadExchange:
        """One exchange with its heads read, by its number."""
        return self._reader.read(self.exchanges[exchange - 1])

    def body(self, message: Message, connection: int) -> Body:
        """The body of a message, decoded within bounds."""
        return self._reader.body(message, connection)

    def carriers(self, message: Message, connection: int) -> list[Carrier]:
        """The packets that carried a message, each with its bytes."""
        return self._reader.carriers(connection, message)

    def deep(self, work: Callable[[ExchangeReader], Deep]) -> Deep:
        """Work something out with the reader that the store keeps; for who looks at the store from the screen's thread."""
        return work(self._reader)

    def conversation(self, connection: int) -> list[tuple[int, int, bytes]]:
        """(row, side, bytes) of what both directions of an HTTP connection carried, in the order of the capture."""
        return self._reader.conversation(connection)

    def cookies(self) -> "Jar":
        """The cookies of all clients over time."""
        from netviz.pipeline.cookies import fill_jar

        known = self._jar
        if known is None or known[0] != self.version:
            self._jar = known = (self.version, fill_jar(self, self._reader))
        return known[1]

    def password_requests(self) -> list[int]:
        """Numbers of the exchanges whose request brought a password."""
        from netviz.pipeline.cookies import password_requests

        known = self._passwords
        if known is None or known[0] != self.version:
            self._passwords = known = (self.version, password_requests(self, self._reader))
        return known[1]

    def exchange_of(self, row: int) -> int | None:
        """Number of the exchange whose bytes a packet carries; of several in one packet, the first that begins in it."""
        return self._reader.exchange_of(row)

    def exchanges_of_connection(self, connection: int) -> list[int]:
        """Numbers of the exchanges on a connection."""
        return self._reader.exchanges_of(connection)

    # Verdicts.

    def verdict_counts(self, browser: Browser = "chromium") -> Counter[Word]:
        """How many fetches came to each verdict; cheaper than the judgement itself."""
        return count_verdicts(self._reader.passing(), self._reader.read_once, browser, self.finished)

    def findings(self, fetch: Fetch) -> list[Finding]:
        """What is worth saying of a fetch besides its verdict: lints, and CORS's neighbours."""
        return findings_of(fetch, map(self.read, fetch.exchanges))

    def other_verdicts(self, browser: Browser = "chromium") -> dict[int, list[tuple[Browser, Word, str | None]]]:
        """Number of a fetch -> where other browsers would certainly decide otherwise: (browser, verdict, code)."""
        return differing_verdicts({name: self.judgement(name).fetches for name in PROFILES}, browser)

    def judgement(self, browser: Browser = "chromium") -> Judgement:
        """What a browser made of all exchanges so far."""
        count, ended = self.version, self.finished
        known = self._judged.get(browser)
        if known is None or known[:2] != (count, ended):
            exchanges = map(self._reader.read_once, self.exchanges[:])
            known = (count, ended, judge(exchanges, browser, ended))
            self._judged[browser] = known
        return known[2]


def known_row(exchange: Exchange) -> int:
    """Row of the packet at which an exchange became known."""
    message = exchange.request or exchange.response
    return message.head_row if message is not None else 0
