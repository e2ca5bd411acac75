"""The response lines that would let a refused exchange pass: exactly these, on exactly this response. Only text."""

from typing import Final

from netviz.cors.answer.answer import listed
from netviz.cors.answer.preflight import AUTHORIZATION, refused_headers
from netviz.cors.answer.rules import ALLOW_CREDENTIALS, ALLOW_HEADERS, ALLOW_METHODS, ALLOW_ORIGIN, Assessment
from netviz.cors.request.safelist import SAFE_METHODS, is_token

_ORIGIN_CODES: Final = frozenset(
    {
        "MissingAllowOriginHeader",
        "MultipleAllowOriginValues",
        "InvalidAllowOriginValue",
        "AllowOriginMismatch",
        "WildcardOriginNotAllowed",
    }
)
_STATUS_CODES: Final = ("PreflightInvalidStatus", "PreflightDisallowedRedirect")


def mending_lines(assessment: Assessment, include: bool) -> list[str]:
    """Lines that the response lacks in a reading of the credentials mode, in the order of a response head."""
    codes = {code.removeprefix("Preflight") for code in assessment.codes(include)}
    lines = []
    if any(code in assessment.codes(include) for code in _STATUS_CODES):
        lines.append("HTTP/1.1 204 No Content")
    if codes & _ORIGIN_CODES:
        lines += [f"{ALLOW_ORIGIN}: {assessment.answer.origin}", "Vary: Origin"]
    if "InvalidAllowCredentials" in codes:
        lines.append(f"{ALLOW_CREDENTIALS}: true")
    return lines + _preflight_lines(assessment, codes, include)


def _preflight_lines(assessment: Assessment, codes: set[str], include: bool) -> list[str]:
    answer = assessment.answer
    lines = []
    if codes & {"MethodDisallowedByPreflightResponse", "InvalidAllowMethodsPreflightResponse"}:
        kept = [name for name in listed(answer.allow_methods) if is_token(name) and name != "*"]
        needed = [] if answer.method in SAFE_METHODS or answer.method in kept else [answer.method]
        lines.append(f"{ALLOW_METHODS}: {', '.join(kept + needed)}")
    if codes & {"HeaderDisallowedByPreflightResponse", "InvalidAllowHeadersPreflightResponse"}:
        kept = [name for name in listed(answer.allow_headers) if is_token(name) and not (include and name == "*")]
        known = {name.lower() for name in kept}
        refused = refused_headers(answer, include) or tuple(name for name in answer.headers if name == AUTHORIZATION)
        if "InvalidAllowHeadersPreflightResponse" in codes:
            refused = answer.headers
        lines.append(f"{ALLOW_HEADERS}: {', '.join(kept + [name for name in refused if name not in known])}")
    return lines
