"""Lessons on the screen: keys go from step to step, each at its packet in its view; questions are answered by a packet."""

from dataclasses import replace

from netviz.explain.words import say
from netviz.lessons.lesson import Lesson
from netviz.model.layers import Dissection, Field
from netviz.tui.filtering import Filtering
from netviz.tui.scene import Scene
from netviz.tui.standing import Standing, begun
from netviz.tui.widgets.lesson_panel import LessonPanel


class Teaching(Filtering):
    """Actions of a lesson. Without one they do nothing."""

    lesson: Lesson | None = None
    """The lesson to give as soon as the capture is read."""
    standing: Standing | None = None
    _lights = False
    """Whether the step's field is to be lit as soon as the packet is taken apart."""

    def _grown(self) -> None:
        super()._grown()
        if self.lesson is not None and self.standing is None and self.store.finished:
            self.standing = begun(self.lesson, self.store)
            self.lesson = None
            if self.standing is not None:
                self.call_after_refresh(self._to_step, self.standing)

    async def _to_step(self, standing: Standing) -> None:
        """Show a step: its view, and its packet, or everything where a packet is asked for."""
        self.standing = standing
        step, packet = standing.step, standing.packet
        self.playback.pause()
        if step is None or packet is None:
            self._paint()
            return
        if step.view != self.view_number:
            await self.action_view(step.view)
        self._lights = bool(step.field)
        self.call_after_refresh(self._front_segments)
        if standing.asking:
            moment = replace(self.scene.moment, as_of=self.scene.total)
        else:
            moment = self.scene.moment.go(packet)
        self._set(replace(self.scene, moment=moment, step=0))

    def _front_segments(self) -> None:
        """Connections are few and their segments many: keys go to the segments at once."""
        panes = [pane for pane in self.view.panes if pane.id == "connections--sequence"]
        if panes and self.standing is not None:
            self.view.bring(panes[0])

    def _set(self, scene: Scene) -> None:
        super()._set(scene)
        if self._lights and self.scene.dissection is not None:
            self._lights = False
            self._light(self.scene.dissection)

    def _light(self, dissection: Dissection) -> None:
        step = self.standing.step if self.standing is not None else None
        fields = [field for layer in dissection.layers for field in _all(layer.fields)]
        wanted = (each for each in fields if step is not None and each.key == step.field)
        field = next((each for each in wanted if step is not None and step.label in ("", each.label)), None)
        if field is not None:
            moment = self.scene.moment
            self._set(replace(self.scene, moment=moment.select(moment.selected, field.span)))

    def _paint(self) -> None:
        super()._paint()
        self.query_one(LessonPanel).teach(self.scene, self.standing)

    async def action_lesson(self, by: int) -> None:
        """The next step, or the one before; where a packet is asked for, the selected one is the answer."""
        standing = self.standing
        if standing is None:
            # A lesson that is still being read for comes by itself.
            self.tell(self.scene.say("lesson.none" if self.lesson is None else "working.first"))
        elif by > 0 and standing.asking:
            answered = standing.answered(self.scene.moment.selected)
            if answered.wrong or self.scene.moment.selected in answered.packets[answered.at]:
                self.standing = answered
                self._paint()
            else:
                await self._to_step(answered)
        else:
            await self._to_step(standing.to(standing.at + by))

    def leaves_lesson(self) -> bool:
        """End the lesson; False where there is none."""
        if self.standing is None:
            return False
        lesson, self.standing = self.standing.lesson, None
        self.tell(self.scene.say("lesson.left", title=say(f"lesson.{lesson.id}", self.scene.language)))
        self._paint()
        return True


def _all(fields: tuple[Field, ...]) -> list[Field]:
    """Fields with those inside them."""
    return [each for field in fields for each in (field, *_all(field.children))]
