"""The installation as others on its machine, and a proxy before it, meet it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from entrepot.desk.serving import refusals
from entrepot.ground.people.demo import PASSWORD

WRITE = """
import json, os, sqlite3, stat, django
os.umask(0)  # as careless an account as there is
from entrepot.desk.cli import main
assert main(["catalogues"]) == 0
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection
connection.cursor().execute("CREATE TABLE anything (id INTEGER)")
EmailMessage("Subject", "Body", "a@practice.example", ["b@practice.example"], connection=get_connection(**settings.MAIL_FOLDER)).send()
storages["documents"].save("a/paper", ContentFile(b"paper"))
storages["staticfiles"].save("b/style.css", ContentFile(b""))
connection.connection.backup(sqlite3.connect(settings.HOME / "copy.sqlite3"))
(settings.HOME / "export.jsonl").open("w").close()
made = [settings.HOME, *settings.HOME.rglob("*")]
print(json.dumps({str(path.relative_to(settings.HOME)): stat.S_IMODE(path.stat().st_mode) for path in made}))
"""


def test_what_is_written_is_for_the_account_alone_whatever_its_umask(tmp_path: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("ENTREPOT_", "DJANGO_"))}
    environment |= {"ENTREPOT_HOME": str(tmp_path / "home"), "ENTREPOT_DEMO": "1"}
    done = subprocess.run([sys.executable, "-c", WRITE], env=environment, check=True, timeout=120, capture_output=True, text=True)
    made = json.loads(done.stdout.splitlines()[-1])
    assert {".", "entrepot.sqlite3", "entrepot.sqlite3-wal", "copy.sqlite3", "secret-key", "mail", "documents/a/paper"} <= set(made)
    assert {name: oct(mode) for name, mode in made.items() if mode & 0o077} == {}


@pytest.mark.parametrize(
    ("name", "value"), [("DATABASE", "mysql://u@h/n"), ("DATABASE", "/srv/x.sqlite3"), ("MAIL", "http://h"), ("MAIL", "mail.example:25")]
)
def test_an_address_of_no_kind_is_refused_and_not_taken_for_none(tmp_path: Path, name: str, value: str) -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("ENTREPOT_", "DJANGO_"))}
    environment |= {"ENTREPOT_HOME": str(tmp_path / "home"), f"ENTREPOT_{name}": value}
    done = subprocess.run(
        [sys.executable, "-c", "import entrepot.config.settings"], env=environment, check=False, timeout=60, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert f"ENTREPOT_{name} is none of the addresses" in done.stderr
    assert value not in done.stderr.splitlines()[-1], "it may hold a password"


@pytest.fixture
def behind_tls(settings: Any) -> Any:
    """The settings that ENTREPOT_HTTPS makes."""
    settings.HTTPS = settings.SECURE_SSL_REDIRECT = True
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = settings.LANGUAGE_COOKIE_SECURE = True
    settings.SECURE_HSTS_SECONDS = 31_536_000
    assert settings.SECURE_HSTS_INCLUDE_SUBDOMAINS
    settings.ALLOWED_HOSTS = ["training.example"]
    return settings


HOST = {"HTTP_HOST": "training.example"}


@pytest.mark.parametrize("told", [{}, {"HTTP_X_FORWARDED_PROTO": "https"}, {"HTTP_X_FORWARDED_PROTO": "HTTPS, http"}])
def test_behind_a_tls_proxy_links_cookies_and_forms_are_those_of_https(behind_tls: Any, world: Any, told: dict[str, str]) -> None:
    browser = world.browser("coordinator")
    browser.handler.enforce_csrf_checks = True
    page = browser.get("/me/", **HOST, **told)
    assert page.status_code == 200
    assert page["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    feed = browser.get("/calendar.ics", **HOST, **told).content.decode().replace("\r\n ", "")
    assert "https://training.example/" in feed
    assert "http://training" not in feed
    assert page.cookies["csrftoken"]["secure"]
    sent = {"language": "en", "csrfmiddlewaretoken": page.cookies["csrftoken"].value}
    for origin, status in (("https://training.example", 302), ("http://training.example", 403), ("https://elsewhere.example", 403)):
        answer = browser.post("/language/", sent, **HOST, **told, HTTP_ORIGIN=origin)
        assert answer.status_code == status, origin
    assert browser.post("/language/", sent, **HOST, **told, HTTP_ORIGIN="https://training.example").cookies["django_language"]["secure"]


def test_what_a_proxy_passes_on_without_tls_is_sent_to_tls_and_no_other_host_is_answered(behind_tls: Any, db: None) -> None:
    plain = {"HTTP_X_FORWARDED_PROTO": "http"}
    answer = Client().get("/sign-in/?next=/today/", **HOST, **plain)
    assert (answer.status_code, answer["Location"]) == (301, "https://training.example/sign-in/?next=/today/")
    assert not answer.cookies
    assert Client().post("/sign-in/", {"login": "a", "password": "b"}, **HOST, **plain).status_code == 301
    assert Client().get("/healthz", **HOST, **plain).status_code == 200
    for path in ("/api/v1/me", "/xapi/statements", "/xapistatements"):
        refused = Client().get(path, **HOST, **plain, HTTP_AUTHORIZATION="Bearer shown-without-tls")
        assert (refused.status_code, refused.has_header("Location")) == (403, False), path
    assert Client().get("/sign-in/", HTTP_HOST="elsewhere.example").status_code == 400
    shown = Client().get("/sign-in/", **HOST, HTTP_X_FORWARDED_HOST="elsewhere.example")
    assert "elsewhere.example" not in shown.content.decode()


def test_without_the_setting_nobody_makes_a_request_look_as_if_it_came_by_tls(db: None) -> None:
    answer = Client().get("/sign-in/", HTTP_X_FORWARDED_PROTO="https", HTTP_X_FORWARDED_SSL="on")
    assert "Strict-Transport-Security" not in answer
    assert not answer.wsgi_request.is_secure()


COOKIES = """
import json, django
from django.test import Client
django.setup()
from django.conf import settings
from entrepot.desk.web import links, middleware, notes
from entrepot.ground.people.web import browsers
names = [settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME, browsers.COOKIE, links.COOKIE]
names += [middleware.ZONE_COOKIE, *(storage.cookie_name for storage in notes.Notes.storage_classes if hasattr(storage, "cookie_name"))]
given = Client().post("/language/", {"language": "en"}, HTTP_HOST="127.0.0.1").cookies.values()
print(json.dumps([names, [[c.key, bool(c["secure"]), bool(c["httponly"]), c["samesite"], c["path"], c["domain"]] for c in given]]))
"""


@pytest.mark.parametrize("https", ["1", "0"])
def test_over_https_no_other_host_can_set_a_cookie_of_ours(tmp_path: Path, https: str) -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("ENTREPOT_", "DJANGO_"))}
    environment |= {"ENTREPOT_HOME": str(tmp_path), "ENTREPOT_HTTPS": https, "DJANGO_SETTINGS_MODULE": "entrepot.config.settings"}
    done = subprocess.run([sys.executable, "-c", COOKIES], env=environment, check=True, timeout=120, capture_output=True, text=True)
    names, given = json.loads(done.stdout.splitlines()[-1])
    assert len(names) == 7
    assert {name.startswith("__Host-") for name in names} == {https == "1"}
    assert given == [[names[2], https == "1", True, "Lax", "/", ""]]


def test_every_cookie_that_is_set_is_ours_and_says_to_whom_it_goes() -> None:
    """Whatever sets a cookie takes its name from one of those that the test above asks for."""
    source = Path(__file__).parents[2] / "src"
    setting = {str(file.relative_to(source)) for file in source.rglob("*.py") if "set_cookie(" in file.read_text()}
    assert setting == {"entrepot/ground/people/web/browsers.py", "entrepot/desk/web/links.py"}


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT"])
@pytest.mark.parametrize("path", ["/", "/api/v1/me", "/xapi/about", "/static/shell/entrepot.css"])
def test_no_method_that_sends_back_what_was_sent_is_answered(world: Any, method: str, path: str) -> None:
    answer = world.browser("officer").generic(method, path, HTTP_X_SECRET="herons")
    assert answer.status_code == 405
    assert b"herons" not in answer.content


def test_every_text_says_in_which_encoding_it_is(world: Any) -> None:
    browser = world.browser("coordinator")
    texts = ("/", "/today/", "/calendar.ics", "/?x=%00", "/no-such-page/", "/indicators/table.csv", "/sign-in/")
    kinds = {path: browser.get(path)["Content-Type"] for path in texts}
    assert {path: kind for path, kind in kinds.items() if kind.startswith("text/") and "charset=utf-8" not in kind} == {}
    assert sum(kind.startswith("text/") for kind in kinds.values()) >= 6


def test_whoever_has_to_sign_in_comes_back_to_the_whole_address_and_to_no_other_host(db: None) -> None:
    answer = Client().get("/people/?q=a&cursor=b%26c")
    assert answer["Location"] == "/sign-in/?next=/people/%3Fq%3Da%26cursor%3Db%2526c"
    for path in ("/sign-in/?next=https://elsewhere.example/", "/sign-in/?next=//elsewhere.example/", "/sign-in/?next=/\\elsewhere.example"):
        sent = Client().post(path, {"login": "officer@practice.example", "password": PASSWORD})
        assert (sent.status_code, sent["Location"]) == (302, "/today/")
    answer = Client().post("/language/", {"language": "en", "next": "https://elsewhere.example/"})
    assert "elsewhere" not in answer["Location"]


def test_what_the_server_says_before_django_tells_the_browser_the_same(behind_tls: Any) -> None:
    for path in ("/", "/api/v1/me", "/xapi/statements"):
        headers = dict(refusals.answer(refusals.BUSY, path)[0])
        assert headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
        assert headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in headers["content-security-policy"]
