"""What a lesson is: steps on one shipped capture, each at a packet that a display filter finds.

No step names a packet by its number: a filter says what it has to be, so a lesson stays true when its capture is
recorded anew, and a test holds that each filter finds something. Sentences are under `lesson.<lesson>.<step>` in
`explain/`. Data only.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to see, or to find."""

    id: str
    view: int
    """The view it is seen in, from 1."""

    where: str
    """Display filter of the packet it stands on."""

    nth: int = 1
    """Which of the packets that match, from 1."""

    asks: bool = False
    """The student has to find the packet: every one that matches is right, and a second sentence tells why."""

    field: str = ""
    """Key of the field whose bytes are lit, in view 1."""

    label: str = ""
    """The field's label, where several have the key: the name of an HTTP header."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """Steps in order, on one capture."""

    id: str
    capture: str
    """File name of the shipped capture."""

    steps: tuple[Step, ...]

    @property
    def questions(self) -> int:
        """Steps that ask for a packet."""
        return sum(step.asks for step in self.steps)
