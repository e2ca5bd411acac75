"""The words in which decisions are written. Types only: what CONTRACT's `kind`, `verdict` and `browser` may be."""

from typing import Literal

Kind = Literal["same-origin", "simple", "preflighted", "no-cors", "navigation", "websocket", "unknown"]
Outcome = Literal["pass", "fail", "unknown"]
Word = Literal["allowed", "blocked", "opaque", "not-applicable", "indeterminate", "none"]
"""`none`: the connection was closed before there was an answer, so there was nothing to decide."""
Checked = Literal["pass", "fail", "not-checked"]
Browser = Literal["chromium", "firefox", "webkit", "standard"]
