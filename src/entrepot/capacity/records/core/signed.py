"""Signed statements: a JWS whose payload is the statement, attached to it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from .comparing import same
from .faults import Fault
from .reading import Unreadable, read_once

USAGE = "http://adlnet.gov/expapi/attachments/signature"
_DIGESTS: dict[str, hashes.HashAlgorithm] = {"RS256": hashes.SHA256(), "RS384": hashes.SHA384(), "RS512": hashes.SHA512()}


def check_signature(statement: Mapping[str, Any], content: bytes, media_type: str) -> None:
    """Raise `Fault` unless `content` is a JWS in compact form, RS256, RS384 or RS512, over this very statement.

    Where its header carries a certificate (x5c), the signature is verified with it; whether that certificate is to be trusted is the
    reader's question, not the store's.
    """
    if media_type.partition(";")[0].strip().lower() != "application/octet-stream":
        msg = "a signature has the content type application/octet-stream"
        raise Fault(msg)
    parts = content.strip().split(b".")
    if len(parts) != 3:
        msg = "a signature is a JWS in compact form: three parts, joined by dots"
        raise Fault(msg)
    try:
        header, payload = (read_once(_bytes(part)) for part in parts[:2])
        signature = _bytes(parts[2])
    except (Unreadable, binascii.Error, ValueError):
        msg = "a part of the JWS cannot be read"
        raise Fault(msg) from None
    digest = _DIGESTS.get(str(header.get("alg"))) if isinstance(header, dict) else None
    if digest is None:
        msg = "a signature is made with RS256, RS384 or RS512"
        raise Fault(msg)
    if not isinstance(payload, dict) or not _means(payload, statement):
        msg = "the signed statement is another one than the statement that carries it"
        raise Fault(msg)
    chain = header.get("x5c")
    if chain:
        _verify(chain, b".".join(parts[:2]), signature, digest)


def _means(payload: dict[str, Any], statement: Mapping[str, Any]) -> bool:
    if "id" in payload and "id" in statement and str(payload["id"]).lower() != statement["id"].lower():
        return False
    try:
        return same(
            {name: value for name, value in payload.items() if name != "attachments"},
            {name: value for name, value in statement.items() if name != "attachments"},
        )
    except (AttributeError, KeyError, TypeError):
        return False


def _bytes(part: bytes) -> bytes:
    return base64.b64decode(part + b"=" * (-len(part) % 4), altchars=b"-_", validate=True)


def _verify(chain: Any, signed: bytes, signature: bytes, digest: hashes.HashAlgorithm) -> None:
    try:
        key = x509.load_der_x509_certificate(base64.b64decode(chain[0])).public_key()
        if not isinstance(key, rsa.RSAPublicKey):
            raise TypeError
        key.verify(signature, signed, padding.PKCS1v15(), digest)
    except InvalidSignature:
        msg = "the signature does not fit its certificate"
        raise Fault(msg) from None
    except (TypeError, ValueError, KeyError, IndexError, UnsupportedAlgorithm, x509.InvalidVersion):
        msg = "the certificate in x5c cannot be read"
        raise Fault(msg) from None
