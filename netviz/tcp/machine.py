"""One endpoint stepping through the table, as seen from outside: by what it sends, and by what is sent to it.

What an endpoint sends is certain. Whether it received what was sent to it is not: a packet may be lost behind the point
of capture, or cross with one of its own. So a step by reception is taken at once, as if it had arrived, and is kept as
unproven until something that the endpoint sends shows that it did. If what it sends shows that it did not, the step is
taken back and taken again when the segment comes once more.

This is the one place where a fact as of packet N can become another with a later packet: `Transition.proof` says with
which packet a step became certain.
"""

from netviz.tcp.connection import Role, Transition
from netviz.tcp.states import Input, State, step


class Machine:
    """The state of one endpoint and how it got there."""

    __slots__ = ("initial", "received_at", "state", "steps", "unproven")

    def __init__(self, initial: State) -> None:
        self.initial = initial
        self.state = initial
        self.steps: list[Transition] = []
        """Made for the role `client`; the tracker puts the right one in when it makes a snapshot."""
        self.received_at = 0
        """Nanoseconds: when the segment behind the newest step by reception passed the point of capture."""
        self.unproven = 0
        """How many of the newest steps are not proven yet."""

    def take(self, packet: int, given: Input, proof: int | None = None) -> None:
        """Step by an input at a packet; without a proof it counts as unproven.

        An input that the table does not have is recorded as illegal and changes nothing. Steps never go back in time: one
        that is entered at an earlier packet comes at that of the step before it.
        """
        if self.steps:
            packet = max(packet, self.steps[-1].packet)
        to = step(self.state, given)
        if to is None:
            self.steps.append(Transition(packet, "client", given, self.state, self.state, True, packet))
            self.unproven = 0
        elif to is not self.state:
            self.steps.append(Transition(packet, "client", given, self.state, to, False, proof))
            self.state = to
            self.unproven = self.unproven + 1 if proof is None else 0

    def receive(self, packet: int, given: Input, time: int) -> None:
        """Step by something sent to this endpoint, captured at a time in nanoseconds: unproven."""
        self.take(packet, given)
        self.received_at = time

    def proves(self, packet: int) -> None:
        """Something sent in `packet` shows that all steps so far were taken."""
        first = len(self.steps) - self.unproven
        self.steps[first:] = [taken._replace(proof=packet) for taken in self.steps[first:]]
        self.unproven = 0

    def doubt(self) -> None:
        """What the newest step rests on may be forged: it can be taken back, though sending it proved it."""
        self.unproven = 1

    def unproven_event(self) -> str | None:
        """The input of the newest step, if nothing has proved it yet."""
        return self.steps[-1].event if self.unproven else None

    def take_back(self) -> None:
        """The newest step, unproven, turns out not to have been taken (yet)."""
        self.state = self.steps.pop().from_state
        self.unproven -= 1

    def drop(self, given: Input) -> None:
        """An unproven step in the middle was never taken, if the next one could start from where it did."""
        first = len(self.steps) - self.unproven
        for index in range(first, len(self.steps) - 1):
            dropped, following = self.steps[index], self.steps[index + 1]
            if dropped.event == given and step(dropped.from_state, Input(following.event)) is following.to_state:
                self.steps[index : index + 2] = [following._replace(from_state=dropped.from_state)]
                self.unproven -= 1
                return

    def withdraw(self, given: Input) -> bool:
        """Of the unproven steps, the first by this input was not taken; the later ones are taken without it.

        Returns whether there was one. False as well where what is left would be no steps of the table.
        """
        first = len(self.steps) - self.unproven
        tail = self.steps[first:]
        at = next((index for index, taken in enumerate(tail) if taken.event == given), None)
        if at is None:
            return False
        state, others = tail[0].from_state, [*tail[:at], *tail[at + 1 :]]
        anew = []
        for taken in others:
            to = step(state, Input(taken.event))
            if to is None:
                return False
            anew.append(taken._replace(from_state=state, to_state=to))
            state = to
        self.steps[first:] = anew
        self.state, self.unproven = state, len(anew)
        return True

    def redate(self, packet: int, time: int) -> None:
        """The segment behind the newest unproven steps came again: the copy in `packet` is the one that arrived."""
        self.received_at = time
        before = self.steps[-1].packet
        for index in range(len(self.steps) - self.unproven, len(self.steps)):
            if self.steps[index].packet == before:
                self.steps[index] = self.steps[index]._replace(packet=packet)

    def begin_earlier(self, initial: State, packet: int, *inputs: Input) -> None:
        """A segment that came late in the capture shows how the state at the start was reached.

        All steps then happen at that packet or later: before it, a reader could not have told.
        """
        later = [taken._replace(packet=max(taken.packet, packet)) for taken in self.steps]
        unproven, state = self.unproven, self.state
        self.steps, self.state, self.initial = [], initial, initial
        for given in inputs:
            self.take(packet, given, packet)
        self.steps += later
        self.state, self.unproven = state, unproven

    def transitions(self, role: Role) -> list[Transition]:
        """The steps so far, for the role that this endpoint has."""
        return [taken._replace(endpoint=role) for taken in self.steps]
