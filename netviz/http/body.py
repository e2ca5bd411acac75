"""A message's body: chunks joined, codings undone within bounds. Deep and lazy; what can not be undone says why."""

from dataclasses import replace
from typing import Final, NamedTuple

from netviz.http.chunked import ChunkReader
from netviz.http.coding import decode
from netviz.http.exchange import Body, Head, Message
from netviz.model.limits import LimitCounter, Limits

_MOST_CODINGS: Final = 8
"""More codings than this on one body are no body that anyone sends; each costs a pass over it."""


class _Part(NamedTuple):
    """Bytes between gaps, and how many bytes are missing behind them."""

    data: bytes
    missing: int


def read_body(message: Message, head: Head, raw_stream_bytes: bytes, limits: Limits, counter: LimitCounter) -> Body:
    """The body from the stream's bytes between `body_start` and `body_end`, gaps left out.

    Content up to the first gap can be decoded; behind it only what has no coding. A body that would become longer than
    `limits.body_decoded_bytes` is refused there and counted.
    """
    parts = _parts(message, raw_stream_bytes)
    trailers: tuple[tuple[str, str], ...] = ()
    if message.framing == "chunked":
        before_gap, raw, problem, trailers = _dechunk(parts, limits.message_head_bytes)
    else:
        before_gap, raw, problem = parts[0].data, raw_stream_bytes, ""
    if message.missing:
        problem = "gap"
    elif not problem and not message.complete and message.framing != "none":
        problem = "cut-short"
    transfer = [name for name in codings(head, "Transfer-Encoding") if name != "chunked"]
    content = codings(head, "Content-Encoding")
    if not transfer and not content:
        return Body(raw, raw, "", problem, trailers)
    return replace(_decoded(before_gap, raw, transfer, content, problem, limits, counter), trailers=trailers)


def _parts(message: Message, raw: bytes) -> list[_Part]:
    parts, begin, offset = [], 0, message.body_start
    for at, missing in message.gaps:
        end = begin + max(at - offset, 0)
        parts.append(_Part(raw[begin:end], missing))
        begin, offset = end, at + missing
    parts.append(_Part(raw[begin:], 0))
    return parts


def _dechunk(parts: list[_Part], most_line_bytes: int) -> tuple[bytes, bytes, str, tuple[tuple[str, str], ...]]:
    """Data before the first gap, all data, the problem met, and the trailer fields."""
    reader = ChunkReader(most_line_bytes)
    joined = bytearray()
    before_gap = b""
    for index, part in enumerate(parts):
        reader.feed(part.data, 0, joined)
        if index == 0:
            before_gap = bytes(joined)
        if part.missing:
            if reader.left < part.missing:
                break
            reader.passed(reader.left - part.missing)
    trailers = tuple(_trailer(line) for line in reader.trailers)
    return before_gap, bytes(joined), "bad-chunk" if reader.broken else "", trailers


def _trailer(line: bytes) -> tuple[str, str]:
    name, _, value = line.decode("latin-1").partition(":")
    return name.strip(), value.strip()


def codings(head: Head, name: str) -> list[str]:
    """Codings in the order in which they were put on; `identity` is none."""
    value = head.get(name) or ""
    names = [element.strip().lower() for element in value.split(",")]
    return [each for each in names if each and each != "identity"]


def _decoded(
    before_gap: bytes, raw: bytes, transfer: list[str], content: list[str], problem: str, limits: Limits,
    counter: LimitCounter,
) -> Body:  # fmt: skip
    named = ", ".join(content) or ", ".join(transfer)
    if len(transfer) + len(content) > _MOST_CODINGS:
        return Body(raw, b"", named, "unknown-coding")
    data = before_gap
    after_transfer = raw
    for index, coding in enumerate([*reversed(transfer), *reversed(content)]):
        result = decode(coding, data, limits.body_decoded_bytes)
        data = result.content
        if result.problem and (not problem or result.problem == "bomb"):
            problem = result.problem
        if result.problem == "bomb":
            counter.hit("body_decoded_bytes")
        if index + 1 == len(transfer):
            after_transfer = data
        if result.problem in ("bomb", "unknown-coding", "bad-coding"):
            break
    return Body(after_transfer, data, named, problem)
