"""HTTP exchanges that show one thing each: status codes, conditions, a page's load, sessions, uploads, two lengths."""

import socket
import struct
import tempfile
import time
import zlib
from pathlib import Path
from typing import Final

from netviz.lab.browser import chromium
from netviz.lab.names import resolving
from netviz.lab.networks import CLIENT, SERVER
from netviz.lab.nginx import nginx
from netviz.lab.requirements import CannotRecord
from netviz.lab.scenario import Scenario, Stage
from netviz.lab.scenarios.web import FILES, PORT, closed_by_client, curl, told_by_server
from netviz.lab.web import Answer, Asked, Site, serving

SITE: Final = "http://www.shop.example"
_HTML: Final = ("Content-Type", "text/html; charset=utf-8")
_JSON: Final = ("Content-Type", "application/json")
_TEXT: Final = b"Tea from Boseong, Hadong and Jeju.\n"
_SLOW: Final = 0.12
"""Seconds that an image of the page takes, so that the browser asks for others meanwhile."""

_SHORT: Final = 1
_OVER: Final = 2.2
"""A cookie's life in seconds, and how long the client waits until it is over by every clock."""

_ZOO: Final[dict[tuple[str, str], Answer]] = {
    ("GET", "/ok"): Answer(200, _TEXT),
    ("POST", "/teas"): Answer(201, b'{"id":8}', [_JSON, ("Location", "/teas/8")]),
    ("POST", "/orders"): Answer(202, b"{}", [_JSON]),
    ("DELETE", "/teas/8"): Answer(204),
    ("GET", "/moved"): Answer(301, headers=[("Location", "/ok")]),
    ("POST", "/found"): Answer(302, headers=[("Location", "/ok")]),
    ("POST", "/see-other"): Answer(303, headers=[("Location", "/ok")]),
    ("POST", "/temporary"): Answer(307, headers=[("Location", "/ok")]),
    ("POST", "/permanent"): Answer(308, headers=[("Location", "/ok")]),
    ("GET", "/nowhere"): Answer(302),
    ("GET", "/private"): Answer(401, headers=[("WWW-Authenticate", 'Basic realm="shop"')]),
    ("GET", "/private-unsaid"): Answer(401),
    ("GET", "/forbidden"): Answer(403),
    ("PUT", "/ok"): Answer(405, headers=[("Allow", "GET, HEAD")]),
    ("PUT", "/unsaid"): Answer(405),
    ("GET", "/gone"): Answer(410),
    ("GET", "/teapot"): Answer(418, b"short and stout\n"),
    ("GET", "/busy"): Answer(429, headers=[("Retry-After", "30")]),
    ("GET", "/broken"): Answer(500),
    ("GET", "/maintenance"): Answer(503, headers=[("Retry-After", "120")]),
}


def zoo(asked: Asked) -> Answer:
    """A site with every kind of answer, some of them without what should come with them."""
    if asked.target == "/range":
        return Answer(206, _TEXT[:9], [("Content-Range", f"bytes 0-8/{len(_TEXT)}")])
    if asked.target == "/range-beyond":
        return Answer(416, headers=[("Content-Range", f"bytes */{len(_TEXT)}")])
    if asked.target == "/private" and asked.headers.get("Authorization", "").startswith("Basic "):
        return Answer(200, b"Welcome.\n")
    return _ZOO.get((asked.method, asked.target), Answer(404))


def status_codes(stage: Stage) -> None:
    """curl asks for one thing after another; the server answers with a code of each kind."""
    base = f"http://{SERVER}:{PORT}"
    with serving(stage.network.server, SERVER, PORT, zoo) as server, stage.recorded():
        steps: list[tuple[str, ...]] = [("--request", method, f"{base}{path}") for method, path in _ZOO]
        steps += [
            (f"{base}/missing",),
            ("--range", "0-8", f"{base}/range"),
            ("--range", "900-", f"{base}/range-beyond"),
            ("--user", "mina:green-tea", f"{base}/private"),
            ("--header", "Expect: 100-continue", "--data", "tea=green", f"{base}/orders"),
        ]
        arguments: list[str] = []
        for number, step in enumerate(steps):
            arguments += ("--next", "--silent") if number else ()
            arguments += ("--output", "/dev/null", *step)
        curl(stage.network, *arguments)
        stage.command("curl " + " --next ".join(" ".join(step) for step in steps))
    told_by_server(stage, server)


def conditional_get(stage: Stage) -> None:
    """A first GET, one with the entity tag, one with the date (304 both), and one after the file has changed."""
    url = f"http://{SERVER}:{PORT}/note.txt"
    with nginx(stage.network.server, f"{SERVER}:{PORT}", FILES) as server, tempfile.TemporaryDirectory() as folder:
        file, tag = server.folder / "files" / "note.txt", str(Path(folder, "etag"))
        with stage.recorded():
            steps: tuple[tuple[str, ...], ...] = (
                ("--etag-save", tag, url), ("--etag-compare", tag, url), ("--time-cond", str(file), url)
            )  # fmt: skip
            for step in steps:
                curl(stage.network, "--output", "/dev/null", *step)
            file.write_text("Open from ten to six.\n", encoding="utf-8")
            time.sleep(_OVER)
            curl(stage.network, "--output", "/dev/null", "--etag-compare", tag, url)
        stage.story.exchanges = server.log()
    statuses = [each["status"] for each in stage.story.exchanges]
    if statuses != [200, 304, 304, 200]:
        raise CannotRecord("lab-went-otherwise", what=f"statuses: {statuses}")
    for each in stage.story.exchanges:
        port = each["client_port"]
        assert isinstance(port, int)
        stage.story.connections.append(closed_by_client(port, server.end))
    for condition in ("--etag-save etag", "--etag-compare etag", "--time-cond note.txt", "--etag-compare etag"):
        stage.command(f"curl {condition} {url}")


def image(width: int, height: int) -> bytes:
    """A PNG of one grey (ISO/IEC 15948)."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack("!I", len(data)) + kind + data + struct.pack("!I", zlib.crc32(kind + data))

    rows = (b"\0" + b"\x60" * width) * height
    header = struct.pack("!IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


_PAGE: Final = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Tea</title><link rel="icon" href="data:,">'
    '<link rel="stylesheet" href="/style.css"><script src="/shop.js"></script></head><body><h1>Tea</h1>'
    + "".join(f'<img src="/tea-{number}.png" alt="tea {number}">' for number in range(1, 4))
    + "</body></html>\n"
)


def page_site() -> Site:
    """A page with a style, a script and three slow images; all may be kept, the page itself asks each time."""
    picture = image(40, 30)
    files: dict[str, tuple[bytes, str, str]] = {
        "/": (_PAGE.encode(), "text/html; charset=utf-8", "no-cache"),
        "/style.css": (b"h1 { color: #246; }\n", "text/css", "max-age=60"),
        "/shop.js": (b"document.title = 'Tea shop';\n", "text/javascript", "no-cache"),
        **{f"/tea-{number}.png": (picture, "image/png", "max-age=3600") for number in range(1, 4)},
    }

    def answer(asked: Asked) -> Answer:
        if asked.target not in files:
            return Answer(404)
        body, kind, kept = files[asked.target]
        tag = f'"{zlib.crc32(body):08x}"'
        headers = [("ETag", tag), ("Cache-Control", kept)]
        if asked.headers.get("If-None-Match") == tag:
            return Answer(304, headers=headers)
        if asked.target.endswith(".png"):
            time.sleep(_SLOW)
        return Answer(200, body, [("Content-Type", kind), *headers])

    return answer


def page_load(stage: Stage) -> None:
    """Chromium loads a page with its style, script and images, and a second time with what it kept."""
    network = stage.network
    network.client.resolve_with(SERVER)
    with (
        resolving(network.server, SERVER, {"www.shop.example": {"A": SERVER}}) as asked,
        serving(network.server, SERVER, 80, page_site()) as server,
        chromium(network.client) as browser,
        stage.recorded(),
    ):
        browser.load(f"{SITE}/")
        browser.take_news(0.5)
        browser.events.clear()
        browser.load(f"{SITE}/")
        browser.take_news(0.5)
        browser.quit()
    stage.story.lookups = list(asked)
    stage.story.exchanges = server.log
    stage.story.connections = [
        {"client": f"{CLIENT}:{port}", "server": server.end, "opening": "three-way"} for port in server.accepted
    ]
    if not any(each["status"] == 304 for each in server.log):
        raise CannotRecord("lab-went-otherwise", what="Chromium did not ask again")
    stage.command(f"chromium --headless {SITE}/ (twice)")


_BEFORE, _AFTER = "4f1c7a9be2d04d6fa1", "b86e03d75c9f4e21aa"


def shop_with_sessions(asked: Asked) -> Answer:
    """A shop that gives every visitor a session, a new one at login, and a basket whose cookie is soon over."""
    session = asked.cookie("sid")
    attributes = "Path=/; HttpOnly; SameSite=Lax"
    match asked.method, asked.target:
        case "GET", "/" if session is None:
            return Answer(200, b"<h1>Tea</h1>\n", [_HTML, ("Set-Cookie", f"sid={_BEFORE}; {attributes}")])
        case "POST", "/login" if asked.body == b"user=mina&password=green-tea":
            new = ("Set-Cookie", f"sid={_AFTER}; {attributes}")
            basket = ("Set-Cookie", f"basket=7; Path=/basket; Max-Age={_SHORT}")
            clear = ("Set-Cookie", "tracker=1; Path=/; Secure; SameSite=None")
            return Answer(303, headers=[("Location", "/account"), new, basket, clear])
        case "POST", "/login":
            return Answer(401, b"<p>No.</p>\n", [_HTML, ("WWW-Authenticate", 'Form realm="shop"')])
        case "GET", "/account" if session == _AFTER:
            return Answer(200, b"<h1>Mina's account</h1>\n", [_HTML, ("Cache-Control", "no-store")])
        case "GET", "/account":
            return Answer(303, headers=[("Location", "/")])
        case "GET", "/basket":
            return Answer(200, b"[7]" if asked.cookie("basket") else b"[]", [_JSON])
    return Answer(200, b"<h1>Tea</h1>\n", [_HTML])


def session_rotation(stage: Stage) -> None:
    """A visitor's session, a wrong and a right password, a new session id; a basket cookie by path, then expired."""
    site = f"http://{SERVER}:{PORT}"
    with tempfile.TemporaryDirectory(prefix="nvcap-curl-") as folder:
        jar = Path(folder, "jar")
        steps = (
            (f"{site}/",),
            ("--data", "user=mina&password=black-tea", f"{site}/login"),
            ("--data", "user=mina&password=green-tea", f"{site}/login"),
            (f"{site}/basket",),
            (f"{site}/account",),
            (f"{site}/basket",),
        )
        with serving(stage.network.server, SERVER, PORT, shop_with_sessions) as server, stage.recorded():
            for number, step in enumerate(steps):
                if number == len(steps) - 1:
                    time.sleep(_OVER)
                curl(stage.network, "--cookie", str(jar), "--cookie-jar", str(jar), "--output", "/dev/null", *step)
                stage.command("curl --cookie jar --cookie-jar jar " + " ".join(step))
        told_by_server(stage, server)


def multipart_upload(stage: Stage) -> None:
    """A form with a name, a note in Korean and a picture, sent as multipart/form-data; then the same as urlencoded."""
    url = f"http://{SERVER}:{PORT}/teas"
    created = Answer(201, b'{"id":9,"name":"Jeju","tags":["green","new"]}', [_JSON, ("Location", "/teas/9")])
    with tempfile.TemporaryDirectory(prefix="nvcap-curl-") as folder:
        picture = Path(folder, "jeju.png")
        picture.write_bytes(image(32, 24))
        with serving(stage.network.server, SERVER, PORT, lambda asked: created) as server, stage.recorded():
            for step in (
                ("--form", "name=Jeju", "--form", "note=첫물 녹차", "--form", f"picture=@{picture};type=image/png"),
                ("--data-urlencode", "name=Jeju", "--data-urlencode", "note=첫물 녹차"),
            ):
                curl(stage.network, "--output", "/dev/null", *step, url)
                stage.command(" ".join(("curl", *step, url)).replace(folder + "/", ""))
        told_by_server(stage, server)


_TWO_LENGTHS: Final = (
    b"POST /comment HTTP/1.1\r\nHost: shop.example\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nX",
    b"POST /comment HTTP/1.1\r\nHost: shop.example\r\nContent-Length: 3\r\nContent-Length: 5\r\n\r\nhello",
)


def smuggling(stage: Stage) -> None:
    """Two requests whose length can be read in two ways; nginx refuses both."""
    with nginx(stage.network.server, f"{SERVER}:{PORT}", FILES) as server:
        ports = []
        with stage.recorded():
            for request in _TWO_LENGTHS:
                with stage.network.client.entered():
                    client = socket.create_connection((SERVER, PORT), timeout=10)
                with client:
                    ports.append(client.getsockname()[1])
                    client.sendall(request)
                    while client.recv(65_536):
                        continue
        log = server.log()
    if [each["status"] for each in log] != [400, 400]:
        raise CannotRecord("lab-went-otherwise", what=f"nginx said {log}")
    stage.story.connections += [
        {"client": f"{CLIENT}:{port}", "server": server.end, "opening": "three-way"} for port in ports
    ]
    stage.story.exchanges = log
    stage.command("socket: Content-Length beside Transfer-Encoding; two Content-Length fields that differ")


SCENARIOS: Final = (
    Scenario(
        "status-codes",
        "A code of each kind, 1xx to 5xx, some without the field that should come with them",
        "1xx부터 5xx까지 종류별 상태 코드. 함께 와야 할 필드가 빠진 것도 있습니다",
        status_codes,
        programs=("curl",),
    ),
    Scenario(
        "conditional-get",
        "A GET, the same with If-None-Match and If-Modified-Since (304), and again after a change",
        "GET 뒤에 If-None-Match와 If-Modified-Since로 다시 요청해 304, 내용이 바뀐 뒤 200",
        conditional_get,
        programs=("curl", "nginx"),
    ),
    Scenario(
        "page-load",
        "A page with style, script and images in Chromium, on parallel connections, and a second time from its cache",
        "Chromium이 병렬 연결로 읽은 페이지(스타일, 스크립트, 이미지)와 캐시를 쓴 두 번째 읽기",
        page_load,
        programs=("chromium",),
    ),
    Scenario(
        "session-rotation",
        "A session id that changes at login; a cookie kept to its path, expired, and one that browsers refuse",
        "로그인할 때 바뀌는 세션 식별자, 경로가 정해진 쿠키와 그 만료, 브라우저가 거부하는 쿠키",
        session_rotation,
        programs=("curl",),
    ),
    Scenario(
        "multipart-upload",
        "A form with a picture as multipart/form-data, and a form as application/x-www-form-urlencoded",
        "그림이 든 multipart/form-data 폼과 application/x-www-form-urlencoded 폼",
        multipart_upload,
        programs=("curl",),
    ),
    Scenario(
        "smuggling",
        "Requests whose length can be read in two ways; nginx answers 400",
        "길이를 두 가지로 읽을 수 있는 요청. nginx는 400으로 답합니다",
        smuggling,
        programs=("nginx",),
    ),
)
