"""A connection in the short words of other tools: tshark's completeness mask, Zeek's conn_state and history letters."""

from enum import IntFlag
from typing import Final

from netviz.model.protocols import ACK, FIN, RST, SYN
from netviz.tcp.side import Side


class Letter(IntFlag):
    """What one side has shown so far; each stands once in the history."""

    SYN = 1
    SYN_ACK = 2
    PURE_ACK = 4
    DATA = 8
    FIN = 16
    RST = 32
    SYN_WITH_FIN_OR_RST = 64
    FIN_WITH_RST = 128
    BARE_ACK = 256
    """ACK without SYN and without payload, also beside FIN or RST: no letter of its own."""
    FIN_WITH_ACK = 512
    """No letter of its own."""


LETTERS: Final[dict[Letter, str]] = {
    Letter.SYN: "S",
    Letter.SYN_ACK: "H",
    Letter.SYN_WITH_FIN_OR_RST: "Q",
    Letter.FIN_WITH_RST: "I",
    Letter.PURE_ACK: "A",
    Letter.DATA: "D",
    Letter.FIN: "F",
    Letter.RST: "R",
}
"""In the order in which one segment adds them. Upper case for the client, lower case for the server."""

SYN_SEEN: Final = 1
SYN_ACK_SEEN: Final = 2
ACK_SEEN: Final = 4
DATA_SEEN: Final = 8
FIN_SEEN: Final = 16
RST_SEEN: Final = 32


def letters_of(flags: int, length: int) -> int:
    """What one segment shows, as bits of `Letter`."""
    return int(_letters(flags, length))


def _letters(flags: int, length: int) -> Letter:
    marks = flags & (SYN | FIN | RST)
    shown = Letter.DATA if length else Letter(0)
    if flags & ACK and not length and not marks & SYN:
        shown |= Letter.BARE_ACK
    if not marks:
        return shown if length else shown | Letter.PURE_ACK
    if marks & SYN:
        shown |= Letter.SYN_ACK if flags & ACK else Letter.SYN
    if marks & FIN and flags & ACK:
        shown |= Letter.FIN_WITH_ACK
    if marks & SYN and marks & (FIN | RST):
        shown |= Letter.SYN_WITH_FIN_OR_RST
    if marks & FIN and marks & RST:
        shown |= Letter.FIN_WITH_RST
    if marks & FIN:
        shown |= Letter.FIN
    return shown | Letter.RST if marks & RST else shown


def history(shown: list[tuple[int, int]], client_side: int) -> str:
    """Zeek's `history` from (side, new letters) in order. A `^` in front: the server spoke first."""
    text = "".join(
        letter if side == client_side else letter.lower()
        for side, letters in shown
        for bit, letter in LETTERS.items()
        if letters & bit
    )
    return "^" + text if shown and shown[0][0] != client_side else text


def completeness(shown: list[tuple[int, int]]) -> int:
    """tshark's `tcp.completeness`: 1 SYN, 2 SYN-ACK, 4 ACK, 8 data, 16 FIN, 32 RST, from (side, new letters) in order.

    As tshark counts: an ACK with data, a FIN without ACK, and a SYN after other packets do not count. (The one packet
    of a connection that has only one, and no SYN, is left out by tshark. It is counted here.)
    """
    letters = 0
    for _, new in shown:
        letters |= new
    pairs = (
        (Letter.SYN_ACK, SYN_ACK_SEEN),
        (Letter.BARE_ACK, ACK_SEEN),
        (Letter.DATA, DATA_SEEN),
        (Letter.FIN_WITH_ACK, FIN_SEEN),
        (Letter.RST, RST_SEEN),
    )
    opened = SYN_SEEN if shown and shown[0][1] & Letter.SYN else 0
    return opened + sum(mask for letter, mask in pairs if letters & letter)


def conn_state(client: Side, server: Side) -> str:
    """Zeek's `conn_state`. It goes by the flags that were seen, where netviz's own states go by what was acceptable."""
    opened = bool(client.letters & Letter.SYN), bool(server.letters & (Letter.SYN | Letter.SYN_ACK))
    if server.letters & Letter.RST:
        if opened[0] and not opened[1]:
            return "REJ"
        return "RSTR" if opened[0] else "RSTRH"
    if client.letters & Letter.RST:
        return "RSTO" if opened[1] else "RSTOS0"
    fins = bool(client.letters & Letter.FIN), bool(server.letters & Letter.FIN)
    if all(fins):
        return "SF"
    if fins[0]:
        return "S2" if opened[1] else "SH"
    if fins[1]:
        return "S3" if opened[0] else "SHR"
    if opened[0] and not server.letters:
        return "S0"
    return "S1" if all(opened) else "OTH"
