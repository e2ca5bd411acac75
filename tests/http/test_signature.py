"""Signatures of tokens against keys of every kind: those that fit, those that do not, and those that can not be checked."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from hypothesis import given
from hypothesis import strategies as st

from netviz.http import signature
from netviz.http.signature import check, keys_of
from netviz.http.tokens import Token

SECRET = b"a secret that is at least as long as the hash is, which is 64 bytes"
RSA = rsa.generate_private_key(65537, 2048)
EC = {name: ec.generate_private_key(curve) for name, curve in (("ES256", ec.SECP256R1()), ("ES512", ec.SECP521R1()))}
ED = ed25519.Ed25519PrivateKey.generate()


def encoded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()


def token(header: dict[str, Any], sign: Callable[[bytes], bytes]) -> Token:
    signed = ".".join(encoded(json.dumps(part).encode()) for part in (header, {"sub": "mina"}))
    made = sign(signed.encode())
    return Token("body", f"{signed}.{encoded(made)}", header, {"sub": "mina"}, len(made), None, None)


def hmac_token(algorithm: str, key: bytes = SECRET, **more: str) -> Token:
    digest = {"HS256": hashlib.sha256, "HS384": hashlib.sha384, "HS512": hashlib.sha512}[algorithm]
    return token({"alg": algorithm, **more}, lambda data: hmac.digest(key, data, digest))


def ec_token(algorithm: str) -> Token:
    key, digest = EC[algorithm], hashes.SHA256() if algorithm == "ES256" else hashes.SHA512()
    size = (key.curve.key_size + 7) // 8

    def sign(data: bytes) -> bytes:
        return b"".join(part.to_bytes(size, "big") for part in decode_dss_signature(key.sign(data, ec.ECDSA(digest))))

    return token({"alg": algorithm}, sign)


PSS = padding.PSS(padding.MGF1(hashes.SHA384()), 48)
PUBLIC = {
    "RS256": (token({"alg": "RS256"}, lambda data: RSA.sign(data, padding.PKCS1v15(), hashes.SHA256())), RSA),
    "PS384": (token({"alg": "PS384"}, lambda data: RSA.sign(data, PSS, hashes.SHA384())), RSA),
    "ES256": (ec_token("ES256"), EC["ES256"]),
    "ES512": (ec_token("ES512"), EC["ES512"]),
    "EdDSA": (token({"alg": "EdDSA"}, ED.sign), ED),
}


def pem(private: Any) -> bytes:
    found: bytes = private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return found


def jwk(private: Any, **more: str) -> dict[str, Any]:
    if isinstance(private, rsa.RSAPrivateKey):
        n = private.public_key().public_numbers()
        return {"kty": "RSA", "n": encoded(n.n.to_bytes(256, "big")), "e": encoded(n.e.to_bytes(3, "big")), **more}
    if isinstance(private, ed25519.Ed25519PrivateKey):
        return {"kty": "OKP", "crv": "Ed25519", "x": encoded(private.public_key().public_bytes_raw()), **more}
    p, size = private.public_key().public_numbers(), (private.curve.key_size + 7) // 8
    name = {256: "P-256", 521: "P-521"}[private.curve.key_size]
    return {
        "kty": "EC",
        "crv": name,
        "x": encoded(p.x.to_bytes(size, "big")),
        "y": encoded(p.y.to_bytes(size, "big")),
        **more,
    }


@pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512"])
def test_shared_secrets(algorithm: str) -> None:
    made = hmac_token(algorithm)
    assert check(made, keys_of(SECRET)) == ("fits", "hmac")
    assert check(made, keys_of(SECRET + b"\n")) == ("fits", "hmac"), "an editor ends the last line"
    assert check(made, keys_of(SECRET + b"x")) == ("does-not-fit", "hmac")
    oct_key = json.dumps({"kty": "oct", "k": encoded(SECRET)}).encode()
    assert check(made, keys_of(oct_key)) == ("fits", "hmac")
    assert check(hmac_token(algorithm, b"short"), keys_of(b"short")) == ("fits", "short-key")


@pytest.mark.parametrize("algorithm", PUBLIC)
def test_public_keys_as_pem_and_as_jwk(algorithm: str) -> None:
    made, private = PUBLIC[algorithm]
    for given_key in (pem(private), json.dumps(jwk(private)).encode(), json.dumps({"keys": [jwk(private)]}).encode()):
        assert check(made, keys_of(given_key)) == ("fits", "public")
    broken = Token(
        made.where, made.text[:-8] + "AAAAAAA" + made.text[-1], made.header, {}, made.signature_bytes, None, None
    )
    assert check(broken, keys_of(pem(private))) == ("does-not-fit", "public")


@pytest.mark.parametrize(
    ("made", "key", "why"),
    [
        (token({"alg": "none"}, lambda data: b"x"), SECRET, "alg-none"),
        (token({"alg": "HS256"}, lambda data: b""), SECRET, "no-signature"),
        (hmac_token("HS256"), pem(RSA), "public-for-hmac"),
        (PUBLIC["RS256"][0], SECRET, "secret-for-public"),
        (PUBLIC["RS256"][0], pem(ED), "other-kind"),
        (PUBLIC["ES256"][0], pem(EC["ES512"]), "other-kind"),
        (token({"alg": "XX1"}, lambda data: b"x"), SECRET, "alg-unknown"),
        (PUBLIC["RS256"][0], b"-----BEGIN PUBLIC KEY-----\nnonsense\n", "bad-key"),
        (PUBLIC["ES256"][0], b'{"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}', "bad-key"),
        (PUBLIC["ES256"][0], b'{"keys": []}', "bad-key"),
    ],
)
def test_what_can_not_be_checked_says_why(made: Token, key: bytes, why: str) -> None:
    assert check(made, keys_of(key)) == ("not-checked", why)


def test_without_a_key_nothing_is_checked() -> None:
    assert check(hmac_token("HS256"), []) == ("not-checked", "no-key")


def test_of_several_keys_the_one_that_the_token_names_decides() -> None:
    right, wrong = encoded(SECRET), encoded(b"other" * 20)
    keys = {"keys": [{"kty": "oct", "k": wrong, "kid": "a"}, {"kty": "oct", "k": right, "kid": "b"}]}
    known = keys_of(json.dumps(keys).encode())
    assert check(hmac_token("HS256", kid="b"), known).outcome == "fits"
    assert check(hmac_token("HS256", kid="a"), known).outcome == "does-not-fit"
    assert check(hmac_token("HS256", kid="unknown"), known).outcome == "fits"


def test_without_the_package_public_keys_are_not_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object) -> None:
        raise ImportError

    monkeypatch.setattr(signature, "_jwk_public", missing)
    known = keys_of(json.dumps(jwk(RSA)).encode())
    assert check(PUBLIC["RS256"][0], known) == ("not-checked", "no-package")


@given(st.binary(max_size=80))
def test_any_bytes_may_be_given_as_a_key(data: bytes) -> None:
    assert check(hmac_token("HS256"), keys_of(data)).outcome != "fits"
    assert keys_of(b"-----BEGIN " + data) and keys_of(b'{"kty": "RSA", "n": ' + data)
