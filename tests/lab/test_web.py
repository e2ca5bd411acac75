"""The lab's HTTP server answers from a function and remembers what it answered to whom."""

import http.client
import threading

import pytest

from netviz.lab.web import Answer, Asked, WebServer


def site(asked: Asked) -> Answer:
    if asked.method == "OPTIONS":
        return Answer(204, headers=[("Access-Control-Allow-Methods", "PUT")])
    said = f"{asked.method} {asked.target} {asked.body.decode()} {asked.cookie('session')}"
    return Answer(200, said.encode(), [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])


@pytest.fixture
def server():  # type: ignore[no-untyped-def]
    made = WebServer("127.0.0.1", 0, site)
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


def test_requests_on_one_connection_are_answered_and_logged(server: WebServer) -> None:
    client = http.client.HTTPConnection(*server.server_address[:2], timeout=5)
    client.request("PUT", "/teas/7?fresh", b"green", {"Cookie": "theme=dark; session=abc"})
    answer = client.getresponse()
    assert answer.read() == b"PUT /teas/7?fresh green abc"
    assert answer.headers.get_all("Set-Cookie") == ["a=1", "b=2"]
    port = client.sock.getsockname()[1]
    client.request("HEAD", "/")
    answer = client.getresponse()
    assert (answer.read(), int(answer.headers["Content-Length"])) == (b"", len(b"HEAD /  None"))
    client.request("OPTIONS", "/teas/7")
    answer = client.getresponse()
    assert (answer.status, answer.read(), answer.headers["Content-Length"]) == (204, b"", None)
    client.close()
    assert server.accepted == [port]
    assert [(each["client_port"], each["method"], each["target"], each["status"]) for each in server.log] == [
        (port, "PUT", "/teas/7?fresh", 200),
        (port, "HEAD", "/", 200),
        (port, "OPTIONS", "/teas/7", 204),
    ]
