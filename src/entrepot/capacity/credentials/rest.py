"""Certificates for programs."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from ninja import Field, Query, Router, Schema, Status

from entrepot.ground.keeping.api import page
from entrepot.kernel.errors import NotFound

from . import actions
from .core import read_code
from .models import Certificate
from .rules import certificate_rules

router = Router(tags=["credentials"])


class CertificateOut(Schema):
    """A certificate."""

    uuid: UUID
    code: str
    holder: str
    title: str
    version_label: str
    hours: Decimal
    outcomes: list[str]
    starts_on: date
    last_on: date
    issued_at: datetime
    revoked_at: datetime | None
    reason: str
    replaced_by: str
    """The code of the certificate that was issued in its place; empty if none."""


class CertificatesOut(Schema):
    """A page of certificates, latest first."""

    rows: list[CertificateOut]
    following: str


class ReplaceIn(Schema):
    """Why the earlier one is wrong; needed where it still holds."""

    reason: Annotated[str, Field("", max_length=300)]


class RevokeIn(Schema):
    """Why it does not hold any more."""

    reason: Annotated[str, Field(max_length=300)]


def _plain(found: Any) -> dict[str, Any]:
    plain = {name: getattr(found, name) for name in CertificateOut.model_fields}
    return plain | {"replaced_by": found.replaced_by.code if found.replaced_by else ""}


@router.get("", response=CertificatesOut, operation_id="list_certificates")
def certificates(
    request: Any, cursor: Annotated[str, Query("", max_length=400)] = "", size: Annotated[int, Query(50, ge=1, le=200)] = 50
) -> Any:
    """The certificates this principal may see."""
    shown = page(certificate_rules.visible_to(request.principal).select_related("replaced_by"), cursor=cursor, size=size, descending=True)
    return {"rows": [_plain(row) for row in shown.rows], "following": shown.following}


@router.get("/verify/{code}", response=CertificateOut, operation_id="verify_certificate", auth=None)
def verify(request: Any, code: str) -> Any:
    """The certificate with this code, for anyone who holds the code."""
    found = Certificate.objects.select_related("replaced_by").filter(code=read_code(code) or None).first()
    if found is None:
        raise NotFound
    return _plain(found)


@router.post("/{uuid}/revoke", response=CertificateOut, operation_id="revoke_certificate")
def revoke(request: Any, uuid: UUID, body: RevokeIn) -> Any:
    """Say that it does not hold any more."""
    return _plain(actions.revoke(by=request.principal, at=request.at, uuid=uuid, reason=body.reason))


@router.post("/{uuid}/replace", response={201: CertificateOut}, operation_id="replace_certificate")
def replace(request: Any, uuid: UUID, body: ReplaceIn) -> Any:
    """Issue another in its place, with the name and the attendance recorded now; one that still holds is revoked."""
    return Status(201, _plain(actions.replace(by=request.principal, at=request.at, uuid=uuid, reason=body.reason)))
