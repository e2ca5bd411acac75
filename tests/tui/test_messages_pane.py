"""The pane of WebSocket frames and events: drawn as of a packet, in both languages, each line leading to its bytes."""

import pytest
from rich.cells import cell_len

from netviz.model.protocols import ACK, PSH, SYN

REQUEST = (
    b"GET /chat HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    b"Sec-WebSocket-Version: 13\r\n\r\n"
)
ANSWER = b"HTTP/1.1 101 x\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
STORY = [
    (0, SYN, b""), (1, SYN | ACK, b""), (0, ACK, b""), (0, PSH | ACK, REQUEST), (1, PSH | ACK, ANSWER),
    (0, PSH | ACK, bytes.fromhex("818537fa213d7f9f4d5158")), (1, PSH | ACK, b"\x89\x01\x1b"),
]  # fmt: skip
WORDS = {
    "en": ("text, FIN, MASK 37fa213d, 5 B (7-bit): Hello", "Frames", "is no JSONP and no form"),
    "ko": ("텍스트(text), FIN, MASK 37fa213d", "프레임", "JSONP나 폼도 아닙니다"),
}


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_frames_are_listed_as_they_come(opened, type_keys, text_of, make_frames, size, language):
    async with opened(make_frames(STORY), language=language, size=size) as (app, pilot):
        text = await type_keys(pilot, "4", "end", *["tab"] * 6, "end")
        assert WORDS[language][0] in text and "1b" in text and "\x1b" not in text
        assert {cell_len(line) for line in text_of(app)} == {size[0]}
        text = await type_keys(pilot, "comma")
        assert WORDS[language][0] in text and app.scene.moment.as_of == 6
        text = await type_keys(pilot, "comma")
        assert WORDS[language][0] not in text and WORDS[language][1] in text
        await type_keys(pilot, "full_stop", "end", "enter")
        assert app.view_number == 1 and app.scene.moment.selected == 6
        assert app.scene.moment.lit is not None and app.scene.moment.lit.end - app.scene.moment.lit.start == 11


@pytest.mark.parametrize("language", ["en", "ko"])
async def test_an_ordinary_exchange_says_that_there_is_none(opened, type_keys, language):
    async with opened(language=language) as (_app, pilot):
        text = await type_keys(pilot, "4", "end", *["tab"] * 6)
        assert WORDS[language][2] in " ".join(text.replace("│", " ").split())
