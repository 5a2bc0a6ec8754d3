"""The collection: search with counts, the same as a table for spreadsheets, and cases side by side."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET

from entrepot.ground.region.api import place_rules
from entrepot.kernel.errors import Invalid, NotFound
from entrepot.kernel.languages import LANGUAGES
from entrepot.kernel.roles import Role
from entrepot.kernel.texts import gettext_noop
from entrepot.shell.narrowing import narrowing
from entrepot.shell.tables import as_table

from ..enums import PRACTICE_KINDS, PracticeKind
from ..finding import STATES, Facets, Wish, facets, find, near, ranked
from ..queries import likenesses
from ..rules import practice_rules
from .forms import PracticeForm

DRAFTERS = (Role.NATIONAL_COORDINATOR, Role.HEAD, Role.PROGRAMME_MANAGER)
SIZE = 20
_COMPARED = ("system", "supplier", "data", "workflow", "cost_class", "done", "results", "evidence", "failed", "risks", "transfer")


def uuid_or_none(text: str) -> UUID | None:
    """The uuid in an address, None where none is given. Raises `NotFound` for what is none."""
    try:
        return UUID(text) if text else None
    except ValueError:
        raise NotFound from None


def _wish(request: Any) -> tuple[Wish, Any, dict[int, Any]]:
    """(what is asked for, the Member to be like, in what the others are like it)."""
    get = request.GET
    words = get.get("q", "").strip()
    if len(words) > 100:
        raise Invalid({"q": gettext_noop("Search for at most a hundred characters.")})
    state = get.get("state", "")
    if state not in STATES:
        raise NotFound
    to, reasons = None, {}
    if like := get.get("like", ""):
        to = place_rules.visible_to(request.principal).filter(uuid=uuid_or_none(like), kind="member").first()
        if to is None:
            raise NotFound
        reasons = likenesses(to)
    wish = Wish(
        words,
        get.get("topic", "")[:12],
        get.get("member", "")[:16],
        get.get("language", "")[:12],
        get.get("kind", "")[:10],
        get.get("used", "")[:3],
        tuple(key for key, found in reasons.items() if len(found) >= 2) if to else None,
        uuid_or_none(get.get("activity", "")),
        STATES[state],
    )
    return wish, to, reasons


def _skip(request: Any) -> int:
    text = request.GET.get("skip", "0")
    if not text.isdecimal() or len(text) > 6 or int(text) > 100_000:
        raise Invalid({"skip": gettext_noop("This is not a page that a previous one led to.")})
    return int(text)


@require_GET
def practices(request: Any) -> HttpResponse:
    """The collection, searched and narrowed, with counts; what is under way of one's own on a tab beside it."""
    wish, to, reasons = _wish(request)
    found = find(request.principal, wish)
    counted = facets(found)
    skip = _skip(request)
    rows = ranked(found, SIZE, skip)
    beside = [] if skip else near(request.principal, wish, found)
    for row in (*rows, *beside):
        row.alike_in = reasons.get(row.place_id, ())
        told = {t.language: t.values for t in row.translations.all() if t.cleared_at}
        row.told_in, reader = list(told), get_language() or ""
        # In the reader's language, where it is told in that one.
        own = {"language": row.language, "title": row.title, "problem": row.problem}
        row.read = {**told[reader], "language": reader} if reader in told else own
    home = _home(request)
    context = {
        "rows": rows,
        "near": beside,
        "wish": wish,
        "groups": _groups(request, counted),
        "facets": counted,
        "meanings": found.meanings,
        "like": to,
        "home": home,
        "state": request.GET.get("state", ""),
        "drafts": bool(request.principal.reaches(*DRAFTERS)),
        "following": skip + SIZE if skip + SIZE < counted.n else 0,
        "narrowed": any((wish.topic, wish.member, wish.language, wish.kind, wish.used, to, wish.activity)),
        "cases": [row for row in rows if row.kind == PracticeKind.TECHNOLOGY],
    }
    return render(request, "knowledge/practices.html", context)


def _home(request: Any) -> Any:
    """The Member that one belongs to, to look for similar ones."""
    home = request.user.home if request.principal.person_id and request.user.is_authenticated else None
    return home if home is not None and home.kind == "member" else None


def _groups(request: Any, counted: Facets) -> list[dict[str, Any]]:
    """The facets as groups of links; what is chosen can be taken off."""
    yes, no = gettext("used by others"), gettext("not used yet")
    rows: list[tuple[str, str, list[tuple[str, str, int]]]] = [
        ("topic", gettext("Topic"), [(code, gettext(title), n) for code, title, n in counted.topics]),
        ("member", gettext("Member"), counted.members),
        ("language", gettext("Written in"), [(code, LANGUAGES.get(code, code), n) for code, n in counted.languages]),
        ("kind", gettext("Kind"), [(kind, gettext(PRACTICE_KINDS[PracticeKind(kind)]), n) for kind, n in counted.kinds]),
        ("used", gettext("Use"), [pair for pair in (("yes", yes, counted.used), ("no", no, counted.n - counted.used)) if pair[2]]),
    ]
    found = [narrowing(request, name, title, values) for name, title, values in rows]
    return [group for group in found if group["links"] or group["chosen"]]


@require_GET
def table(request: Any) -> HttpResponse:
    """What was found, the first five thousand, as a table for spreadsheets."""
    wish, _, _ = _wish(request)
    titles = ["uuid", "member", "topic", "kind", "language", "state", "published", "used", "title", "problem", "done", "results"]
    return as_table("csv", "practices", titles, map(_line, ranked(find(request.principal, wish), 5000)))


def _line(row: Any) -> list[Any]:
    published = row.published_at.date().isoformat() if row.published_at else ""
    texts = (row.title, row.problem, row.done, row.results)
    return [str(row.uuid), row.place.code, row.topic.code, row.kind, row.language, row.state, published, row.used, *texts]


@require_GET
def compare(request: Any) -> HttpResponse:
    """Up to four technology cases side by side."""
    wanted = [uuid_or_none(text) for text in request.GET.getlist("p")[:4]]
    visible = practice_rules.visible_to(request.principal).filter(uuid__in=[u for u in wanted if u], kind=PracticeKind.TECHNOLOGY)
    cases = list(visible.select_related("place", "topic").order_by("title"))
    rows = [(PracticeForm.base_fields[name].label, [(name, getattr(case, name)) for case in cases]) for name in _COMPARED]
    return render(request, "knowledge/compare.html", {"cases": cases, "rows": rows})
