"""Capture filters: the text of pcap-filter(7) to a program for the kernel, by libpcap through scapy.

libpcap says only that a filter is wrong, not where; the place is found here by trying how far its beginning could still
be completed. libpcap would also ask a name server about names: those are refused before it sees them.
"""

import ctypes
import re
import struct
from functools import cache
from pathlib import Path
from typing import Any, Final

from rich.cells import cell_len

from netviz.errors import BadArgument
from netviz.model.safe import safe

_RETURN: Final = 0x06
_INSTRUCTION: Final = struct.Struct("HBBI")
_WHOLE_FRAME: Final = 0x40000
_TOKEN: Final = re.compile(r"\s*([\w.:]+/\d+|&&|\|\||[<>=!]=|<<|>>|[()\[\]!&|<>=+\-*/%^:]|[^\s()\[\]!&|<>=+*/%^]+)")
_COMPLETIONS: Final = (
    "", " 1", " 10.0.0.1", " 10.0.0.0/8", " ::1", " 00:00:00:00:00:00", " tcp", " host 10.0.0.1", " port 1",
    " 1-2", "[0]=0", "[0:1]=0", " 0]=0", "]=0", " 1]=0", " 1=0", "=0", " mask 255.0.0.0", " proto 1", " 1)", "6",
)  # fmt: skip
"""What might make a beginning whole; each is tried with the parentheses that are still open closed behind it."""

_MOST_TOKENS: Final = 200
_HOST_WORDS: Final = frozenset(("host", "gateway"))
_DOTTED_NAME: Final = re.compile(r"(?=[^:]*[a-z])[a-z0-9_-]+(\.[a-z0-9_-]+)+\.?", re.IGNORECASE)
_PLAIN_NAME: Final = re.compile(r"[a-z_][\w-]*", re.IGNORECASE)
_NEVER_TRUE: Final = "rejects all packets"
_KEYWORDS: Final = frozenset(("host", "net", "port", "src", "dst", "not", "and", "or", "gateway"))


class BadFilter(BadArgument):
    """A capture filter that does not compile; `text[at:end]` is where it goes wrong, empty where its end is missing."""

    def __init__(self, key: str, text: str, at: int, end: int, reason: str) -> None:
        super().__init__(key, filter=text, word=text[at:end], position=at + 1, reason=reason)
        self.text, self.at, self.end = text, at, end

    def marked(self) -> tuple[str, ...]:
        """The filter, and under it signs at what is wrong: as wide as the characters are on a terminal."""
        before, wrong = safe(self.text[: self.at]), safe(self.text[self.at : self.end])
        return safe(self.text), " " * cell_len(before) + "^" * max(cell_len(wrong), 1)


def compiled(text: str, link_type: int, snaplen: int | None = None, interface: str = "") -> bytes:
    """A filter as the kernel's instructions (struct sock_filter, 8 bytes each) that keep `snaplen` bytes of a frame.

    Where there is a filter for VLAN tags and an interface is named, libpcap is asked for a program that looks for the
    tag where the kernel keeps it; that needs the privilege to capture. No text and no snaplen give no instructions.

    Raises: BadArgument where it does not compile, with the place; where it names a host; where libpcap is missing.
    """
    if not text.strip():
        return _cut_to(_INSTRUCTION.pack(_RETURN, 0, 0, _WHOLE_FRAME), snaplen) if snaplen else b""
    _refuse_names(text)
    try:
        program = _libpcap(text, link_type)
        if interface and re.search(r"\bvlan\b", text):
            program = _libpcap_live(text, interface) or program
    except ImportError:
        raise BadArgument("no-libpcap", filter=text) from None
    except ValueError as error:
        raise _pointed(text, link_type, str(error)) from None
    return _cut_to(program, snaplen)


def check_filter(text: str, link_type: int) -> None:
    """Compile a filter to see that it can be.

    Raises: BadArgument as `compiled` does.
    """
    compiled(text, link_type)


def attach(socket: Any, program: bytes) -> None:
    """Let the kernel apply a program to a socket.

    Raises: OSError where the kernel does not take it.
    """
    memory = ctypes.create_string_buffer(program, len(program))
    so_attach_filter = 26
    socket.setsockopt(1, so_attach_filter, struct.pack("HL", len(program) // 8, ctypes.addressof(memory)))


def error_at(text: str, link_type: int) -> int:
    """Offset of the first word with which the filter can not go on; its length where its end is missing."""
    tokens = [(match.start(1), match.end(1)) for match in _TOKEN.finditer(text)][:_MOST_TOKENS]
    for start, end in tokens:
        if not _can_go_on(text[:end], link_type):
            return start
    return len(text)


def _can_go_on(beginning: str, link_type: int) -> bool:
    closing = ")" * max(beginning.count("(") - beginning.count(")"), 0)
    return any(_compiles(beginning + completion + closing, link_type) for completion in _COMPLETIONS)


@cache
def _compiles(text: str, link_type: int) -> bool:
    try:
        return bool(_libpcap(text, link_type))
    except ValueError as error:
        return _NEVER_TRUE in str(error)


def _pointed(text: str, link_type: int, reason: str) -> BadArgument:
    if _NEVER_TRUE in reason:
        return BadArgument("filter-never", filter=text)
    at = error_at(text, link_type)
    known = reason.rpartition("(")[2].rpartition("expression:")[2]
    end = next((match.end(1) for match in _TOKEN.finditer(text, at)), at)
    return BadFilter("bad-filter-end" if at >= len(text) else "bad-filter", text, at, end, known.strip(" :()"))


def _refuse_names(text: str) -> None:
    before = ""
    for word in re.split(r"[\s()!&|]+", text):
        plain = before in _HOST_WORDS and _PLAIN_NAME.fullmatch(word) and word not in _KEYWORDS
        if (plain or _DOTTED_NAME.fullmatch(word)) and word not in _known_here():
            raise BadArgument("filter-name", filter=text, name=word)
        before = word


@cache
def _known_here() -> frozenset[str]:
    """Names that /etc/hosts knows: those are found without asking anybody."""
    try:
        lines = Path("/etc/hosts").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return frozenset()
    return frozenset(name for line in lines for name in line.split("#")[0].split()[1:])


def _libpcap(text: str, link_type: int) -> bytes:
    """Instructions. Raises: ImportError without libpcap, ValueError with libpcap's words."""
    from scapy.arch.common import compile_filter
    from scapy.error import Scapy_Exception

    try:
        return _instructions(compile_filter(text, linktype=link_type))
    except (Scapy_Exception, OSError) as error:
        raise ValueError(str(error)) from None


def _libpcap_live(text: str, interface: str) -> bytes:
    from scapy.libs import winpcapy
    from scapy.libs.structures import bpf_program

    reason = ctypes.create_string_buffer(winpcapy.PCAP_ERRBUF_SIZE)
    handle = winpcapy.pcap_open_live(interface.encode(), _WHOLE_FRAME, 0, 100, reason)
    if not handle:
        return b""
    program = bpf_program()
    try:
        if winpcapy.pcap_compile(handle, ctypes.byref(program), text.encode(), 1, -1) == -1:
            raise ValueError(winpcapy.pcap_geterr(handle).decode(errors="replace"))
        return _instructions(program)
    finally:
        winpcapy.pcap_close(handle)


def _instructions(program: Any) -> bytes:
    return ctypes.string_at(program.bf_insns, _INSTRUCTION.size * program.bf_len)


def _cut_to(program: bytes, snaplen: int | None) -> bytes:
    """The same program with a snaplen: what it returns is how many bytes the kernel keeps (libpcap does the same)."""
    kept = snaplen or _WHOLE_FRAME
    parts = _INSTRUCTION.iter_unpack(program)
    return b"".join(
        _INSTRUCTION.pack(code, true, false, kept if code == _RETURN and k else k) for code, true, false, k in parts
    )
