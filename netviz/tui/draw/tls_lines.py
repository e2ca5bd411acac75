"""TLS connections as bars over one time axis: connect, TLS, then opaque data each way; and each of them in words."""

from rich.text import Text

from netviz.explain.notes import seconds
from netviz.explain.tls_notes import known_talks, tls_notes
from netviz.model.safe import safe
from netviz.pipeline.tls_talks import TlsTalk
from netviz.tui.cells import fit, right
from netviz.tui.draw.line import Line, Link, plain
from netviz.tui.draw.note_lines import note_lines
from netviz.tui.scene import Scene

_SIGNS = {"unicode": "▒▓→←", "ascii": "+#><"}
_WORDS = ("connect", "tls", "sent", "received")
_ARROWS = {ord("→"): ">", ord("←"): "<", ord("…"): "."}
_LEAST_BAR = 12


def tls_lines(scene: Scene, width: int) -> list[Line]:
    """Bars and words of the TLS connections known at the present position; nothing where there are none."""
    as_of = scene.moment.as_of
    talks = known_talks(scene.store, as_of) if as_of else []
    if not talks:
        return []
    notes = tls_notes(scene.store, as_of, scene.language)
    if scene.glyphs.name == "ascii":
        notes = [each._replace(text=each.text.translate(_ARROWS)) for each in notes]
    spans = [_phases(scene, talk) for talk in talks]
    moments = [moment for phases in spans for _, *moments in phases for moment in moments]
    head, rest = note_lines(scene, notes[:2], width), note_lines(scene, notes[2:], width)
    if not moments:
        return [*head, *rest]
    begin, end = min(moments), max(moments)
    label = min(max(width // 3, 18), 44)
    room = max(width - label - 12, _LEAST_BAR)
    bars = [_bar(scene, talk, phases, (begin, end), label, room) for talk, phases in zip(talks, spans, strict=True)]
    return [*head, plain(""), *bars, _legend(scene), plain(""), *rest]


def _phases(scene: Scene, talk: TlsTalk) -> list[tuple[int, int, int]]:
    """(place in the signs, begin, end) of each phase, in nanoseconds, up to the present position."""
    times, as_of = scene.store.packets["time"], scene.moment.as_of
    found = []

    def add(place: int, first: int | None, last: int | None) -> None:
        if first is not None and first < as_of:
            found.append((place, int(times[first]), int(times[min(last if last is not None else first, as_of - 1)])))

    handshake = scene.store.connection(talk.connection).handshake
    if handshake.syn is not None and handshake.ack is not None:
        add(0, handshake.syn - 1, handshake.ack - 1)
    if talk.client_hello is not None:
        add(1, talk.client_hello.row, talk.done_row if talk.done_row is not None else talk.client_hello.row)
    for turn in talk.until(as_of):
        add(2 if turn.sender == "client" else 3, turn.first_row, turn.last_row)
    return found


def _bar(
    scene: Scene, talk: TlsTalk, phases: list[tuple[int, int, int]], span: tuple[int, int], label: int, room: int
) -> Line:
    palette, length = scene.palette, max(span[1] - span[0], 1)
    name = talk.client_hello.server_name if talk.client_hello is not None else ""
    server = scene.store.connection(talk.connection).server
    text = f"{talk.connection:>3} {safe(name or str(server), 100)}"
    line = Text(" ", no_wrap=True, end="")
    line.append(fit(text, label - 1, scene.glyphs.ellipsis) + " ", palette.plain())
    cells: list[tuple[str, str]] = [(" ", palette.dim)] * room
    colours = (palette.layer(4), palette.layer(6), palette.accent, palette.layer(7))
    taken = 0
    for place, begin, end in phases:
        # A phase that is there has a cell, and does not cover the one before it while there is room.
        first = min(max((begin - span[0]) * room // length, taken), room - 1)
        last = taken = max(min(-(-(end - span[0]) * room // length), room), first + 1)
        cells[first:last] = [(_SIGNS[scene.glyphs.name][place], colours[place])] * (last - first)
    for sign, colour in cells:
        line.append(sign, palette.ink(colour))
    took = max((end for _, _, end in phases), default=0) - min((begin for _, begin, _ in phases), default=0)
    line.append(right(seconds(took / 1e9), 9), palette.faint())
    return Line(line, Link(scene.store.connection(talk.connection).first_packet), f"tls {talk.connection}")


def _legend(scene: Scene) -> Line:
    palette = scene.palette
    colours = (palette.layer(4), palette.layer(6), palette.accent, palette.layer(7))
    line = Text(" ", no_wrap=True, end="")
    for sign, name, colour in zip(_SIGNS[scene.glyphs.name], _WORDS, colours, strict=True):
        line.append(f"{sign} ", palette.ink(colour))
        line.append(f"{scene.word(f'tls.phase.{name}', name)}  ", palette.faint())
    return Line(line)
