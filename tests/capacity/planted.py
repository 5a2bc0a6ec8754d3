"""A person planted in every room by what people really do, then exported, merged and erased: `python -m tests.capacity.planted`.

It needs a database of its own with the practice region in it, as what is written has to be committed before the files can be looked into.
Prints as JSON where they were found before, what the export left out, what still referred to the dropped record, and where anything of them
stands in the end: in every column of every table, in every file below ENTREPOT_HOME, and in PostgreSQL's own files where they can be read.
"""

from __future__ import annotations

import email
import io
import json
import os
import re
from datetime import UTC, datetime, timedelta
from email.policy import default
from pathlib import Path
from typing import Any
from uuid import uuid4

import django

django.setup()

from django.apps import apps  # noqa: E402
from django.conf import settings  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402

from entrepot.capacity.knowledge.models import Practice  # noqa: E402
from entrepot.capacity.publications.api import begin_series  # noqa: E402
from entrepot.capacity.publications.enums import SeriesKind  # noqa: E402
from entrepot.capacity.records.actions.people import match  # noqa: E402
from entrepot.capacity.records.api import make_key  # noqa: E402
from entrepot.ground.access.api import make_token  # noqa: E402
from entrepot.ground.documents.api import keep  # noqa: E402
from entrepot.ground.people.api import post  # noqa: E402
from entrepot.ground.people.models import Person  # noqa: E402
from entrepot.ground.work.api import move_clock, now, work_off  # noqa: E402
from entrepot.kernel.principals import SYSTEM  # noqa: E402
from entrepot.kernel.roles import Role  # noqa: E402
from tests.capacity.lrs import Lrs, statement  # noqa: E402
from tests.capacity.walking import Walk  # noqa: E402
from tests.conftest import World  # noqa: E402

NAME, LATIN = "ঝর্ণাবতী খক্ষরঞ্জন", "Zorvaine Quxembly"
ADDRESS, SECOND = "zorvaine.q@practice.example", "quxembly@practice.example"
PHONE = "+676 771 80953"
PASSWORD = "a password of nobody but Z"
NEEDLES = ["ঝর্ণাবতী", "খক্ষরঞ্জন", "Zorvaine", "Quxembly", "zorvaine.q@", "quxembly@", "77180953", "771 80953"]
ABOUT = f"Ask {LATIN} ({NAME}, {ADDRESS})"
"""What others write: her full name and address."""
OWN = f"Call me: {PHONE}"
"""What she writes herself."""


def _stands(text: str) -> list[str]:
    folded = text.casefold()
    return [needle for needle in NEEDLES if needle.casefold() in folded]


def _read(value: Any) -> str:
    """All that a column's value says, unpacked where it is packed."""
    if isinstance(value, memoryview | bytes | bytearray):
        value = bytes(value).decode(errors="replace")
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    if "\\u" in text:
        text += text.encode("ascii", "backslashreplace").decode("unicode_escape", "replace")
    return text


def in_tables() -> dict[str, list[str]]:
    """Where the needles stand, by table and column."""
    found: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f'SELECT * FROM "{table}"')
            columns = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for name, value in zip(columns, row, strict=True):
                    text = _read(value)
                    if table == "django_session" and name == "session_data":
                        text = json.dumps(SessionStore().decode(text), default=str)
                    if hits := _stands(text):
                        found.setdefault(f"{table}.{name}", []).extend(hits)
    return {where: sorted(set(hits)) for where, hits in found.items()}


def _in_bytes(content: bytes) -> list[str]:
    spelt = {needle: {needle, needle.lower(), needle.upper(), json.dumps(needle)[1:-1]} for needle in NEEDLES}
    return sorted(needle for needle, forms in spelt.items() if any(form.encode() in content for form in forms))


def in_files(folder: Path) -> dict[str, list[str]]:
    """Where the needles stand in files: their bytes, and the texts of mails."""
    found = {}
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            content = file.read_bytes()
            hits = set(_in_bytes(content)) | set(_in_bytes(str(file).encode()))
            if "mail" in file.parts:
                for one in content.split(b"\n" + b"-" * 79 + b"\n"):
                    message = email.message_from_bytes(one, policy=default)
                    for part in message.walk():
                        if part.get_content_maintype() == "text":
                            hits |= set(_stands(str(part.get_content())))  # type: ignore[attr-defined]
            if hits:
                found[str(file.relative_to(folder))] = sorted(hits)
    return found


def in_relations() -> dict[str, list[str]] | None:
    """The same for PostgreSQL's files of this database, or None where they are not to be read."""
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
        cursor.execute("SELECT current_setting('data_directory'), oid FROM pg_database WHERE datname = current_database()")
        folder, oid = cursor.fetchone()
    base = Path(folder) / "base" / str(oid)
    if not os.access(base, os.R_OK | os.X_OK):
        return None
    return {file.name: hits for file in sorted(base.iterdir()) if (hits := _in_bytes(file.read_bytes()))}


class Planting(Walk):
    """Every field that people may fill with someone, filled."""

    def her(self) -> Any:
        """The record that is kept."""
        return Person.objects.get(email=ADDRESS)

    def as_her(self, address: str = ADDRESS) -> str:
        """A part in which she is signed in."""
        if address not in self.browsers:
            self.browsers[address] = Client()
            self.browsers[address].force_login(
                Person.objects.get(email=address), backend="allauth.account.auth_backends.AuthenticationBackend"
            )
        return address

    def plant(self) -> None:
        """All of it, up to the merge."""
        self.nominate_twice()
        self.sign_in()
        self.attend()
        self.write()
        self.be_written_about()
        work_off(limit=100_000)

    def nominate_twice(self) -> None:
        invitation = self.invited("ATN", seats=3, per_member=3)["ATN"]
        more = {"family_name": "", "unit": OWN, "duties": OWN, "special_needs": OWN, "supervisor": "supervisor"}
        self.send("coordinator", "get", "/people")
        self.browsers["coordinator"].defaults["HTTP_IDEMPOTENCY_KEY"] = str(uuid4())
        first = self.nominate("coordinator", invitation, 1, full_name=NAME, email=ADDRESS, **more)
        del self.browsers["coordinator"].defaults["HTTP_IDEMPOTENCY_KEY"]
        second = self.nominate("coordinator", invitation, 2, full_name=LATIN, email=SECOND, **more)
        self.nominate("coordinator", invitation, 3, full_name="Losa Mele", email="losa@practice.example", supervisor="supervisor")
        self.mine, self.other = first["uuid"], second["uuid"]
        found = self.send("coordinator", "get", f"/people/{self.her().uuid}")
        self.send("coordinator", "patch", f"/people/{self.her().uuid}", {"latin_name": LATIN, "version": found["version"]})
        for row in self.nominations():
            self.send("supervisor", "post", f"/training/nominations/{row['uuid']}/release", {"yes": True})
        self.send("coordinator", "post", f"/training/invitations/{invitation}/finish")
        self.advance("selection")
        self.send("manager", "post", f"/training/nominations/{self.mine}/override", {"way": "in", "note": ABOUT})

    def sign_in(self) -> None:
        person = self.her()
        invited = self.browsers["coordinator"].post(f"/me/invite/{person.uuid}/").content.decode()
        found = re.search(r"/me/join/[\w-]+/", invited)
        assert found, invited[-3000:]
        browser = Client()
        answer = browser.post(found[0], {"password": PASSWORD, "again": PASSWORD})
        assert answer.status_code == 302, answer.content.decode()[-2000:]
        for word in ("wrong", "wrong again", PASSWORD):
            answer = browser.post("/sign-in/", {"login": ADDRESS, "password": word})
        assert answer.status_code == 302, answer.content.decode()[-500:]
        browser.post("/password/forgotten/", {"email": ADDRESS})
        principal = self.world.principal(ADDRESS.split("@", maxsplit=1)[0])
        make_token(by=principal, at=now(), person=person, name=OWN, scopes=["people:read"], known_scopes=["people:read"])

    def attend(self) -> None:
        self.send("manager", "post", f"/training/activities/{self.activity}/decide")
        self.advance("confirmed")
        sessions = self.sessions()
        self.move(days=41)
        for session in sessions:
            present = {self.mine: "in_person", self.other: "online"}
            self.send("centre", "post", f"/training/sessions/{session['uuid']}/attendance", {"present": present})
        her, second = self.as_her(), self.as_her(SECOND)
        reaction = {"useful": 5, "clear": 4, "practice": 3, "pace": 4, "arrangements": 5, "change": OWN}
        for part, nomination in ((her, self.mine), (second, self.other)):
            self.send(part, "post", f"/evaluation/nominations/{nomination}/answers/reaction", {"answers": reaction})
        item = {"what": OWN, "why": OWN, "owner": NAME, "support": OWN, "indicator": OWN, "due_on": str(now().date())}
        made = self.send(her, "post", f"/evaluation/nominations/{self.mine}/items", item, wanted=201)
        self.send(her, "post", f"/evaluation/items/{made['uuid']}", {"state": "started", "note": OWN})
        lesson = {"what": OWN, "on": str(now().date()), "claimed": 3, "emails": ["losa@practice.example"]}
        self.send(her, "post", f"/evaluation/nominations/{self.mine}/lessons", lesson, wanted=201)
        self.move(days=4)
        trainer = [str(self.world.person("trainer").uuid), str(self.her().uuid)]
        post(by=SYSTEM, at=now(), person=self.her(), role=Role.TRAINER, place=self.world.place("ATN"), from_on=now().date())
        self.send("manager", "put", f"/training/activities/{self.activity}/trainers", {"people": trainer})
        self.advance("delivered", "centre", skip=ABOUT)
        self.advance("closed", "centre", skip=ABOUT)
        self.send("manager", "post", f"/evaluation/activities/{self.activity}/report", wanted=201)
        self.move(days=250)
        for ask in self.send("supervisor", "get", "/evaluation/asks"):
            if ask["nomination"] == self.mine:
                self.send(
                    "supervisor",
                    "post",
                    f"/evaluation/asks/{ask['uuid']}/answer",
                    {"answers": {"applied": 3, "alone": 3, "office": True, "taught": True, "effect": ABOUT}},
                )
        self.move(days=20)

    def write(self) -> None:
        """What she says herself in the rooms of knowledge."""
        her = self.as_her()
        profile = {"sight": "region", "headline": OWN, "about": OWN, "ask_me": OWN, "topics": ["VAL"], "languages": ["en"]}
        self.send(her, "put", "/community/profile", profile)
        group = next(g for g in self.send(her, "get", "/community/groups") if g["activity"] == self.activity)["uuid"]
        self.send(her, "post", f"/community/groups/{group}/join")
        self.browsers["losa"] = Client()
        losa = Person.objects.get(email="losa@practice.example")
        self.browsers["losa"].force_login(losa, backend="allauth.account.auth_backends.AuthenticationBackend")
        said = self.send(her, "post", f"/community/groups/{group}/posts", {"text": OWN}, wanted=201)
        assert said
        shown = {"sight": "region", "headline": "I", "about": "", "ask_me": "", "topics": ["VAL"], "languages": ["en"]}
        theirs = self.send("officer", "put", "/community/profile", shown)
        self.send(her, "post", f"/community/profiles/{theirs['uuid']}/letters", {"text": OWN}, wanted=201)
        practice = (
            Practice.objects.filter(state="published", place__code="HIGH").first() or Practice.objects.filter(state="published").first()
        )
        assert practice
        self.send(her, "post", f"/knowledge/practices/{practice.uuid}/questions", {"text": OWN}, wanted=201)
        lrs = Lrs(make_key(by=SYSTEM, at=now(), place=self.world.place("ATN"), name="store", scopes=["all"]), "2.0.0")
        lrs.post([statement(actor={"mbox": f"mailto:{ADDRESS}", "name": LATIN}, result={"response": OWN})])
        match()

    def be_written_about(self) -> None:
        """What others write, with her name in it."""
        drafted = {
            "place": str(self.world.place("ATN").uuid),
            "topic": "VAL",
            "title": f"Parcels, by {LATIN}",
            "problem": ABOUT,
            "done": ABOUT,
        }
        practice = self.send("manager", "post", "/knowledge/practices", drafted | {"results": ABOUT}, wanted=201)["uuid"]
        self.send("coordinator", "post", f"/knowledge/practices/{practice}/clear")
        people = {"people": [str(self.world.person("centre").uuid)]}
        self.send("manager", "post", f"/knowledge/practices/{practice}/reviewers", people)
        for part in ("head", "centre"):
            self.send(part, "post", f"/knowledge/practices/{practice}/review", {"opinion": "fit", "words": ABOUT})
        self.send("manager", "post", f"/knowledge/practices/{practice}/publish")
        used = {"place": str(self.world.place("HIGH").uuid), "worked": "partly", "result": ABOUT}
        self.send("neighbour", "post", f"/knowledge/practices/{practice}/adoptions", used, wanted=201)
        region = self.world.place("PX")
        words = {"title": ABOUT[:190], "forewords": {"en": ABOUT}}
        manager = self.world.principal("manager", days=(now() - self.world.at).days)
        series = begin_series(by=manager, at=now(), region=region, code="planted", title="Planted", kind=SeriesKind.PRACTICES)
        made = self.send("manager", "post", "/publications/publications", words | {"series": str(series.uuid)}, wanted=201)
        composed = words | {"practices": [practice], "version": made["version"]}
        self.send("manager", "put", f"/publications/publications/{made['uuid']}", composed)
        self.send("manager", "post", f"/publications/publications/{made['uuid']}/publish")
        printed = self.browsers["manager"].get("/publications/planted/1/1/en.docx")
        assert printed.status_code == 200
        self.need(evidence=ABOUT)
        file = io.BytesIO(b"%PDF-1.4\n%%EOF\n")
        kept = {"place": self.world.place("ATN"), "about": uuid4(), "title": ABOUT, "name": "zorvaine-quxembly.pdf", "content": file}
        keep(by=self.world.principal("coordinator"), at=now(), **kept)
        own = {"place": self.world.place("ATN"), "about": self.her().uuid, "title": OWN, "name": "zorvaine-quxembly-cv.pdf"}
        keep(by=self.world.principal("coordinator"), at=now(), content=io.BytesIO(b"%PDF-1.4\n%" + PHONE.encode() + b"\n%%EOF\n"), **own)


def referring(person: Any) -> list[str]:
    """What still refers to this record: by key, or by identifier in any column but those of the journal."""
    found = []
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            to = field.remote_field.model if field.remote_field else None
            if to is Person and model is not Person and model._default_manager.filter(**{field.name: person.pk}).exists():
                found.append(f"{model._meta.label}.{field.name}")
            if field.get_internal_type() == "UUIDField" and model not in (Person,) and model._meta.label != "journal.Entry":
                found += (
                    [f"{model._meta.label}.{field.name}"] if model._default_manager.filter(**{field.name: person.uuid}).exists() else []
                )
    return found


def _relations() -> dict[str, list[str]] | None:
    return in_relations() if connection.vendor == "postgresql" else None


def _prints() -> int:
    """How many papers are kept as files: what they say is packed, so that none may be left."""
    return len(list((Path(settings.HOME) / "prints").glob("*.djcache")))


def main() -> None:
    """Plant, export, merge, erase, wipe, and look."""
    setup_test_environment()
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    world = World(datetime.now(UTC))
    work_off(limit=100_000)
    walk = Planting(world)
    walk.plant()
    her, second = walk.her(), Person.objects.get(email=SECOND)
    before = {"tables": in_tables(), "files": in_files(Path(settings.HOME)), "relations": _relations(), "prints": _prints()}
    answer = world.browser("coordinator").post("/merge/", {"keep": her.uuid, "drop": second.uuid})
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    left = referring(second)
    browser = Client()
    browser.force_login(walk.her(), backend="allauth.account.auth_backends.AuthenticationBackend")
    export = json.dumps(browser.get("/my-data.json").json(), ensure_ascii=False)
    answer = world.browser("coordinator").post(f"/erase/{her.uuid}/", follow=True)
    page, day = answer.content.decode(), now().date()
    move_clock(ahead=timedelta(days=1))
    work_off(limit=100_000)
    connection.close()
    after = {"tables": in_tables(), "files": in_files(Path(settings.HOME)), "relations": _relations(), "prints": _prints()}
    print(json.dumps({"before": before, "referring": left, "export": export, "page": page, "day": str(day), "after": after}))


if __name__ == "__main__":
    main()
