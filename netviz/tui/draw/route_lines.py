"""The panel of routes: what traceroute found as of the present position; each hop leads to its answer."""

from netviz.explain.notes import note
from netviz.explain.route_notes import route_notes
from netviz.pipeline.routes import routes_of
from netviz.tui.draw.line import Line
from netviz.tui.draw.note_lines import note_lines
from netviz.tui.scene import Scene


def route_lines(scene: Scene, width: int, height: int) -> list[Line]:
    """All routes known so far, and once why they can be known."""
    language = scene.language
    found = routes_of(scene.store, scene.moment.as_of)
    if not found:
        return note_lines(scene, [note("routes.none", language, "faint")], width)
    notes = [each for route in found for each in route_notes(route, language)]
    return note_lines(scene, [*notes, note("routes.why", language, "faint")], width)
