"""CORS's neighbours on the wire: WebSocket with Chromium and a server of another make, server-sent events, JSONP, forms."""

import base64
import json
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

from netviz.lab.browser import chromium
from netviz.lab.names import resolving
from netviz.lab.namespaces import Namespace
from netviz.lab.networks import CLIENT, SECOND, SERVER
from netviz.lab.requirements import CannotRecord
from netviz.lab.scenario import Scenario, Stage
from netviz.lab.web import Answer, Asked, WebServer, serving

_PORT: Final = 8080
_SITE: Final = "http://www.shop.example"
_HTML: Final = ("Content-Type", "text/html; charset=utf-8")
_NAMES: Final = {"www.shop.example": {"A": SERVER}, "api.shop.example": {"A": SECOND}}
_KEY: Final = "dGhlIHNhbXBsZSBub25jZQ=="
"""The key of RFC 6455's own example."""


def _page(script: str, body: str = "") -> bytes:
    icon = '<link rel="icon" href="data:,">'
    text = (
        f'<!doctype html><meta charset="utf-8"><title>Tea</title>{icon}<body>{body}<script>{script}</script></body>\n'
    )
    return text.encode()


_CHAT: Final = """
window.told = new Promise((resolve) => {
  const told = [], chat = new WebSocket("ws://www.shop.example:8080/chat", ["tea.v2", "tea.v1"]);
  chat.binaryType = "arraybuffer";
  chat.onopen = () => {
    chat.send("hello");
    chat.send("녹차 두 통");
    chat.send(new Uint8Array(200).fill(7));
    chat.send("leaf ".repeat(13200));
  };
  chat.onmessage = (event) => {
    told.push({said: typeof event.data === "string" ? event.data : event.data.byteLength + " bytes"});
    if (event.data === "enough") chat.close(4000, "the shop closes");
  };
  chat.onclose = (event) => { told.push({code: event.code, reason: event.reason, clean: event.wasClean}); resolve(told); };
});
"""


_SHORT: Final = ("hello", "녹차 두 통")


class _Chat:
    """What the WebSocket server does with what it hears, and a list of it."""

    def __init__(self, ended: type[Exception]) -> None:
        self._ended = ended
        self.heard: list[str] = []
        self.ports: list[int] = []

    def __call__(self, connection: Any) -> None:
        self.ports.append(connection.remote_address[1])
        # The client closes with a code of its own, which the package takes for an error.
        with suppress(self._ended):
            self._talk(connection)

    def _talk(self, connection: Any) -> None:
        for message in connection:
            unit = "characters" if isinstance(message, str) else "bytes"
            self.heard.append(message if message in _SHORT else f"{len(message)} {unit}")
            if message == "hello":
                connection.send(iter(["good ", "day, ", "차 한 잔?"]))
                connection.ping(b"tea?").wait(5)
            elif isinstance(message, bytes):
                connection.send(message[:130])
            elif len(message) > 1000:
                connection.send("enough")


@contextmanager
def _chatting(machine: Namespace, compression: str | None) -> Iterator[_Chat]:
    """The `websockets` package serves on the machine during the block."""
    try:
        from websockets.exceptions import WebSocketException
        from websockets.sync.server import serve
    except ImportError:
        raise CannotRecord(
            "lab-missing-program", programs="websockets (Python)", packages="python3-websockets"
        ) from None
    chat = _Chat(WebSocketException)
    with machine.entered():
        server = serve(chat, SERVER, _PORT, compression=compression, subprotocols=["tea.v1"], ping_interval=None)
    thread = threading.Thread(target=server.serve_forever, name="chat")
    thread.start()
    try:
        yield chat
    finally:
        server.shutdown()
        thread.join()


def _websocket(stage: Stage, compression: str | None) -> None:
    network = stage.network
    network.client.resolve_with(SERVER)
    with (
        resolving(network.server, SERVER, _NAMES) as asked,
        serving(network.server, SERVER, 80, lambda _: Answer(200, _page(_CHAT), [_HTML])) as server,
        _chatting(network.server, compression) as chat,
        chromium(network.client) as browser,
        stage.recorded(),
    ):
        told = browser.visit(f"{_SITE}/")
        browser.quit()
    if told[-1].get("code") != 4000 or len(chat.ports) != 1:
        raise CannotRecord("lab-went-otherwise", what=f"the page was told {told}")
    stage.story.lookups = list(asked)
    _from_server(stage, server)
    port, end = chat.ports[0], f"{SERVER}:{_PORT}"
    stage.story.connections.append({"client": f"{CLIENT}:{port}", "server": end, "opening": "three-way"})
    stage.story.exchanges.append(
        {"client_port": port, "server": end, "method": "GET", "target": "/chat", "status": 101}
    )
    stage.story.facts["server_heard"] = chat.heard
    stage.story.facts["page_was_told"] = [json.dumps(each, ensure_ascii=False) for each in told]
    stage.command(f"chromium --headless {_SITE}/")


def websocket(stage: Stage) -> None:
    """Short and long messages, fragments, a ping, a close with a reason; nothing is compressed."""
    _websocket(stage, None)


def websocket_deflate(stage: Stage) -> None:
    """The same with permessage-deflate."""
    _websocket(stage, "deflate")


def _frame(first: int, payload: bytes, masked: bool = True) -> bytes:
    """A short frame by hand."""
    key = os.urandom(4) if masked else b""
    mixed = bytes(byte ^ key[at % 4] for at, byte in enumerate(payload)) if masked else payload
    return bytes([first, len(payload) | (0x80 if masked else 0)]) + key + mixed


_BROKEN: Final = (
    ("an unmasked frame", _KEY, _frame(0x81, b"no mask", masked=False)),
    ("text that is no UTF-8", _KEY, _frame(0x81, b"\xff\xfe")),
    ("a reserved opcode", _KEY, _frame(0x83, b"?")),
    ("a fragmented ping", _KEY, _frame(0x09, b"?")),
    ("a key that is too short", base64.b64encode(b"short").decode(), b""),
)


def websocket_violations(stage: Stage) -> None:
    """A client that breaks RFC 6455 in five ways; the server closes with the code for each, or refuses."""
    said = []
    with _chatting(stage.network.server, None), stage.recorded():
        for what, key, frame in _BROKEN:
            with stage.network.client.entered():
                client = socket.create_connection((SERVER, _PORT), timeout=10)
            with client:
                port = client.getsockname()[1]
                client.sendall(
                    f"GET /chat HTTP/1.1\r\nHost: {SERVER}:{_PORT}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
                    f"Sec-WebSocket-Protocol: tea.v1\r\n\r\n".encode()
                )
                answer = client.recv(65_536)
                client.sendall(frame)
                while more := client.recv(65_536):
                    answer += more
            status, close = int(answer.split()[1]), answer.partition(b"\r\n\r\n")[2]
            code = int.from_bytes(close[2:4], "big") if status == 101 else 0
            said.append(f"{what}: {status} {code}")
            end = f"{SERVER}:{_PORT}"
            stage.story.connections.append({"client": f"{CLIENT}:{port}", "server": end, "opening": "three-way"})
            row: dict[str, Any] = {
                "client_port": port,
                "server": end,
                "method": "GET",
                "target": "/chat",
                "status": status,
            }
            stage.story.exchanges.append(row)
    stage.story.facts["server_said"] = said
    stage.command("socket: " + ", ".join(what for what, _, _ in _BROKEN))


_TICKER: Final = """
window.told = new Promise((resolve) => {
  const told = [], prices = new EventSource("/prices");
  const note = (event) => told.push({type: event.type, data: event.data, id: event.lastEventId});
  prices.onmessage = note;
  prices.addEventListener("price", note);
  prices.onerror = () => { if (prices.readyState === EventSource.CLOSED) resolve(told); };
});
"""
_PAUSE: Final = 0.15


def _first_prices() -> Iterator[bytes]:
    yield b"retry: 250\n: prices of the day\n\n"
    for number, (name, price) in enumerate((("sejak", 210), ("daejak", 95)), 1):
        time.sleep(_PAUSE)
        yield f'event: price\nid: {number}\ndata: {{"tea": "{name}", "price": {price}}}\n\n'.encode()
    time.sleep(_PAUSE)
    yield b": still here\n\n"
    # One event in two packets, and two lines of data.
    yield "data: 오늘은\n".encode()
    time.sleep(_PAUSE)
    yield "data: 여기까지\nid: 3\n\n".encode()
    yield b"data: a page never sees this one"


def ticker(asked: Asked) -> Answer:
    """A page, and a stream of events that ends twice before the server wants no more."""
    if asked.target != "/prices":
        return Answer(200, _page(_TICKER), [_HTML])
    stream = [("Content-Type", "text/event-stream"), ("Cache-Control", "no-store")]
    match asked.headers.get("Last-Event-ID"):
        case None:
            return Answer(200, headers=stream, parts=_first_prices())
        case "3":
            return Answer(200, headers=stream, parts=iter([b"id: 4\ndata: again\n\n"]))
    return Answer(204)


def server_sent_events(stage: Stage) -> None:
    """Chromium's EventSource takes events as they come, connects again where it left off, and stops at 204."""
    network = stage.network
    network.client.resolve_with(SERVER)
    with (
        resolving(network.server, SERVER, _NAMES) as asked,
        serving(network.server, SERVER, 80, ticker) as server,
        chromium(network.client) as browser,
        stage.recorded(),
    ):
        told = browser.visit(f"{_SITE}/")
        browser.quit()
    if [each["id"] for each in told] != ["1", "2", "3", "4"]:
        raise CannotRecord("lab-went-otherwise", what=f"the page was told {told}")
    stage.story.lookups = list(asked)
    _from_server(stage, server)
    stage.story.facts["page_was_told"] = [json.dumps(each, ensure_ascii=False) for each in told]
    stage.command(f"chromium --headless {_SITE}/")


_OLDER_WAYS: Final = """
window.told = new Promise((resolve) => {
  window.showPrices = (prices) => resolve([{prices: prices.length}]);
  const script = document.createElement("script");
  script.src = "http://api.shop.example/prices?callback=showPrices&day=1";
  document.body.append(script);
});
"""
_FORM: Final = (
    '<form id="order" method="post" action="http://api.shop.example/orders">'
    '<input name="tea" value="세작"><input name="cups" value="2"></form>'
)


def shop(asked: Asked) -> Answer:
    """A page with a script of another site and a form to it."""
    return Answer(200, _page(_OLDER_WAYS, _FORM), [_HTML])


def api(asked: Asked) -> Answer:
    """Prices wrapped in the call that was asked for, and orders from a form."""
    if asked.target.startswith("/prices?callback=showPrices"):
        return Answer(
            200, b'/**/showPrices([{"tea": "sejak", "price": 210}]);\n', [("Content-Type", "text/javascript")]
        )
    return Answer(200, _page("", "Thank you."), [_HTML])


def jsonp_and_form(stage: Stage) -> None:
    """Chromium loads data as a script that calls back, then sends a form to another origin."""
    network = stage.network
    network.client.resolve_with(SERVER)
    with (
        resolving(network.server, SERVER, _NAMES) as asked,
        serving(network.server, SERVER, 80, shop) as server,
        serving(network.server, SECOND, 80, api) as other,
        chromium(network.client) as browser,
        stage.recorded(),
    ):
        told = browser.visit(f"{_SITE}/")
        browser.evaluate("document.getElementById('order').submit()")
        browser.take_news(1.0)
        browser.quit()
    if told != [{"prices": 1}] or [each["method"] for each in other.log] != ["GET", "POST"]:
        raise CannotRecord("lab-went-otherwise", what=f"the page was told {told}, the server {other.log}")
    stage.story.lookups = list(asked)
    _from_server(stage, server)
    _from_server(stage, other)
    stage.story.facts["page_was_told"] = [json.dumps(each) for each in told]
    stage.command(f"chromium --headless {_SITE}/")


def _from_server(stage: Stage, server: WebServer) -> None:
    stage.story.exchanges += server.log
    stage.story.connections += [
        {"client": f"{CLIENT}:{port}", "server": server.end, "opening": "three-way"} for port in server.accepted
    ]


SCENARIOS: Final = (
    Scenario(
        "websocket",
        "A WebSocket in Chromium: the handshake, masked and long frames, fragments, a ping, a close with its reason",
        "Chromium의 WebSocket: 핸드셰이크, 마스크된 프레임과 긴 프레임, 조각, 핑, 이유가 있는 종료",
        websocket,
        programs=("chromium",),
    ),
    Scenario(
        "websocket-deflate",
        "The same WebSocket with messages compressed by permessage-deflate",
        "같은 WebSocket에서 메시지를 permessage-deflate로 압축한 경우",
        websocket_deflate,
        programs=("chromium",),
    ),
    Scenario(
        "websocket-violations",
        "A WebSocket client that breaks the rules in five ways, and the server's answer to each",
        "규칙을 다섯 가지로 어기는 WebSocket 클라이언트와 그때마다 서버의 응답",
        websocket_violations,
    ),
    Scenario(
        "server-sent-events",
        "Server-sent events in Chromium: types, ids, comments, a reconnection that goes on where it left off",
        "Chromium의 서버 전송 이벤트: 타입, id, 주석, 끊긴 자리에서 이어 가는 재연결",
        server_sent_events,
        programs=("chromium",),
    ),
    Scenario(
        "jsonp-and-form",
        "What came before CORS: a script that calls back with data, and a form sent to another origin",
        "CORS 이전의 방법: 데이터로 함수를 호출하는 스크립트와 다른 출처로 보내는 폼",
        jsonp_and_form,
        programs=("chromium",),
    ),
)
