"""Documents: judged by content, size and name; private unless said; served so that nothing in them runs."""

from __future__ import annotations

import errno
import io
import os
import tempfile
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from entrepot.ground.documents import api
from entrepot.ground.documents.core import KINDS, fit_name, judge
from entrepot.ground.documents.models import Document
from entrepot.kernel.errors import Invalid, NotAllowed, NotFound, TooManyRequests
from entrepot.kernel.principals import SYSTEM
from tests.settings import PRODUCT_LIMITS

PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(40)


def _zip(**entries: bytes) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return whole.getvalue()


DOCX = _zip(**{"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"})
ODS = _zip(mimetype=b"application/vnd.oasis.opendocument.spreadsheet")
GOOD = [
    ("a.pdf", PDF),
    ("a.PNG", PNG),
    ("ใบสมัคร.pdf", PDF),
    ("notes.txt", "Сайн уу, 你好".encode()),
    ("table.csv", "\ufeffname,day\nPele,1\n".encode()),
    ("table.csv", "name;day".encode("utf-16")),
    ("letter.docx", DOCX),
    ("table.ods", ODS),
    ("package.zip", _zip(**{"index.html": b"x"})),
]
BAD = [
    ("a.exe", b"MZ" + bytes(60)),
    ("a", PDF),
    ("a.pdf", b""),
    ("a.pdf", PNG),
    ("a.png", b"<svg onload=alert(1)>"),
    ("page.html", b"<script>"),
    ("picture.svg", b"<svg/>"),
    ("table.csv", "ชื่อ".encode("cp874")),
    ("notes.txt", b"a\x00b"),
    ("letter.docx", _zip(**{"x.txt": b"x"})),
    ("letter.docx", DOCX[:-30]),
    ("letter.docx", _zip(**{"[Content_Types].xml": b"", "word/document.xml": b"", "word/vbaProject.bin": b"x"})),
    ("table.ods", _zip(mimetype=b"application/vnd.oasis.opendocument.text")),
    ("package.zip", _zip(**{"../../evil.txt": b"x"})),
    ("package.zip", _zip(**{"/etc/passwd": b"x"})),
    ("package.zip", _zip(é=b"x").replace("é".encode(), b"\xff\xff")),
    ("table.ods", ODS[:38] + b"\xff" * 8 + ODS[46:]),
]


@pytest.mark.parametrize(("name", "content"), GOOD)
def test_what_is_kept(name: str, content: bytes) -> None:
    assert judge(name, io.BytesIO(content)) is KINDS[name.rsplit(".", 1)[1].lower()]


@pytest.mark.parametrize(("name", "content"), BAD)
def test_what_is_refused_says_so_beside_the_file(name: str, content: bytes) -> None:
    with pytest.raises(Invalid) as caught:
        judge(name, io.BytesIO(content))
    assert list(caught.value.faults) == ["file"]


def test_an_archive_that_would_swell_is_refused_without_being_unpacked() -> None:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("zeros", "w", force_zip64=True) as entry:
        for _ in range(1100):
            entry.write(bytes(1024**2))
    assert len(whole.getvalue()) < 2_000_000
    with pytest.raises(Invalid, match="correcting"):
        judge("a.zip", whole)


@given(st.text(max_size=300))
def test_any_name_is_kept_harmless_or_refused(given_name: str) -> None:
    try:
        name = fit_name(given_name)
    except Invalid:
        return
    assert name
    assert not set(name) & set("/\\\x00\n\r\u202e")
    assert len(name) <= 150
    assert name not in (".", "..")
    assert fit_name(name) == name


@pytest.mark.parametrize("name", ["gpj\u202eexe.pdf", "a\x07.pdf", "", "...", "a/"])
def test_names_that_hide_something_are_refused(name: str) -> None:
    with pytest.raises(Invalid):
        fit_name(name)


def test_joined_letters_of_persian_and_sinhala_names_stay() -> None:
    assert fit_name("نمی‌دانم.pdf") == "نمی‌دانم.pdf"


def _keep(world: Any, code: str = "ATN", by: Any = SYSTEM, content: bytes = PDF, name: str = "ใบสมัคร.pdf", **more: Any) -> Document:
    place = world.place(code)
    values = {"about": place.uuid, "title": "A paper", **more}
    return api.keep(by=by, at=world.at, place=place, name=name, content=io.BytesIO(content), **values)


def test_nobody_fills_the_disk_with_files(world: Any) -> None:
    coordinator = world.principal("coordinator")
    with override_settings(LIMITS=PRODUCT_LIMITS | {"documents": "3/24h"}):
        for _ in range(3):
            _keep(world, by=coordinator)
        with pytest.raises(TooManyRequests):
            _keep(world, by=coordinator)
        _keep(world, by=world.principal("neighbour"))
    with override_settings(ROOM_MEGABYTES=10**9), pytest.raises(OSError, match="kept for the database") as caught:
        _keep(world, by=coordinator)
    assert caught.value.errno == errno.ENOSPC, "which is told as a full disk, while all else is still written"


def test_a_document_is_private_unless_said_and_served_as_a_download(world: Any) -> None:
    kept = _keep(world)
    address = f"/documents/{kept.uuid}/file/"
    answers = {part: world.browser(part).get(address) for part in ("coordinator", "neighbour", "officer", "manager", "head", "")}
    assert {part for part, answer in answers.items() if answer.status_code == 200} == {"coordinator"}
    b"".join(answers["coordinator"].streaming_content)  # type: ignore[arg-type]
    answer = world.browser("coordinator").get(address)
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert kept.name in api.about(world.place("ATN").uuid).values_list("name", flat=True)


def test_what_the_regional_bodies_keep_is_seen_by_the_regional_office_and_a_members_papers_are_not(world: Any) -> None:
    centre, member = _keep(world, "RTC-SAG"), _keep(world, "HIGH")
    manager = world.principal("manager")
    assert api.document_rules.may(manager, "view", centre)
    assert not api.document_rules.may(manager, "view", member)


def test_a_tokens_scope_leaves_only_what_is_public(world: Any) -> None:
    public = _keep(world, visibility=api.Visibility.PUBLIC)
    private = _keep(world)
    narrow = world.principal("coordinator", scopes=["people:read"])
    seen = set(api.document_rules.visible_to(narrow).values_list("pk", flat=True))
    assert public.pk in seen
    assert private.pk not in seen
    assert not api.document_rules.may(narrow, "view", private)


def test_a_fifty_megabyte_upload_is_refused_in_words_and_the_form_keeps_what_was_typed(world: Any) -> None:
    before = set(Path(tempfile.gettempdir()).glob("*.upload*"))
    atn = world.place("ATN")
    answer = _post_large(world.browser("coordinator"), atn.pk)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "larger than 20 MB" in text
    assert "Our roster of June" in text
    assert not Document.objects.filter(title="Our roster of June").exists()
    assert set(Path(tempfile.gettempdir()).glob("*.upload*")) == before


def _post_large(browser: Any, place: int) -> Any:
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(PDF)
        os.truncate(file.name, 50_000_000)
        file.seek(0)
        return browser.post("/documents/new/", {"place": place, "title": "Our roster of June", "visibility": "known", "file": file})


def test_the_form_keeps_a_document_and_a_neighbours_place_is_not_offered(world: Any) -> None:
    browser = world.browser("coordinator")
    sent = {"place": world.place("ATN").pk, "title": "Roster", "visibility": "known", "file": SimpleUploadedFile("roster.csv", b"a,b\n")}
    answer = browser.post("/documents/new/", sent)
    assert answer.status_code == 302
    kept = Document.objects.get(title="Roster")
    assert (kept.media_type, kept.visibility) == ("text/csv", "known")
    assert world.browser("neighbour").get(answer["Location"]).status_code == 200
    sent = {"place": world.place("HIGH").pk, "title": "Theirs", "visibility": "known", "file": SimpleUploadedFile("a.csv", b"a,b\n")}
    assert browser.post("/documents/new/", sent).status_code == 422
    with pytest.raises(NotAllowed):
        api.keep_for_place(
            by=world.principal("coordinator"), at=world.at, place=world.place("HIGH"), title="x", name="a.csv", content=io.BytesIO(b"a")
        )


def test_retired_it_is_gone_for_readers_and_a_month_later_its_content_too(world: Any, django_capture_on_commit_callbacks: Any) -> None:
    kept = _keep(world, visibility=api.Visibility.PUBLIC)
    with pytest.raises(NotAllowed):
        api.retire(by=world.principal("neighbour"), at=world.at, uuid=kept.uuid)
    api.retire(by=world.principal("coordinator"), at=world.at, uuid=kept.uuid)
    assert world.browser().get(f"/documents/{kept.uuid}/").status_code in (302, 404)
    assert world.browser("neighbour").get(f"/documents/{kept.uuid}/file/").status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        api.sweep(at=world.at + timedelta(days=29))
    assert api.storage().exists(kept.stored)
    with django_capture_on_commit_callbacks(execute=True):
        api.sweep(at=world.at + timedelta(days=31))
    assert not api.storage().exists(kept.stored)
    kept.refresh_from_db()
    assert kept.removed_at


def test_a_content_whose_document_never_came_to_be_is_swept_after_a_day(world: Any, django_capture_on_commit_callbacks: Any) -> None:
    name = api.storage().save("zz/left-over", io.BytesIO(b"x"))
    kept = _keep(world)
    with django_capture_on_commit_callbacks(execute=True):
        api.sweep(at=world.at + timedelta(hours=1))
    assert api.storage().exists(name)
    with django_capture_on_commit_callbacks(execute=True):
        api.sweep(at=world.at + timedelta(days=2))
    assert not api.storage().exists(name)
    assert api.storage().exists(kept.stored)


def test_erasing_a_person_removes_what_is_kept_about_them(world: Any, django_capture_on_commit_callbacks: Any) -> None:
    officer = world.person("officer")
    kept = _keep(world, about=officer.uuid, title="Medical note")
    with django_capture_on_commit_callbacks(execute=True):
        assert world.browser("officer", fresh=True).post(f"/erase/{officer.uuid}/").status_code == 302
    kept.refresh_from_db()
    assert (kept.title, kept.name) == ("—", "—")
    assert not api.storage().exists(kept.stored)
    with pytest.raises(NotFound):
        api.serve(kept)


def test_a_missing_content_is_named_by_the_check(world: Any) -> None:
    kept = _keep(world)
    api.storage().delete(kept.stored)
    assert kept in api.missing()
    with pytest.raises(NotFound):
        api.serve(kept)


def test_of_an_archive_that_is_cut_no_half_content_stays_and_the_whole_one_puts_it_back(world: Any, tmp_path: Path) -> None:
    content = b"x" * 300_000
    document = api.keep_for_place(
        by=SYSTEM, at=world.at, place=world.place("ATN"), title="Notes", name="notes.txt", content=io.BytesIO(content)
    )
    whole, cut = tmp_path / "whole.tar", tmp_path / "cut.tar"
    api.write_copy(whole)
    archive = whole.read_bytes()
    cut.write_bytes(archive[: archive.index(document.stored.encode()) + 200_000])
    api.storage().delete(document.stored)
    with pytest.raises(api.CutArchive):
        api.read_copy(cut)
    assert not api.storage().exists(document.stored)
    # As a machine leaves it that lost its power in the middle.
    api.storage().save(document.stored, ContentFile(content[:1000]))
    assert api.read_copy(whole) == 1
    with api.storage().open(document.stored) as kept:
        assert kept.read() == content
