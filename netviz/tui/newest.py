"""The newest fetch of a live capture: who looks at it sees the next one as soon as it is judged, as in a browser's panel."""

from dataclasses import replace

from netviz.cors.terms import Browser
from netviz.cors.verdict import Fetch
from netviz.tui.filtering import Filtering


class Newest(Filtering):
    """Follows until the user goes to another fetch; going back to the last one follows again."""

    def _judged(self, browser: Browser, fetches: tuple[Fetch, ...], version: int, took: float) -> None:
        scene = self.scene
        before, looked_at = scene.fetches or (), scene.choice.fetch
        unmoved = not before or looked_at in (None, before[-1].id) or scene.moment.selected <= 1
        super()._judged(browser, fetches, version, took)
        live = self.store.info.live is not None and not self.store.finished and self._following
        if live and unmoved and self.view_number == 5 and len(fetches) > len(before):
            self._to_newest()

    def _to_newest(self) -> None:
        scene = self.scene
        known = scene.known_fetches()
        if not known:
            return
        exchange = known[-1].exchanges[0]
        read = self.store.read(exchange)
        packets = read.request_packets or read.response_packets
        choice = replace(scene.choice, exchange=exchange, fetch=known[-1].id)
        moment = scene.moment.select(packets[0]) if packets else scene.moment
        self._set(replace(scene, moment=moment, choice=choice))
