"""The same permission as the configuration of five servers: nginx, Express, Flask, FastAPI, Spring.

Each answers the preflight itself, before any login check, sends the headers on errors too, compares Origin with a list
and says `Vary: Origin`. Values are those of `cors/advice/wanted.py`, which takes only plain names from packets.
"""

from collections.abc import Callable
from typing import Final, Literal

from netviz.cors.advice.wanted import Wanted
from netviz.explain.words import Language, say

Server = Literal["nginx", "express", "flask", "fastapi", "spring"]
SERVERS: Final[tuple[Server, ...]] = ("nginx", "express", "flask", "fastapi", "spring")
_MAX_AGE: Final = 600
"""Seconds: as long as every browser keeps it (R36)."""

_COMMENTS: Final[dict[Server, str]] = {"nginx": "#", "express": "//", "flask": "#", "fastapi": "#", "spring": "//"}


def snippet(wanted: Wanted, server: Server, language: Language) -> str:
    """The configuration with its warnings as comments; only the warnings where no origin may be allowed."""
    lines = [f"{_COMMENTS[server]} {line}" for line in warnings(wanted, language)]
    if wanted.origins:
        place = say(f"mend.place.{server}", language)
        lines += [f"{_COMMENTS[server]} {place}", *_WRITERS[server](wanted)]
    return "\n".join(lines) + "\n"


def warnings(wanted: Wanted, language: Language) -> list[str]:
    """What the mend would open, a sentence each."""
    origins = ", ".join(wanted.origins) or "null"
    lines = [say("mend.for", language, target=wanted.target or "?", origins=origins)]
    lines += [say(f"mend.danger.{key}", language, origins=origins) for key in wanted.dangers]
    if wanted.doubled:
        lines.append(say("mend.doubled", language))
    if wanted.left_out:
        lines.append(say("mend.left-out", language, count=wanted.left_out))
    return lines


def _quoted(names: tuple[str, ...]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _nginx(wanted: Wanted) -> list[str]:
    always = ["add_header Access-Control-Allow-Origin $cors_origin always;", "add_header Vary Origin always;"]
    if wanted.credentials:
        always.append("add_header Access-Control-Allow-Credentials $cors_credentials always;")
    asked = [f'add_header Access-Control-Allow-Methods "{", ".join(wanted.methods)}" always;']
    if wanted.headers:
        asked.append(f'add_header Access-Control-Allow-Headers "{", ".join(wanted.headers)}" always;')
    asked.append(f"add_header Access-Control-Max-Age {_MAX_AGE} always;")
    lines = [
        "map $http_origin $cors_origin {",
        '    default "";',
        *(f'    "{each}" $http_origin;' for each in wanted.origins),
        "}",
    ]
    if wanted.credentials:
        lines += ["map $cors_origin $cors_credentials {", "    default true;", '    "" "";', "}"]
    lines += ["server {", "    location / {", "        if ($request_method = OPTIONS) {"]
    lines += [f"            {line}" for line in (*always, *asked, "return 204;")]
    lines += ["        }", *(f"        {line}" for line in always)]
    if wanted.doubled:
        lines.append("        proxy_hide_header Access-Control-Allow-Origin;")
    return [*lines, "        # proxy_pass ...", "    }", "}"]


def _express(wanted: Wanted) -> list[str]:
    lines = ['const cors = require("cors");', "app.use(cors({", f"  origin: [{_quoted(wanted.origins)}],"]
    lines.append(f"  methods: [{_quoted(wanted.methods)}],")
    if wanted.headers:
        lines.append(f"  allowedHeaders: [{_quoted(wanted.headers)}],")
    if wanted.credentials:
        lines.append("  credentials: true,")
    return [*lines, f"  maxAge: {_MAX_AGE},", "}));"]


def _flask(wanted: Wanted) -> list[str]:
    lines = [
        "from flask import request",
        "",
        f"ALLOWED_ORIGINS = {{{_quoted(wanted.origins)}}}",
        "",
        "@app.before_request",
        "def answer_preflight():",
        '    if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:',
        '        return "", 204',
        "",
        "@app.after_request",
        "def allow_origin(response):",
        '    response.vary.add("Origin")',
        '    origin = request.headers.get("Origin")',
        "    if origin in ALLOWED_ORIGINS:",
        '        response.headers["Access-Control-Allow-Origin"] = origin',
    ]
    if wanted.credentials:
        lines.append('        response.headers["Access-Control-Allow-Credentials"] = "true"')
    lines.append('        if request.method == "OPTIONS":')
    lines.append(f'            response.headers["Access-Control-Allow-Methods"] = "{", ".join(wanted.methods)}"')
    if wanted.headers:
        lines.append(f'            response.headers["Access-Control-Allow-Headers"] = "{", ".join(wanted.headers)}"')
    return [*lines, f'            response.headers["Access-Control-Max-Age"] = "{_MAX_AGE}"', "    return response"]


def _fastapi(wanted: Wanted) -> list[str]:
    lines = [
        "from starlette.middleware.cors import CORSMiddleware",
        "",
        "application = CORSMiddleware(",
        "    app,",
        f"    allow_origins=[{_quoted(wanted.origins)}],",
        f"    allow_methods=[{_quoted(wanted.methods)}],",
    ]
    if wanted.headers:
        lines.append(f"    allow_headers=[{_quoted(wanted.headers)}],")
    if wanted.credentials:
        lines.append("    allow_credentials=True,")
    return [*lines, f"    max_age={_MAX_AGE},", ")"]


def _spring(wanted: Wanted) -> list[str]:
    lines = [
        "@Bean",
        "FilterRegistrationBean<CorsFilter> corsFilter() {",
        "    CorsConfiguration cors = new CorsConfiguration();",
        f"    cors.setAllowedOrigins(List.of({_quoted(wanted.origins)}));",
        f"    cors.setAllowedMethods(List.of({_quoted(wanted.methods)}));",
    ]
    if wanted.headers:
        lines.append(f"    cors.setAllowedHeaders(List.of({_quoted(wanted.headers)}));")
    if wanted.credentials:
        lines.append("    cors.setAllowCredentials(true);")
    return [
        *lines,
        f"    cors.setMaxAge({_MAX_AGE}L);",
        "    UrlBasedCorsConfigurationSource source = new UrlBasedCorsConfigurationSource();",
        '    source.registerCorsConfiguration("/**", cors);',
        "    FilterRegistrationBean<CorsFilter> bean = new FilterRegistrationBean<>(new CorsFilter(source));",
        "    bean.setOrder(Ordered.HIGHEST_PRECEDENCE);",
        "    return bean;",
        "}",
    ]


_WRITERS: Final[dict[Server, Callable[[Wanted], list[str]]]] = {
    "nginx": _nginx, "express": _express, "flask": _flask, "fastapi": _fastapi, "spring": _spring,
}  # fmt: skip
