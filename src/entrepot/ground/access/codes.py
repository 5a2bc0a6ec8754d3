"""The short code that a link asks for where others read the mail that it comes in: a shared mailbox, or the coordinator's.

It is one for a person, not kept but reckoned from the installation's key and how often it was changed; whoever may act on the person reads
it to them or hands it over. With the link alone nobody acts as them.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from entrepot.ground.journal.api import action, append
from entrepot.ground.people.api import person_rules
from entrepot.kernel.errors import DomainError, NotFound
from entrepot.kernel.principals import Principal
from entrepot.kernel.texts import gettext_noop

from .models import Link, ShortCode

PROVED = "proved_at"
"""Where a session keeps which links were opened with a code, and when it was given."""
SIGNS = "ABCDEFGHJKMNPQRTUVWXYZ2346789"
"""Without what is mistaken for something else when it is read out: 0 O, 1 I L, 5 S."""
LENGTH = 8


class CodeNeeded(DomainError):
    """The link came by a mailbox that others read: it opens with the person's short code."""

    code = "code-needed"
    status = 403
    message = gettext_noop("This link opens with the short code of the person for whom it is. Your coordinator gives it to you.")


def _serial(person: Any) -> int:
    return ShortCode.objects.filter(person=person).values_list("serial", flat=True).first() or 0


def code_of(person: Any) -> str:
    """The person's code, as it is read out.

    Some 39 bits, and ten wrong tries in five minutes at most: nobody comes upon it.
    """
    key = hmac.new(settings.SECRET_KEY.encode(), f"access.code {person.uuid} {_serial(person)}".encode(), hashlib.sha256).digest()
    number, signs = int.from_bytes(key), []
    for _ in range(LENGTH):
        number, at = divmod(number, len(SIGNS))
        signs.append(SIGNS[at])
    return f"{''.join(signs[:4])}-{''.join(signs[4:])}"


def is_code_of(person: Any, text: str) -> bool:
    """Whether this is the person's code, however it is typed."""
    given = "".join(sign for sign in text.upper() if sign.isalnum())
    return hmac.compare_digest(given.encode(), code_of(person).replace("-", "").encode())


def proof_of(link: Link) -> str:
    """What a session keeps once the code of a link was given in it: worth nothing as soon as the person has another code."""
    return f"{link.digest} {_serial(link.person)}"


def proofs_in(session: Mapping[str, Any], *, sends: bool) -> frozenset[str]:
    """What was proved in a session by codes, each for as long as a sign-in lasts without being used: whoever comes to the same machine
    afterwards reads the same mailbox too. Who `sends` a form loses nothing by having written it for longer."""
    now = time.time()
    return frozenset(proof for proof, given in session.get(PROVED, []) if sends or now - given <= settings.SESSION_IDLE_SECONDS)


def asks_for_code(link: Link, principal: Principal) -> bool:
    """Whether a link is to be opened with a code that whoever comes has not given yet, or only as it was before it was changed."""
    # Whoever had an address when it was made, and has none now, is written to there no more.
    return (link.coded or not link.person.email) and proof_of(link) not in principal.proved


def whose_code(by: Principal, uuid: UUID) -> Any:
    """The person whose code the principal may read to them. Raises `NotFound`, `NotAllowed`."""
    person = person_rules.visible_to(by).select_related("home").filter(uuid=uuid, is_active=True).first()
    if person is None:
        raise NotFound
    person_rules.require(by, "invite", person)
    return person


@action
def change_code(*, by: Principal, at: datetime, uuid: UUID) -> Any:
    """Give a person another code: the one before opens nothing any more. Raises `NotFound`, `NotAllowed`."""
    person = whose_code(by, uuid)
    kept, _ = ShortCode.objects.get_or_create(person=person)
    kept.serial += 1
    kept.save(update_fields=["serial"])
    append(by=by, at=at, verb="access.code.changed", thing=person, place=person.home.lineage)
    return person
