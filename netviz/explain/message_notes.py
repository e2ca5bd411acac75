"""What a message's status, framing and fields mean: companions, redirects, violations, ambiguous lengths."""

from netviz.explain.notes import Note, Weight, note, numbers, title, word
from netviz.explain.words import Language
from netviz.http.exchange import Head, Message, ReadExchange
from netviz.http.smuggling import ambiguity
from netviz.http.status import class_of, missing_companion, name_of
from netviz.model.evidence import Evidence

_KEEPS_METHOD = (307, 308)
_CHANGES_METHOD = (301, 302, 303)


def status_notes(read: ReadExchange, language: Language) -> list[Note]:
    """The response's status: class, registered name, meaning, what should have come with it."""
    head = read.response
    if head is None:
        return []
    status = head.status
    kind = word(f"http.class.{class_of(status)}", language)
    name = name_of(status) or word("http.status.unregistered", language)
    found = [
        title("http.title.status", language),
        note("http.note.status", language, at=head.line_at, status=status, name=name, kind=kind),
    ]
    meaning = word(f"http.status.{status}", language, word(f"http.status.{status // 100}xx", language))
    if meaning:
        found.append(Note(meaning, indent=1))
    if head.reason and name_of(status) and head.reason != name_of(status):
        found.append(note("http.note.reason", language, "faint", head.line_at, reason=head.reason))
    missing = missing_companion(head)
    if missing is not None:
        fields = ", ".join(missing.fields)
        weight: Weight = "bad" if missing.required else "warn"
        key = "http.note.companion-must" if missing.required else "http.note.companion-should"
        found.append(note(key, language, weight, head.line_at, status=status, fields=fields, section=missing.section))
    return found + _redirect(read, head, language) + _range(read, head, language)


def _redirect(read: ReadExchange, head: Head, language: Language) -> list[Note]:
    """What becomes of the method where a redirect is followed (Fetch, HTTP-redirect fetch)."""
    request, status = read.request, head.status
    if request is None or not head.get_all("Location") or status not in (*_KEEPS_METHOD, *_CHANGES_METHOD):
        return []
    at = head.get_all("Location")[0].value_at
    method = request.method
    rewritten = method == "POST" if status in (301, 302) else status == 303 and method not in ("GET", "HEAD")
    if rewritten:
        return [note("http.note.method-becomes-get", language, "warn", at, method=method, status=status)]
    return [note("http.note.method-stays", language, "plain", at, method=method, status=status)]


def _range(read: ReadExchange, head: Head, language: Language) -> list[Note]:
    request = read.request
    if request is None or not request.get_all("Range"):
        return []
    asked = request.get_all("Range")[0]
    if head.status == 200:
        return [note("http.note.range-ignored", language, "warn", asked.value_at, range=asked.value)]
    given = head.get("Content-Range")
    if head.status == 206 and given:
        return [note("http.note.range", language, at=asked.value_at, range=asked.value, given=given)]
    return []


def wrong_notes(message: Message | None, head: Head | None, language: Language) -> list[Note]:
    """What of one message is against RFC 9112, and where two readers could disagree on its length."""
    if message is None or head is None:
        return []
    found = [
        Note(word(f"http.violation.{key}", language, key), "bad", head.line_at, 1)
        for key in dict.fromkeys((*message.violations, *head.violations))
    ]
    doubt = ambiguity(message, head)
    if doubt is not None:
        at = _length_at(head)
        found.append(note("http.note.ambiguous", language, "bad", at))
        for length in doubt.by_length:
            found.append(note("http.note.by-length", language, "plain", at, length=length))
        if doubt.by_chunks is not None:
            found.append(note("http.note.by-chunks", language, "plain", at, length=doubt.by_chunks))
        counted = word(f"http.framing.{doubt.counted}", language, doubt.counted)
        found.append(note("http.note.counted", language, "plain", at, framing=counted))
    if message.missing:
        found.append(note("http.note.missing", language, "bad", head.line_at, bytes=message.missing))
    return [title(f"http.title.wrong-{message.kind}", language), *found] if found else []


def _length_at(head: Head) -> Evidence:
    lengths = [*head.get_all("Content-Length"), *head.get_all("Transfer-Encoding")]
    return lengths[0].value_at if lengths else head.line_at


def framing_note(message: Message, language: Language) -> Note:
    """How the end of a body is known, and its size."""
    framing = word(f"http.framing.{message.framing}", language, message.framing)
    return note("http.note.framing", language, "faint", bytes=message.body_bytes, framing=framing)


def interim_notes(read: ReadExchange, as_of: int, language: Language) -> list[Note]:
    """Interim responses that came before the final one."""
    found = []
    for each in read.exchange.interim:
        if each.head_row < as_of:
            at = Evidence(each.head_row + 1)
            meaning = word(f"http.status.{each.status}", language)
            found.append(note("http.note.interim", language, "plain", at, status=each.status, meaning=meaning))
    return found


def packets_note(kind: str, packets: tuple[int, ...], size: int, language: Language) -> Note:
    """`This reply used 4 segments: #12 #14 #15 #17`."""
    key = f"http.note.{kind}-segments" if len(packets) != 1 else f"http.note.{kind}-segment"
    return note(key, language, count=len(packets), packets=numbers(packets, 12), bytes=size)
