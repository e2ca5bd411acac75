"""What is known of one fetch: its checks, its verdict, its evidence. Data only; `judge.py` makes it.

One fetch is what one call of `fetch()` (or one load by the page) did: preflight, request, redirects. Codes are
Chromium's names; rules are R1 to R76 of `cors/answer/rules.py`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

from netviz.cors.evidence.surroundings import Surroundings
from netviz.cors.terms import Checked, Kind, Outcome, Word
from netviz.model.evidence import Evidence


class Check(NamedTuple):
    """One rule applied to one message."""

    rule: str
    """R1 .. R76."""

    outcome: Outcome
    at: Evidence
    """The bytes that decide it: a header's value, or the start line of a message that lacks the header."""

    text: str
    """Key of the sentence in `explain/`; `details` fill it."""

    exchange: int
    """Number of the exchange it was applied to."""

    header: str | None = None
    value: str | None = None
    """The header's value as received: not yet safe."""

    code: str | None = None
    """Chromium's name, where the check failed and names one."""

    details: Mapping[str, str] = MappingProxyType({})


class NotSimple(NamedTuple):
    """One reason why a request needed a preflight."""

    rule: str
    header: str | None
    value: str | None
    text: str = ""


class Credentials(NamedTuple):
    """The credentials mode, which no packet states: what it was inferred from, and how surely."""

    mode: Literal["include", "omit", "unknown"] = "unknown"
    inferred_from: tuple[str, ...] = ()
    confidence: Literal["certain", "high", "low"] = "low"


UNKNOWN_CREDENTIALS: Final = Credentials()


@dataclass(slots=True)
class Fetch:
    """One fetch and what the browser made of it."""

    id: int
    exchanges: list[int]
    """Numbers of its exchanges: preflight, request, redirects, in order."""

    origin: str | None
    url: str | None
    method: str
    kind: Kind
    why_not_simple: Sequence[NotSimple] = ()
    preflight: Literal["seen", "cached", "none-needed", "missing"] = "none-needed"
    credentials: Credentials = UNKNOWN_CREDENTIALS
    verdict: Word = "indeterminate"
    condition: str = ""
    """Key of the condition where the verdict is `indeterminate`: `unless-credentials`, `if-cors-mode` ..."""

    code: str | None = None
    """Chromium's name; where the verdict is `indeterminate`, the one reported if it is refused."""

    also: Sequence[str] = ()
    """Codes of what fails besides."""

    confidence: Literal["certain", "high", "low"] = "low"
    readable_headers: Sequence[str] = ()
    """Names in lower case that the script can read; where the verdict is open, that it reads if it is allowed."""

    hidden_headers: Sequence[str] = ()
    server_ran_it: bool | None = None
    checks: Sequence[Check] = ()
    mend: Sequence[str] = ()
    """Header lines that would let it pass."""

    decided_at: int | None = None
    """Number of the packet with which the verdict became known; None: only the end of the capture tells."""

    around: Surroundings | None = field(default=None, repr=False, compare=False)
    """What the rest of the capture tells, for its findings; shared by all fetches of a judgement."""

    per_exchange: Mapping[int, tuple[Checked, str | None]] = field(default_factory=dict)
    """Exchange number -> (CORS check of that response, Chromium's code)."""


class ExchangeRole(NamedTuple):
    """What CORS makes of one exchange by itself (CONTRACT: `netviz cors`, keys of an exchange)."""

    is_preflight: bool
    cross_origin: bool | None
    origin: str | None
    check: Checked
    code: str | None
