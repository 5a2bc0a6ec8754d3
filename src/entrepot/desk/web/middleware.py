"""What happens round every request: who asks, when, in which language and zone; the browser's guards; domain errors as pages."""

from __future__ import annotations

import secrets
import zoneinfo
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, timedelta
from typing import Any, cast
from urllib.parse import urlencode

from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseNotAllowed
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone, translation

from entrepot.desk.gathered import closed_to, navigation
from entrepot.desk.web.again import signed_out, typed, unable
from entrepot.ground.access.api import CodeNeeded, principal_for, proofs_in, secret_in
from entrepot.ground.notices.api import unread
from entrepot.ground.work.api import now
from entrepot.kernel.characters import UnfitText, clean_text
from entrepot.kernel.errors import DomainError, Invalid, NotAllowed, NotFound, TooManyRequests
from entrepot.kernel.frames import Frame, NavLink, NavSection
from entrepot.kernel.offers import Section
from entrepot.kernel.principals import NOBODY, Principal
from entrepot.kernel.roles import ROLES
from entrepot.kernel.texts import Text, gettext_noop
from entrepot.shell.fresh import drop_what_waits
from entrepot.shell.inert import POLICY as INERT

PROGRAMME = "training:activities"
Answer = Callable[[HttpRequest], HttpResponse]
PAGES = (
    "default-src 'none'; script-src 'nonce-{nonce}'; worker-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)
"""Of a page: scripts run where the template carries this answer's number, not because a file lies under our address."""
MACHINES = "/xapi/"
PROGRAMS = ("/api/", "/xapi")
PLAIN = "text/plain; charset=utf-8"
ECHOING = frozenset({"TRACE", "TRACK", "CONNECT"})
"""Methods that nothing here answers."""
ZONE_COOKIE = settings.COOKIE_PREFIX + "zone"
"""In which the browser says its time zone (shell/entrepot.js), for readers whose Member has none or who are not signed in."""
MOVED = timedelta(minutes=5)
"""A clock this far from the machine's has been moved."""
ERROR_PAGES: dict[type[DomainError], str] = {NotFound: "404.html", TooManyRequests: "429.html", CodeNeeded: "access/code.html"}
SECTIONS = {
    Section.PROGRAMME: gettext_noop("Programme"),
    Section.LEARN: gettext_noop("Learn"),
    Section.KNOWLEDGE: gettext_noop("Knowledge"),
    Section.LABS: gettext_noop("Labs"),
    Section.REGION: gettext_noop("Region"),
}


def speak_tls(get_response: Answer) -> Answer:
    """Behind TLS, say that a request came through it, so that links, cookies and the check of a form's origin are those of `https://`.

    Who sets ENTREPOT_HTTPS says that nothing else reaches us. A proxy that passes plain requests on says so itself; people are sent to TLS.
    Believing that is safe whoever writes it: it can only make a request less trusted.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        if not settings.HTTPS:
            return get_response(request)
        if request.headers.get("X-Forwarded-Proto", "https").partition(",")[0].strip().lower() == "https":
            request.META["wsgi.url_scheme"] = "https"
        elif request.path_info.startswith(PROGRAMS):
            # Led on to TLS, a program would show its key without it each time, and nobody would notice.
            return HttpResponse("Send this to https://, and change the key: it came here unencrypted.", status=403, content_type=PLAIN)
        return get_response(request)

    return answer


def guard_browser(get_response: Answer) -> Answer:
    """Tell the browser to load nothing from elsewhere, to run what our templates name and nothing else, and to draw no file as a page."""

    def answer(request: Any) -> HttpResponse:
        request.csp_nonce = secrets.token_urlsafe(18)
        if request.method in ECHOING:
            return HttpResponseNotAllowed(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
        # No text that people write holds a NUL, and PostgreSQL refuses one: it is turned away before anything reads it.
        if "%00" in request.META.get("QUERY_STRING", "") or "\x00" in request.path:
            return HttpResponseBadRequest("The address holds a character that no text has.", content_type=PLAIN)
        response = get_response(request)
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        response.headers.setdefault("Content-Security-Policy", PAGES.format(nonce=request.csp_nonce) if is_page else INERT)
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if getattr(request, "principal", NOBODY).is_known:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return answer


class CompressText(GZipMiddleware):
    """Compress what is text; files that people download are compressed already, or are theirs to compress.

    Secrets in a page (the CSRF token) are masked anew in each answer, and Django adds random bytes, so that the size tells nothing.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """The answer, compressed where that pays."""
        kind = response.headers.get("Content-Type", "").partition(";")[0]
        if response.streaming or not (kind.startswith("text/") or kind.endswith("json") or kind == "multipart/mixed"):
            return response
        return super().process_response(request, response)


def let_machines_in(get_response: Answer) -> Answer:
    """Lead a program that shows a key of its own straight to the record store: it has no session, no form and no look.

    All that stands behind this in the row is for people, and takes longer than keeping a statement does.
    """

    def answer(request: Any) -> HttpResponse:
        if not request.path_info.startswith(MACHINES):
            return get_response(request)
        request.get_host()  # refuses a host that is not ours
        request.at, request.principal = now(), NOBODY
        timezone.activate(UTC)
        translation.activate(translation.get_language_from_request(request))
        try:
            view, args, kwargs = resolve(request.path_info)
        except Resolver404:
            return get_response(request)
        return cast("HttpResponse", view(request, *args, **kwargs))

    return answer


def say_who_asks(get_response: Answer) -> Any:
    """Give the request its time (`at`) and its principal, read once, and show domain errors as what they are."""

    def answer(request: Any) -> HttpResponse:
        request.at = now()
        request.principal = principal_for(request.user, request.at) if request.user.is_authenticated else NOBODY
        if proved := proofs_in(request.session, sends=request.method == "POST"):
            request.principal = replace(request.principal, proved=proved)
        _speak_to(request)
        return get_response(request)

    def process_exception(request: Any, error: Exception) -> HttpResponse | None:
        if isinstance(error, ReauthenticationRequired):
            drop_what_waits(request)
        return refused(request, error) if isinstance(error, DomainError) else None

    def process_view(request: Any, _view: Any, _args: Any, _kwargs: Any) -> HttpResponse | None:
        # Here, as a form of another site has been refused by now. The API judges its own bodies.
        if request.method == "POST" and not request.path.startswith("/api/"):
            clean_form(request)
        closed, match = closed_to(request.principal, request.resolver_match.namespace), request.resolver_match
        # A program is told by the API itself, in its own form.
        if closed is None or match.view_name in closed.own or request.path.startswith("/api/"):
            return None
        own = closed.own[0] if closed.own and request.principal.person_id else ""
        return refused(request, NotAllowed(gettext_noop("Your administration has switched this module off.")), own=own)

    answer.process_exception = process_exception  # type: ignore[attr-defined]
    answer.process_view = process_view  # type: ignore[attr-defined]
    return answer


def clean_form(request: HttpRequest) -> None:
    """Put the texts of a form in the characters that they are kept in. A character that is refused stays, and is named where it would be
    written, beside its field; only NUL goes at once, because nothing can even be looked for with it."""
    cleaned = {
        name: [_cleaned(value) for value in values]
        for name, values in request.POST.lists()
        if "password" not in name and not all(value.isascii() and value.isprintable() for value in values)
    }
    if cleaned:
        sent = request.POST.copy()
        for name, values in cleaned.items():
            sent.setlist(name, values)
        sent._mutable = False
        request.POST = sent  # type: ignore[assignment]


def _cleaned(value: str) -> str:
    value = value.replace("\x00", "")
    try:
        return clean_text(value)
    except UnfitText:
        return value


def _speak_to(request: Any) -> None:
    zone = request.COOKIES.get(ZONE_COOKIE, "")[:40]
    if request.user.is_authenticated:
        zone = request.user.time_zone or request.user.home.time_zone or zone
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES and request.user.language in dict(settings.LANGUAGES):
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language()
    try:
        timezone.activate(zoneinfo.ZoneInfo(zone or "UTC"))
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):  # "America" is a folder
        timezone.activate(UTC)


def refused(request: HttpRequest, error: DomainError, *, own: str = "") -> HttpResponse:
    """The page for a domain error. A page for people who are known sends those who are not to the sign-in, but with no secret of a link.

    `own` names the page on which one can still take back what one gave, where a module was switched off.
    """
    match = request.resolver_match
    by_secret = match is not None and secret_in(match.route, match.kwargs)
    if isinstance(error, NotFound) and not getattr(request, "principal", NOBODY).is_known and request.method == "GET" and not by_secret:
        return redirect(f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()}, safe='/')}")
    if isinstance(error, NotFound | NotAllowed) and signed_out(request):
        return unable(request)
    faults = list(error.faults.items()) if isinstance(error, Invalid) else []
    template = ERROR_PAGES.get(type(error), "desk/refused.html")
    answer = render(request, template, {"error": error, "faults": faults, "typed": typed(request), "own": own}, status=error.status)
    if isinstance(error, TooManyRequests):
        answer["Retry-After"] = str(error.seconds)
    return answer


def frame(request: Any) -> dict[str, Frame | None]:
    """Give templates the frame."""
    principal: Principal | None = getattr(request, "principal", None)
    return {"frame": _frame(request, principal) if principal else None}


def _frame(request: Any, principal: Principal) -> Frame:
    sections = []
    everything = navigation(principal)
    here = _here(request, [route for pages in everything.values() for _, route in pages])
    for section, pages in everything.items():
        links = tuple(NavLink(Text(title), reverse(route), current=route == here) for title, route in pages)
        if section in SECTIONS and links:
            current = any(link.current for link in links)
            sections.append(NavSection(section, Text(SECTIONS[section]), links[0].href, links, current))
    sections.sort(key=lambda item: list(SECTIONS).index(Section(item.code)))
    return Frame(
        sections=tuple(sections),
        person_name=request.user.full_name if principal.person_id else "",
        person_role=Text(ROLES[principal.grants[0].role].title) if principal.grants else None,
        unread=unread(principal),
        demo=settings.DEMO,
        clock_moved=settings.DEMO and abs(request.at - timezone.now()) > MOVED,
    )


def _here(request: HttpRequest, routes: list[str]) -> str:
    """The route that the reader is at or below: the one with the longest matching address, else the first of the same room."""
    found = [route for route in routes if request.path.startswith(reverse(route)) and reverse(route) != "/"]
    if found:
        return max(found, key=lambda route: len(reverse(route)))
    match = request.resolver_match
    if match and "/activities/<" in match.route and PROGRAMME in routes:
        return PROGRAMME  # a page about one activity stands with the programme, whichever room it is of
    room = match.namespace if match else ""
    # The desk's own pages belong to no section.
    return next((route for route in routes if room not in ("", "desk") and route.startswith(f"{room}:")), "")
