"""The lesson under the view: which step it is, what there is to see or to find, and whether the answer was right."""

from typing import Final

from rich.style import Style
from rich.text import Text
from textual.strip import Strip

from netviz.explain.words import say
from netviz.tui.cells import strip_of, wrapped
from netviz.tui.scene import Scene
from netviz.tui.standing import Standing
from netviz.tui.widgets.bar import Bar, gap

_MOST_LINES: Final = 8


class LessonPanel(Bar):
    """A line of title and keys, and under it the step in words. Not there without a lesson."""

    def __init__(self) -> None:
        super().__init__("lesson")
        self._standing: Standing | None = None

    def teach(self, scene: Scene, standing: Standing | None) -> None:
        """Show a step, or nothing."""
        self._standing = standing
        self.display = standing is not None
        if standing is not None:
            self.styles.height = 1 + len(self._words(scene, standing, self.app.size.width))
        self.scene = scene
        self.refresh()

    def line(self, scene: Scene, width: int) -> Text:
        """`Lesson 3/9 title        ' next  ; back  esc end`."""
        text, standing, palette = Text(no_wrap=True, end=""), self._standing, scene.palette
        if standing is None:
            return text
        count = len(standing.lesson.steps)
        title = say(f"lesson.{standing.lesson.id}", scene.language)
        text.append(f" {min(standing.at + 1, count)}/{count} ", palette.on(palette.accent))
        on = "lesson.key.answer" if standing.asking else "lesson.key.next"
        keys = (("lesson-next", on), ("lesson-back", "lesson.key.back"), ("stop", "lesson.key.end"))
        rows = {row.id: row for row in scene.keys}
        words = [(f" {rows[each].shown} ", f"{scene.say(name)} ", rows[each].action) for each, name in keys]
        used = sum(Text(key + name).cell_len for key, name, _ in words)
        text.append(f" {title}", palette.plain(True))
        text.truncate(max(width - used, 0), overflow="ellipsis")
        gap(text, width, used)
        for key, name, action in words:
            self.part(text, key, palette.ink(palette.accent, True), action)
            self.part(text, name, palette.plain(), action)
        return text

    def render_line(self, y: int) -> Strip:
        """The title, then a line of the words."""
        scene, standing, width = self.scene, self._standing, self.size.width
        if scene is None or standing is None or y == 0:
            return super().render_line(y)
        lines = self._words(scene, standing, width)
        base = Style(color=scene.palette.text, bgcolor=scene.palette.background)
        if y > len(lines):
            return Strip.blank(width, base)
        words, style = lines[y - 1]
        return strip_of(Text(words, style=style, no_wrap=True, end=""), width, base)

    def _words(self, scene: Scene, standing: Standing, width: int) -> list[tuple[str, Style]]:
        return [
            (f" {line}", style)
            for text, style in _sentences(scene, standing)
            for line in wrapped(text, max(width - 2, 8))
        ][:_MOST_LINES]


def _keys(scene: Scene) -> dict[str, str]:
    """The keys that sentences name, as they are set."""
    shown = {row.id: row.shown for row in scene.keys}
    return {"next": shown["lesson-next"], "back": shown["lesson-back"], "stop": shown["stop"]}


def _sentences(scene: Scene, standing: Standing) -> list[tuple[str, Style]]:
    """What is said at this step."""
    palette, language, glyphs = scene.palette, scene.language, scene.glyphs
    step, lesson = standing.step, standing.lesson
    if step is None:
        sentence = scene.say("lesson.over", **_keys(scene), found=len(standing.found), questions=lesson.questions)
        return [(sentence, palette.plain(True))]
    key = f"lesson.{lesson.id}.{step.id}"
    found: list[tuple[str, Style]] = [(say(key, language, packet=standing.packet), palette.plain(True))]
    if standing.at in standing.found or standing.at in standing.shown:
        right = standing.at in standing.found
        packets = " ".join(f"#{packet}" for packet in standing.packets[standing.at][:8])
        sign, colour = (glyphs.good, palette.good) if right else (glyphs.closed, palette.accent)
        found.append((f"{sign} {packets}  {say(f'{key}.answer', language)}", palette.ink(colour, True)))
    elif standing.wrong:
        sentence = scene.say("lesson.wrong", **_keys(scene), packet=standing.wrong)
        found.append((f"{glyphs.bad} {sentence}", palette.ink(palette.bad, True)))
    elif step.asks:
        found.append((scene.say("lesson.how", **_keys(scene)), palette.faint()))
    return found
