"""A page on www.shop.example and an API on api.shop.example, in a real Chromium that says what its scripts could read.

Both names are of one site (so that cookies go along) and of two origins (so that CORS decides). Names are resolved by
a DNS server of the lab, so the lookups are in the captures too.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from netviz.lab.browser import Message, chromium
from netviz.lab.names import resolving
from netviz.lab.networks import CLIENT, SECOND, SERVER
from netviz.lab.requirements import CannotRecord
from netviz.lab.scenario import Scenario, Stage
from netviz.lab.story import Table
from netviz.lab.web import Answer, Asked, Site, serving

PAGE_ORIGIN: Final = "http://www.shop.example"
API_ORIGIN: Final = "http://api.shop.example"
_ZONE: Final = {"www.shop.example": {"A": SERVER}, "api.shop.example": {"A": SECOND}}
_PROGRAMS: Final = ("chromium",)
_SESSION: Final = ("Set-Cookie", "session=q7Zr1xkW; Domain=shop.example; Path=/; HttpOnly; SameSite=Lax")

_PAGE: Final = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Shop</title><link rel="icon" href="data:,">HEAD</head>
<body><h1>Shop</h1>
<script>
const calls = CALLS;
async function ask({url, options}) {
  const {method = "GET", credentials = "same-origin"} = options;
  const said = {url: new URL(url, location).href, method, credentials};
  try {
    const response = await fetch(url, options);
    await response.text();
    return {...said, type: response.type, status: response.status, headers: [...response.headers.keys()]};
  } catch (error) {
    return {...said, type: "error", error: String(error)};
  }
}
window.told = (async () => {
  const said = [];
  for (const call of calls) {
    said.push(await ask(call));
    await new Promise(resolve => setTimeout(resolve, PAUSE));
  }
  return said;
})();
</script>
</body>
</html>
"""

Answers = Mapping[tuple[str, str], Answer]
"""(method, path) -> what a site answers."""

_WHAT_TYPES_MEAN: Final = {
    "basic": ("same-origin", "not-applicable"),
    "opaque": ("no-cors", "opaque"),
    "cors": ("simple", "allowed"),
    "error": ("simple", "blocked"),
}
"""What the type of a fetch's response says (Fetch standard, response tainting): kind without preflight, verdict."""


@dataclass(frozen=True, slots=True)
class Call:
    """One fetch() of the page's script."""

    url: str
    options: Mapping[str, Any] = field(default_factory=dict)

    def written(self) -> dict[str, object]:
        """As the page's script takes it."""
        return {"url": self.url, "options": dict(self.options)}


def page(calls: Sequence[Call], headers: Sequence[tuple[str, str]] = (), head: str = "", pause: int = 0) -> Answer:
    """The page whose script makes the calls, one after the other, with so many milliseconds between them."""
    text = _PAGE.replace("CALLS", json.dumps([call.written() for call in calls]))
    text = text.replace("HEAD", head).replace("PAUSE", str(pause))
    return Answer(200, text.encode(), [("Content-Type", "text/html; charset=utf-8"), *headers])


def site(answers: Answers) -> Site:
    """A site that is a table of answers."""

    def answer(asked: Asked) -> Answer:
        return answers.get((asked.method, asked.target), Answer(404))

    return answer


def play(stage: Stage, www: Answers, api: Answers) -> None:
    """Load the page in Chromium, let its script make its calls, and write down what Chromium said."""
    network = stage.network
    network.client.resolve_with(SERVER)
    with (
        resolving(network.server, SERVER, _ZONE) as asked,
        serving(network.server, SERVER, 80, site(www)) as www_server,
        serving(network.server, SECOND, 80, site(api)) as api_server,
        chromium(network.client) as browser,
        stage.recorded(),
    ):
        said = browser.visit(PAGE_ORIGIN + "/")
        events = list(browser.events)
        browser.quit()
    stage.story.lookups = list(asked)
    stage.story.exchanges = www_server.log + api_server.log
    stage.story.connections = [
        {"client": f"{CLIENT}:{port}", "server": server.end, "opening": "three-way"}
        for server in (www_server, api_server)
        for port in server.accepted
    ]
    stage.story.fetches = [fetch_story(one, events) for one in said]
    stage.command(f"chromium --headless {PAGE_ORIGIN}/")


def fetch_story(said: Message, events: list[Message]) -> Table:
    """What Chromium said of one fetch(): type of response, whether it asked first, and the code of a refusal."""
    kind, verdict = _WHAT_TYPES_MEAN[said["type"]]
    preflights = [event for event in events if _asks_for(event, said)]
    story: Table = {
        "url": said["url"],
        "method": said["method"],
        "kind": "preflighted" if preflights else kind,
        "credentials": said["credentials"],
        "verdict": verdict,
    }
    if verdict != "blocked":
        return story | {"status": said["status"], "readable_headers": sorted(said["headers"])}
    return story | {"code": _code(said, events), "error": said["error"]}


def _asks_for(event: Message, said: Message) -> bool:
    """Whether an event is the preflight of a fetch: same URL, and the method that it asks for."""
    if _request_of(event, said["url"]) is None or event["params"]["initiator"]["type"] != "preflight":
        return False
    headers: dict[str, str] = event["params"]["request"]["headers"]
    method: str = said["method"]
    return headers.get("Access-Control-Request-Method") == method


def _request_of(event: Message, url: str) -> str | None:
    if event.get("method") != "Network.requestWillBeSent" or event["params"]["request"]["url"] != url:
        return None
    method: str = event["params"]["request"]["method"]
    return method


def _code(said: Message, events: list[Message]) -> str:
    """Chromium's corsError of the request that the script made."""
    requests = [event["params"]["requestId"] for event in events if _request_of(event, said["url"]) == said["method"]]
    for event in events:
        if event.get("method") == "Network.loadingFailed" and event["params"]["requestId"] in requests:
            status = event["params"].get("corsErrorStatus")
            if status:
                code: str = status["corsError"]
                return code
    raise CannotRecord("lab-went-otherwise", what=f"Chromium gave no CORS code for {said}")


_ALLOW: Final = ("Access-Control-Allow-Origin", PAGE_ORIGIN)
_WITH_CREDENTIALS: Final = ("Access-Control-Allow-Credentials", "true")
_JSON: Final = ("Content-Type", "application/json")
_VARY: Final = ("Vary", "Origin")
_PACE: Final = 250
"""Milliseconds between calls in the demonstration, so that it can be followed when played at its own pace."""

_HOME: Final = ("GET", "/")
_LOGO: Final = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><circle cx="4" cy="4" r="4"/></svg>\n'
_PERMITS_PUT: Final = Answer(
    204,
    headers=[
        _ALLOW,
        _WITH_CREDENTIALS,
        ("Access-Control-Allow-Methods", "PUT"),
        ("Access-Control-Allow-Headers", "Content-Type"),
        ("Access-Control-Max-Age", "600"),
        _VARY,
    ],
)
_TEAS: Final = Answer(
    200,
    b'[{"id":7,"name":"Green"}]',
    [_JSON, _ALLOW, _WITH_CREDENTIALS, ("Access-Control-Expose-Headers", "X-Total"), ("X-Total", "1"), _VARY],
)
_SAVED: Final = Answer(200, b'{"saved":true}', [_JSON, _ALLOW, _WITH_CREDENTIALS, _VARY])


def _put(body: str, *headers: tuple[str, str]) -> dict[str, Any]:
    """Options of a fetch() that puts JSON, with more headers."""
    return {"method": "PUT", "headers": {"Content-Type": "application/json", **dict(headers)}, "body": body}


def simple_allowed(stage: Stage) -> None:
    """A GET; the API names the page's origin and exposes a header."""
    play(stage, {_HOME: page([Call(f"{API_ORIGIN}/teas")])}, {("GET", "/teas"): _TEAS})


def simple_blocked(stage: Stage) -> None:
    """A GET; the API says nothing of CORS, so the script may not read what came."""
    silent = Answer(200, _TEAS.body, [_JSON])
    play(stage, {_HOME: page([Call(f"{API_ORIGIN}/teas")])}, {("GET", "/teas"): silent})


def preflight_allowed(stage: Stage) -> None:
    """A PUT of JSON: asked for first, permitted, sent, readable."""
    answers = {("OPTIONS", "/teas/7"): _PERMITS_PUT, ("PUT", "/teas/7"): _SAVED}
    play(stage, {_HOME: page([Call(f"{API_ORIGIN}/teas/7", _put('{"price":120}'))])}, answers)


def preflight_blocked(stage: Stage) -> None:
    """A PUT with a header that the API does not permit: never sent."""
    call = Call(f"{API_ORIGIN}/teas/7", _put('{"price":120}', ("X-Shop-Till", "3")))
    play(stage, {_HOME: page([call])}, {("OPTIONS", "/teas/7"): _PERMITS_PUT, ("PUT", "/teas/7"): _SAVED})


def credentials_wildcard(stage: Stage) -> None:
    """A GET with a cookie; the API allows `*`, which is not enough where credentials go along."""
    answer = Answer(200, _TEAS.body, [_JSON, ("Access-Control-Allow-Origin", "*"), _WITH_CREDENTIALS])
    call = Call(f"{API_ORIGIN}/basket", {"credentials": "include"})
    play(stage, {_HOME: page([call], headers=[_SESSION])}, {("GET", "/basket"): answer})


def demo(stage: Stage) -> None:
    """One page load: login, a simple GET, a permitted PUT with the cookie, a refused DELETE, a silent API, an image."""
    login = {"method": "POST", "headers": {"Content-Type": "application/x-www-form-urlencoded"}, "body": "user=mina"}
    calls = (
        Call("/login", login),
        Call(f"{API_ORIGIN}/teas"),
        Call(f"{API_ORIGIN}/basket", _put('{"tea":7,"count":2}') | {"credentials": "include"}),
        Call(f"{API_ORIGIN}/basket", {"credentials": "include"}),
        Call(f"{API_ORIGIN}/teas/7", {"method": "DELETE"}),
        Call(f"{API_ORIGIN}/prices"),
        Call(f"{API_ORIGIN}/logo.svg", {"mode": "no-cors"}),
    )
    style = "".join(f".shelf-{number} {{ order: {number}; color: #2424{number:02d} }}\n" for number in range(12))
    www = {
        _HOME: page(calls, head='<link rel="stylesheet" href="/style.css">', pause=_PACE),
        ("GET", "/style.css"): Answer(200, style.encode(), [("Content-Type", "text/css")]),
        ("POST", "/login"): Answer(204, headers=[_SESSION]),
    }
    teas = json.dumps([{"id": number, "name": f"Tea no. {number}", "price": 100 + number} for number in range(90)])
    api = {
        ("GET", "/teas"): Answer(200, teas.encode(), _TEAS.headers),
        ("OPTIONS", "/basket"): _PERMITS_PUT,
        ("PUT", "/basket"): _SAVED,
        ("GET", "/basket"): Answer(200, b'{"tea":7,"count":2}', _SAVED.headers),
        ("OPTIONS", "/teas/7"): _PERMITS_PUT,
        ("GET", "/prices"): Answer(200, b'{"7":120}', [_JSON]),
        ("GET", "/logo.svg"): Answer(200, _LOGO, [("Content-Type", "image/svg+xml")]),
    }
    play(stage, www, api)


SCENARIOS: Final = (
    Scenario(
        "cors-simple-allowed",
        "CORS, a simple request: the server names the page's origin, the script may read the response",
        "CORS 단순 요청: 서버가 페이지의 출처를 허용하여 스크립트가 응답을 읽습니다",
        simple_allowed,
        programs=_PROGRAMS,
    ),
    Scenario(
        "cors-simple-blocked",
        "CORS, a simple request without Access-Control-Allow-Origin: it came back, the script may not read it",
        "CORS 단순 요청, Access-Control-Allow-Origin 없음: 응답은 왔지만 스크립트는 읽지 못합니다",
        simple_blocked,
        programs=_PROGRAMS,
    ),
    Scenario(
        "cors-preflight-allowed",
        "CORS, a PUT: the preflight permits it, the request follows",
        "CORS PUT 요청: 사전 요청이 허용하여 실제 요청이 이어집니다",
        preflight_allowed,
        programs=_PROGRAMS,
    ),
    Scenario(
        "cors-preflight-blocked",
        "CORS, a PUT with a header that the preflight does not permit: the request is never sent",
        "CORS PUT 요청, 사전 요청이 헤더를 허용하지 않음: 실제 요청은 보내지지 않습니다",
        preflight_blocked,
        programs=_PROGRAMS,
    ),
    Scenario(
        "cors-credentials-wildcard",
        "CORS, a request with a cookie: Access-Control-Allow-Origin: * is not enough",
        "CORS 쿠키가 실린 요청: Access-Control-Allow-Origin: * 로는 부족합니다",
        credentials_wildcard,
        programs=_PROGRAMS,
    ),
    Scenario(
        "demo",
        "A page load: DNS, handshake, login, a simple request, a preflighted PUT, two requests that CORS blocks",
        "페이지 로드 한 번: DNS, 핸드셰이크, 로그인, 단순 요청, 사전 요청을 거친 PUT, CORS가 막은 요청 두 개",
        demo,
        programs=(*_PROGRAMS, "editcap"),
        format="pcapng",
        comment="Headless Chromium loads http://www.shop.example/ whose script calls http://api.shop.example/. "
        "Recorded with tcpdump between two network namespaces by: python -m netviz.lab.record demo",
    ),
)
