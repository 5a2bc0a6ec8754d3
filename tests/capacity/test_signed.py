"""Signatures that cannot be judged are a fault of the statement, whatever their header holds."""

from __future__ import annotations

import base64
import datetime as dt
import functools
import json
from collections.abc import Callable
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from entrepot.capacity.records.core.faults import Fault
from entrepot.capacity.records.core.signed import check_signature
from tests.capacity.lrs import statement

RSA = bytes.fromhex("06092a864886f70d010101")
VERSION = b"\xa0\x03\x02\x01\x02"
DAY = dt.datetime(2026, 11, 30, tzinfo=dt.UTC)


@functools.cache
def _certificate() -> bytes:
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(x509.oid.NameOID.COMMON_NAME, "x")])
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, DAY, DAY + dt.timedelta(days=9))
    return made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def _altered(old: bytes, new: bytes) -> dict[str, Any]:
    """A header with a certificate in which these bytes are others."""
    assert old in _certificate()
    return {"alg": "RS256", "x5c": [base64.b64encode(_certificate().replace(old, new)).decode()]}


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (lambda: _altered(RSA, RSA[:-1] + b"\x63"), "cannot be read"),
        (lambda: _altered(VERSION, VERSION[:-1] + b"\x4c"), "cannot be read"),
        (lambda: _altered(b"\x30", b"\x31"), "cannot be read"),
        (lambda: _altered(b"", b""), "does not fit"),
        *((lambda chain=chain: {"alg": "RS256", "x5c": chain}, "cannot be read") for chain in ("é", {"a": 1}, [[]], [None], 7, True)),
        *((lambda alg=alg: {"alg": alg}, "is made with") for alg in ([], {}, None, 256, "none")),
    ],
)
def test_a_signature_that_cannot_be_judged_is_a_fault(header: Callable[[], Any], said: str) -> None:
    one = statement()
    parts = [base64.urlsafe_b64encode(part).rstrip(b"=") for part in (json.dumps(header()).encode(), json.dumps(one).encode(), b"x")]
    with pytest.raises(Fault, match=said):
        check_signature(one, b".".join(parts), "application/octet-stream")
