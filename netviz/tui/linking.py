"""What else becomes current when a packet is selected: its connection or conversation, its exchange, its fetch. Pure."""

from netviz.tui.moment import Choice
from netviz.tui.scene import Scene


def chosen_with(scene: Scene) -> Choice:
    """The choice that goes with the selected packet; what it says nothing of stays, or is the first there is."""
    row, store, choice = scene.row, scene.store, scene.choice
    if row is None:
        return choice
    connection = store.connection_of(row)
    conversation = None if connection is not None else store.datagrams.of_row(row)
    if connection is None:
        conversation = choice.conversation if conversation is None else conversation
        connection = choice.connection if choice.connection is not None else _first(store.connection_count(), 0)
    exchange = _exchange(scene, row)
    # Nobody has gone anywhere yet: what was chosen when only a part had been read is chosen anew.
    unmoved = scene.moment.selected == 1
    if (choice.fetch is None or unmoved) and store.exchange_of(row) is None:
        return Choice(connection, exchange, _first_worth_seeing(scene), conversation)
    return Choice(connection, exchange, _fetch(scene, exchange), conversation)


def _first(count: int, first: int) -> int | None:
    return first if count else None


def _exchange(scene: Scene, row: int) -> int | None:
    """The exchange of the packet; where the packet carries several, the one that was looked at stays."""
    store, before = scene.store, scene.choice.exchange
    found = store.exchange_of(row)
    if found is None:
        return before if before is not None else _first(len(store.exchanges), 1)
    if before is not None and before != found and before <= len(store.exchanges):
        read = store.read(before)
        if row + 1 in (*read.request_packets, *read.response_packets):
            return before
    return found


def _fetch(scene: Scene, exchange: int | None) -> int | None:
    """The fetch of the exchange; of an exchange that no fetch has, the one that was looked at stays."""
    before = scene.choice.fetch
    fetches = scene.fetches or ()
    for fetch in fetches:
        if fetch.id == before and exchange in fetch.exchanges:
            return before
    for fetch in fetches:
        if exchange in fetch.exchanges:
            # A page that was loaded tells little: what is looked at first is what was blocked.
            is_page = before is None and fetch.kind == "navigation"
            return _first_worth_seeing(scene) if is_page else fetch.id
    return before if before is not None else _first_worth_seeing(scene)


def _first_worth_seeing(scene: Scene) -> int | None:
    """The first fetch that was blocked, else the first that CORS has to do with, else the first."""
    fetches = scene.known_fetches()
    blocked = (fetch.id for fetch in fetches if fetch.verdict == "blocked")
    crossing = (fetch.id for fetch in fetches if fetch.kind not in ("navigation", "same-origin"))
    return next(blocked, next(crossing, fetches[0].id if fetches else None))
