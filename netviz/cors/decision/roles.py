"""What CORS makes of each exchange of a fetch by itself (CONTRACT: `netviz cors`, keys of an exchange)."""

from typing import Final

from netviz.cors.decision.case import Case
from netviz.cors.evidence.chain import Chain
from netviz.cors.evidence.outcome import REDIRECT_CODES, Step
from netviz.cors.evidence.seen import Seen
from netviz.cors.terms import Checked
from netviz.cors.verdict import ExchangeRole, Fetch

NO_ROLE: Final = ExchangeRole(False, None, None, "not-checked", None)
"""Of a response whose request is not in the capture."""


def plain_roles(chain: Chain, roles: dict[int, ExchangeRole]) -> None:
    """Exchanges whose responses are not CORS-checked, into `roles`."""
    for seen in chain.hops:
        roles[seen.id] = ExchangeRole(False, seen.mode.cross_origin, seen.origin, "not-checked", None)


def crossing_roles(case: Case, fetch: Fetch, roles: dict[int, ExchangeRole]) -> None:
    """Exchanges of a cross-origin fetch, into `roles` and `fetch.per_exchange`.

    Where the credentials mode is not known, the check is the one of a request without credentials. Where it is open
    whether the mode was cors at all, no check is claimed.
    """
    if case.is_open:
        plain_roles(case.chain, roles)
        return
    checked = {step.seen.id: _checked(step, case, fetch) for step in case.steps}
    fetch.per_exchange = checked
    for step in case.steps:
        seen = step.seen
        roles[seen.id] = ExchangeRole(seen.is_preflight, _crosses(seen, fetch), seen.origin, *checked[seen.id])


def _checked(step: Step, case: Case, fetch: Fetch) -> tuple[Checked, str | None]:
    ended_here = fetch.verdict == "none" and step.seen is case.chain.last
    if step.assessment is None or ended_here:
        return "not-checked", None
    codes = step.assessment.codes(case.include is True)
    if codes:
        return "fail", codes[0]
    if fetch.verdict == "blocked" and fetch.code in REDIRECT_CODES and step.seen is case.chain.last:
        return "fail", fetch.code
    return "pass", None


def _crosses(seen: Seen, fetch: Fetch) -> bool | None:
    # Back at the page's own origin after a detour: the URL is the page's, yet the request no longer counts as its own.
    if seen.origin == "null" and fetch.origin == seen.target_origin:
        return None
    return seen.mode.cross_origin
