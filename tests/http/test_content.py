"""What a content is, by its type and by its bytes."""

import struct
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netviz.http.content import Part, describe, image_of
from netviz.http.exchange import Body, Head

HeadOf = Callable[[bytes], Head]


def content_of(head_of: HeadOf, media_type: str | None, data: bytes):  # type: ignore[no-untyped-def]
    field = f"Content-Type: {media_type}\r\n".encode("latin-1") if media_type is not None else b""
    return describe(head_of(b"HTTP/1.1 204 X\r\n" + field + b"\r\n"), Body(data, data))


@pytest.mark.parametrize(
    ("media_type", "data", "kind"),
    [
        ("application/json", b'{"a": [1, 2]}', "json"),
        ("application/problem+json; charset=utf-8", b"{}", "json"),
        (None, b' {"a": 1}', "json"),
        ("application/x-www-form-urlencoded", b"a=1", "form"),
        ("text/html; charset=euc-kr", "가".encode("euc-kr"), "html"),
        ("text/plain", b"x", "text"),
        ("image/svg+xml", b"<svg/>", "text"),
        ("application/octet-stream", b"plain", "binary"),
        (None, b"plain", "text"),
        (None, b"\x00\x01", "binary"),
        ("text/plain", b"", "empty"),
    ],
)
def test_kinds(head_of: HeadOf, media_type: str | None, data: bytes, kind: str) -> None:
    assert content_of(head_of, media_type, data).kind == kind


def test_json_is_parsed_where_it_is_whole(head_of: HeadOf) -> None:
    assert content_of(head_of, "application/json", b'{"a": [1, null]}').value == {"a": [1, None]}
    assert content_of(head_of, "application/json", b'{"a": [1').value is None
    assert content_of(head_of, "application/json", b"[" * 100_000).value is None
    assert content_of(head_of, "application/json", b"9" * 9000).value is None


@pytest.mark.parametrize(
    ("charset", "data", "text", "used"),
    [
        ("euc-kr", "가나".encode("euc-kr"), "가나", "euc-kr"),
        ('"UTF-8"', "가".encode(), "가", "utf-8"),
        ("no-such", "가".encode(), "가", "utf-8"),
        ("utf-8", b"\xe9", "é", "iso-8859-1"),
        ("base64", b"aGk=", "aGk=", "utf-8"),
        ("punycode", b"abc", "abc", "utf-8"),
    ],
)
def test_charsets(head_of: HeadOf, charset: str, data: bytes, text: str, used: str) -> None:
    found = content_of(head_of, f"text/plain; charset={charset}", data)
    assert (found.text, found.charset) == (text, used)


def test_forms(head_of: HeadOf) -> None:
    found = content_of(head_of, "application/x-www-form-urlencoded", b"user=kim&q=a+b%26c&empty=&flag")
    assert found.pairs == (("user", "kim"), ("q", "a b&c"), ("empty", ""), ("flag", ""))


def test_multipart_names_and_sizes(head_of: HeadOf) -> None:
    data = (
        b'preamble\r\n--x\r\nContent-Disposition: form-data; name="user"\r\n\r\nkim\r\n'
        b'--x\r\nContent-Disposition: form-data; name=file; filename="a;b.png"\r\n\r\n12345\r\n--x--\r\nepilogue'
    )
    found = content_of(head_of, 'multipart/form-data; boundary="x"', data)
    assert found.parts == (Part("user", None, 3, "", b"kim"), Part("file", "a;b.png", 5, "", b"12345"))


PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sIIBBBBB", 13, b"IHDR", 320, 200, 8, 2, 0, 0, 0)
JPEG = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x0b\x08\x00\xc8\x01\x40\x01\x11\x00"
IMAGES = [
    ("png", PNG + struct.pack(">I", zlib.crc32(PNG[12:]))),
    ("gif", b"GIF89a" + struct.pack("<HH", 320, 200) + b"\0"),
    ("jpeg", JPEG),
    ("webp", b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0" + (319).to_bytes(3, "little") + (199).to_bytes(3, "little")),
    ("webp", b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f" + (319 | 199 << 14).to_bytes(4, "little")),
    ("webp", b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9d\x01\x2a" + struct.pack("<HH", 320, 200)),
    ("bmp", b"BM" + bytes(12) + b"\x28\0\0\0" + struct.pack("<ii", 320, 200)),
]


@pytest.mark.parametrize(("name", "data"), IMAGES, ids=[f"{name}-{len(data)}" for name, data in IMAGES])
def test_images_have_a_size(name: str, data: bytes) -> None:
    assert image_of(data) == (name, (320, 200))
    for end in range(4, len(data)):
        found = image_of(data[:end])
        assert found is None or found[1] in (None, (320, 200))


def test_an_image_is_one_whatever_its_type_says(head_of: HeadOf) -> None:
    found = content_of(head_of, "text/plain", PNG)
    assert (found.kind, found.image, found.size) == ("image", "png", (320, 200))


@given(st.sampled_from([None, "application/json", "multipart/form-data; boundary=x", "text/plain; charset=utf-7", ";"]),
       st.binary(max_size=120))  # fmt: skip
def test_any_content_is_described(head_of: HeadOf, media_type: str | None, data: bytes) -> None:
    found = content_of(head_of, media_type, data)
    assert (found.kind == "empty") == (not data)
