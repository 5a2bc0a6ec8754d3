"""What the pages of evaluation have in common."""

from __future__ import annotations

import time
from typing import Any
from uuid import UUID

from django.core import signing
from django.http import HttpResponse
from django.utils.translation import get_language, gettext

from entrepot.capacity.training.api import activity_rules
from entrepot.kernel.errors import Invalid, NotFound

from ..core import Question, languages

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_BEGUN = "evaluation.begun"


def activity_of(request: Any, uuid: UUID, verb: str = "view") -> Any:
    """The activity, for whoever may do this with it."""
    found = activity_rules.visible_to(request.principal).select_related("region", "host", "competency__topic").filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    activity_rules.require(request.principal, verb, found)
    return found


def uuid_of(text: str) -> UUID:
    """The uuid that this text is. Raises `NotFound`."""
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None


def file(content: bytes, kind: str, name: str) -> HttpResponse:
    """A file to keep."""
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def begun() -> str:
    """A signed note of when a form was opened, to tell how long it took."""
    return signing.dumps(int(time.time()), salt=_BEGUN)


def taken(request: Any) -> float | None:
    """Seconds since the form was opened, as its note says; None without a note that is ours."""
    try:
        return time.time() - float(signing.loads(request.POST.get("begun", ""), salt=_BEGUN))
    except signing.BadSignature:
        return None


def tongue(request: Any, questions: list[Question] | tuple[Question, ...]) -> tuple[str, list[str]]:
    """(the language in which the answerer reads the form: chosen, else the page's; the languages the form is said in)."""
    offered = languages(questions)
    wanted = request.POST.get("language") or request.GET.get("in") or get_language() or "en"
    return (wanted if wanted in offered else ""), offered


def with_names(error: Invalid, names: Any) -> Invalid:
    """The error with a fault of a matrix put at its first row."""
    return Invalid({f"{key}.0" if key not in names and f"{key}.0" in names else key: fault for key, fault in error.faults.items()})


def share_words(value: float | None) -> str:
    """A share as a percentage."""
    return "–" if value is None else gettext("%(share)s %%") % {"share": round(100 * value)}
