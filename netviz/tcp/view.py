"""Segments of a batch put together by connection, with what was carried before them: the arrays the analysis works on."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from netviz.tcp.evidence import Evidence
from netviz.tcp.turns import Turns

Integers = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@dataclass(slots=True)
class View:
    """All arrays of shape (n,). Before the segments of a connection stands an element for each direction that had been
    heard: it takes the place of all that the direction had shown."""

    given: Integers
    """Index among the segments as they were given; negative for what was carried."""

    is_carried: Mask
    connection: Integers
    side: npt.NDArray[np.int8]
    time: Integers
    flags: Integers
    seq: Integers
    ack: Integers
    last_ack: Integers
    """What it acknowledges, -1 where it does not."""

    window: Integers
    is_scaled: Mask
    length: Integers
    size: Integers
    """How many numbers it uses."""

    scale: Integers
    isn: Integers
    syn_end: Integers
    """These three hold at the head of a direction, for all of it."""

    duplicates: Integers
    """Of what was carried: how many duplicate acknowledgements; `look` puts there how many there are after each."""

    is_reused: Mask
    is_open: Mask
    """Of what was carried: the direction was left in a state that columns do not tell."""

    turns: Turns
    evidence: Evidence
    marks: Integers = field(default_factory=lambda: np.empty(0, np.int64))
    is_plain: Mask = field(default_factory=lambda: np.empty(0, np.bool_))
    round_trip: Integers = field(default_factory=lambda: np.empty(0, np.int64))
    foreign: list[int] = field(default_factory=list)
    """Places of the SYNs that are not of their connection."""
    left_open: set[int] = field(default_factory=set)
    """Connections whose state was left by the walk."""
