"""What both directions of one connection share: bounds, counters, and which requests wait for a response.

`framing.py` finds the messages of each direction and tells this one; it knows no bytes.
"""

from netviz.http.exchange import Exchange
from netviz.http.pairing import Pairing
from netviz.model.limits import LimitCounter, Limits


class Conversation:
    """One connection that speaks HTTP. Exchanges are appended to `exchanges` as their first head becomes known."""

    __slots__ = ("_pairings", "connection", "counter", "exchanges", "limits")

    def __init__(self, connection: int, limits: Limits, counter: LimitCounter, exchanges: list[Exchange]) -> None:
        self.connection = connection
        self.limits = limits
        self.counter = counter
        self.exchanges = exchanges
        self._pairings: list[Pairing | None] = [None, None]

    def requests(self, direction: int) -> Pairing:
        """The requests that one direction has sent: mostly only one of them sends any."""
        found = self._pairings[direction]
        if found is None:
            found = Pairing(self.connection, self.limits, self.counter, self.exchanges)
            self._pairings[direction] = found
        return found

    def lost(self) -> None:
        """Bytes are missing that may have been whole messages, of either direction."""
        self.requests(0).lost()
        self.requests(1).lost()
