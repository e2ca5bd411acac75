"""A place that the screen copied, as an argument."""

import pytest

from netviz.cli.showing import place_of


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("a.pcap#12", ("a.pcap", 12)),
        ("a b.pcap#1", ("a b.pcap", 1)),
        ("a#b.pcap#3", ("a#b.pcap", 3)),
        ("a.pcap#0", ("a.pcap", 1)),
        ("a.pcap", ("a.pcap", None)),
        ("a.pcap#", ("a.pcap#", None)),
        ("a.pcap#x", ("a.pcap#x", None)),
        ("a.pcap#²", ("a.pcap#²", None)),
        ("#12", ("#12", None)),
        (f"a.pcap#{'9' * 5000}", (f"a.pcap#{'9' * 5000}", None)),
        ("-", ("-", None)),
    ],
)
def test_a_place_is_a_file_and_a_packet(name, place):
    assert place_of(name) == place


def test_a_file_that_is_called_so_is_itself(tmp_path):
    file = tmp_path / "a.pcap#12"
    file.write_bytes(b"")
    assert place_of(str(file)) == (str(file), None)
