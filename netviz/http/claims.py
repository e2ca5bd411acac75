"""What a JSON Web Token's header and claims say at a packet's time (RFC 7519 section 4, RFC 8725). Signatures are
checked by `signature.py`."""

from typing import Final, NamedTuple

from netviz.http.tokens import Token

_ASYMMETRIC: Final = ("RS", "ES", "PS", "Ed")
_LONG: Final = 24 * 3600
_SHARED: Final = ("HS256", "HS384", "HS512")


class ClaimFinding(NamedTuple):
    """Something to know of a token; `key` is `http.token.*`."""

    key: str
    good: bool
    seconds: int | None = None
    """Seconds that it is about: left, over, or to come."""


def findings(token: Token, time: int) -> list[ClaimFinding]:
    """What header and claims say; `time` of the packet in nanoseconds since the epoch."""
    now = time / 1e9
    moments = {claim.name: claim.moment for claim in token.claims}
    return [*_algorithm(token), *_moments(moments, now), *_claims(token)]


def _algorithm(token: Token) -> list[ClaimFinding]:
    alg = str(token.header.get("alg", ""))
    if alg.lower() == "none":
        return [ClaimFinding("alg-none", False)]
    if not token.signature_bytes:
        return [ClaimFinding("no-signature", False)]
    if alg in _SHARED:
        return [ClaimFinding("alg-shared", True)]
    return [ClaimFinding("alg-public", True)] if alg.startswith(_ASYMMETRIC) else [ClaimFinding("alg-unknown", False)]


def _moments(moments: dict[str, float | None], now: float) -> list[ClaimFinding]:
    expires, begins, issued = moments["exp"], moments["nbf"], moments["iat"]
    found = []
    if expires is None:
        found.append(ClaimFinding("no-exp", False))
    elif now >= expires:
        found.append(ClaimFinding("expired", False, _whole(now - expires)))
    else:
        found.append(ClaimFinding("valid", True, _whole(expires - now)))
    if begins is not None and now < begins:
        found.append(ClaimFinding("not-yet", False, _whole(begins - now)))
    if issued is not None and issued > now + 1:
        found.append(ClaimFinding("iat-future", False, _whole(issued - now)))
    if expires is not None and issued is not None and expires - issued > _LONG:
        found.append(ClaimFinding("long-lived", False, _whole(expires - issued)))
    return found


def _claims(token: Token) -> list[ClaimFinding]:
    return [ClaimFinding(f"no-{name}", False) for name in ("aud", "iss") if name not in token.payload]


def _whole(seconds: float) -> int:
    return int(min(seconds, 1e15))
