"""Going from place to place: choosing a row or a line, following, back and forward, to a packet by its number."""

from dataclasses import replace

from netviz.tui.draw.line import Target
from netviz.tui.filtering import Filtering
from netviz.tui.moment import Choice, Place
from netviz.tui.widgets.go_to import GoTo


class Wandering(Filtering):
    """Where the user is, and the way back."""

    def _choose(self, target: Target) -> None:
        scene = self.scene
        choice = Choice(
            scene.choice.connection if target.connection is None else target.connection,
            scene.choice.exchange if target.exchange is None else target.exchange,
            scene.choice.fetch if target.fetch is None else target.fetch,
            target.conversation
            if (target.connection, target.conversation) != (None, None)
            else scene.choice.conversation,
        )
        moment, step = scene.moment, scene.step
        if target.packet is not None and 1 <= target.packet <= scene.total:
            step = 0 if target.packet != moment.selected else step
            moment = moment.select(target.packet, target.span)
            self.playback.pause()
        self._set(replace(scene, moment=moment, choice=choice, step=step))

    def _here(self) -> Place:
        return Place(self.view_number, self.scene.moment, self.scene.choice)

    def _leave(self) -> None:
        self.trail.leave(self._here())

    async def action_back(self) -> None:
        """Where the last link was followed from."""
        await self._return(self.trail.back(self._here()), "travel.no-back")

    async def action_forward(self) -> None:
        """Where was come back from."""
        await self._return(self.trail.forward(self._here()), "travel.no-forward")

    async def _return(self, place: Place | None, otherwise: str) -> None:
        if place is None:
            self.tell(self.scene.say(otherwise))
            return
        self.playback.pause()
        await self.action_view(place.view)
        self._set(replace(self.scene, moment=place.moment, choice=place.choice))

    def action_go_to(self) -> None:
        """Ask for a packet number."""
        self.push_screen(GoTo(self.scene), self._went)

    def action_to_packet(self, packet: int) -> None:
        """Go to a packet, and remember the place that is left."""
        self._went(packet)

    def _went(self, packet: int | None) -> None:
        if packet is not None:
            self._leave()
            self._choose(Target(packet))
