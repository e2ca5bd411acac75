"""HTTP exchanges by curl and by a client that pipelines: nginx and a small shop answer."""

import base64
import hashlib
import hmac
import json
import socket
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from netviz.lab.namespaces import run
from netviz.lab.networks import CLIENT, CLIENT_6, SERVER, SERVER_6, Network, direct, over_wire
from netviz.lab.nginx import nginx
from netviz.lab.requirements import CannotRecord
from netviz.lab.scenario import LINUX_COOKED_2, Scenario, Stage
from netviz.lab.scenarios.transport import note_counters
from netviz.lab.story import Table
from netviz.lab.web import Answer, Asked, WebServer, serving
from netviz.lab.wire import LosesOnce

PORT: Final = 8080
_EXPIRED: Final = 1.5
"""Seconds after which a token of one second is no longer good."""

_STEADY_BUFFER: Final = "32768 32768 32768"
"""Least, usual and greatest receive buffer."""

_KEY: Final = b"a key for the lab, and for nothing else"
_HTML: Final = ("Content-Type", "text/html; charset=utf-8")
_JSON: Final = ("Content-Type", "application/json")

FILES: Final = {
    "index.html": "<!doctype html><title>Shop</title><link rel=stylesheet href=style.css><h1>Tea</h1>\n",
    "style.css": "".join(f".shelf-{n} {{ margin: {n}px; color: #24{n:02d}24 }}\n" for n in range(40)),
    "products.json": json.dumps([{"id": n, "name": f"Tea no. {n}", "price": 100 + 7 * n} for n in range(40)]),
    "note.txt": "Open from nine to five.\n",
}


def curl(network: Network, *arguments: str) -> str:
    """Run curl on the client; returns what it wrote."""
    with network.client.entered():
        return run("curl", "--silent", "--show-error", "--max-time", "20", *arguments)


def told_by_server(stage: Stage, server: WebServer) -> None:
    """Exchanges and connections of the story from the server's own log; curl closes what it opened."""
    stage.story.exchanges += server.log
    stage.story.connections += [closed_by_client(port, server.end) for port in server.accepted]


def closed_by_client(port: int, server: str, client: str = CLIENT) -> Table:
    """A story's connection that the client opened and was the first to close."""
    return {"client": f"{client}:{port}", "server": server, "opening": "three-way", "active_closer": "client"}


def keep_alive(stage: Stage) -> None:
    """curl fetches five things from nginx on one connection; long texts come gzipped and chunked."""
    paths = ("/", "/style.css", "/products.json", "/note.txt", "/missing", "/old")
    with nginx(stage.network.server, f"{SERVER}:{PORT}", FILES) as server:
        with stage.recorded():
            urls = [f"http://{SERVER}:{PORT}{path}" for path in paths]
            options = [part for url in urls for part in ("--output", "/dev/null", url)]
            said = curl(stage.network, "--compressed", "--write-out", "%{http_code} %{num_connects}\n", *options)
        stage.story.exchanges = server.log()
    statuses = [line.split() for line in said.splitlines()]
    if [connects for _, connects in statuses] != ["1", "0", "0", "0", "0", "0"]:
        raise CannotRecord("lab-went-otherwise", what=f"curl's connections: {statuses}")
    port = stage.story.exchanges[0]["client_port"]
    assert isinstance(port, int)
    stage.story.connections.append(closed_by_client(port, server.end))
    stage.command("curl --compressed " + " ".join(urls))


def pipelining(stage: Stage) -> None:
    """Four requests leave in one segment; nginx answers in their order."""
    paths = ("/note.txt", "/missing", "/index.html", "/old")
    request = "".join(f"GET {path} HTTP/1.1\r\nHost: shop.example\r\n\r\n" for path in paths[:-1])
    request += f"GET {paths[-1]} HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n"
    with nginx(stage.network.server, f"{SERVER}:{PORT}", FILES) as server:
        with stage.recorded():
            with stage.network.client.entered():
                client = socket.create_connection((SERVER, PORT), timeout=10)
            with client:
                port = client.getsockname()[1]
                client.sendall(request.encode())
                while client.recv(65_536):
                    continue
        stage.story.exchanges = server.log()
    stage.story.connections.append(closed_by_client(port, server.end) | {"active_closer": "server"})
    stage.command("socket: four requests in one send")


def login_with_cookies(asked: Asked) -> Answer:
    """A shop with a login form and a session cookie."""
    match asked.method, asked.target:
        case "POST", "/login" if asked.body == b"user=mina&password=green-tea":
            session = ("Set-Cookie", "session=q7Zr1xkW; Path=/; HttpOnly; SameSite=Lax")
            greeting = ("Set-Cookie", "greeting=hello; Path=/; Max-Age=3600")
            return Answer(302, headers=[("Location", "/account"), session, greeting])
        case "POST", "/logout":
            ended = ("Set-Cookie", "session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax")
            return Answer(302, headers=[("Location", "/"), ended])
        case "GET", "/account" if asked.cookie("session") == "q7Zr1xkW":
            return Answer(200, b"<h1>Mina's account</h1>\n", [_HTML, ("Cache-Control", "no-store")])
        case "GET", "/account":
            return Answer(302, headers=[("Location", "/login")])
        case "GET", "/login":
            return Answer(200, b"<form method=post><input name=user><input name=password></form>\n", [_HTML])
    return Answer(401, b"<p>No.</p>\n", [_HTML])


def cookies_login(stage: Stage) -> None:
    """Without a cookie to the login form, with one to the account, and after logout to the form again."""
    site = f"http://{SERVER}:{PORT}"
    with tempfile.TemporaryDirectory(prefix="nvcap-curl-") as folder:
        jar = Path(folder, "jar")
        steps = (
            ("--location", f"{site}/account"),
            ("--data", "user=mina&password=green-tea", f"{site}/login"),
            (f"{site}/account",),
            ("--request", "POST", f"{site}/logout"),
            (f"{site}/account",),
        )
        with serving(stage.network.server, SERVER, PORT, login_with_cookies) as server, stage.recorded():
            for step in steps:
                curl(stage.network, "--cookie", str(jar), "--cookie-jar", str(jar), "--output", "/dev/null", *step)
                stage.command("curl --cookie jar --cookie-jar jar " + " ".join(step))
        told_by_server(stage, server)


def _encoded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()


def token(subject: str, seconds: int) -> str:
    """A JSON Web Token signed with HS256 (RFC 7519, RFC 7515), good for so many seconds from now."""
    now = int(time.time())
    parts = ({"alg": "HS256", "typ": "JWT"}, {"sub": subject, "iss": "shop.example", "iat": now, "exp": now + seconds})
    signed = ".".join(_encoded(json.dumps(part, separators=(",", ":")).encode()) for part in parts)
    return f"{signed}.{_encoded(hmac.digest(_KEY, signed.encode(), hashlib.sha256))}"


def holder(bearer: str) -> str | None:
    """Who a token names, where its signature is right and it has not expired."""
    signed, _, signature = bearer.rpartition(".")
    if not hmac.compare_digest(_encoded(hmac.digest(_KEY, signed.encode(), hashlib.sha256)), signature):
        return None
    claims = signed.partition(".")[2]
    payload = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
    return payload["sub"] if payload["exp"] > time.time() else None


def login_with_token(asked: Asked) -> Answer:
    """An API that gives tokens of an hour, or of one second for the impatient, and takes them back."""
    if (asked.method, asked.target) == ("POST", "/login"):
        given = json.loads(asked.body)
        seconds = 1 if given.get("remember") is False else 3600
        return Answer(
            200, json.dumps({"token": token(given["user"], seconds), "expires_in": seconds}).encode(), [_JSON]
        )
    scheme, _, bearer = asked.headers.get("Authorization", "").partition(" ")
    if scheme != "Bearer":
        return Answer(401, b"{}", [_JSON, ("WWW-Authenticate", 'Bearer realm="shop"')])
    name = holder(bearer)
    if name is None:
        why = 'Bearer realm="shop", error="invalid_token", error_description="The token expired"'
        return Answer(401, b'{"error":"invalid_token"}', [_JSON, ("WWW-Authenticate", why)])
    return Answer(200, json.dumps({"user": name}).encode(), [_JSON])


def jwt_login(stage: Stage) -> None:
    """No token, a token, and a token whose second is over."""
    api = f"http://{SERVER}:{PORT}"
    as_json = ("--header", "Content-Type: application/json")

    def log_in(remember: bool) -> str:
        given = json.dumps({"user": "mina", "password": "green-tea", "remember": remember})
        stage.command(f"curl --json '{given}' {api}/login")
        answer: dict[str, str] = json.loads(curl(stage.network, *as_json, "--data", given, f"{api}/login"))
        return answer["token"]

    def see(*arguments: str) -> None:
        stage.command(" ".join(("curl", *(part.partition("eyJ")[0] for part in arguments), f"{api}/me")))
        curl(stage.network, *arguments, f"{api}/me")

    with serving(stage.network.server, SERVER, PORT, login_with_token) as server, stage.recorded():
        see()
        see("--header", f"Authorization: Bearer {log_in(remember=True)}")
        short = log_in(remember=False)
        time.sleep(_EXPIRED)
        see("--header", f"Authorization: Bearer {short}")
    told_by_server(stage, server)


def page(length: int) -> Callable[[Asked], Answer]:
    """A site of one page of so many bytes."""
    line = b"0123456789 tea green black white oolong\n"
    body = (line * (length // len(line) + 1))[:length]
    return lambda asked: Answer(200, body, [("Content-Type", "text/plain")])


def http_loss(stage: Stage) -> None:
    """One segment of the response is lost on the way and sent again; recorded where it was sent.

    The client's window may not grow meanwhile: an ACK that changes the window is no duplicate (RFC 5681 section 2).
    """
    stage.network.client.setting("ipv4.tcp_rmem", _STEADY_BUFFER)
    with serving(stage.network.server, SERVER, PORT, page(14_000)) as server, stage.recorded():
        curl(stage.network, "--output", "/dev/null", f"http://{SERVER}:{PORT}/teas.txt")
    told_by_server(stage, server)
    note_counters(stage, "server.Tcp.RetransSegs", "server.TcpExt.TCPFastRetrans")
    if stage.story.counters["server.Tcp.RetransSegs"] != 1:
        raise CannotRecord("lab-went-otherwise", what=f"segments sent again: {stage.story.counters}")
    stage.command(f"curl http://{SERVER}:{PORT}/teas.txt")


def ipv6_http(stage: Stage) -> None:
    """curl and nginx over IPv6, recorded on all interfaces at once."""
    url = f"http://[{SERVER_6}]:{PORT}/note.txt"
    with nginx(stage.network.server, f"[{SERVER_6}]:{PORT}", FILES) as server:
        with stage.recorded():
            curl(stage.network, "--output", "/dev/null", url)
        stage.story.exchanges = server.log()
    port = stage.story.exchanges[0]["client_port"]
    assert isinstance(port, int)
    stage.story.connections.append(closed_by_client(port, server.end, f"[{CLIENT_6}]"))
    stage.command(f"curl {url}")


SCENARIOS: Final = (
    Scenario(
        "http-keep-alive",
        "Six requests on one connection to nginx: gzip, chunked, 404 and a redirect",
        "nginx와의 연결 하나로 요청 여섯 개: gzip, chunked, 404, 리디렉션",
        keep_alive,
        programs=("curl", "nginx"),
    ),
    Scenario(
        "http-pipelining",
        "Four requests sent at once, four responses in their order",
        "한꺼번에 보낸 요청 네 개와 그 순서대로 온 응답 네 개",
        pipelining,
        programs=("nginx", "editcap"),
        format="pcapng",
        comment="Four pipelined requests to nginx. Recorded with netviz.lab.record http-pipelining.",
    ),
    Scenario(
        "cookies-login",
        "A login with a form: session cookie set, sent, and deleted at logout",
        "폼 로그인: 세션 쿠키를 설정하고, 보내고, 로그아웃할 때 삭제합니다",
        cookies_login,
        programs=("curl",),
    ),
    Scenario(
        "jwt-login",
        "A login with a JSON Web Token: 401 without one, 200 with one, 401 when it has expired",
        "JWT 로그인: 토큰 없이 401, 토큰으로 200, 만료된 토큰으로 401",
        jwt_login,
        programs=("curl",),
    ),
    Scenario(
        "http-loss",
        "A response of which one segment is lost and sent again",
        "세그먼트 하나가 손실되어 재전송된 응답",
        http_loss,
        programs=("curl",),
        network=lambda: over_wire(loses=LosesOnce("server", 4)),
    ),
    Scenario(
        "ipv6-http",
        "HTTP over IPv6, recorded on all interfaces (Linux cooked capture v2)",
        "IPv6 위의 HTTP, 모든 인터페이스에서 기록(Linux cooked v2)",
        ipv6_http,
        programs=("curl", "nginx"),
        network=partial(direct, ipv6=True, interface="any"),
        link_type=LINUX_COOKED_2,
        ip_versions=(6,),
    ),
)
