"""The panel of DNS lookups: one line each as of the present position, and the selected packet's whole."""

from netviz.explain.lookup_notes import lookup_line, lookup_notes
from netviz.explain.notes import Note, note
from netviz.pipeline.lookups import lookups_of, read_lookup
from netviz.tui.draw.line import Line, plain
from netviz.tui.draw.note_lines import note_lines
from netviz.tui.scene import Scene

_MOST = 200
_ASCII = {ord("→"): "->", ord("…"): "..."}


def lookup_lines(scene: Scene, width: int, height: int) -> list[Line]:
    """The newest lookups; that of the selected packet with both messages and every record."""
    store, as_of, language = scene.store, scene.moment.as_of, scene.language
    index = lookups_of(store)
    known = index.upto(as_of)
    if not known:
        return note_lines(scene, [note("dns.none", language, "faint")], width)
    chosen = index.of_packet(scene.moment.selected)
    at = known.index(chosen) if chosen in known else len(known) - 1
    first = max(min(at - _MOST // 2, len(known) - _MOST), 0)
    notes: list[Note] = []
    if first:
        notes.append(note("dns.earlier", language, "faint", count=first))
    for each in known[first : first + _MOST]:
        read = read_lookup(store, each, as_of)
        notes += lookup_notes(read, as_of, language) if each is chosen else [lookup_line(read, language)]
    if scene.glyphs.name == "ascii":
        notes = [each._replace(text=each.text.translate(_ASCII)) for each in notes]
    hint = [plain(f" {text}", scene.palette.faint()) for text in (scene.word("dns.hint", ""),)] if width >= 96 else []
    return hint + note_lines(scene, notes, width)
