"""The certificate as a paper."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext

from entrepot.kernel.papers import Block, Heading, Listing, Paper, Para

from .models import Certificate


def certificate_paper(certificate: Certificate, *, address: str, invented: bool, region: str) -> Paper:
    """One page to hang on a wall. `address` is where its code is verified."""
    hours = f"{certificate.hours.normalize():f}"
    when = f"{date_format(certificate.starts_on, 'j F Y')} – {date_format(certificate.last_on, 'j F Y')}"
    blocks: list[Block] = [
        Heading(certificate.holder),
        Para(gettext("has completed")),
        Para(f"“{certificate.title}”"),
        Para(
            gettext("%(when)s · %(hours)s hours attended · course version %(version)s")
            % {"when": when, "hours": hours, "version": certificate.version_label}
        ),
    ]
    if certificate.outcomes:
        blocks += [Para(gettext("Afterwards participants can:")), Listing(tuple(certificate.outcomes))]
    blocks.append(
        Para(gettext("Issued %(on)s, code %(code)s") % {"on": date_format(certificate.issued_at, "j F Y"), "code": certificate.code})
    )
    marks = {"invented": gettext("practice region, invented")}
    return Paper(
        title=gettext("Certificate"),
        blocks=tuple(blocks),
        over=region,
        language=get_language() or "en",
        invented=invented,
        ornate=True,
        code=address,
        marks=marks,
    )
