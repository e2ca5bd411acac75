"""An exchange's request as something to run again or to pass on: a curl line, a fetch() call, its URL."""

from typing import Literal, NamedTuple

from netviz.http.copying import MOST_BODY, repeatable
from netviz.http.curl import curl_line
from netviz.http.fetch_call import fetch_call
from netviz.http.secrets import shown_target
from netviz.pipeline.store import Store

Form = Literal["curl", "fetch", "url"]


class Copied(NamedTuple):
    """What was made of a request."""

    text: str | None
    """None where the request can not be put so."""

    left_out: tuple[str, ...] = ()
    """Keys (`copy.without.*`) of what is not in it."""


def copied(store: Store, number: int, form: Form, show_secrets: bool, most_body: int = MOST_BODY) -> Copied:
    """The request of exchange `number` in a form. Nothing in it can do more than the request did."""
    read = store.read(number)
    if form == "url":
        if read.url is None:
            return Copied(None)
        url = shown_target(read.url, show_secrets)
        return Copied(_one_line(url), ("secrets",) if url != read.url else ())
    message = read.exchange.request
    body = store.body(message, read.exchange.connection) if message is not None and message.body_bytes else None
    request = repeatable(read, body, show_secrets, most_body)
    if request is None:
        return Copied(None)
    return Copied(curl_line(request) if form == "curl" else fetch_call(request), request.left_out)


def _one_line(url: str) -> str:
    """A URL as WHATWG's has it: what could be obeyed where it is pasted is percent-encoded."""
    return "".join(
        each
        if each.isprintable() and each != " "
        else "".join(f"%{byte:02X}" for byte in each.encode("utf-8", "replace"))
        for each in url
    )
