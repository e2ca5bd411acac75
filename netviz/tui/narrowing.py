"""Filtering by what the cursor stands on: chosen from a list, used at once or put in the bar to be edited."""

from netviz.tui.conditions import WAYS, Condition, combined, conditions_of_field, conditions_of_row
from netviz.tui.copying import Copying
from netviz.tui.draw.narrowed import Narrowed
from netviz.tui.widgets.filter_bar import FilterBar
from netviz.tui.widgets.pick_screen import Entry, PickScreen
from netviz.tui.widgets.row_list import RowList


class Narrowing(Copying):
    """Actions that make a filter of what is looked at."""

    def action_narrow(self) -> None:
        """Choose what to filter by, where there is more than one thing, then how."""
        found = self._conditions()
        if not found:
            self.tell(self.scene.say("narrow.nothing"))
        elif len(found) == 1:
            self._how(found[0])
        else:
            scene = self.scene
            entries = [Entry(str(at), scene.say(f"narrow.{each.id}"), each.text) for at, each in enumerate(found)]
            title = scene.say("narrow.title")

            def picked(mark: str | None) -> None:
                if mark is not None:
                    self._how(found[int(mark)])

            self.push_screen(PickScreen(scene, title, entries, scene.say("narrow.what"), "i"), picked)

    def _conditions(self) -> list[Condition]:
        pane, scene = self.screen_stack[0].focused, self.scene
        of_field = conditions_of_field(scene, self.cursor().field, self.reading())
        if not isinstance(pane, RowList):
            found = of_field or self._of_list()
        else:
            at, _count = pane.standing()
            rows = pane.rows.rows if isinstance(pane.rows, Narrowed) else pane.rows
            found = [*(conditions_of_row(scene, rows, at) if at is not None else []), *of_field]
        return list({each.text: each for each in reversed(found)}.values())[::-1]

    def _of_list(self) -> list[Condition]:
        """What the view's list stands on, for a panel that shows it in depth."""
        listed = self.view.panes[0]
        if not isinstance(listed, RowList) or not isinstance(listed.rows, Narrowed):
            return []
        at, _count = listed.standing()
        return conditions_of_row(self.scene, listed.rows.rows, at) if at is not None else []

    def _how(self, condition: Condition) -> None:
        scene = self.scene
        standing = scene.shown.text if scene.shown is not None else ""
        ways = WAYS if standing else WAYS[:2]
        texts = [combined(standing, condition.text, way) for way in ways]
        entries = [Entry("", scene.say("narrow.apply"))]
        entries += [Entry(f"apply{at}", scene.say(f"narrow.way.{way}"), texts[at]) for at, way in enumerate(ways)]
        entries.append(Entry("", scene.say("narrow.prepare")))
        entries += [Entry(f"prepare{at}", scene.say(f"narrow.way.{way}"), texts[at]) for at, way in enumerate(ways)]

        def picked(mark: str | None) -> None:
            if mark is None:
                return
            text = texts[int(mark[-1])]
            if mark.startswith("apply"):
                self.use_filter(text)
            else:
                self._prepare(text)

        self.push_screen(PickScreen(scene, condition.text, entries, scene.say("narrow.how"), "i"), picked)

    def _prepare(self, text: str) -> None:
        bar = self.query_one(FilterBar)
        bar.seen = self._values
        bar.open(self.scene, text)
