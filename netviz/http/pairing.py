"""Which response belongs to which request. Order decides (RFC 9112 9.3.2), until bytes are lost; then time does.

While nothing is lost, the k-th final response of a connection answers its k-th request. After a gap counting would
slip: a client that does not pipeline sends a request only when it has its answer, so a response then belongs to the
newest request that was sent before it, and older ones stay without. Of a client that pipelines in bursts the first
request of the newest burst is taken; where requests overlap responses all the time, nothing tells, and the response
stands alone.
"""

from netviz.http.exchange import Exchange, Message
from netviz.model.limits import LimitCounter, Limits


class Pairing:
    """The requests that one side of a connection has sent and that wait for the other side's response."""

    __slots__ = (
        "_connection", "_counter", "_exchanges", "_interim", "_last", "_lossy", "_most", "_pipelines", "_slides",
        "_waiting",
    )  # fmt: skip

    def __init__(self, connection: int, limits: Limits, counter: LimitCounter, exchanges: list[Exchange]) -> None:
        self._connection = connection
        self._exchanges = exchanges
        self._counter = counter
        self._most = limits.pipelined_requests
        # A list, though it loses its first: it is short, and each connection has one. A deque takes 600 bytes.
        self._waiting: list[tuple[Message, Exchange]] = []
        self._interim: list[Message] = []
        self._last: Message | None = None
        self._lossy = False
        self._pipelines = False
        self._slides = False

    def resume(self, waiting: Exchange | None, last: Message | None) -> None:
        """Go on where only whole messages in turn were seen: the request that waits, and the newest response."""
        if waiting is not None and waiting.request is not None:
            self._waiting.append((waiting.request, waiting))
        self._last = last

    def request(self, message: Message) -> Exchange:
        """A request's head is known: its exchange begins."""
        exchanges = self._exchanges
        exchange = Exchange(len(exchanges) + 1, self._connection, message)
        exchanges.append(exchange)
        waiting = self._waiting
        waiting.append((message, exchange))
        if len(waiting) > 1:
            self._crowded(message)
        return exchange

    def lost(self) -> None:
        """Bytes of either direction are missing that may have been whole messages."""
        self._lossy = True

    def response(self, message: Message) -> Exchange:
        """A final response's head is known. Returns its exchange: without a request where none can be named."""
        waiting = self._waiting
        if self._lossy:
            exchange = self._after_loss(message)
        elif waiting and waiting[0][0].first_row <= message.first_row:
            exchange = waiting.pop(0)[1]
            exchange.response = message
            if waiting and waiting[0][0].first_row < message.first_row:
                self._pipelines = True
        else:
            exchange = self._alone(message)
        if self._interim:
            exchange.interim[:0] = self._interim
            self._interim = []
        self._last = message
        return exchange

    def interim(self, message: Message) -> None:
        """A 1xx response's head is known: it stands beside the final one, which is still to come."""
        request = self._newest_before(message.first_row) if self._lossy else self._oldest_before(message.first_row)
        if request is None:
            self._interim.append(message)
        else:
            next(exchange for waiting, exchange in self._waiting if waiting is request).interim.append(message)

    def _crowded(self, message: Message) -> None:
        """Another request still waits: note what kind of client this is, and keep to the bound."""
        before = self._waiting[-2][0]
        if not self._lossy and self._last is not None and self._last.first_row > before.first_row:
            self._slides = True
        if len(self._waiting) > self._most:
            self._waiting.pop(0)
            self._lossy = True
            self._counter.hit("pipelined_requests")

    def _after_loss(self, message: Message) -> Exchange:
        waiting = self._waiting
        request = self._newest_before(message.first_row)
        if request is None:
            if waiting and waiting[0][0].first_row <= message.first_row:
                waiting.pop(0)
            return self._alone(message)
        while True:
            known, exchange = waiting.pop(0)
            if known is request:
                break
        self._lossy = False
        exchange.response = message
        exchange.inferred = True
        return exchange

    def _oldest_before(self, row: int) -> Message | None:
        waiting = self._waiting
        return waiting[0][0] if waiting and waiting[0][0].first_row <= row else None

    def _newest_before(self, row: int) -> Message | None:
        """The request that a response after a loss answers; None where there is none, or where several may be meant."""
        before = [request for request, _ in self._waiting if request.last_row < row]
        if len(before) < 2 or not self._pipelines:
            return before[-1] if before else None
        if self._slides or self._last is None:
            return None
        burst = [request for request in before if request.first_row > self._last.last_row]
        return burst[0] if burst else None

    def _alone(self, message: Message) -> Exchange:
        exchange = Exchange(len(self._exchanges) + 1, self._connection, None, message)
        self._exchanges.append(exchange)
        return exchange
