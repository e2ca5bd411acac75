"""Scripted origins answer by the table, in turn, and write down what came."""

from dataclasses import replace
from email.message import Message

from netviz.lab.cors.plans import NAMED
from netviz.lab.cors.site import Origins
from netviz.lab.cors.table import CorsScenario, Scripted
from netviz.lab.web import Answer, Asked

URL = "http://api.shop.example/teas"
SCENARIO = CorsScenario("tea", "test", "tea", NAMED, (), {("GET", URL): (Scripted(200), Scripted(304), Scripted(None))})


def asked(target: str = "/teas", **headers: str) -> Asked:
    message = Message()
    message["Host"] = "api.shop.example"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    return Asked("GET", target, message, b"", 40_000)


def test_answers_come_in_turn_and_the_last_goes_on() -> None:
    origins = Origins()
    origins.begin(SCENARIO)
    site = origins.site("10.9.0.3", 80)
    answers = [site(asked()) for _ in range(4)]
    assert [each and each.status for each in answers] == [200, 304, None, None]
    assert [each.status for each in origins.ledger] == [200, 304, None, None]
    origins.begin(SCENARIO)
    assert site(asked()) == Answer(200) and len(origins.ledger) == 1


def test_what_is_not_in_the_table_is_not_there() -> None:
    origins = Origins()
    origins.begin(SCENARIO)
    answer = origins.site("10.9.0.3", 80)(asked("/cups"))
    assert answer is not None and answer.status == 404


def test_the_ledger_holds_the_request_as_it_came() -> None:
    origins = Origins()
    origins.begin(SCENARIO)
    origins.site("10.9.0.3", 80)(asked(Origin="null", Sec_Fetch_Mode="cors"))
    (exchange,) = origins.ledger
    assert (exchange.client_port, exchange.server_ip, exchange.server_port, exchange.url) == (
        40_000,
        "10.9.0.3",
        80,
        URL,
    )
    assert (exchange.header("origin"), exchange.header("sec-fetch-mode"), exchange.header("cookie")) == (
        "null",
        "cors",
        None,
    )


def test_messages_are_alike_whatever_the_port() -> None:
    origins = Origins()
    origins.begin(SCENARIO)
    origins.site("10.9.0.3", 80)(asked())
    (exchange,) = origins.ledger
    assert replace(exchange, client_port=1).messages == exchange.messages
    assert replace(exchange, headers=(("Cookie", "a=1"),)).messages != exchange.messages


def test_a_websocket_handshake_is_answered_as_rfc_6455_has_it() -> None:
    origins = Origins()
    origins.begin(replace(SCENARIO, answers={("GET", URL): (Scripted(101),)}))
    answer = origins.site("10.9.0.3", 80)(asked(Sec_WebSocket_Key="dGhlIHNhbXBsZSBub25jZQ=="))
    assert answer is not None and answer.headers == [("Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")]
