"""Lessons about HTTP and the browser: a page's exchanges, cookies and logins, tokens, and CORS."""

from typing import Final

from netviz.lessons.lesson import Lesson, Step

COOKIES: Final = Lesson(
    "cookies",
    "cookies-login.pcap",
    (
        Step("stranger", 4, "http.response.code == 302"),
        Step("find-set", 4, 'http.set_cookie && http.header.location == "/account"', asks=True),
        Step("sent", 4, "http.cookie"),
        Step("memory", 4, "http.cookie"),
        Step("find-deleted", 4, 'http.set_cookie contains "Max-Age=0"', asks=True),
    ),
)

TOKENS: Final = Lesson(
    "tokens",
    "jwt-login.pcap",
    (
        Step("issued", 4, "http.response.code == 200"),
        Step("bearer", 4, "http.authorization"),
        Step("readable", 1, "http.authorization", field="http.header", label="Authorization"),
        Step("find-expired", 4, 'http.header.www-authenticate contains "expired"', asks=True),
    ),
)

CORS_BLOCKED: Final = Lesson(
    "cors-blocked",
    "cors-simple-blocked.pcap",
    (
        Step("page", 4, "http.request"),
        Step("origin", 5, "http.origin"),
        Step("find-answer", 5, 'http.response && cors.verdict == "blocked"', asks=True),
        Step("browser", 5, 'http.response && cors.verdict == "blocked"'),
    ),
)

CORS_PREFLIGHT: Final = Lesson(
    "cors-preflight",
    "demo.pcapng",
    (
        Step("asks", 5, 'http.request.method == "OPTIONS"'),
        Step("allowed", 5, "http.response.code == 204 && cors.preflight == 1"),
        Step("find-put", 5, 'http.request.method == "PUT"', asks=True),
        Step("second", 5, 'http.request.method == "OPTIONS"', nth=2),
        Step("find-refusal", 5, 'cors.verdict == "blocked" && http.response.code == 204', asks=True),
    ),
)
