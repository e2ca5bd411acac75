"""Fills the cookie jar from the exchanges of a capture, message by message in the order of their packets."""

from typing import Final

from netviz.http.exchange import Exchange, Message
from netviz.http.fields import COOKIE, SET_COOKIE
from netviz.http.jar import Jar
from netviz.http.sessions import has_password
from netviz.pipeline.facts import Facts
from netviz.pipeline.reading import ExchangeReader

_LOGIN_BODY: Final = 64 << 10
"""Bytes of a request's body that are looked at for a password: a login's is smaller."""


def fill_jar(facts: Facts, reader: ExchangeReader) -> Jar:
    """All cookies that the exchanges so far show. Only messages that have such fields are read."""
    jar = Jar(facts.limits.cookie_versions)
    messages: list[tuple[int, Exchange, Message]] = []
    for exchange in facts.exchanges[:]:
        request, response = exchange.request, exchange.response
        if request is not None and request.hints & COOKIE:
            messages.append((request.head_row, exchange, request))
        if response is not None and response.hints & SET_COOKIE:
            messages.append((response.head_row, exchange, response))
    messages.sort(key=lambda each: each[0])
    for row, exchange, message in messages:
        read = reader.read_once(exchange)
        time = facts.packets.value("time", row)
        if message.kind == "request" and read.request is not None:
            jar.asked(read.client, read.request, exchange.id, row, time)
        elif read.response is not None:
            jar.answered(read.client, read.request, read.response, exchange.id, row, time)
        if jar.full:
            facts.limit_counter.hit("cookie_versions")
            break
    return jar


def password_requests(facts: Facts, reader: ExchangeReader) -> list[int]:
    """Numbers of the exchanges whose request brought a password in a form or JSON."""
    found = []
    for exchange in facts.exchanges[:]:
        request = exchange.request
        if request is None or request.verb not in ("POST", "PUT") or not 0 < request.body_bytes <= _LOGIN_BODY:
            continue
        head = reader.read_once(exchange).request
        kind = ((head.get("Content-Type") if head is not None else "") or "").lower()
        if head is None or not ("urlencoded" in kind or "json" in kind or "form-data" in kind):
            continue
        if has_password(head, reader.body(request, exchange.connection)):
            found.append(exchange.id)
    return found
