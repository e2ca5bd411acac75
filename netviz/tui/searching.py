"""The search on the screen: begun from its bar, run beside the screen a piece at a time, and gone through by keys.

It begins at the current row and goes once around, so that what lies next is found first; where the user goes meanwhile
it is not in the way. What is found is kept by the rows of one view's list; in another view the same is searched anew.
"""

import time
from dataclasses import replace
from typing import Final

from textual import work

from netviz.explain.layers import field_name
from netviz.filter.fault import FilterError
from netviz.filter.needle import Query
from netviz.filter.search import PIECES, Naming, Search
from netviz.model.layers import Field, Layer
from netviz.tui import remembered
from netviz.tui.copying import Copying
from netviz.tui.draw.line import Target
from netviz.tui.draw.names import layer_title
from netviz.tui.draw.narrowed import Narrowed
from netviz.tui.hunt import Hunt, hits_of, pieces
from netviz.tui.scene import Scene
from netviz.tui.shown import Numbers
from netviz.tui.sought import Sought, next_of
from netviz.tui.widgets.field_tree import FieldTree
from netviz.tui.widgets.row_list import RowList
from netviz.tui.widgets.search_bar import PAST, SearchBar, Wanted

_TELL_EVERY: Final = 0.1
"""Seconds between two reports of a search that runs."""


class Searching(Copying):
    """Actions of the search."""

    _hunt: Hunt | None = None

    def action_search(self) -> None:
        """Type what to search for."""
        self.query_one(SearchBar).open(self.scene)

    def on_wanted(self, message: Wanted) -> None:
        """Something was typed, or typing was given up."""
        self.query_one(SearchBar).close()
        self.view.panes[0].focus()
        if message.query is not None:
            remembered.remember_filter(message.query.text, PAST)
            self.search(message.query)

    def search(self, query: Query, pending: int = 2) -> None:
        """Search for something in the list of the present view, and go to what is found first."""
        try:
            search = Search(query, self.store, self._naming(self.scene))
        except FilterError:
            return
        if self.view_number == 6 and query.kind != "list":
            self.tell(self.scene.say("search.not-here"))
            return
        scene = replace(self.scene, sought=None)
        view = 1 if self.view_number == 2 else self.view_number
        start, total = self._extent(search, view)
        hunt = Hunt(search, view, start, total, self.store.version, scene, pending)
        self._hunt = hunt
        sought = Sought(query, search.needle, search.names, view, total=total, done=not total)
        self._set(replace(self.scene, sought=sought))
        self.call_after_refresh(self._repaint)
        self._run_hunt(hunt, self._list())

    def _naming(self, scene: Scene) -> Naming:
        def name(part: Field | Layer | str) -> str:
            if isinstance(part, str):
                return scene.word(f"tcp.analysis.{part}", part)
            return field_name(part, scene.language) if isinstance(part, Field) else layer_title(scene, part)

        return name

    def _list(self) -> RowList:
        pane = self.view.panes[0]
        focused = self.screen_stack[0].focused
        if self.view_number == 6 and isinstance(focused, RowList):
            pane = focused
        assert isinstance(pane, RowList)
        return pane

    def _extent(self, search: Search, view: int) -> tuple[int, int]:
        """Where to begin, and how many things there are to look at."""
        if search.query.kind == "body":
            return max((self.scene.choice.exchange or 1) - 1, 0), len(self.store.exchanges)
        if search.query.kind == "list" and view != 1:
            at, count = self._list().standing()
            return at or 0, count
        return max(self.scene.moment.selected - 1, 0), len(self.store.packets)

    # Beside the screen.

    @work(thread=True, group="search", exit_on_error=False)
    def _run_hunt(self, hunt: Hunt, rows: RowList) -> None:
        told, looked = time.monotonic(), 0
        for first, stop in pieces(hunt.start, hunt.total, PIECES[hunt.search.query.kind]):
            if hunt is not self._hunt:
                return
            found = hits_of(hunt.scene, hunt.search, hunt.view, rows.rows, first, stop)
            looked += stop - first
            hunt.add(found, first < hunt.start)
            now = time.monotonic()
            if (found and hunt.pending) or now - told >= _TELL_EVERY:
                self.call_from_thread(self._hunted, hunt, *hunt.found(), looked, False)
                told = time.monotonic()
        self.call_from_thread(self._hunted, hunt, *hunt.found(), looked, True)

    def _hunted(self, hunt: Hunt, items: Numbers, packets: Numbers, looked: int, done: bool) -> None:
        """What has been found so far."""
        sought = self.scene.sought
        if hunt is not self._hunt or sought is None:
            return
        sought = replace(sought, items=items, packets=packets, looked=looked, done=done)
        self._set(replace(self.scene, sought=sought))
        if hunt.pending:
            self._go_on(hunt.pending)
        if done:
            self._none_found(hunt)
            self.call_after_refresh(self._repaint)

    def _none_found(self, hunt: Hunt) -> None:
        """Say so where the user waits for what is not there."""
        sought = self.scene.sought
        if hunt.pending and sought is not None:
            hunt.pending = 0
            self.tell(self.scene.say("search.none-later" if sought.later else "search.none-found"))

    # Going through.

    def action_search_next(self, by: int) -> None:
        """The next row that holds it, or the previous; from the last on at the first."""
        sought, hunt = self.scene.sought, self._hunt
        if sought is None or hunt is None:
            self.action_search()
            return
        view = 1 if self.view_number == 2 else self.view_number
        grown = hunt.version != self.store.version and sought.done
        moved = view != 1 and sought.query.kind == "list" and hunt.scene.moment.as_of != self.scene.moment.as_of
        if sought.view != view or grown or moved or view == 6:
            self.search(sought.query, by)
            return
        hunt.pending = by
        self._go_on(by)
        if sought.done:
            self._none_found(hunt)

    action_search_again = action_search_next

    def _go_on(self, by: int) -> None:
        """Go where the user waits to go, if it is known by now that nothing lies nearer."""
        sought, hunt = self.scene.sought, self._hunt
        if sought is None or hunt is None:
            return
        following = next_of(sought.left, sought.at, 1 if by > 0 else -1, by == 2)
        if following is None:
            return
        item, wrapped = following
        if not sought.done and not hunt.is_nearest(sought, item, by, wrapped):
            return
        hunt.pending = 0
        if by == 2:
            self._leave()
        self._go_to_item(hunt, sought, item)
        if wrapped:
            self.tell(self.scene.say("search.wrapped" if by > 0 else "search.wrapped-back"))

    def _go_to_item(self, hunt: Hunt, sought: Sought, item: int) -> None:
        rows = self._list()
        packet = sought.packet(item)
        if sought.view == 1:
            row = (packet or item + 1) - 1
            self._choose(Target(row + 1, hunt.search.span(row)))
            if sought.query.kind == "fields":
                self.call_after_refresh(self._reveal_field)
            return
        target = rows.target_of(item)
        if target is None:
            rows.stand(item)
            return
        if packet is not None:
            target = target._replace(packet=packet, span=hunt.search.span(packet - 1))
        self._choose(target)

    def _reveal_field(self) -> None:
        lit = self.scene.moment.lit
        for tree in self.query(FieldTree):
            if lit is not None:
                tree.reveal(lit)

    def stop_search(self) -> bool:
        """End a search that runs, or put away what was found; False where there is neither."""
        sought = self.scene.sought
        if sought is None:
            return False
        self._hunt_over(sought)
        return True

    def _hunt_over(self, sought: Sought) -> None:
        hunt = self._hunt
        if not sought.done and hunt is not None:
            # Another run of the same hunt, so that the thread sees that it is over.
            self._hunt = replace(hunt, pending=0)
            self._set(replace(self.scene, sought=replace(sought, done=True, stopped=True)))
        else:
            self._hunt = None
            self._set(replace(self.scene, sought=None))
        self.call_after_refresh(self._repaint)

    # The picture.

    def _paint(self) -> None:
        sought = self.scene.sought
        if sought is not None and sought.view == (1 if self.view_number == 2 else self.view_number):
            rows = self._list().rows
            if isinstance(rows, Narrowed):
                now = sought.within(rows.left(self.scene), rows.every(self.scene), rows.at(self.scene))
            else:
                at, count = self._list().standing()
                now = sought.within(None, count, at)
            if now is not sought:
                self.scene = replace(self.scene, sought=now)
        super()._paint()
        self.query_one(SearchBar).show(self.scene)
