"""A live capture on the screen: its gauges, which are always in sight, and what has gone wrong with it."""

from netviz.explain.live import gauges, note_sentence
from netviz.explain.words import say
from netviz.model.frames import LIVE
from netviz.model.safe import safe
from netviz.pipeline.store import Store
from netviz.tui.scene import Scene


def live_states(scene: Scene) -> list[str]:
    """The state of a live capture in words, the longest first; the shortest still says what was lost."""
    store, info = scene.store, scene.store.info
    if info.live is None:
        return []
    running = scene.say("state.stopped" if store.finished else "state.live")
    sign = scene.glyphs.bad if info.live.lost or any(note.grave for note in info.live.notes) else scene.glyphs.knob
    name = safe(info.file, 30)
    forms = gauges(info.live, scene.language)
    if info.live.file and not store.finished:
        running = f"{running} {scene.glyphs.bullet} {scene.word('live.recording', '')}"
    named = [f" {name} {sign} {running} {scene.glyphs.bullet} {form} " for form in forms[:-1]]
    return [*named, f" {name} {sign} {forms[1]} ", f" {sign} {forms[1]} ", f" {sign} {forms[-1]} "]


def waiting_words(scene: Scene) -> str:
    """What is said while no packet has come from an interface; empty where that is not so."""
    info = scene.store.info
    if info.live is None or info.format != LIVE or scene.store.finished:
        return ""
    twice = any(note.key == "loopback" for note in info.live.notes)
    return say("live.waiting-loopback" if twice else "live.waiting", scene.language, interface=info.file)


def live_alarm(scene: Scene) -> str:
    """The newest thing that went wrong, as long as it has not been put right; and bounds that were reached."""
    live = scene.store.info.live
    if live is None or not live.notes:
        return ""
    for note in reversed(live.notes):
        if note.key == "up-again":
            return ""
        if note.grave or note.key.startswith(("live_", "spill_")):
            return note_sentence(note, scene.language)
    return ""


def live_signature(store: Store) -> tuple[int, ...]:
    """What the gauges show, to see whether they have to be drawn anew though no packet was analysed."""
    live = store.info.live
    return (live.captured, live.lost, len(live.notes), live.waiting) if live is not None else ()
