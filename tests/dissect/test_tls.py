"""TLS records: headers, hello messages, the server's name; never a guess at what is encrypted."""

from types import SimpleNamespace

import pytest


def record(kind: int, content: bytes) -> bytes:
    return bytes([kind, 3, 3]) + len(content).to_bytes(2, "big") + content


def client_hello(name: bytes = b"site.example") -> bytes:
    inner = len(name).to_bytes(2, "big") + name
    server = b"\x00" + inner
    extension = b"\x00\x00" + (len(server) + 2).to_bytes(2, "big") + len(server).to_bytes(2, "big") + server
    alpn = b"\x00\x10\x00\x05\x00\x03\x02h2"
    body = b"\x03\x03" + bytes(32) + b"\x00" + b"\x00\x04\x13\x01\xfe\xed" + b"\x01\x00"
    body += (len(extension) + len(alpn)).to_bytes(2, "big") + extension + alpn
    return b"\x01" + len(body).to_bytes(3, "big") + body


def tls(look: SimpleNamespace, build: SimpleNamespace, raw: bytes) -> object:
    return look.dissect(build.ipv4(build.tcp(raw, ports=(40000, 4433))), 101)


def test_a_client_hello_names_its_server(build: SimpleNamespace, look: SimpleNamespace) -> None:
    frame = build.ipv4(build.tcp(record(22, client_hello())))
    found = look.dissect(frame, 101)
    assert found.layers[-1].protocol == "TLS"
    span = look.field(found, "tls.handshake.extensions_server_name").span
    assert frame[span.start : span.end] == b"site.example"
    assert look.field(found, "tls.record").value == "Handshake: Client Hello site.example"
    assert look.field(found, "tls.handshake.ciphersuite").value == "0x1301 (TLS_AES_128_GCM_SHA256)"
    assert look.field(found, "tls.handshake.extensions_alpn_str").value == "h2"


def test_records_behind_each_other(build: SimpleNamespace, look: SimpleNamespace) -> None:
    found = tls(
        look, build, record(22, b"\x0e\0\0\0") + record(20, b"\x01") + record(22, bytes(40)) + record(23, b"secret")
    )
    values = [each.value for each in look.fields(found) if each.key == "tls.record"]
    assert values == ["Handshake: Server Hello Done", "Change Cipher Spec", "Handshake", "Application Data"]
    assert [each.label for each in look.fields(found) if each.key == "tls.app_data"] == [
        "Encrypted handshake",
        "Encrypted application data",
    ]


def test_an_alert(build: SimpleNamespace, look: SimpleNamespace) -> None:
    found = tls(look, build, record(21, b"\x02\x28"))
    assert look.field(found, "tls.record").value == "Alert: handshake_failure"


def test_a_record_that_goes_on_elsewhere_breaks_nothing(build: SimpleNamespace, look: SimpleNamespace) -> None:
    whole = record(22, client_hello())
    for cut in range(6, len(whole)):
        found = tls(look, build, whole[:cut])
        assert found.broken is None
        assert found.layers[-1].protocol == "TLS"
        assert found.layers[-1].fields[-1].span.end == 40 + cut


@pytest.mark.parametrize("start", ["15030300", "1603050010", "1603034fff", "1303030010", "1603030000"])
def test_what_is_no_record(build: SimpleNamespace, look: SimpleNamespace, start: str) -> None:
    assert tls(look, build, bytes.fromhex(start)).layers[-1].protocol == "Data"


def test_lengths_inside_a_hello_that_lie(build: SimpleNamespace, look: SimpleNamespace) -> None:
    hello = bytearray(record(22, client_hello()))
    for at in range(5, len(hello)):
        damaged = bytes(hello[:at]) + b"\xff" + bytes(hello[at + 1 :])
        assert tls(look, build, damaged).broken is None
