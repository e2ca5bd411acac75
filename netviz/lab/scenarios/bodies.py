"""Bodies in every content coding, one of them a bomb, one with trailers; a page behind a password. curl asks."""

import base64
import gzip
import json
import zlib
from collections.abc import Callable
from typing import Final

from netviz.lab.networks import SERVER
from netviz.lab.nginx import nginx
from netviz.lab.requirements import CannotRecord
from netviz.lab.scenario import Scenario, Stage
from netviz.lab.scenarios.web import PORT, closed_by_client, curl, told_by_server
from netviz.lab.web import Answer, Asked, serving

_TEAS: Final = json.dumps([{"id": n, "name": f"녹차 {n}", "price": 100 + 7 * n} for n in range(40)], ensure_ascii=False)
_BOMB: Final = 9 << 20
"""Bytes of nothing: more than is decoded of any body, and only some tens when coded."""


def _brotli(data: bytes) -> bytes:
    import brotli

    coded: bytes = brotli.compress(data)
    return coded


def _zstd(data: bytes) -> bytes:
    from backports import zstd

    coded: bytes = zstd.compress(data)
    return coded


_CODINGS: Final[dict[str, Callable[[bytes], bytes]]] = {
    "identity": bytes, "gzip": gzip.compress, "deflate": zlib.compress, "br": _brotli, "zstd": _zstd,
}  # fmt: skip


def coded_site(asked: Asked) -> Answer:
    """The same list of teas at /<coding>, and at /bomb what becomes far more than it seems."""
    coding = asked.target[1:]
    kind = ("Content-Type", "application/json; charset=utf-8")
    if coding == "bomb":
        return Answer(200, _brotli(bytes(_BOMB)), [kind, ("Content-Encoding", "br")])
    if coding not in _CODINGS:
        return Answer(404)
    named = [("Content-Encoding", coding)] if coding != "identity" else []
    return Answer(200, _CODINGS[coding](_TEAS.encode()), [kind, *named, ("Vary", "Accept-Encoding")])


def content_codings(stage: Stage) -> None:
    """curl asks for the list in each coding and undoes it, and is given a bomb in the end."""
    base = f"http://{SERVER}:{PORT}"
    paths = (*_CODINGS, "bomb")
    with serving(stage.network.server, SERVER, PORT, coded_site) as server, stage.recorded():
        urls = [part for path in paths for part in ("--output", "/dev/null", f"{base}/{path}")]
        sizes = curl(stage.network, "--compressed", "--write-out", "%{size_download}\n", *urls)
    if len(sizes.split()) != len(paths):
        raise CannotRecord("lab-went-otherwise", what=f"curl's sizes: {sizes!r}")
    told_by_server(stage, server)
    stage.command("curl --compressed " + " ".join(f"{base}/{path}" for path in paths))


def trailers(stage: Stage) -> None:
    """curl fetches a text that nginx sends in chunks, with fields behind the last one."""
    url = f"http://{SERVER}:{PORT}/checked.txt"
    with nginx(
        stage.network.server, f"{SERVER}:{PORT}", {"checked.txt": "Picked, steamed, rolled, dried.\n"}
    ) as server:
        with stage.recorded():
            said = curl(stage.network, "--header", "TE: trailers", "--output", "/dev/null", "--dump-header", "-", url)
        stage.story.exchanges = server.log()
    if "X-Read: whole" not in said:
        raise CannotRecord("lab-went-otherwise", what=f"curl's fields: {said!r}")
    port = stage.story.exchanges[0]["client_port"]
    assert isinstance(port, int)
    stage.story.connections.append(closed_by_client(port, server.end))
    stage.command(f"curl --header 'TE: trailers' --dump-header - {url}")


_USER: Final = "mina:green-tea"


def locked_site(asked: Asked) -> Answer:
    """A page for who knows the password."""
    given = asked.headers.get("Authorization", "")
    if given == "Basic " + base64.b64encode(_USER.encode()).decode():
        return Answer(200, b"<h1>Tasting notes</h1>\n", [("Content-Type", "text/html; charset=utf-8")])
    return Answer(401, b"<h1>Who are you?</h1>\n", [
        ("WWW-Authenticate", 'Basic realm="tasting notes", charset="UTF-8"'), ("Content-Type", "text/html; charset=utf-8"),
    ])  # fmt: skip


def basic_auth(stage: Stage) -> None:
    """curl asks, is refused, asks again with name and password; then with a wrong password."""
    url = f"http://{SERVER}:{PORT}/notes"
    with serving(stage.network.server, SERVER, PORT, locked_site) as server, stage.recorded():
        for arguments in (("--anyauth", "--user", _USER), ("--user", "mina:black-tea")):
            curl(stage.network, "--output", "/dev/null", *arguments, url)
            stage.command(" ".join(("curl", *arguments, url)))
    if [each["status"] for each in server.log] != [401, 200, 401]:
        raise CannotRecord("lab-went-otherwise", what=f"statuses: {server.log}")
    told_by_server(stage, server)


SCENARIOS: Final = (
    Scenario(
        "content-codings",
        "The same JSON plain, as gzip, deflate, br and zstd; and a body that becomes 9 MB, which netviz refuses to unpack",
        "같은 JSON을 그대로, gzip, deflate, br, zstd로 보낸 응답과, 풀면 9MB가 되어 netviz가 풀지 않는 본문",
        content_codings,
        programs=("curl",),
    ),
    Scenario(
        "trailers",
        "A body in chunks with fields behind the last one, as nginx sends them",
        "청크로 나뉜 본문과 마지막 청크 뒤의 트레일러 필드(nginx)",
        trailers,
        programs=("curl", "nginx"),
    ),
    Scenario(
        "basic-auth",
        "A page behind a password: refused, asked again with Authorization, and refused for a wrong password",
        "비밀번호가 필요한 페이지: 거절, Authorization을 붙인 재요청, 틀린 비밀번호의 거절",
        basic_auth,
        programs=("curl",),
    ),
)
