"""What was searched for, lit where it stands: in rows of lists, in lines of panels, in bytes."""

from rich.style import Style
from rich.text import Text

from netviz.tui.scene import Scene


def found_style(scene: Scene) -> Style:
    """How what was found is drawn: a ground of its own and a line under it, so that no colour is needed to see it."""
    return scene.palette.on(scene.palette.warn) + Style(underline=True)


def with_found(scene: Scene, line: Text, on_ground: bool = False) -> Text:
    """A line with what was searched for lit. `on_ground`: the line itself is drawn on a ground of colour."""
    sought = scene.sought
    if sought is None or not sought.lights_text or sought.needle is None:
        return line
    spans = sought.needle.text_spans(line.plain)
    if not spans:
        return line
    line = line.copy()
    style = Style(underline=True, bold=True) if on_ground else found_style(scene)
    for start, end in spans:
        line.stylize(style, start, end)
    return line


def found_bytes(scene: Scene) -> frozenset[int]:
    """Offsets in the selected packet's bytes at which something was found."""
    sought = scene.sought
    if sought is None or sought.needle is None or sought.query.kind not in ("hex", "text", "body"):
        return frozenset()
    return frozenset(at for start, end in sought.needle.spans(scene.frame) for at in range(start, end))
