"""An address and a port, and addresses as text. Never looks a name up."""

import ipaddress
from functools import lru_cache
from typing import NamedTuple


class Endpoint(NamedTuple):
    """One end of a conversation. `address` is the usual text form (RFC 5952 for IPv6)."""

    address: str
    port: int

    def __str__(self) -> str:
        return f"[{self.address}]:{self.port}" if ":" in self.address else f"{self.address}:{self.port}"


@lru_cache(maxsize=4096)
def address_text(packed: bytes) -> str:
    """Text of an address from its bytes: 4 is IPv4, 16 is IPv6, 6 a MAC address, other lengths as hexadecimal."""
    if len(packed) == 4:
        return f"{packed[0]}.{packed[1]}.{packed[2]}.{packed[3]}"
    if len(packed) == 16:
        return str(ipaddress.IPv6Address(packed))
    return packed.hex(":") if packed else ""
