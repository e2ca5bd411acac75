"""While a connection grows: exact as long as it is short, seldom when it is long, exact again when all has come."""

from collections.abc import Callable

from netviz.pipeline.growth import growth
from netviz.pipeline.store import Store


def test_what_is_over_is_exact_and_what_grows_changes_seldom(talked: Callable[..., Store]) -> None:
    store = talked([(0, b"GET / HTTP/1.1\r\n\r\n"), *[(1, b"x")] * 996])
    assert growth(store, 0) == 1000
    store.finished = False
    grown = growth(store, 0)
    assert grown < 0
    sizes = []
    for size in range(2, 1200):
        store.deep = lambda work, size=size: size  # type: ignore[method-assign, assignment, misc]
        sizes.append(growth(store, 0))
    assert len(set(sizes[:399])) == 399
    assert 50 < len(set(sizes[399:])) < 200
    assert all(
        before <= after for before, after in zip(map(abs, sizes), map(abs, sizes[1:]), strict=False) if before <= 400
    )
