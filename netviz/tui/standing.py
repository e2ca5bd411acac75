"""How far a lesson has come: the step, what its filter found, and what was answered. Values only."""

from dataclasses import dataclass, replace

from netviz.filter.rows import FilteredRows, Reading
from netviz.lessons.lesson import Lesson, Step
from netviz.pipeline.store import Store


@dataclass(frozen=True, slots=True)
class Standing:
    """A lesson on a capture that has been read to its end."""

    lesson: Lesson
    packets: tuple[tuple[int, ...], ...]
    """Of each step, the numbers of the packets that its filter finds."""

    at: int = 0
    """The step, from 0; as many as there are steps: the lesson is over."""

    found: frozenset[int] = frozenset()
    """Steps whose question was answered right."""

    shown: frozenset[int] = frozenset()
    """Steps whose answer was asked for."""

    wrong: int = 0
    """The packet that was taken for the answer last and is not; 0: none."""

    @property
    def step(self) -> Step | None:
        """The step, None where the lesson is over."""
        return self.lesson.steps[self.at] if self.at < len(self.lesson.steps) else None

    @property
    def packet(self) -> int | None:
        """The packet that the step stands on."""
        step = self.step
        return self.packets[self.at][step.nth - 1] if step is not None else None

    @property
    def asking(self) -> bool:
        """Whether an answer is waited for."""
        step = self.step
        return step is not None and step.asks and self.at not in self.found | self.shown

    def to(self, at: int) -> "Standing":
        """Another step."""
        return replace(self, at=min(max(at, 0), len(self.lesson.steps)), wrong=0)

    def answered(self, packet: int) -> "Standing":
        """A packet given as the answer. The same wrong one twice asks to be shown the right one."""
        if packet in self.packets[self.at]:
            return replace(self, found=self.found | {self.at}, wrong=0)
        if packet == self.wrong:
            return replace(self, shown=self.shown | {self.at}, wrong=0)
        return replace(self, wrong=packet)


def begun(lesson: Lesson, store: Store) -> Standing | None:
    """A lesson at its first step; None where the capture lacks a packet that it needs."""
    reading = Reading(store)
    packets = tuple(tuple((FilteredRows(step.where, reading).update() + 1).tolist()) for step in lesson.steps)
    whole = all(len(found) >= step.nth for found, step in zip(packets, lesson.steps, strict=True))
    return Standing(lesson, packets) if whole else None
