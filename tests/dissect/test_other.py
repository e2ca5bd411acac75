"""NTP, QUIC, HTTP/2's beginning, SSH's greeting, VXLAN."""

from types import SimpleNamespace


def test_ntp(build: SimpleNamespace, look: SimpleNamespace) -> None:
    raw = bytes([0x23, 2, 6, 0xEC]) + b"\0\1\0\0" + bytes(8) + bytes(24) + b"\0\0\0\x05\x80\0\0\0"
    found = look.dissect(build.ipv4(build.udp(raw, (123, 123)), 17), 101)
    assert look.field(found, "ntp.flags.mode").value == "3 (client)"
    assert look.field(found, "ntp.precision").value == "-20"
    assert look.field(found, "ntp.rootdelay").value == "1.000000 s"
    assert look.field(found, "ntp.xmt").value == "5.500000000 s"
    assert look.field(found, "ntp.xmt").span == (28 + 40, 28 + 48)


def test_the_long_header_of_quic(build: SimpleNamespace, look: SimpleNamespace) -> None:
    raw = b"\xc3\0\0\0\x01\x04abcd\x02xy\x00\x40\x14" + bytes(20)
    found = look.dissect(build.ipv4(build.udp(raw, (1, 9999)), 17), 101)
    assert found.layers[-1].protocol == "QUIC"
    assert look.field(found, "quic.long.packet_type").value == "0 (Initial)"
    assert look.field(found, "quic.dcid").value == "61 62 63 64"
    assert look.field(found, "quic.length").value == "20"
    assert look.field(found, "quic.remaining_payload").span == (28 + 16, found.captured)


def test_the_types_of_quic_version_2(build: SimpleNamespace, look: SimpleNamespace) -> None:
    raw = b"\xd0\x6b\x33\x43\xcf\0\0\0\x01" + bytes(9)
    found = look.dissect(build.ipv4(build.udp(raw), 17), 101)
    assert look.field(found, "quic.long.packet_type").value == "1 (Initial)"


def test_a_short_header_is_quic_on_its_port_only(build: SimpleNamespace, look: SimpleNamespace) -> None:
    for port, protocol in ((443, "QUIC"), (444, "Data")):
        found = look.dissect(build.ipv4(build.udp(b"\x40" + bytes(30), (1, port)), 17), 101)
        assert found.layers[-1].protocol == protocol


def test_the_preface_of_http2_and_its_first_frame(build: SimpleNamespace, look: SimpleNamespace) -> None:
    raw = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0\0\x06\x04\0\0\0\0\0" + bytes(6) + b"\0\0\x09"
    found = look.dissect(build.ipv4(build.tcp(raw)), 101)
    assert found.layers[-1].protocol == "HTTP/2"
    assert look.field(found, "http2.stream").value == "SETTINGS"
    stream = look.field(found, "http2.streamid")
    assert stream.bit_end - stream.bit_start == 31
    assert look.field(found, "http2.unread").span.end == found.captured


def test_a_greeting_of_ssh(build: SimpleNamespace, look: SimpleNamespace) -> None:
    found = look.dissect(build.ipv4(build.tcp(b"SSH-2.0-server_1\r\nmore")), 101)
    assert look.field(found, "ssh.protocol").value == "SSH-2.0-server_1"
    assert look.field(found, "ssh.protocol").span == (40, 58)


def test_vxlan_without_its_flag_is_data(build: SimpleNamespace, look: SimpleNamespace) -> None:
    assert look.dissect(build.ipv4(build.udp(bytes(40), (1, 4789)), 17), 101).layers[-1].protocol == "Data"
