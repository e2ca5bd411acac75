"""What can be copied where the cursor stands: the field, its bytes, the line, the place. Pure: no clipboard, no widget.

Another kind of thing to copy is a function here with a row in `COPIES` and the words `copy.<id>`.
"""

import os
import shlex
from collections.abc import Callable, Iterable
from itertools import chain
from typing import Final, NamedTuple

from netviz.filter.condition import condition_of
from netviz.filter.rows import Reading
from netviz.model.layers import Field
from netviz.model.safe import safe
from netviz.pipeline.repeating import Form, copied
from netviz.tui.scene import Scene

_EACH: Final = 16
_LONGEST_LINE: Final = 4096
_ABOUT_REQUESTS: Final = (4, 5)
"""Views in which the request is what one comes for."""

_FORMS: Final[tuple[Form, ...]] = ("curl", "fetch", "url")


class Cursor(NamedTuple):
    """What the user stands on."""

    line: str = ""
    """The current row or line, as it reads where there is room for all of it."""

    field: Field | None = None
    view: int = 1


class Copyable(NamedTuple):
    """One thing that can be copied; `copy.<id>` has the words for it."""

    id: str
    text: str


Copies = Callable[[Scene, Cursor, Reading], Iterable[Copyable]]


def copyables(scene: Scene, cursor: Cursor, reading: Reading) -> list[Copyable]:
    """Everything that can be copied, the nearest first."""
    found = chain.from_iterable(copies(scene, cursor, reading) for copies in COPIES)
    return [each for each in found if each.text.strip()]


def _field(scene: Scene, cursor: Cursor, reading: Reading) -> Iterable[Copyable]:
    field = cursor.field
    if field is None or scene.row is None:
        return
    octets = scene.frame[field.span.start : field.span.end]
    yield Copyable("value", safe(octets, len(octets)) if field.value.endswith("…") else field.value)
    condition = condition_of(reading, scene.row, field)
    if condition is not None:
        yield Copyable("filter", condition)
    yield Copyable("bytes", octets.hex(" "))


def _request_first(scene: Scene, cursor: Cursor, reading: Reading) -> Iterable[Copyable]:
    return _request(scene) if cursor.view in _ABOUT_REQUESTS else ()


def _request_last(scene: Scene, cursor: Cursor, reading: Reading) -> Iterable[Copyable]:
    is_of_one = scene.row is not None and scene.store.exchange_of(scene.row) == scene.choice.exchange
    return _request(scene) if cursor.view not in _ABOUT_REQUESTS and is_of_one else ()


def _request(scene: Scene) -> Iterable[Copyable]:
    """The chosen exchange's request to run again; with secrets covered as on the screen, and said so."""
    store, number = scene.store, scene.choice.exchange
    if number is None or number > store.exchange_count(scene.moment.as_of):
        return
    for form in _FORMS:
        found = copied(store, number, form, scene.secrets)
        if found.text is not None and len(found.text) > store.limits.clipboard_bytes:
            # A command that is cut in the middle is another command.
            found = copied(store, number, form, scene.secrets, 0)
        if found.text is not None and len(found.text) <= store.limits.clipboard_bytes:
            covered = "-covered" if "secrets" in found.left_out else ""
            bare = "-bare" if {"body-long", "body-broken"} & {*found.left_out} else ""
            yield Copyable(f"{form}{covered}{bare}", found.text)


def _line(scene: Scene, cursor: Cursor, reading: Reading) -> Iterable[Copyable]:
    yield Copyable("line", safe(cursor.line.strip(), _LONGEST_LINE))


def _place(scene: Scene, cursor: Cursor, reading: Reading) -> Iterable[Copyable]:
    if scene.row is None:
        return
    info, packet = scene.store.info, scene.moment.selected
    is_file = info.live is None and info.file not in ("", "-") and info.file.isprintable()
    yield Copyable("place", f"{os.path.basename(info.file) if is_file else ''}#{packet}")
    if is_file:
        yield Copyable("command", f"netviz {shlex.quote(f'{os.path.abspath(info.file)}#{packet}')}")


def _packet(scene: Scene, cursor: Cursor, reading: Reading) -> Iterable[Copyable]:
    yield Copyable("dump", hex_dump(scene.frame))
    yield Copyable("stream", scene.frame.hex())


def hex_dump(frame: bytes) -> str:
    """Bytes as `0000  de ad be ef ...  ....`, a line for sixteen; Wireshark's and text2pcap's form."""
    lines = []
    for start in range(0, len(frame), _EACH):
        part = frame[start : start + _EACH]
        letters = "".join(chr(byte) if 0x20 <= byte < 0x7F else "." for byte in part)
        lines.append(f"{start:04x}  {part.hex(' '):<{3 * _EACH}}  {letters}")
    return "\n".join(lines)


COPIES: Final[tuple[Copies, ...]] = (_request_first, _field, _line, _place, _packet, _request_last)
"""Who offers something to copy, in the order in which it is offered."""
