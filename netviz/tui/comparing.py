"""Comparing the selected packet with the one before from the same sender: begun and ended by a key, kept up with steps."""

from dataclasses import replace

from netviz.dissect.comparing import fields_by_place
from netviz.tui.compared import Compared, row_before
from netviz.tui.filtering import Filtering
from netviz.tui.scene import Scene


class Comparing(Filtering):
    """The action, and the packet before for each packet that is selected."""

    compares = False

    def _set(self, scene: Scene) -> None:
        before = self.scene.row
        super()._set(scene)
        if self.compares and (self.scene.row != before or self.scene.compared is None):
            self._compare()

    def _compare(self) -> None:
        """Put the packet before beside the selected one, as soon as packets can be taken apart."""
        row = self.scene.row
        if row is None or self.scene.dissection is None:
            return
        at = row_before(self.store.packets, row)
        dissection = self.dissections.get(at) if at is not None else None
        fields = fields_by_place(dissection) if dissection is not None else {}
        super()._set(replace(self.scene, compared=Compared(at + 1 if at is not None else None, fields)))

    def action_compare(self) -> None:
        """Begin to compare, or end it."""
        self.compares = not self.compares
        if not self.compares:
            super()._set(replace(self.scene, compared=None))
            self.tell(self.scene.say("compare.off"))
            return
        self._compare()
        packet = self.scene.compared.packet if self.scene.compared is not None else None
        self.tell(self.scene.say("compare.first") if packet is None else self.scene.say("compare.on", packet=packet))
