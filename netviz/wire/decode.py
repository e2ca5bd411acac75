"""Raw frames to columns: a batch goes through its headers, each kind read for all packets that are at it. Stateless.

The columns of a packet come from its own bytes alone: how frames are cut into batches can not show. What the bytes of
a conversation mean together is not known here. Where packets carry packets (IP in IP, GRE, VXLAN), the columns are
those of the innermost headers that could be read.
"""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from netviz.model.frames import FrameBatch
from netviz.model.packets import Columns
from netviz.wire import link, network, transport
from netviz.wire.unwrapping import ALL, Rows, Step, Unwrapping

_STEPS: Final[dict[Step, Callable[[Unwrapping, Rows], None]]] = {
    Step.ETHERNET: link.ethernet,
    Step.COOKED: link.cooked,
    Step.COOKED_2: link.cooked_2,
    Step.LOOPBACK: link.loopback,
    Step.RAW_IP: link.raw_ip,
    Step.PPP: link.ppp,
    Step.TAG: link.tag,
    Step.MPLS: link.mpls,
    Step.PPPOE: link.pppoe,
    Step.LLC: link.llc,
    Step.ARP: link.arp,
    Step.IPV4: network.ipv4,
    Step.IPV6: network.ipv6,
    Step.IPV6_EXTENSION: network.ipv6_extension,
    Step.IPV6_FRAGMENT: network.ipv6_fragment,
    Step.AUTHENTICATION: network.authentication,
    Step.GRE: network.gre,
    Step.VXLAN: network.vxlan,
    Step.TCP: transport.tcp,
    Step.UDP: transport.udp,
    Step.SCTP: transport.sctp,
    Step.DCCP: transport.dccp,
    Step.ICMP: transport.icmp,
    Step.ICMPV6: transport.icmpv6,
    Step.IGMP: transport.igmp,
}


def decode(batch: FrameBatch) -> Columns:
    """The DECODED_COLUMNS of a batch, each of shape (n,) with its dtype. Any bytes give columns: nothing is raised.

    Offsets count from the first byte of the frame. `transport_offset` is set where the ports (or the type of an ICMP
    message) could be read; `payload_offset` where the whole fixed header could, and it passes what was captured only
    where options were cut. A fragment keeps the protocol IPV4 or IPV6; a first one has its transport columns as well.
    """
    work = Unwrapping(batch.buffer, batch.offsets, batch.captured, batch.lengths)
    link.begin(work, batch.link_types)
    work.run(_STEPS)
    return work.columns


def decode_datagrams(datagrams: Sequence[bytes], ip_protocols: Sequence[int]) -> Columns:
    """The same for what IP headers carry, put together from fragments: shape (k,), offsets count in each datagram.

    Columns of link and network are as if there were none; a packet that a datagram carries is not gone into.
    """
    lengths = np.array([len(datagram) for datagram in datagrams], np.int32)
    offsets = np.cumsum(lengths, dtype=np.int64) - lengths
    work = Unwrapping(b"".join(datagrams), offsets, lengths, lengths)
    work.tunnels = False
    work.columns["ip_protocol"][ALL] = ip_protocols
    network.follow_ip_protocol(work, ALL, work.columns["ip_protocol"])
    work.run(_STEPS)
    return work.columns
