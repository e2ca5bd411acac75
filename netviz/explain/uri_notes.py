"""The request's URI taken apart in words: what each part is, and where it was in the message."""

from netviz.explain.notes import Note, note, title, word
from netviz.explain.words import Language
from netviz.http.exchange import Head
from netviz.http.secrets import mask, shown_target
from netviz.http.uri import DEFAULT_PORTS, Uri, request_uri
from netviz.model.evidence import Evidence

_MOST_PAIRS = 40


def uri_notes(head: Head, language: Language, show_secrets: bool) -> list[Note]:
    """Scheme, host, port, path and query of a request; what is never sent; URI and URL told apart."""
    uri = request_uri(head.method, head.target, head.get("Host"))
    hosts = head.get_all("Host")
    line = head.line_at
    host_at = hosts[0].value_at if hosts and uri.form != "absolute" else line
    found = [title("http.title.uri", language)]
    found.append(note("http.uri.whole", language, at=line, uri=shown_target(str(uri), show_secrets)))
    found.append(note("http.uri.form", language, "faint", line, form=word(f"http.form.{uri.form}", language, uri.form)))
    scheme_at = "http.uri.scheme-given" if uri.form == "absolute" else "http.uri.scheme"
    found.append(note(scheme_at, language, at=line, scheme=uri.scheme))
    if uri.userinfo is not None:
        given = uri.userinfo if show_secrets else mask(uri.userinfo)
        found.append(note("http.uri.userinfo", language, "bad", line, userinfo=given))
    found += _authority(uri, host_at, bool(hosts), head.version, language)
    found.append(note("http.uri.path", language, at=line, path=uri.path or "-"))
    found += _query(uri, line, language, show_secrets)
    found.append(note("http.uri.fragment", language, "faint"))
    found.append(note("http.uri.url", language, "faint"))
    return found


def _authority(uri: Uri, at: Evidence, has_host: bool, version: str, language: Language) -> list[Note]:
    found = []
    if uri.host:
        found.append(note("http.uri.host", language, at=at, host=uri.host))
    elif not has_host and version == "HTTP/1.1":
        found.append(note("http.uri.no-host", language, "bad", at))
    else:
        found.append(note("http.uri.host-unknown", language, "faint", at))
    if uri.port is not None:
        default = uri.port == DEFAULT_PORTS.get(uri.scheme)
        found.append(note("http.uri.port-default" if default else "http.uri.port", language, at=at, port=uri.port))
    return found


def _query(uri: Uri, at: Evidence, language: Language, show_secrets: bool) -> list[Note]:
    if uri.query is None:
        return [note("http.uri.no-query", language, "faint", at)]
    found = [note("http.uri.query", language, at=at, query=shown_target("?" + uri.query, show_secrets)[1:])]
    for name, value in uri.pairs[:_MOST_PAIRS]:
        # Covered by the same rule that covers it in the target: a name that tells of a secret.
        covered = value if show_secrets else shown_target(f"{name}={value}", False)[len(name) + 1 :]
        found.append(
            Note("", at=at)._replace(text=note("http.uri.pair", language, name=name, value=covered).text, indent=2)
        )
    return found
