"""Cookies and tokens of an exchange, as CONTRACT's `cookies` and `tokens` have them. Secrets are covered unless asked for."""

from netviz.http.cookies import SetCookie, sent_cookies, set_cookies
from netviz.http.exchange import Head, Message, ReadExchange
from netviz.http.secrets import mask
from netviz.http.tokens import Token, tokens_in
from netviz.pipeline.store import Store

_LARGEST_BODY = 64 << 10
"""Bytes of a body in which tokens are looked for: an answer to a login is smaller."""


def cookies_object(read: ReadExchange, show_secrets: bool) -> dict[str, object]:
    """Cookies that the request sent and the response set."""
    sent = sent_cookies(read.request) if read.request is not None else []
    made = set_cookies(read.response, read.response_time or 0) if read.response is not None else []
    return {
        "sent": [{"name": each.name, "value": _covered(each.value, show_secrets)} for each in sent],
        "set": [_set(each, show_secrets) for each in made],
    }


def _set(cookie: SetCookie, show_secrets: bool) -> dict[str, object]:
    return {
        "name": cookie.name,
        "value": _covered(cookie.value, show_secrets),
        "attributes": [[name, value] for name, value in cookie.attributes],
        "domain": cookie.domain,
        "path": cookie.path,
        "secure": cookie.secure,
        "http_only": cookie.http_only,
        "same_site": cookie.same_site,
        "partitioned": cookie.partitioned,
        "lifetime": cookie.lifetime,
        "expires": cookie.expires,
        "refused": cookie.refused or None,
    }


def tokens_list(read: ReadExchange, store: Store, show_secrets: bool) -> list[dict[str, object]]:
    """JSON Web Tokens in either message. Header and payload are not secret: they are only encoded; the token is."""
    found: list[dict[str, object]] = []
    sides = (
        (read.request, read.exchange.request, read.request_time),
        (read.response, read.exchange.response, read.response_time),
    )
    for head, message, time in sides:
        if head is not None and message is not None:
            body = _small_body(store, read, head, message)
            found += [_token(each, show_secrets) for each in tokens_in(head, time or 0, body)]
    return found


def _small_body(store: Store, read: ReadExchange, head: Head, message: Message) -> str:
    kind = (head.get("Content-Type") or "").lower()
    textual = kind.startswith("text/") or "json" in kind or "urlencoded" in kind
    if not textual or not 0 < message.body_bytes <= _LARGEST_BODY:
        return ""
    return store.body(message, read.exchange.connection).content.decode("utf-8", "replace")


def _token(token: Token, show_secrets: bool) -> dict[str, object]:
    return {
        "where": token.where,
        "token": _covered(token.text, show_secrets),
        "header": token.header,
        "payload": token.payload,
        "signature_bytes": token.signature_bytes,
        "valid_at_packet_time": token.valid_at_packet_time,
        "packet": token.at.packet if token.at is not None else None,
    }


def _covered(secret: str, show_secrets: bool) -> str:
    return secret if show_secrets else mask(secret)
