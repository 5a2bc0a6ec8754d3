"""The desk's pages."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from icalendar import Calendar, Event

from entrepot.desk.demo.tour import steps
from entrepot.desk.gathered import call_all
from entrepot.desk.gathered import switches as known_switches
from entrepot.desk.health import examine
from entrepot.ground.access.api import switch_rules, turn
from entrepot.ground.keeping.api import Rules
from entrepot.ground.people.api import person_rules
from entrepot.ground.region.api import find, network, regions
from entrepot.ground.work.api import move_clock
from entrepot.kernel.errors import NotFound
from entrepot.kernel.periods import ImpreciseDate
from entrepot.kernel.principals import SYSTEM
from entrepot.kernel.roles import ROLES, Role


def day_asked(request: Any) -> date:
    """The day in `?on=`, or today. Raises `Invalid` for what is no date."""
    given = request.GET.get("on", "").strip()
    return ImpreciseDate.parse(given).on if given else request.at.date()


@require_GET
def front(request: Any) -> HttpResponse:
    """The public front page: the region on a day, what is dated soon, and where to begin."""
    day = day_asked(request)
    found = regions()
    shown = network(found[0], day) if found else None
    soon = sorted(call_all("calendar", request.principal, day, day + timedelta(days=400)), key=lambda entry: entry.starts_on)[:5]
    tour = steps() if settings.DEMO and not request.principal.is_known else []  # those who are in find it on the page of the demo
    return render(request, "desk/front.html", {"network": shown, "others": found[1:], "day": day, "soon": soon, "tour": tour})


@require_POST
def enter(request: Any) -> HttpResponse:
    """In a demo: sign in as one of the cast with one click and go to a page. Elsewhere there is no such address."""
    # Not as a thing that may not be seen: a form of nobody's about one of those is kept, to be sent again after signing in.
    part, to = request.POST.get("part", ""), request.POST.get("to", "/today/")
    if not settings.DEMO or not part.isalpha():
        raise Http404
    person = person_rules.visible_to(SYSTEM).filter(email=f"{part}@practice.example", home__invented=True, is_active=True).first()
    if person is None or not to.startswith("/") or not url_has_allowed_host_and_scheme(to, allowed_hosts=None):
        raise Http404
    login(request, person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return HttpResponseRedirect(to)


@require_GET
def today(request: Any) -> HttpResponse:
    """Each person's first page: what waits for them, soonest first."""
    if not request.principal.person_id:
        raise NotFound
    day = timezone.localdate(request.at)  # by the reader's own clock
    items = list(call_all("work", request.principal, day))
    items.sort(key=lambda item: (item.due or date.max, str(item.title)))
    home = request.user.home
    return render(request, "desk/today.html", {"items": items, "home": home, "day": day})


@require_GET
def search(request: Any) -> HttpResponse:
    """One search over all that this principal may see."""
    words = request.GET.get("q", "").strip()[:100]
    hits = list(call_all("search", request.principal, words, 20)) if len(words) > 1 else []
    return render(request, "desk/search.html", {"words": words, "hits": hits})


def _entries(request: Any) -> list[Any]:
    day = request.at.date()
    entries = call_all("calendar", request.principal, day - timedelta(days=366), day + timedelta(days=731))
    return sorted(entries, key=lambda entry: (entry.starts_on, entry.uid))


@require_GET
def calendar(request: Any) -> HttpResponse:
    """What is dated, a year back and two ahead."""
    return render(request, "desk/calendar.html", {"entries": _entries(request), "day": request.at.date()})


@require_GET
def calendar_file(request: Any) -> HttpResponse:
    """The same as a file for calendar programs."""
    whole = Calendar()
    whole.add("prodid", "-//Entrepot//calendar//EN")
    whole.add("version", "2.0")
    for entry in _entries(request):
        event = Event()
        event.add("uid", f"{entry.uid}@entrepot")
        event.add("dtstamp", request.at)
        event.add("summary", str(entry.title))
        event.add("dtstart", entry.starts_on)
        event.add("dtend", entry.ends_on)
        event.add("url", request.build_absolute_uri(entry.href))
        whole.add_component(event)
    return HttpResponse(whole.to_ical(), content_type="text/calendar; charset=utf-8")


@require_GET
def roles(request: Any) -> HttpResponse:
    """The table of roles, made from the rules themselves."""
    notes = [note for rules in Rules.every for note in rules.notes()]
    rows = [(note, [role in note.roles for role in Role]) for note in notes]
    return render(request, "desk/roles.html", {"roles": [(role, ROLES[role]) for role in Role], "rows": rows})


@require_GET
def about(request: Any) -> HttpResponse:
    """What this is, and where its facts come from."""
    return render(request, "desk/about.html")


@require_http_methods(["GET", "POST"])
def demo(request: Any) -> HttpResponse:
    """In a demo: what is invented, and the clock. Elsewhere there is no such page."""
    if not settings.DEMO:
        raise NotFound
    if request.method == "POST":
        if not request.principal.person_id:
            raise NotFound
        days = request.POST.get("days", "")
        move_clock(ahead=timedelta(days=int(days) if days.isdecimal() and len(days) < 6 else 0))
        messages.success(request, gettext("The demo’s clock has moved."))
        return redirect("desk:demo")
    return render(request, "desk/demo.html", {"now": request.at, "tour": steps()})


@require_http_methods(["GET", "POST"])
def switches(request: Any) -> HttpResponse:
    """The modules of one's own Member, to switch on and off."""
    reach = request.principal.reaches(Role.NATIONAL_COORDINATOR)
    if not reach:
        raise NotFound
    place = find(reach[0].rstrip("/").rsplit("/", 1)[-1], region=reach[0])
    if request.method == "POST":
        turn(
            by=request.principal,
            at=request.at,
            place=place,
            module=request.POST.get("module", ""),
            on=request.POST.get("on") == "1",
            known_modules=known_switches(),
        )
        return redirect("desk:switches")
    off = set(switch_rules.visible_to(request.principal).filter(place=place).values_list("module", flat=True))
    modules = [(module, module.code not in off) for module in known_switches().values()]
    return render(request, "desk/switches.html", {"place": place, "modules": modules})


@require_GET
def health(request: Any) -> HttpResponse:
    """For a monitor. Under `entrepot serve` the web process answers before Django is asked; this is for other servers."""
    found = examine()
    body = {"status": "sick" if found.faults else "well", "faults": found.faults, **found.figures}
    return JsonResponse(body, status=503 if found.faults else 200)
