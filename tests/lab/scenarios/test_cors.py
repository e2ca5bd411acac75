"""What Chromium says becomes a story: type of the response, preflight, code of a refusal."""

from typing import Any

import pytest

from netviz.lab.requirements import CannotRecord
from netviz.lab.scenarios.cors import Call, fetch_story, page

URL = "http://api.shop.example/teas/7"


def sent(identity: str, method: str, initiator: str, **headers: str) -> dict[str, Any]:
    request = {"url": URL, "method": method, "headers": headers}
    parameters = {"requestId": identity, "request": request, "initiator": {"type": initiator}}
    return {"method": "Network.requestWillBeSent", "params": parameters}


def failed(identity: str, code: str) -> dict[str, Any]:
    status = {"corsError": code, "failedParameter": ""}
    return {"method": "Network.loadingFailed", "params": {"requestId": identity, "corsErrorStatus": status}}


def told(method: str, response_type: str) -> dict[str, Any]:
    said = {"url": URL, "method": method, "credentials": "same-origin", "type": response_type}
    return said | ({"error": "TypeError"} if response_type == "error" else {"status": 200, "headers": ["b", "a"]})


@pytest.mark.parametrize(
    ("response_type", "kind", "verdict"),
    [
        ("cors", "simple", "allowed"),
        ("basic", "same-origin", "not-applicable"),
        ("opaque", "no-cors", "opaque"),
    ],
)
def test_the_type_of_a_response_tells_kind_and_verdict(response_type: str, kind: str, verdict: str) -> None:
    story = fetch_story(told("GET", response_type), [sent("1", "GET", "script")])
    assert (story["kind"], story["verdict"], story["readable_headers"]) == (kind, verdict, ["a", "b"])


def test_a_preflight_belongs_to_the_method_that_it_asks_for() -> None:
    preflight = sent("2", "OPTIONS", "preflight", **{"Access-Control-Request-Method": "PUT"})
    events = [sent("1", "PUT", "script"), preflight, sent("3", "GET", "script")]
    assert fetch_story(told("PUT", "cors"), events)["kind"] == "preflighted"
    assert fetch_story(told("GET", "cors"), events)["kind"] == "simple"


def test_the_code_of_a_refusal_is_that_of_the_request_itself() -> None:
    events = [
        sent("1", "GET", "script"),
        sent("2", "PUT", "script"),
        failed("1", "MissingAllowOriginHeader"),
        failed("2", "AllowOriginMismatch"),
    ]
    assert fetch_story(told("PUT", "error"), events)["code"] == "AllowOriginMismatch"


def test_a_refusal_without_a_code_makes_no_story() -> None:
    with pytest.raises(CannotRecord):
        fetch_story(told("GET", "error"), [sent("1", "GET", "script")])


def test_the_page_makes_the_calls_it_was_given() -> None:
    answer = page([Call(URL, {"method": "DELETE"})], headers=[("Set-Cookie", "a=1")], pause=250)
    text = answer.body.decode()
    assert f'const calls = [{{"url": "{URL}", "options": {{"method": "DELETE"}}}}];' in text
    assert "setTimeout(resolve, 250)" in text and ("Set-Cookie", "a=1") in answer.headers
