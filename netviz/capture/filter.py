"""Capture filters: the text of pcap-filter(7) to a compiled program, by libpcap through scapy."""

from netviz.errors import BadArgument


def check_filter(text: str, link_type: int) -> None:
    """Compile a filter to see that it can be.

    Raises: BadArgument with libpcap's words where it can not.
    """
    if not text:
        return
    from scapy.arch.common import compile_filter
    from scapy.error import Scapy_Exception

    try:
        compile_filter(text, linktype=link_type)
    except ImportError:
        raise BadArgument("no-libpcap", filter=text) from None
    except (Scapy_Exception, ValueError, OSError) as error:
        raise BadArgument("bad-filter", filter=text, reason=str(error)) from None
