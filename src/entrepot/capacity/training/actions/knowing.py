"""Who is meant by a row of nominees: someone known, found by address or, where there is none, by asking; or someone new."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from entrepot.ground.people.api import fold, listed, person_rules, plain_address, reach_by, register
from entrepot.kernel.errors import Invalid
from entrepot.kernel.principals import SYSTEM, Principal
from entrepot.kernel.texts import Text, gettext_noop

from ..core import is_answer
from ..models import Invitation, Nomination

NEW = "new"
"""The answer that someone of the same name is another person."""
SAME = "same"
"""The answer that it is the one person of that name who is known."""


class IsItTheSame(Invalid):
    """Someone of this name is known, and no address tells whether it is the same person: it is asked, not guessed."""

    code = "same-person"

    def __init__(self, people: Sequence[Any]) -> None:
        self.people = people
        said = gettext_noop(
            "Is this the same person as %(people)s? Answer “same” or “new”; where there are several of that name, give the identifier "
            "of the right one."
        )
        known = "; ".join(f"{described(person)} [{person.uuid}]" for person in people)
        super().__init__({"same_as": Text(said, {"people": known})})


def described(person: Any) -> str:
    """A person as their coordinator tells them from another of the same name."""
    last = Nomination.objects.filter(person=person).exclude(post="").order_by("-submitted_at").first()
    known = [part for part in (*((last.post, last.unit) if last else ()), person.email or person.contact_email) if part]
    return f"{person.full_name} ({', '.join(known)})" if known else person.full_name


def current(person: Any) -> Any:
    """The record that stands for this person now: that into which theirs was merged, if it was."""
    while person is not None and person.merged_into_id:
        person = person.merged_into
    return person


def nominee(invitation: Invitation, by: Principal, at: datetime, values: Mapping[str, Any]) -> Any:
    """The person meant, registered where new. Raises `Invalid`, and `IsItTheSame` where it has to be asked."""
    everyone = person_rules.visible_to(SYSTEM).filter(home=invitation.place)
    own = listed(everyone).filter(is_active=True)
    if values.get("person") is not None:
        found = own.filter(pk=current(values["person"]).pk).first()
        if found is None:
            raise Invalid({"person": gettext_noop("Nominate people of your own administration.")})
        return reach_by(by=by, at=at, person=found, contact_email="")
    email, contact = (_address(values, name) for name in ("email", "contact_email"))
    found = _by_address(everyone, own, email) or _by_name(own, values, alone=not email, contact=contact)
    if found is not None:
        return reach_by(by=by, at=at, person=found, contact_email=found.email or found.contact_email or email or contact)
    names = {name: values.get(name) or "" for name in ("full_name", "family_name", "latin_name", "gender")}
    nobody = [name for name in ("full_name", "family_name", "latin_name") if names[name] and not is_answer(names[name])]
    if nobody:
        raise Invalid(dict.fromkeys(nobody, gettext_noop("This is no name.")))
    # Whoever has the address elsewhere, the answer is the same: it says nothing about another Member's people.
    return register(by=by, at=at, home=invitation.place, email=email, contact_email=contact, vouched=True, **names)


def _address(values: Mapping[str, Any], name: str) -> str:
    text = str(values.get(name) or "").strip()
    try:
        return plain_address(text) if text else ""
    except ValueError:
        raise Invalid({name: gettext_noop("This is not an e-mail address.")}) from None


def _by_address(everyone: Any, own: Any, email: str) -> Any:
    if not email:
        return None
    gone = everyone.filter(contact_email=email, merged_into__isnull=False).first()
    return own.filter(email=email).first() or (gone and own.filter(pk=current(gone).pk).first())


def namesakes(own: Any, name: str, *, alone: bool) -> list[Any]:
    """Those of `own` who may be the person of this name: whom no address tells apart from them."""
    folded = fold(name)
    if not folded:
        return []
    word = max(folded.split(), key=len)[:60]
    among = own.filter(name_words__word=word) if alone else own.filter(name_words__word=word, email__isnull=True)
    return [person for person in among.order_by("pk").distinct() if folded in (fold(person.full_name), fold(person.latin_name))]


def _by_name(own: Any, values: Mapping[str, Any], *, alone: bool, contact: str) -> Any:
    """Someone known, where no address says who it is: as it was answered, or asked for."""
    said = str(values.get("same_as") or "").strip()
    if said == NEW:
        return None
    known = namesakes(own, str(values.get("full_name") or ""), alone=alone)
    if said == SAME and len(known) > 1:
        # Two of one name: the post tells them apart, or the address by which they are reached.
        post = fold(str(values.get("post") or ""))
        closer = [one for one in known if fold(_last_post(one)) == post] or [
            one for one in known if contact and one.contact_email == contact
        ]
        known = closer if len(closer) == 1 else known
    if said == SAME and len(known) == 1:
        return known[0]
    if said and said != SAME:
        found = own.filter(_named_by(said)).first()
        if found is None:
            raise Invalid({"same_as": gettext_noop("Nobody of your administration has this identifier.")})
        return found
    if known:
        raise IsItTheSame(known)
    return None


def _last_post(person: Any) -> str:
    return Nomination.objects.filter(person=person).order_by("-submitted_at").values_list("post", flat=True).first() or ""


def _named_by(said: str) -> Q:
    try:
        return Q(uuid=UUID(said))
    except ValueError:
        return Q(pk__in=())
