"""The packet as nested boxes: read as text, in both languages, at several widths, with and without line characters."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from netviz.dissect.packet import LINKS, dissect
from netviz.explain.layers import break_sentence
from netviz.explain.words import LANGUAGES, Language, has
from netviz.model.layers import Break, Dissection
from netviz.report.boxes import LEAST_WIDTH, boxes

REQUEST = b"PUT /api/items/7 HTTP/1.1\r\nHost: api.example\r\nOrigin: https://site.example\r\n\r\n"
ETHERNET = bytes.fromhex("66778899aabb 001122334455 0800")
TCP = bytes.fromhex("c93b 0050 00000001 00000001 5018 01f6 ff07 0000")


def packet(payload: bytes = REQUEST, protocol: int = 6, transport: bytes = TCP) -> bytes:
    total = 20 + len(transport) + len(payload)
    address = bytes.fromhex("0a000002 5db8d822")
    return (
        ETHERNET
        + b"\x45\0"
        + total.to_bytes(2, "big")
        + bytes([0, 1, 0x40, 0, 64, protocol, 0xDD, 0xEF])
        + address
        + transport
        + payload
    )


def drawn(
    frame: bytes, language: Language = "en", width: int = 80, ascii_only: bool = False, length: int | None = None
) -> list[str]:
    return [line.plain for line in boxes(dissect(frame, 1, length), 6, language, width, ascii_only=ascii_only)]


def test_each_box_says_its_layer_and_its_sum() -> None:
    lines = drawn(packet())
    size = len(REQUEST)
    titles = [found.group(1) for line in lines if (found := re.search(r"[╭┌┏]. (\d \w+ · \w+) ", line))]
    assert titles == ["2 Ethernet · frame", "3 IPv4 · packet", "4 TCP · segment", "7 HTTP · message"]
    sums = [found.group(1) for line in lines if (found := re.search(r" ([\d+= ]+ B) [─━][╯┘┛]", line))]
    assert sums == [
        f"{size} B",
        f"20 + {size} = {20 + size} B",
        f"20 + {20 + size} = {40 + size} B",
        f"14 + {40 + size} = {54 + size} B",
    ]


def test_the_boxes_are_nested_and_closed() -> None:
    lines = drawn(packet())
    frame = [line for line in lines if line[:1] in "╭│╰"][: lines.index("") - 2]
    assert all(line[0] in "╭│╰" and line[-1] in "╮│╯" for line in frame)
    assert any(line.startswith("│ │ ┃ ╭─ 7 HTTP") and line.endswith("╮ ┃ │ │") for line in frame)


def test_fields_are_inside_their_box() -> None:
    text = "\n".join(drawn(packet()))
    for said in (
        "dst MAC 66:77:88:99:aa:bb",
        "TTL 64",
        "src port 51515",
        "flags PSH,ACK (0x018)",
        "PUT /api/items/7 HTTP/1.1",
    ):
        assert said in text
    assert "Origin: https://site.example" in text


def test_the_same_packet_in_korean() -> None:
    lines = drawn(packet(), "ko")
    text = "\n".join(lines)
    for said in (
        "패킷 6",
        "2 Ethernet · 프레임",
        "4 TCP · 세그먼트",
        "수명(TTL) 64",
        "출발지 포트 51515",
        "7 응용",
        "물리",
    ):
        assert said in text
    assert "segment" not in text


def test_the_bar_is_to_scale() -> None:
    bar = drawn(packet(bytes(946)), width=104)[1]
    parts = bar.split("│")
    assert [part.strip() for part in parts] == ["2 14B", "3 20B", "4 20B", "7 946B"]
    assert cell_len(bar) == 104
    assert len(parts[3]) > 10 * len(parts[0])


def test_a_trailer_is_drawn_behind_what_it_trails() -> None:
    lines = drawn(packet(b"", transport=TCP) + bytes(6))
    closing = next(index for index, line in enumerate(lines) if "20 + 20 = 40 B" in line)
    assert "padding 6 B" in lines[closing + 1]
    assert "14 + 40 + 6 = 60 B" in lines[closing + 2]


def test_the_two_ladders_stand_beside_each_other() -> None:
    lines = drawn(packet())
    table = lines[lines.index("") + 1 :]
    rows = [[cell.strip() for cell in line.strip("│").split("│")] for line in table if line.startswith("│")]
    assert rows[1][0].split()[:2] == ["7", "Application"]
    assert rows[1][1] == "4 Application"
    assert rows[2] == ["6 Presentation" + rows[2][0][14:], "HTTP"]
    assert rows[2][0].endswith("—")
    assert rows[4] == [rows[4][0], "3 Transport · TCP"]
    assert rows[4][0].endswith("TCP  20 B")
    assert rows[-1][0].startswith("1 Physical")
    assert rows[-1][0].endswith("—")
    assert "1 Physical: bits on the medium are not in a capture" in table


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [60, 61, 80, 99, 120, 200])
@pytest.mark.parametrize("ascii_only", [False, True])
def test_boxes_fill_their_width_and_never_pass_it(language: Language, width: int, ascii_only: bool) -> None:
    lines = drawn(packet(), language, width, ascii_only)
    assert all(cell_len(line) <= width for line in lines)
    framed = [line for line in lines[2:] if line and line[0] in "╭│╰├└┌+|"]
    assert all(cell_len(line) == width for line in framed)


def test_ascii_draws_with_ascii() -> None:
    assert all(line.isascii() for line in drawn(packet(), ascii_only=True))


def test_a_width_below_the_least_is_the_least() -> None:
    assert max(cell_len(line) for line in drawn(packet(), width=10)) == LEAST_WIDTH


def test_more_layers_than_the_width_has_room_for_become_lines() -> None:
    frame = packet(b"x")[14:]
    for _ in range(20):
        frame = b"\x45\0" + (20 + len(frame)).to_bytes(2, "big") + bytes([0, 0, 0, 0, 9, 4, 0, 0]) + bytes(8) + frame
    lines = [line.plain for line in boxes(dissect(frame, 101), 1, "en", 60)]
    assert all(cell_len(line) <= 60 for line in lines)
    assert sum("3 IPv4" in line for line in lines) >= 21
    assert any("4 TCP" in line and "20 + 1 = 21 B" in line for line in lines)
    assert lines[1].count("3 ") < 21, "neighbours of one layer share a part of the bar"
    assert "4 20B" in lines[1]


def test_a_long_value_is_folded_and_ends_in_an_ellipsis() -> None:
    frame = packet(b"GET / HTTP/1.1\r\nCookie: " + b"c" * 3000 + b"\r\n\r\n")
    lines = drawn(frame, width=80)
    assert sum("ccc" in line for line in lines) == 4
    assert "…" in next(line for line in reversed(lines) if "ccc" in line)


def test_why_it_stopped_is_said() -> None:
    lines = drawn(packet()[:40], length=len(packet()))
    assert lines[0] == f"Packet 6 · 40 of {len(packet())} bytes captured"
    assert "✗ TCP could not be read at offset 34: it needs 20 bytes" in " ".join(lines)
    assert "오프셋 34에서 TCP를 읽을 수 없습니다" in " ".join(drawn(packet()[:40], "ko", length=99))


@pytest.mark.parametrize(
    "reason",
    [
        "too-short",
        "bad-version",
        "bad-header-length",
        "bad-length",
        "length-beyond-capture",
        "too-deep",
        "unknown",
        "dissector-failed",
    ],
)
def test_every_reason_has_its_sentence(reason: str) -> None:
    assert has(f"broken.{reason}")
    for language in LANGUAGES:
        assert "34" in break_sentence(Break("TCP", 34, reason, 20, 8), language)


def test_a_packet_without_bytes() -> None:
    assert "This packet has no captured bytes." in drawn(b"")
    assert boxes(Dissection((), None, 0, 60), 1, "ko", 60)


def test_without_colour_no_line_has_one() -> None:
    for line in boxes(dissect(packet(), 1), 6, "en", 80, colour=False):
        assert all(span.style.color is None and span.style.bgcolor is None for span in line.spans)  # type: ignore[union-attr]


def test_a_quoted_packet_is_called_quoted() -> None:
    error = bytes([3, 1, 0, 0, 0, 0, 0, 0])
    quoted = packet(b"")[14:42]
    text = "\n".join(drawn(packet(quoted, 1, error)))
    assert "IPv4 · quoted in the error" in text
    assert "TCP · quoted in the error" in text


def test_hostile_text_can_not_draw() -> None:
    lines = drawn(packet(b"GET /\x1b[2J[/red] HTTP/1.1\r\nA\x07b: \xe2\x80\xae\r\n\r\n"))
    assert all(line.isprintable() for line in lines)
    assert any("[/red]" in line for line in lines)


@given(
    frame=st.binary(max_size=100),
    link_type=st.sampled_from([*LINKS, 147]),
    width=st.integers(60, 130),
    ascii_only=st.booleans(),
)
@settings(max_examples=80, deadline=None)
def test_anything_can_be_drawn(frame: bytes, link_type: int, width: int, ascii_only: bool) -> None:
    for language in LANGUAGES:
        for line in boxes(dissect(frame, link_type), 1, language, width, ascii_only=ascii_only):
            assert cell_len(line.plain) <= width
            assert line.plain.isprintable()
