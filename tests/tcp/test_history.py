"""tshark's mask and Zeek's words."""

import pytest

from netviz.model.protocols import ACK, FIN, RST, SYN
from netviz.tcp.history import completeness, history, letters_of

C, S = "client", "server"
OPEN = [(C, "SYN"), (S, "SYN,ACK"), (C, "ACK")]


@pytest.mark.parametrize(
    ("said", "mask", "word", "letters"),
    [
        ([(C, "SYN")], 1, "S0", "S"),
        ([(C, "SYN"), (S, "RST,ACK", {"seq": 0})], 37, "REJ", "Sr"),
        ([(C, "SYN"), (C, "RST")], 33, "RSTOS0", "SR"),
        ([(C, "SYN"), (S, "SYN,ACK")], 3, "S1", "Sh"),
        ([(C, "SYN"), (S, "SYN,ACK"), (C, "RST")], 35, "RSTO", "ShR"),
        (OPEN, 7, "S1", "ShA"),
        ([*OPEN, (C, "ACK", {"data": 3}), (S, "ACK")], 15, "S1", "ShADa"),
        ([*OPEN, (S, "RST,ACK")], 39, "RSTR", "ShAr"),
        ([*OPEN, (C, "FIN,ACK"), (S, "ACK")], 23, "S2", "ShAFa"),
        ([*OPEN, (S, "FIN,ACK"), (C, "ACK")], 23, "S3", "ShAf"),
        ([*OPEN, (C, "FIN,ACK"), (S, "FIN,ACK"), (C, "ACK")], 23, "SF", "ShAFf"),
        ([(C, "SYN"), (C, "FIN")], 1, "SH", "SF"),
        ([(S, "SYN,ACK")], 2, "OTH", "^h"),
        ([(S, "SYN,ACK"), (S, "FIN,ACK")], 22, "SHR", "^hf"),
        ([(S, "SYN,ACK"), (S, "RST,ACK")], 38, "RSTRH", "^hr"),
        ([(C, "ACK", {"data": 3}), (S, "ACK", {"data": 3})], 8, "OTH", "Dd"),
    ],
)  # fmt: skip
def test_the_words_of_a_conversation(talk, said, mask, word, letters):
    for line in said:
        talk >> line
        talk._pending = None
    found = talk.connection
    assert (found.completeness, found.conn_state, found.history) == (mask, word, letters)


def test_odd_flags_have_letters_of_their_own() -> None:
    assert history([(0, letters_of(SYN | FIN, 0))], 0) == "SQF"
    assert history([(0, letters_of(FIN | RST | ACK, 0))], 0) == "IFR"
    assert history([], 0) == ""


def test_the_mask_counts_as_tshark_does() -> None:
    assert completeness([(0, letters_of(ACK, 5))]) == 8
    assert completeness([(0, letters_of(ACK, 0))]) == 4
    assert completeness([(0, letters_of(FIN, 0))]) == 0
    assert completeness([(0, letters_of(FIN | ACK, 0))]) == 20
    assert completeness([(1, letters_of(SYN | ACK, 0)), (0, letters_of(SYN, 0))]) == 2
