"""What differs between browsers: preflight cache caps, Authorization under `*` (R33, R36, R75). Data and one lookup."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from netviz.cors.terms import Browser

Engine = Literal["chromium", "firefox", "webkit", "other"]


@dataclass(frozen=True, slots=True)
class Profile:
    """How one browser reads what the standard leaves open, or what it does otherwise."""

    name: Browser
    max_age_cap: int | None
    """Longest time in seconds that a preflight's answer is kept; None: no cap."""

    negative_max_age: int
    """Seconds for which an answer with a negative Max-Age is kept."""

    wildcard_covers_authorization: bool
    """`Access-Control-Allow-Headers: *` lets Authorization pass; the standard says it must be named."""

    forgets_on_error: bool
    """A preflighted request that ends in an error empties the preflight cache for its URL (R39). The standard says so;
    Chromium 156 was seen to keep the entry."""

    splits_connections: bool
    """Requests with and without credentials never share a connection, so one tells of the other (R71)."""


DEFAULT_MAX_AGE: Final = 5
"""Seconds for which an answer without a readable Access-Control-Max-Age is kept (Fetch 4.9)."""

_CHROMIUM_VERSION: Final = re.compile(r"Chrom(?:e|ium)/([0-9]{1,4})")
_STORAGE_ACCESS_SINCE: Final = 133

PROFILES: Final[dict[Browser, Profile]] = {
    "chromium": Profile("chromium", 7200, 0, True, False, True),
    "firefox": Profile("firefox", 86400, DEFAULT_MAX_AGE, True, True, True),
    "webkit": Profile("webkit", 600, DEFAULT_MAX_AGE, True, False, False),
    "standard": Profile("standard", None, DEFAULT_MAX_AGE, False, True, True),
}


FIREFOX_REASONS: Final = {
    "MissingAllowOriginHeader": "CORSMissingAllowOrigin",
    "MultipleAllowOriginValues": "CORSMultipleAllowOriginNotAllowed",
    "InvalidAllowOriginValue": "CORSAllowOriginNotMatchingOrigin",
    "AllowOriginMismatch": "CORSAllowOriginNotMatchingOrigin",
    "WildcardOriginNotAllowed": "CORSNotSupportingCredentials",
    "InvalidAllowCredentials": "CORSMissingAllowCredentials",
    "InvalidStatus": "CORSPreflightDidNotSucceed",
    "DisallowedRedirect": "CORSExternalRedirectNotAllowed",
    "InvalidAllowMethodsPreflightResponse": "CORSInvalidAllowMethod",
    "InvalidAllowHeadersPreflightResponse": "CORSInvalidAllowHeader",
    "MethodDisallowedByPreflightResponse": "CORSMethodNotFound",
    "HeaderDisallowedByPreflightResponse": "CORSMissingAllowHeaderFromPreflight",
    "CorsDisabledScheme": "CORSRequestNotHttp",
    "InvalidResponse": "CORSDidNotSucceed",
}
"""Chromium's code, without `Preflight` before it -> the reason that Firefox writes to its console (MDN, CORS errors)."""


def firefox_reason(code: str | None) -> str | None:
    """Firefox's name for what Chromium's code says; None where it has none."""
    return FIREFOX_REASONS.get(code.removeprefix("Preflight")) if code is not None else None


@lru_cache(maxsize=256)
def names_storage_access(user_agent: str | None) -> bool:
    """Whether this browser marks every cross-site request with credentials by Sec-Fetch-Storage-Access."""
    match = _CHROMIUM_VERSION.search(user_agent or "")
    return match is not None and int(match.group(1)) >= _STORAGE_ACCESS_SINCE


@lru_cache(maxsize=256)
def engine_of(user_agent: str | None) -> Engine | None:
    """Engine that a User-Agent names; `other` for a browser of another engine, None for what is no browser (R7)."""
    if not user_agent or not user_agent.startswith("Mozilla/"):
        return None
    if "Chrome/" in user_agent or "Chromium/" in user_agent or "HeadlessChrome" in user_agent:
        return "chromium"
    if "Firefox/" in user_agent:
        return "firefox"
    return "webkit" if "AppleWebKit/" in user_agent else "other"
