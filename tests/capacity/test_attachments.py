"""Answers with attachments are bounded as those without: by the page, and by the statement."""

from __future__ import annotations

import json
from typing import Any

import pytest

from entrepot.capacity.records import attached
from entrepot.capacity.records.core.multipart import boundary_of, read_parts, write_parts
from tests.capacity.lrs import HOME, Lrs, statement
from tests.capacity.test_xapi import _attached


def _pages(lrs: Lrs, **parameters: Any) -> list[tuple[list[str], list[bytes]]]:
    """Of each answer along `more`: the statements' identifiers, and the attachments' contents."""
    pages, answer = [], lrs.get(attachments="true", ascending="true", **parameters)
    while True:
        parts = read_parts(answer.content, boundary_of(answer["Content-Type"]))
        said = json.loads(parts[0].content)
        pages.append(([one["id"] for one in said["statements"]], [part.content for part in parts[1:]]))
        if not said["more"]:
            return pages
        answer = lrs.ask("GET", said["more"].removeprefix("/xapi/"))


def test_an_answer_holds_no_more_than_fits_with_its_attachments_and_more_leads_to_the_rest(
    lrs: Lrs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attached, "LARGEST_ANSWER", 10_000)
    contents = [b"a" * 4000, b"b" * 3000, b"a" * 4000, b"c" * 30_000, b"d" * 10, b"e" * 9900]
    sent = []
    for content in contents:
        one, media_type, body = _attached(statement(), content)
        assert lrs.post(body, media_type=media_type).status_code == 200
        sent.append(one["id"])
    pages = _pages(lrs)
    assert [ids for ids, _ in pages] == [sent[:3], sent[3:4], sent[4:5], sent[5:]], "one at least; what two name counts once"
    assert [sorted(held) for _, held in pages] == [sorted(set(contents[:3])), [contents[3]], [contents[4]], [contents[5]]]
    assert len(lrs.get().json()["statements"]) == len(sent), "without them all go out at once"


def test_what_one_statement_names_by_its_address_fills_no_answer_beyond_what_it_brought(lrs: Lrs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attached, "LARGEST_OF_ONE", 10_000)
    named = []
    for letter in (b"a", b"b", b"c"):
        one, media_type, body = _attached(statement(), letter * 4000)
        lrs.post(body, media_type=media_type)
        named += [{**held, "fileUrl": f"{HOME}/file"} for held in one["attachments"]]
    own, _, _ = _attached(statement(), b"own" * 2000)
    own["attachments"] = [*named, *own["attachments"]]
    media_type, body = write_parts(json.dumps(own).encode(), [(own["attachments"][-1]["sha2"], "text/plain", b"own" * 2000)])
    assert lrs.post(body, media_type=media_type).status_code == 200
    answer = lrs.get(statementId=own["id"], attachments="true")
    parts = read_parts(answer.content, boundary_of(answer["Content-Type"]))
    assert len(json.loads(parts[0].content)["attachments"]) == 4
    assert {b"own" * 2000} < {part.content for part in parts[1:]}
    assert sum(len(part.content) for part in parts[1:]) == 10_000
