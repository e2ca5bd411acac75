"""A capture made by hand and read by the real pipeline, so that a screen test says exactly what was captured."""

import struct
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from textual.pilot import Pilot

from netviz.explain.words import Language
from netviz.model.frames import CaptureInfo, FrameBatch
from netviz.model.protocols import ACK, FIN, PSH, SYN
from netviz.pipeline.analyzer import Analyzer
from netviz.tui.app import NetvizApp

PREFLIGHT = (
    b"OPTIONS /api/items/7 HTTP/1.1\r\nHost: api.example\r\nOrigin: https://site.example\r\n"
    b"Access-Control-Request-Method: PUT\r\nAccess-Control-Request-Headers: x-api-key\r\n\r\n"
)
ALLOWED = (
    b"HTTP/1.1 204 No Content\r\nAccess-Control-Allow-Origin: https://site.example\r\n"
    b"Access-Control-Allow-Methods: GET, PUT\r\nAccess-Control-Allow-Headers: X-API-Key\r\n\r\n"
)
REQUEST = (
    b"PUT /api/items/7 HTTP/1.1\r\nHost: api.example\r\nOrigin: https://site.example\r\nX-API-Key: k-123\r\n"
    b'Content-Type: application/json\r\nContent-Length: 10\r\n\r\n{"qty": 3}'
)
ANSWER = (
    b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: https://other.example\r\nContent-Type: application/json\r\n"
    b'Content-Length: 18\r\n\r\n{"name": "\xed\x95\x9c\xea\xb8\x80"}'
)

Step = tuple[int, int, bytes]
"""Who sends (0 the client), TCP flags, payload."""

STORY: list[Step] = [
    (0, SYN, b""),
    (1, SYN | ACK, b""),
    (0, ACK, b""),
    (0, PSH | ACK, PREFLIGHT),
    (1, PSH | ACK, ALLOWED),
    (0, PSH | ACK, REQUEST),
    (1, PSH | ACK, ANSWER),
    (0, ACK, b""),
    (0, FIN | ACK, b""),
    (1, ACK, b""),
    (1, FIN | ACK, b""),
    (0, ACK, b""),
]
"""A connection opened in three steps, a preflight, a request whose answer allows another origin, a close in four."""


def frame(side: int, flags: int, payload: bytes, seq: int, ack: int) -> bytes:
    """Ethernet, IPv4 and TCP around a payload; checksums are left at zero."""
    macs = [bytes.fromhex("0a0000000002"), bytes.fromhex("0a0000000009")]
    ports, hosts = (51515, 8080), (bytes([10, 0, 0, 2]), bytes([10, 0, 0, 9]))
    tcp = struct.pack("!HHIIHHHH", ports[side], ports[1 - side], seq, ack, 0x5000 | flags, 502, 0, 0)
    ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 40 + len(payload), 1, 0x4000, 64, 6, 0, hosts[side], hosts[1 - side])
    return macs[1 - side] + macs[side] + b"\x08\x00" + ip + tcp + payload


def frames_of(steps: list[Step]) -> list[bytes]:
    """The frames of one connection, its sequence numbers counted on."""
    seqs, found = [1000, 9000], []
    for side, flags, payload in steps:
        found.append(frame(side, flags, payload, seqs[side], seqs[1 - side] if flags & ACK else 0))
        seqs[side] += len(payload) + bool(flags & SYN) + bool(flags & FIN)
    return found


@dataclass
class HandMade:
    """A source of frames that are a second apart; `fails` is raised in the place of an end."""

    frames: list[bytes]
    fails: Exception | None = None
    info: CaptureInfo = field(default_factory=lambda: CaptureInfo("/captures/hand made.pcap", "pcap"))

    def batches(self) -> Iterator[FrameBatch]:
        """All frames in one batch."""
        if self.frames:
            lengths = np.array([len(each) for each in self.frames], np.int32)
            count = len(lengths)
            yield FrameBatch(
                b"".join(self.frames),
                np.concatenate(([0], np.cumsum(lengths)[:-1])).astype(np.int64),
                lengths,
                lengths,
                1_700_000_000_000_000_000 + np.arange(count, dtype=np.int64) * 1_000_000_000,
                np.ones(count, np.uint16),
                np.zeros(count, np.uint16),
            )
        if self.fails is not None:
            raise self.fails

    def close(self) -> None:
        """Nothing is open."""


def screen_text(app: NetvizApp) -> list[str]:
    """The screen as lines of text. The one place that knows how the toolkit keeps what it painted."""
    return ["".join(segment.text for segment in strip) for strip in app.screen._compositor.render_strips()]


async def settled(pilot: Pilot[int]) -> None:
    """Wait until the capture is read, the selected packet taken apart, the verdicts made, and all of it painted."""
    app = pilot.app
    assert isinstance(app, NetvizApp)
    for _ in range(400):
        await pilot.pause()
        scene = app.scene
        read = scene.store.finished and scene.version == scene.store.version
        apart = scene.row is None or scene.dissection is not None
        judged = app.view_number != 5 or scene.fetches is not None or not scene.total
        filtered = scene.shown is None or scene.shown.covered == scene.total
        if read and apart and judged and filtered:
            break
        await app.workers.wait_for_complete()
        await pilot.pause(0.01)
    await pilot.pause()


@pytest.fixture(autouse=True)
def own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings and what is remembered are a test's own."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


Opened = Callable[..., "object"]


@pytest.fixture
def opened() -> Opened:
    """Opens a screen on hand-made frames: `async with opened(language="ko", size=(80, 24)) as (app, pilot)`."""

    @asynccontextmanager
    async def open_screen(
        frames: list[bytes] | None = None,
        language: Language = "en",
        size: tuple[int, int] = (120, 40),
        fails: Exception | None = None,
        theme: str | None = "dark",
        start_packet: int = 1,
    ) -> AsyncIterator[tuple[NetvizApp, Pilot[int]]]:
        source = HandMade(frames_of(STORY) if frames is None else frames, fails)
        app = NetvizApp(Analyzer(source.info), source, language, theme, start_packet=start_packet)
        async with app.run_test(size=size) as pilot:
            await settled(pilot)
            yield app, pilot

    return open_screen


async def typed(pilot: Pilot[int], *keys: str) -> str:
    """Type keys and return the screen's text."""
    for key in keys:
        await pilot.press(key)
        await settled(pilot)
    app = pilot.app
    assert isinstance(app, NetvizApp)
    return "\n".join(screen_text(app))


@pytest.fixture
def type_keys() -> Callable[..., object]:
    """`typed`, for tests."""
    return typed


@pytest.fixture
def text_of() -> Callable[[NetvizApp], list[str]]:
    """`screen_text`, for tests."""
    return screen_text


@pytest.fixture
def make_frames() -> Callable[[list[Step]], list[bytes]]:
    """`frames_of`, for tests."""
    return frames_of
