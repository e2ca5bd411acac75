"""What was found is set aside from the garbage collector, now and then, and garbage is not."""

import gc
from collections.abc import Iterator

import pytest

from netviz.pipeline.settling import Settling


class Loop:
    """Garbage that only the collector finds."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def collector() -> Iterator[None]:
    gc.unfreeze()
    yield
    gc.unfreeze()


@pytest.mark.parametrize("steps, aside", [((49_999,), False), ((50_000,), True), ((30_000, 30_000), True)])
def test_what_lives_is_set_aside_every_so_many_packets(steps, aside):
    settling = Settling()
    for packets in steps:
        settling.after(packets)
    assert (gc.get_freeze_count() > 0) == aside


def test_young_garbage_is_not_kept_with_it():
    gc.disable()
    try:
        Loop()
        Settling().after(50_000)
        gc.unfreeze()
        assert not any(isinstance(each, Loop) for each in gc.get_objects())
    finally:
        gc.enable()
