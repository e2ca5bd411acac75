"""The lab's sites do what their scenarios say: sessions by cookie, tokens that are signed and expire."""

import base64
import hashlib
import hmac
import json
from email.message import Message

import pytest

from netviz.lab.scenarios.web import holder, login_with_cookies, login_with_token, token
from netviz.lab.web import Answer, Asked


def asked(method: str, target: str, body: bytes = b"", **headers: str) -> Asked:
    message = Message()
    for name, value in headers.items():
        message[name] = value
    return Asked(method, target, message, body)


def part(encoded: str) -> dict[str, object]:
    decoded: dict[str, object] = json.loads(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))
    return decoded


def test_a_token_is_a_json_web_token_signed_with_hs256() -> None:
    header, payload, signature = token("mina", 60).split(".")
    assert part(header) == {"alg": "HS256", "typ": "JWT"}
    claims = part(payload)
    assert (claims["sub"], claims["exp"] - claims["iat"]) == ("mina", 60)  # type: ignore[operator]
    key = b"a key for the lab, and for nothing else"
    wanted = hmac.new(key, f"{header}.{payload}".encode(), hashlib.sha256).digest()
    assert base64.urlsafe_b64encode(wanted).rstrip(b"=").decode() == signature


def test_a_token_names_its_holder_until_it_expires_or_is_changed() -> None:
    good = token("mina", 60)
    assert holder(good) == "mina"
    assert holder(token("mina", -1)) is None
    changed = "A" if good[-1] != "A" else "B"
    assert holder(good[:-2] + changed * 2) is None


@pytest.mark.parametrize(
    ("authorization", "status", "challenge"),
    [
        (None, 401, 'Bearer realm="shop"'),
        ("Basic bWluYTpncmVlbg==", 401, 'Bearer realm="shop"'),
        (f"Bearer {token('mina', -5)}", 401, "invalid_token"),
        (f"Bearer {token('mina', 500)}", 200, None),
    ],
)
def test_the_api_takes_a_good_token_only(authorization: str | None, status: int, challenge: str | None) -> None:
    headers = {"Authorization": authorization} if authorization else {}
    answer = login_with_token(asked("GET", "/me", **headers))
    said = dict(answer.headers).get("WWW-Authenticate")
    assert answer.status == status
    assert (said is None) == (challenge is None)
    assert (challenge or "") in (said or "")


def set_cookies(answer: Answer) -> list[str]:
    return [value.split(";")[0] for name, value in answer.headers if name == "Set-Cookie"]


def test_the_account_needs_the_session_cookie_that_login_gives() -> None:
    assert login_with_cookies(asked("GET", "/account")).status == 302
    refused = login_with_cookies(asked("POST", "/login", b"user=mina&password=wrong"))
    assert (refused.status, set_cookies(refused)) == (401, [])
    login = login_with_cookies(asked("POST", "/login", b"user=mina&password=green-tea"))
    session, _ = set_cookies(login)
    assert login.status == 302
    assert login_with_cookies(asked("GET", "/account", Cookie=session)).status == 200
    assert set_cookies(login_with_cookies(asked("POST", "/logout"))) == ["session="]
