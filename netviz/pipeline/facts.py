"""What the steps leave behind, as they leave it: columns, flows, connections' numbers, exchanges' places. Nothing deep."""

from netviz.http.exchange import Exchange
from netviz.model.frames import CaptureInfo
from netviz.model.limits import Limits
from netviz.model.packets import PacketTable
from netviz.pipeline.following import HttpFollowing
from netviz.tcp.assignment import ConnectionAssigner
from netviz.wire.flows import FlowTable


class Facts:
    """The broad and cheap half of the store: the analyzer writes it, readers work out from it what is deep."""

    def __init__(self, info: CaptureInfo, limits: Limits) -> None:
        self.info = info
        self.limits = limits
        self.limit_counter = info.limit_counter
        self.packets = PacketTable()
        self.flows = FlowTable()
        self.assigner = ConnectionAssigner()
        self.exchanges: list[Exchange] = []
        """In the order in which their first head became known."""
        self.following = HttpFollowing(self.packets, self.exchanges, limits, self.limit_counter)
