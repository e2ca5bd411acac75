"""Whether a JSON Web Token was signed with a given key (RFC 7515, RFC 7518 section 3, RFC 8037).

HMAC needs nothing but the standard library. RSA, ECDSA and EdDSA are checked with the package `cryptography` where it is
installed; where it is not, that is said. No key is kept, printed or looked for.
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Sequence
from typing import Any, Final, Literal, NamedTuple

from netviz.http.tokens import Token

Outcome = Literal["fits", "does-not-fit", "not-checked"]

_HASHES: Final = {"HS256": hashlib.sha256, "HS384": hashlib.sha384, "HS512": hashlib.sha512}
_CURVES: Final = {"ES256": "secp256r1", "ES384": "secp384r1", "ES512": "secp521r1"}
_JWK_CURVES: Final = {"P-256": "SECP256R1", "P-384": "SECP384R1", "P-521": "SECP521R1"}
_EDWARDS: Final = ("EdDSA", "Ed25519", "Ed448")
_MOST_KEYS: Final = 100


class Key(NamedTuple):
    """One key as it was given."""

    secrets: tuple[bytes, ...] = ()
    """A shared secret, in the ways in which the file may have been meant: with and without its last line end."""

    public: Any = None
    """A public key of `cryptography`; None where it is a shared secret, or could not be read."""

    id: str | None = None
    problem: str = ""
    """Why it can not be used: `no-package`, `bad-key`."""


class Check(NamedTuple):
    """What became of a token's signature."""

    outcome: Outcome
    why: str
    """Key (`token.check.*`) of how, or of why not."""


def keys_of(data: bytes) -> list[Key]:
    """The keys of a file: PEM (a public key or a certificate), a JWK or a set of them (RFC 7517), else a shared secret."""
    if data.lstrip().startswith(b"-----BEGIN "):
        return [_pem(data)]
    if data.lstrip().startswith(b"{"):
        try:
            value = json.loads(data)
        except (ValueError, RecursionError):
            value = None
        if isinstance(value, dict) and isinstance(value.get("keys"), list):
            return [_jwk(each) for each in value["keys"][:_MOST_KEYS] if isinstance(each, dict)] or [
                Key(problem="bad-key")
            ]
        if isinstance(value, dict) and "kty" in value:
            return [_jwk(value)]
    return [Key(tuple(dict.fromkeys((data.rstrip(b"\r\n"), data))))]


def check(token: Token, keys: Sequence[Key]) -> Check:
    """Whether the signature was made with one of the keys; one of the token's own `kid` is taken before others."""
    algorithm = str(token.header.get("alg", ""))
    if algorithm.lower() == "none":
        return Check("not-checked", "alg-none")
    if not token.signature_bytes:
        return Check("not-checked", "no-signature")
    if not keys:
        return Check("not-checked", "no-key")
    named = [each for each in keys if each.id is not None and each.id == token.header.get("kid")]
    found = [_one(token, algorithm, each) for each in (named or keys)]
    # What was found out is worth more than what was not checked.
    rank: dict[Outcome, int] = {"fits": 0, "does-not-fit": 1, "not-checked": 2}
    return min(found, key=lambda each: rank[each.outcome])


def _one(token: Token, algorithm: str, key: Key) -> Check:
    if key.problem:
        return Check("not-checked", key.problem)
    signed = token.text.rpartition(".")[0].encode()
    digest = _HASHES.get(algorithm)
    if digest is not None:
        if not key.secrets:
            return Check("not-checked", "public-for-hmac")
        fits = any(hmac.compare_digest(hmac.digest(secret, signed, digest), token.signature) for secret in key.secrets)
        short = len(key.secrets[0]) < digest().digest_size
        return Check("fits", "short-key" if short else "hmac") if fits else Check("does-not-fit", "hmac")
    if key.public is None:
        return Check("not-checked", "secret-for-public" if algorithm[:2] in ("RS", "PS", "ES", "Ed") else "alg-unknown")
    return _public(algorithm, key.public, token.signature, signed)


def _public(algorithm: str, key: Any, signature: bytes, signed: bytes) -> Check:
    """A signature with a public key."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding, rsa

    size = algorithm[2:]
    digest = {"256": hashes.SHA256, "384": hashes.SHA384, "512": hashes.SHA512}.get(size)
    try:
        if algorithm in _EDWARDS and isinstance(key, ed25519.Ed25519PublicKey | ed448.Ed448PublicKey):
            key.verify(signature, signed)
        elif digest is not None and algorithm.startswith("RS") and isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, signed, padding.PKCS1v15(), digest())
        elif digest is not None and algorithm.startswith("PS") and isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, signed, padding.PSS(padding.MGF1(digest()), digest.digest_size), digest())
        elif digest is not None and algorithm in _CURVES and isinstance(key, ec.EllipticCurvePublicKey):
            if key.curve.name != _CURVES[algorithm]:
                return Check("not-checked", "other-kind")
            key.verify(_der(signature), signed, ec.ECDSA(digest()))
        else:
            return Check("not-checked", "other-kind")
    except InvalidSignature:
        return Check("does-not-fit", "public")
    return Check("fits", "public")


def _der(signature: bytes) -> bytes:
    """RFC 7518 3.4: R and S one after the other; the package wants them as DER."""
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

    half = len(signature) // 2
    r, s = int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big")
    return bytes(encode_dss_signature(r, s))


def _pem(data: bytes) -> Key:
    try:
        from cryptography.hazmat.primitives import serialization
        from cryptography.x509 import load_pem_x509_certificate
    except ImportError:
        return Key(problem="no-package")
    try:
        if b"BEGIN CERTIFICATE" in data:
            return Key(public=load_pem_x509_certificate(data).public_key())
        if b"PRIVATE KEY" in data:
            return Key(public=serialization.load_pem_private_key(data, None).public_key())
        return Key(public=serialization.load_pem_public_key(data))
    except Exception:  # the package has many ways to refuse a key; whichever it is, this one is of no use
        return Key(problem="bad-key")


def _jwk(value: dict[str, Any]) -> Key:
    """One JSON Web Key (RFC 7518 section 6, RFC 8037 section 2)."""
    name = value["kid"] if isinstance(value.get("kid"), str) else None
    try:
        if value.get("kty") == "oct":
            return Key((_octets(value["k"]),), id=name)
        return Key(public=_jwk_public(value), id=name)
    except ImportError:
        return Key(id=name, problem="no-package")
    except Exception:  # as above
        return Key(id=name, problem="bad-key")


def _jwk_public(value: dict[str, Any]) -> Any:
    from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa

    def number(name: str) -> int:
        return int.from_bytes(_octets(value[name]), "big")

    if value["kty"] == "RSA":
        return rsa.RSAPublicNumbers(number("e"), number("n")).public_key()
    if value["kty"] == "EC":
        curve = getattr(ec, _JWK_CURVES[value["crv"]])()
        return ec.EllipticCurvePublicNumbers(number("x"), number("y"), curve).public_key()
    kind = {"Ed25519": ed25519.Ed25519PublicKey, "Ed448": ed448.Ed448PublicKey}[value["crv"]]
    return kind.from_public_bytes(_octets(value["x"]))


def _octets(text: str) -> bytes:
    """base64url without padding. Raises: ValueError."""
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, TypeError) as error:
        raise ValueError("no base64url") from error
