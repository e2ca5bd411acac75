"""`netviz exchanges`: HTTP requests with their responses, and the packets that carried them."""

from collections.abc import Container, Iterator, Sequence

from rich.text import Text

from netviz.explain.tls_notes import tls_notes
from netviz.explain.words import Language, say
from netviz.http.exchange import Exchange, Head, Message, ReadExchange
from netviz.http.secrets import mask, shown, shown_target
from netviz.http.status import class_of, missing_companion, name_of
from netviz.http.uri import request_uri
from netviz.model.safe import safe
from netviz.pipeline.exchange_times import timing_of
from netviz.pipeline.store import Store
from netviz.report import exchange_depth
from netviz.report.form import document as envelope
from netviz.report.form import timestamp
from netviz.report.sessions import cookies_object, tokens_list
from netviz.report.tls import tls_objects

_LONGEST_LINE = 300


def document(store: Store, show_secrets: bool = False, only: Container[int] | None = None) -> dict[str, object]:
    """CONTRACT: `netviz exchanges FILE --json`; of all exchanges, or of those named."""
    wanted = (each.id for each in store.exchanges if only is None or each.id in only)
    found = [exchange_object(store, number, show_secrets) for number in wanted]
    return envelope(exchanges=found, tls=tls_objects(store) if only is None else [])


def document_of(store: Store, number: int, show_secrets: bool = False) -> dict[str, object]:
    """`netviz exchanges FILE --exchange N --json`: one exchange, with its `detail`."""
    found = exchange_object(store, number, show_secrets) | {
        "detail": exchange_depth.detail(store, number, show_secrets)
    }
    return envelope(exchanges=[found])


def exchange_object(store: Store, number: int, show_secrets: bool) -> dict[str, object]:
    """One exchange as CONTRACT has it."""
    read = store.read(number)
    exchange = read.exchange
    return {
        "id": number,
        "connection": exchange.connection,
        "client": {"address": read.client, "port": read.client_port},
        "server": {"address": read.server, "port": read.server_port},
        "request": _request(read, show_secrets),
        "response": _response(read, show_secrets),
        "timing": dict(timing_of(store, exchange)._asdict()),
        "cookies": cookies_object(read, show_secrets),
        "tokens": tokens_list(read, store, show_secrets),
        "broken": _broken(exchange),
    }


def _request(read: ReadExchange, show_secrets: bool) -> dict[str, object] | None:
    head, message = read.request, read.exchange.request
    if head is None or message is None:
        return None
    return {
        "packet": message.head_row + 1,
        "packets": list(read.request_packets),
        "time": timestamp(read.request_time),
        "method": head.method,
        "target": shown_target(head.target, show_secrets),
        "url": _url(read, show_secrets),
        "version": head.version,
        "headers": _headers(head, show_secrets),
        "uri": _uri(head, show_secrets),
        **_body(message),
    }


def _uri(head: Head, show_secrets: bool) -> dict[str, object]:
    """The URI's parts; what may be a secret is covered."""
    uri = request_uri(head.method, head.target, head.get("Host"))
    query = uri.query if uri.query is None else shown_target("?" + uri.query, show_secrets)[1:]
    return {
        "form": uri.form,
        "scheme": uri.scheme,
        "userinfo": uri.userinfo if show_secrets or uri.userinfo is None else mask(uri.userinfo),
        "host": uri.host or None,
        "port": uri.port,
        "path": uri.path,
        "query": query,
        "pairs": [[name, shown_target(f"{name}={value}", show_secrets)[len(name) + 1 :]] for name, value in uri.pairs],
    }


def _url(read: ReadExchange, show_secrets: bool) -> str | None:
    return shown_target(read.url, show_secrets) if read.url is not None else None


def _response(read: ReadExchange, show_secrets: bool) -> dict[str, object] | None:
    head, message = read.response, read.exchange.response
    if head is None or message is None:
        return None
    return {
        "packet": message.head_row + 1,
        "packets": list(read.response_packets),
        "time": timestamp(read.response_time),
        "status": head.status,
        "reason": head.reason,
        "version": head.version,
        "headers": _headers(head, show_secrets),
        **_body(message),
        "status_class": class_of(head.status),
        "status_name": name_of(head.status) or None,
        "missing": _missing(head),
        "interim": [{"status": each.status, "packet": each.head_row + 1} for each in read.exchange.interim],
    }


def _missing(head: Head) -> list[str]:
    """Fields of which one should have come with the status, and did not."""
    companion = missing_companion(head)
    return list(companion.fields) if companion is not None else []


def _headers(head: Head, show_secrets: bool) -> list[list[str]]:
    return [[header.name, shown(header.name, header.value, show_secrets)] for header in head.headers]


def _body(message: Message) -> dict[str, object]:
    return {"body_bytes": message.body_bytes, "body_complete": message.complete}


def _broken(exchange: Exchange) -> str | None:
    """What is against the rules in either message, or missing of it."""
    marks = [mark for message in (exchange.request, exchange.response) if message for mark in message.violations]
    if any(message.missing for message in (exchange.request, exchange.response) if message):
        marks.append("bytes-missing")
    return ", ".join(dict.fromkeys(marks)) or None


def text(
    store: Store, language: Language, show_secrets: bool = False, only: Container[int] | None = None
) -> Iterator[Text]:
    """One block an exchange: the request, the response, their packets, and the headers."""
    wanted = [each for each in store.exchanges if only is None or each.id in only]
    if not wanted:
        yield Text(say("exchanges.none" if only is None else "filter.nothing", language))
    for exchange in wanted:
        read = store.read(exchange.id)
        yield Text(f"[{read.id}] {read.client}:{read.client_port} → {read.server}:{read.server_port}", style="bold")
        yield from _side("→", _asked(read, language, show_secrets), read.request, read.request_packets, show_secrets)
        yield from _side("←", _answered(read, language), read.response, read.response_packets, show_secrets)
    if only is None:
        yield from map(exchange_depth.note_text, tls_notes(store, len(store.packets), language))


def _asked(read: ReadExchange, language: Language, show_secrets: bool) -> str:
    if read.request is None:
        return say("exchanges.no-request", language)
    target = _url(read, show_secrets) or shown_target(read.request.target, show_secrets)
    return f"{read.request.method} {target} {read.request.version}"


def _answered(read: ReadExchange, language: Language) -> str:
    message = read.exchange.response
    if read.response is None or message is None:
        return say("exchanges.no-response", language)
    return f"{read.response.status} {read.response.reason} · {message.body_bytes:,} B"


def _side(arrow: str, line: str, head: Head | None, packets: Sequence[int], show_secrets: bool) -> Iterator[Text]:
    carried = f"  ({' '.join(f'#{packet}' for packet in packets)})" if packets else ""
    yield Text(f"  {arrow} {safe(line, _LONGEST_LINE)}{carried}", style="cyan" if arrow == "→" else "green")
    for header in head.headers if head else ():
        value = shown(header.name, header.value, show_secrets)
        yield Text(f"      {safe(header.name, _LONGEST_LINE)}: {safe(value, _LONGEST_LINE)}")
