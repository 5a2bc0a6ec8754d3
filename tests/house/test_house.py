"""Rules about ourselves."""

from __future__ import annotations

import hashlib
import importlib
import json
import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import reverse

from entrepot.desk.cli import parser
from entrepot.desk.gathered import APPS
from entrepot.kernel.roles import ROLES, Role

from . import doors, requirements, sbom

ROOT = Path(__file__).parents[2]


def test_every_room_is_entered_by_its_door() -> None:
    assert doors.broken() == []


@pytest.mark.django_db
def test_no_migration_is_pending() -> None:
    call_command("makemigrations", *(app.rsplit(".", 1)[1] for app in APPS), "desk", check=True, dry_run=True, verbosity=0)


def test_every_app_says_what_it_is_and_what_it_is_not() -> None:
    for app in APPS:
        text = importlib.import_module(app).__doc__ or ""
        assert len(text) > 80, app


def test_structure_doc_names_every_app_and_operations_doc_every_command_and_variable() -> None:
    structure = (ROOT / "docs/structure.md").read_text()
    for app in APPS:
        assert app.rsplit(".", 1)[1] in structure
    operations = (ROOT / "docs/operations.md").read_text()
    commands = next(action for action in parser()._actions if action.dest == "command").choices
    for command in commands:
        assert f"entrepot {command}" in operations, command
    settings = (ROOT / "src/entrepot/config/settings.py").read_text()
    for variable in set(re.findall(r"ENTREPOT_[A-Z_]+", settings)):
        assert variable in operations, variable


def test_vendored_files_have_the_hash_that_their_list_says() -> None:
    vendor = ROOT / "src/entrepot/shell/static/vendor"
    listed = (vendor / "README.md").read_text()
    for file in vendor.glob("*.js"):
        assert hashlib.sha256(file.read_bytes()).hexdigest() in listed, file.name


def test_lock_files_carry_hashes_and_no_address() -> None:
    for file in (ROOT / "requirements").glob("*.txt"):
        text = file.read_text()
        assert "--hash=sha256:" in text
        assert "://" not in text


def test_the_list_of_components_is_current() -> None:
    whole = json.loads((ROOT / "docs/sbom.json").read_text())
    assert whole == json.loads(sbom.listed()), "the lock file changed: make sbom"
    names = {one["name"] for one in whole["components"]}
    assert {"django", "granian", "htmx"} <= names
    assert len(names) == len(re.findall(r"^\S+==", (ROOT / "requirements/core.txt").read_text(), re.MULTILINE)) + 2 - 1, (
        "NumPy stands twice"
    )


def test_templates_hold_no_inline_script_or_style() -> None:
    for file in (ROOT / "src").rglob("*.html"):
        text = file.read_text()
        assert not re.search(r"\sstyle=|<style|\son\w+=|<script(?![^>]*\ssrc=)", text), file


def test_openapi_is_as_pinned(tmp_path: Path) -> None:
    from entrepot.desk.rest.api import api

    now = json.loads(json.dumps(api.get_openapi_schema(), default=str))
    pinned = ROOT / "docs/openapi.json"
    assert json.loads(pinned.read_text()) == now, "the API changed: look at the difference, then run python -m tests.house.pin"
    names = [one["operationId"] for methods in now["paths"].values() for one in methods.values()]
    assert len(names) == len(set(names)), "of two operations with one name a client would know only one"


def test_requirements_table_is_current() -> None:
    assert (ROOT / "docs/requirements.md").read_text() == requirements.table()


def test_no_file_of_ours_is_over_four_hundred_lines() -> None:
    long = {str(f): n for f in (ROOT / "src").rglob("*.py") if "migrations" not in f.parts and (n := len(f.read_text().splitlines())) > 400}
    assert long == {}


@pytest.mark.row("R1.1")
def test_roles_page_is_made_from_the_rules(client, db) -> None:
    text = client.get(reverse("desk:roles")).content.decode()
    for role in Role:
        assert ROLES[role].title in text
