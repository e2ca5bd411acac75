"""The options of IPv4, IPv6, TCP and neighbour discovery: each a field of its own, with its bytes.

An option whose length can not be right ends its list: what is left is shown as one field and never guessed at.
"""

from collections.abc import Callable
from typing import Final

from netviz.dissect import numbers
from netviz.dissect.cursor import Cursor, TooManyFields, bits_of
from netviz.dissect.forms import address, hexadecimal, named, number, octets, times, yes
from netviz.dissect.step import Window
from netviz.model.layers import Field

_UNREADABLE: Final = "Unreadable options"


def _kinds(names: dict[int, str], value: int) -> str:
    return names.get(value, str(value))


def tcp_options(window: Window, start: int, end: int) -> tuple[Field, ...]:
    """One field for all options (absent where there are none), one part for each (RFC 9293 section 3.2)."""
    cursor = Cursor(window.frame, window.start + start, window.start + end)
    first = cursor.at
    if not cursor.left:
        return ()
    summary = _walk(cursor, "tcp", numbers.TCP_OPTIONS, _tcp_option)
    cursor.group("tcp.options", "Options", summary, first, 0)
    return tuple(cursor.fields)


def ip_options(window: Window, start: int, end: int) -> tuple[Field, ...]:
    """Options of an IPv4 header (RFC 791 section 3.1)."""
    cursor = Cursor(window.frame, window.start + start, window.start + max(start, end))
    first = cursor.at
    if not cursor.left:
        return ()
    summary = _walk(cursor, "ip", numbers.IP_OPTIONS, _ip_option)
    cursor.group("ip.options", "Options", summary, first, 0)
    return tuple(cursor.fields)


def _walk(
    cursor: Cursor, prefix: str, names: dict[int, str], content: Callable[[Cursor, int, int], tuple[str, str]]
) -> str:
    """Options of kind, length, content; kinds 0 (end) and 1 (padding) are one byte. Returns the list in words."""
    said: list[str] = []
    while cursor.left:
        kind = cursor.peek(1)[0]
        label = _kinds(names, kind)
        if kind < 2:
            cursor.octets(f"{prefix}.options.{'nop' if kind else 'eol'}", label, 1, hexadecimal)
            said.append("NOP" if kind else "EOL")
            if kind == 0:
                cursor.rest(f"{prefix}.options.padding", "Padding")
            continue
        head = cursor.peek(2)
        if len(head) < 2 or not 2 <= head[1] <= cursor.left:
            cursor.rest(f"{prefix}.options.unreadable", _UNREADABLE)
            said.append("?")
            break
        begin, since = cursor.at, len(cursor.fields)
        stop, whole_end = begin + head[1], cursor.end
        cursor.number(f"{prefix}.option_kind", "Kind", 1, named(names))
        cursor.number(f"{prefix}.option_len", "Length", 1)
        cursor.end = stop
        name, value = content(cursor, kind, stop - cursor.at)
        cursor.rest(f"{prefix}.option_data", "Data")
        cursor.end = whole_end
        cursor.group(f"{prefix}.options.{name}", label, value, begin, since)
        said.append(f"{label} {value}".strip())
    return ", ".join(said)


def _tcp_option(cursor: Cursor, kind: int, size: int) -> tuple[str, str]:
    """Key and value of one TCP option; a size that its kind does not have is left as data."""
    match kind, size:
        case 2, 2:
            return "mss", str(cursor.number("tcp.options.mss_val", "MSS", 2))
        case 3, 1:
            shift = cursor.number("tcp.options.wscale.shift", "Shift count", 1)
            return "wscale", f"{shift} (x{1 << shift})" if shift <= 14 else str(shift)
        case 4, 0:
            return "sack_perm", ""
        case 5, _ if size and size % 8 == 0:
            return "sack", _sack_blocks(cursor, size // 8)
        case 8, 8:
            value = cursor.number("tcp.options.timestamp.tsval", "Timestamp value", 4)
            echo = cursor.number("tcp.options.timestamp.tsecr", "Timestamp echo reply", 4)
            return "timestamp", f"{value}, {echo}"
        case 34, _:
            return "tfo", octets(0, cursor.peek(size))
        case 28, 2:
            return "user_to", str(cursor.number("tcp.options.user_to_val", "User timeout", 2, hexadecimal))
        case 30, _:
            return "mptcp", octets(0, cursor.peek(size))
        case _:
            return "unknown" if kind not in numbers.TCP_OPTIONS else "other", ""


def _sack_blocks(cursor: Cursor, count: int) -> str:
    blocks = []
    for _ in range(count):
        left = cursor.number("tcp.options.sack_le", "Left edge", 4)
        right = cursor.number("tcp.options.sack_re", "Right edge", 4)
        blocks.append(f"{left}-{right}")
    return " ".join(blocks)


def _ip_option(cursor: Cursor, kind: int, size: int) -> tuple[str, str]:
    if kind == 148 and size == 2:
        return "ra", str(cursor.number("ip.opt.ra", "Router alert", 2))
    if kind in (7, 131, 137) and size >= 1:
        cursor.number("ip.opt.ptr", "Pointer", 1)
        hops = 0
        while cursor.left >= 4:
            cursor.octets("ip.rec_rt", "Route", 4, address)
            hops += 1
        return "route", str(hops)
    return "other", ""


def ipv6_options(window: Window, start: int, end: int) -> tuple[Field, ...]:
    """Options of a hop-by-hop or destination options header (RFC 8200 section 4.2)."""
    cursor = Cursor(window.frame, window.start + start, window.start + max(start, end))
    _each(cursor, _ipv6_option)
    return tuple(cursor.fields)


def nd_options(cursor: Cursor) -> None:
    """Options of neighbour discovery (RFC 4861 section 4.6) to the cursor's end: lengths count 8 bytes, never 0."""
    _each(cursor, _nd_option)


def _each(cursor: Cursor, option: Callable[[Cursor], bool]) -> None:
    """Options one after another, to the end or to the first that can not be read."""
    end = cursor.end
    try:
        while cursor.left and option(cursor):
            pass
    except TooManyFields:
        cursor.end = end
    cursor.rest("options.unreadable", _UNREADABLE)


def _ipv6_option(cursor: Cursor) -> bool:
    head = cursor.peek(2)
    label = _kinds(numbers.IPV6_OPTIONS, head[0])
    if head[0] == 0:
        cursor.octets("ipv6.opt", label, 1, hexadecimal)
        return True
    if len(head) < 2 or 2 + head[1] > cursor.left:
        return False
    begin, since = cursor.at, len(cursor.fields)
    cursor.number("ipv6.opt.type", "Type", 1, named(numbers.IPV6_OPTIONS))
    cursor.number("ipv6.opt.length", "Length", 1)
    key = {1: "ipv6.opt.padn", 5: "ipv6.opt.router_alert", 0xC2: "ipv6.opt.jumbo"}.get(head[0], "ipv6.opt.data")
    value = octets(0, cursor.peek(head[1]))
    if head[1]:
        cursor.octets(key, "Data", head[1])
    cursor.group("ipv6.opt", label, value, begin, since)
    return True


def _nd_option(cursor: Cursor) -> bool:
    head = cursor.peek(2)
    size = 8 * head[1] if len(head) == 2 else 0
    if not 8 <= size <= cursor.left:
        return False
    begin, since, whole_end = cursor.at, len(cursor.fields), cursor.end
    cursor.end = begin + size
    cursor.number("icmpv6.opt.type", "Type", 1, named(numbers.ND_OPTIONS))
    cursor.number("icmpv6.opt.length", "Length", 1, times(8))
    value = _nd_content(cursor, head[0], size)
    cursor.rest("icmpv6.opt.data", "Data")
    cursor.end = whole_end
    cursor.group("icmpv6.opt", _kinds(numbers.ND_OPTIONS, head[0]), value, begin, since)
    return True


def _nd_content(cursor: Cursor, kind: int, size: int) -> str:
    if kind in (1, 2) and size == 8:
        return address(0, cursor.octets("icmpv6.opt.linkaddr", "Link-layer address", 6, address))
    if kind == 3 and size == 32:
        return _prefix(cursor)
    if kind == 5 and size == 8:
        cursor.octets("icmpv6.opt.reserved", "Reserved", 2)
        return str(cursor.number("icmpv6.opt.mtu", "MTU", 4))
    if kind == 25 and size >= 24:
        cursor.octets("icmpv6.opt.reserved", "Reserved", 2)
        cursor.number("icmpv6.opt.rdnss.lifetime", "Lifetime", 4)
        servers = []
        while cursor.left >= 16:
            servers.append(address(0, cursor.octets("icmpv6.opt.rdnss", "Recursive DNS server", 16, address)))
        return " ".join(servers)
    return ""


def _prefix(cursor: Cursor) -> str:
    length = cursor.number("icmpv6.opt.prefix.length", "Prefix length", 1)
    flags = bits_of(
        cursor.frame,
        8 * cursor.at,
        (
            ("icmpv6.opt.prefix.flag.l", "On-link", 1, yes),
            ("icmpv6.opt.prefix.flag.a", "Autonomous", 1, yes),
            ("icmpv6.opt.prefix.flag.r", "Router address", 1, yes),
            ("icmpv6.opt.prefix.flag.reserved", "Reserved", 5, number),
        ),
    )
    cursor.number("icmpv6.opt.prefix.flag", "Flags", 1, hexadecimal, flags)
    cursor.number("icmpv6.opt.prefix.valid_lifetime", "Valid lifetime", 4)
    cursor.number("icmpv6.opt.prefix.preferred_lifetime", "Preferred lifetime", 4)
    cursor.octets("icmpv6.opt.reserved", "Reserved", 4)
    return f"{address(0, cursor.octets('icmpv6.opt.prefix', 'Prefix', 16, address))}/{length}"
