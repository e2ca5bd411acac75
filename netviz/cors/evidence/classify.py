"""What kind of fetch a chain of exchanges is, and why it needed a preflight (R1 to R21)."""

from typing import Final

from netviz.cors.evidence.chain import Chain
from netviz.cors.evidence.seen import Seen
from netviz.cors.request.mode import ModeWord
from netviz.cors.request.safelist import SAFE_METHODS, is_listed, unsafe_because
from netviz.cors.terms import Kind
from netviz.cors.verdict import NotSimple

_KINDS: Final[dict[ModeWord, Kind]] = {
    "no-cors": "no-cors",
    "same-origin": "same-origin",
    "navigate": "navigation",
    "websocket": "websocket",
    "open": "unknown",
    "quiet": "unknown",
    "none": "unknown",
}
_STRONGEST: Final[tuple[ModeWord, ...]] = (
    "websocket", "cors", "no-cors", "navigate", "open", "same-origin", "quiet", "none",
)  # fmt: skip
_UNSEEN: Final = {
    "accept": "R13", "accept-language": "R14", "content-language": "R14", "content-type": "R15", "range": "R16",
}  # fmt: skip
"""Rule by which a listed header was asked for, where its value was never sent: the likeliest."""

_METHOD_HEADER: Final = "Access-Control-Request-Method"


def word_of(chain: Chain) -> ModeWord:
    """The mode of a whole fetch: one exchange of it that shows the mode shows it for all."""
    if chain.told is not None:
        return chain.told
    if len(chain.hops) == 1:
        return chain.hops[0].mode.word
    words = {seen.mode.word for seen in chain.hops}
    return next(word for word in _STRONGEST if word in words)


def kind_of(word: ModeWord, why: list[NotSimple]) -> Kind:
    """CONTRACT's word for the kind of fetch."""
    if word == "cors":
        return "preflighted" if why else "simple"
    return _KINDS[word]


def why_not_simple(chain: Chain) -> list[NotSimple]:
    """Every reason why the browser asks first; empty for a fetch that needs no preflight.

    What the preflight asks is certain; without one, what the request itself carries.
    """
    found: dict[tuple[str, str | None], NotSimple] = {}
    for index, seen in enumerate(chain.hops):
        reasons = _asked(seen, chain.hops[index + 1 :]) if seen.is_preflight else _carried(chain, index)
        for reason in reasons:
            found.setdefault((reason.rule, reason.header), reason)
    return list(found.values())


def _asked(preflight: Seen, later: list[Seen]) -> list[NotSimple]:
    asked = preflight.asked
    if asked is None:
        return []
    request = next((seen for seen in later if not seen.is_preflight), None)
    reasons = []
    if asked.method not in SAFE_METHODS:
        reasons.append(NotSimple("R9", _METHOD_HEADER, asked.method, "cors.why.R9"))
    for name in asked.names:
        value = request.fields.value(name) if request is not None else None
        rule = _rule(name, value)
        text = "cors.why.asked" if value is None and is_listed(name) else f"cors.why.{_key(rule, name)}"
        reasons.append(NotSimple(rule, _shown(request, name), value, text))
    return reasons or [NotSimple("R19", None, None, "cors.why.R19")]


def _rule(name: str, value: str | None) -> str:
    if value is not None:
        # Safe by its own value, yet asked for: the values together are above the limit.
        return unsafe_because(name, value) or "R17"
    return _UNSEEN.get(name, "R12")


def _key(rule: str, name: str) -> str:
    # A listed name has its own sentence where the length of its value is what counts.
    return "R12-length" if rule == "R12" and is_listed(name) else rule


def _shown(request: Seen | None, name: str) -> str:
    header = request.fields.header(name) if request is not None else None
    return header.name if header is not None else name


def _carried(chain: Chain, index: int) -> list[NotSimple]:
    """Reasons in a cross-origin request that no preflight of this fetch asked for: it was asked earlier."""
    seen = chain.hops[index]
    if seen.mode.word != "cors" or chain.preflight_before(index) is not None:
        return []
    reasons = []
    if seen.method not in SAFE_METHODS:
        reasons.append(NotSimple("R9", None, seen.method, "cors.why.R9"))
    for name, rule in seen.unsafe_names().items():
        value = seen.fields.value(name)
        reasons.append(NotSimple(rule, _shown(seen, name), value, f"cors.why.{_key(rule, name)}"))
    return reasons
