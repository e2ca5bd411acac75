"""Findings as sentences (`cors-findings.toml`). Values of cookies and of Authorization are in none of them."""

from typing import Final

from netviz.cors.advice.finding import Finding
from netviz.explain.words import Language, say
from netviz.http.secrets import shown

_DETAILS: Final = (
    "origin", "target", "status", "others", "count", "caps", "names", "allowed", "page", "method", "policy", "ours", "theirs",
    "callback", "parameter",
)  # fmt: skip


def finding_line(finding: Finding, language: Language) -> str:
    """One finding as a sentence."""
    details: dict[str, object] = dict.fromkeys(_DETAILS, "")
    details |= finding.details
    header, value = finding.header or "", finding.value if finding.value is not None else ""
    details |= {"header": header, "value": shown(header, value, False), "packet": finding.at.packet}
    return say(f"cors.finding.{finding.id}", language, **details)


def severity_word(finding: Finding, language: Language) -> str:
    """How bad it is."""
    return say(f"finding.severity.{finding.severity}", language)
