"""TLS records as they stand in one segment (RFC 8446 section 5.1): headers, hello messages and the name they ask for.

Nothing is decrypted. A record may begin or end in another segment: what is here is shown.
"""

from netviz.dissect import message_numbers as numbers
from netviz.dissect.application import starts_tls
from netviz.dissect.cursor import Cursor, OutOfBytes, TooManyFields
from netviz.dissect.forms import named, named_hexadecimal, octets
from netviz.dissect.step import Step, Window, ends
from netviz.model.safe import safe

_VERSION = named_hexadecimal(numbers.TLS_VERSIONS)


def tls(window: Window) -> Step:
    """The records of a segment, each a field with its parts."""
    cursor = Cursor(window.frame, window.start, window.end)
    try:
        encrypted = False
        while starts_tls(cursor.peek(5)):
            encrypted = _record(cursor, encrypted)
    except (OutOfBytes, TooManyFields):
        pass  # the record goes on in a later segment, or lists more than is shown of one packet
    cursor.rest("tls.segment_data", "Part of a record")
    return ends("TLS", tuple(cursor.fields), window)


def _record(cursor: Cursor, encrypted: bool) -> bool:
    """One record; returns whether what follows on this side is encrypted."""
    begin, since, whole_end = cursor.at, len(cursor.fields), cursor.end
    kind = cursor.number("tls.record.content_type", "Content Type", 1, named(numbers.TLS_TYPES))
    cursor.number("tls.record.version", "Version", 2, _VERSION)
    length = cursor.number("tls.record.length", "Length", 2)
    cursor.end = min(cursor.at + length, whole_end)
    said = numbers.TLS_TYPES.get(kind, str(kind))
    try:
        inside = _content(cursor, kind, encrypted)
    except OutOfBytes:
        inside = ""
    cursor.rest("tls.record.rest", "Rest")
    cursor.end = whole_end
    cursor.group("tls.record", "Record", f"{said}: {inside}" if inside else said, begin, since)
    return encrypted or kind == 20


def _content(cursor: Cursor, kind: int, encrypted: bool) -> str:
    if kind == 20 and cursor.left == 1:
        cursor.number("tls.change_cipher_spec", "Change Cipher Spec", 1)
    elif kind == 21 and cursor.left == 2:
        cursor.number("tls.alert_message.level", "Level", 1, named(numbers.TLS_ALERT_LEVELS))
        alert = cursor.number("tls.alert_message.desc", "Description", 1, named(numbers.TLS_ALERTS))
        return numbers.TLS_ALERTS.get(alert, str(alert))
    elif kind == 22 and not encrypted:
        return ", ".join(_handshakes(cursor))
    elif kind in (22, 23) and cursor.left:
        label = "Encrypted handshake" if kind == 22 else "Encrypted application data"
        cursor.octets("tls.app_data", label, cursor.left)
    return ""


def _handshakes(cursor: Cursor) -> list[str]:
    """The handshake messages of a record; bytes that can be none are encrypted ones."""
    said = []
    while cursor.left >= 4:
        head = cursor.peek(4)
        if head[0] not in numbers.TLS_HANDSHAKES or head[1] > 1:
            break
        begin, since, record_end = cursor.at, len(cursor.fields), cursor.end
        kind = cursor.number("tls.handshake.type", "Handshake Type", 1, named(numbers.TLS_HANDSHAKES))
        length = cursor.number("tls.handshake.length", "Length", 3)
        cursor.end = min(cursor.at + length, record_end)
        name = numbers.TLS_HANDSHAKES[kind]
        try:
            name = f"{name} {_hello(cursor, kind)}".strip() if kind in (1, 2) else name
        except OutOfBytes:
            name = f"{name} …"
        cursor.rest("tls.handshake.body", "Body")
        cursor.end = record_end
        cursor.group("tls.handshake", "Handshake", name, begin, since)
        said.append(name)
    if cursor.left:
        cursor.rest("tls.handshake.encrypted", "Encrypted handshake")
    return said


def _hello(cursor: Cursor, kind: int) -> str:
    """Client Hello and Server Hello (RFC 8446 section 4.1); returns the server's name, where one is asked for."""
    cursor.number("tls.handshake.version", "Version", 2, _VERSION)
    cursor.octets("tls.handshake.random", "Random", 32)
    length = cursor.number("tls.handshake.session_id_length", "Session ID Length", 1)
    if length:
        cursor.octets("tls.handshake.session_id", "Session ID", length)
    if kind == 1:
        _cipher_suites(cursor)
        length = cursor.number("tls.handshake.comp_methods_length", "Compression Methods Length", 1)
        cursor.octets("tls.handshake.comp_methods", "Compression Methods", length)
    else:
        cursor.number("tls.handshake.ciphersuite", "Cipher Suite", 2, named_hexadecimal(numbers.TLS_CIPHERS))
        cursor.number("tls.handshake.comp_method", "Compression Method", 1)
    if not cursor.left:
        return ""
    length = cursor.number("tls.handshake.extensions_length", "Extensions Length", 2)
    end, name = min(cursor.at + length, cursor.end), ""
    while cursor.at + 4 <= end:
        name = _extension(cursor) or name
    return name


def _cipher_suites(cursor: Cursor) -> None:
    length = cursor.number("tls.handshake.cipher_suites_length", "Cipher Suites Length", 2)
    begin, since = cursor.at, len(cursor.fields)
    if length > cursor.left:
        raise OutOfBytes(cursor.at, length, cursor.left)
    for _ in range(length // 2):
        cursor.number("tls.handshake.ciphersuite", "Cipher Suite", 2, named_hexadecimal(numbers.TLS_CIPHERS))
    cursor.at = begin + length
    cursor.group("tls.handshake.ciphersuites", "Cipher Suites", str(length // 2), begin, since)


def _extension(cursor: Cursor) -> str:
    """One extension; returns the name that a server_name extension asks for (RFC 6066 section 3)."""
    begin, since, message_end = cursor.at, len(cursor.fields), cursor.end
    kind = cursor.number("tls.handshake.extension.type", "Type", 2, named(numbers.TLS_EXTENSIONS))
    length = cursor.number("tls.handshake.extension.len", "Length", 2)
    if length > cursor.left:
        raise OutOfBytes(cursor.at, length, cursor.left)
    cursor.end = cursor.at + length
    name, value = "", octets(0, cursor.peek(length))
    if kind == 0 and length >= 5:
        name = value = _server_name(cursor)
    elif kind == 16 and length >= 2:
        value = _application_protocols(cursor)
    cursor.rest("tls.handshake.extension.data", "Data")
    cursor.end = message_end
    label = numbers.TLS_EXTENSIONS.get(kind, f"extension {kind}")
    cursor.group("tls.handshake.extension", label, value, begin, since)
    return name


def _server_name(cursor: Cursor) -> str:
    cursor.number("tls.handshake.extensions_server_name_list_len", "List Length", 2)
    cursor.number("tls.handshake.extensions_server_name_type", "Name Type", 1)
    length = cursor.number("tls.handshake.extensions_server_name_len", "Name Length", 2)
    if not 0 < length <= cursor.left:
        return ""
    raw = cursor.octets(
        "tls.handshake.extensions_server_name", "Server Name", length, lambda value, raw: safe(raw, 255)
    )
    return safe(raw, 255)


def _application_protocols(cursor: Cursor) -> str:
    cursor.number("tls.handshake.extensions_alpn_len", "List Length", 2)
    names = []
    while cursor.left:
        length = cursor.number("tls.handshake.extensions_alpn_str_len", "Name Length", 1)
        if not 0 < length <= cursor.left:
            break
        raw = cursor.octets("tls.handshake.extensions_alpn_str", "Protocol", length, lambda value, raw: safe(raw, 255))
        names.append(safe(raw, 255))
    return ", ".join(names)
