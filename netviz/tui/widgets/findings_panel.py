"""The findings of a capture. Connections are looked at beside the screen, once the capture has been read."""

from textual import work
from textual.worker import get_current_worker

from netviz.tui.draw.findings import Found, analysis_marks, finding_lines
from netviz.tui.draw.line import Line
from netviz.tui.scene import Scene
from netviz.tui.widgets.line_panel import LinePanel


class FindingsPanel(LinePanel):
    """Lines that lead to the first packet of each finding."""

    def __init__(self, name: str) -> None:
        super().__init__(name, self._findings)
        self._marks: Found | None = None
        self._version = -1
        self._working = False

    def scene_changed(self) -> None:
        """Look at connections that have not been looked at yet, then draw."""
        scene = self.scene
        if scene is not None and scene.store.finished and self._version != scene.version and not self._working:
            self._working = True
            self._look(scene)
        super().scene_changed()

    def _findings(self, scene: Scene, width: int, height: int) -> list[Line]:
        return finding_lines(scene, width, self._marks)

    @work(thread=True, exclusive=True, group="findings", exit_on_error=False)
    def _look(self, scene: Scene) -> None:
        worker = get_current_worker()
        for found in analysis_marks(scene.store):
            if worker.is_cancelled:
                return
            if found is not None:
                self.app.call_from_thread(self._looked, scene.version, found)

    def _looked(self, version: int, found: Found) -> None:
        self._working = False
        self._version, self._marks = version, found
        self.scene_changed()
