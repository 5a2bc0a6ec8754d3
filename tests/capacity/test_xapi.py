"""`/xapi` as a client meets it: versions, repeats, voiding, attachments, documents. ADL's suite tries the whole (docs/testing.md)."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from django.utils import timezone

from entrepot.capacity.records.core import actor_key
from entrepot.capacity.records.core.multipart import write_parts
from entrepot.capacity.records.models import Agent
from tests.capacity.lrs import HOME, VERB, VOIDED, Lrs, officer, statement


def test_a_statement_comes_back_as_it_was_sent_with_what_the_store_adds(lrs: Lrs) -> None:
    raw = b'{ "object" : {"id":"https://learn.practice.example/units/9"}, "verb":{"id":"http://x.example/v"},"actor":' + (
        json.dumps(officer()).encode() + b',"result":{"score":{"scaled":0.50},"extensions":{"http://x.example/e":1.0e2}}}'
    )
    (uuid,) = lrs.post(raw).json()
    text = lrs.get(statementId=uuid).content
    assert b'{"score":{"scaled":0.50},"extensions":{"http://x.example/e":1.0e2}}' in text
    shown = json.loads(text)
    assert shown["id"] == uuid
    assert shown["authority"]["account"]["name"] == lrs.key.key
    assert shown["stored"].endswith("Z")
    assert shown["version"] == "2.0.0"


def test_each_request_is_answered_in_its_own_version(client_at: Any) -> None:
    old, new = client_at(version="1.0.3"), client_at(version="2.0.0")
    assert old.get()["X-Experience-API-Version"] == "1.0.3"
    assert new.get()["X-Experience-API-Version"] == "2.0.0"
    assert new.ask("GET", "statements", x_experience_api_version="3.0").status_code == 400
    uuid = str(uuid4())
    sent = {"statementId": uuid, "content": json.dumps({**statement(), "id": uuid}), "Content-Type": "application/json"}
    body = urlencode(sent).encode()
    assert old.ask("POST", "statements?method=PUT", body, media_type="application/x-www-form-urlencoded").status_code == 204
    assert new.ask("POST", "statements?method=PUT", body, media_type="application/x-www-form-urlencoded").status_code == 400
    assert old.get(statementId=uuid).status_code == 200


FORM = "application/x-www-form-urlencoded"
NAVIGATING = [
    {"sec_fetch_mode": "navigate", "sec_fetch_dest": "document"},
    *({"sec_fetch_mode": "navigate", "sec_fetch_dest": dest} for dest in ("iframe", "frame", "embed", "object")),
    {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "origin": "https://attacker.example"},
    {"accept": "*/*", "upgrade_insecure_requests": "1"},
    {"accept": "image/gif, image/jpeg, application/x-ms-application, */*"},
]
ASKING = [
    {},
    {"accept": "*/*", "origin": HOME},
    {"accept": "application/json, text/javascript, */*; q=0.01"},
    {"accept": "*/*", "origin": HOME, "sec_fetch_mode": "cors", "sec_fetch_dest": "empty", "sec_fetch_site": "cross-site"},
]


@pytest.mark.parametrize(("headers", "status"), [*((one, 403) for one in NAVIGATING), *((one, 204) for one in ASKING)])
def test_the_alternate_syntax_is_for_programs_and_not_for_a_form_that_a_page_sends(
    client_at: Any, headers: dict[str, str], status: int
) -> None:
    lrs = client_at(version="1.0.3")
    uuid = str(uuid4())
    sent = {"statementId": uuid, "content": json.dumps({**statement(), "id": uuid}), "Authorization": lrs.authorization}
    body = urlencode({**sent, "X-Experience-API-Version": "1.0.3"}).encode()
    answer = lrs.ask("POST", "statements?method=PUT", body, media_type=FORM, authorization="", **headers)
    assert answer.status_code == status
    assert lrs.get(statementId=uuid).status_code == (404 if status == 403 else 200)


@pytest.mark.parametrize(
    ("stored", "sent"),
    [
        ("application/json; charset=utf-8", "application/json; charset=utf-8"),
        ("application/ld+json", "application/ld+json"),
        ("text/plain", "text/plain"),
        ("image/png", "image/png"),
        *(
            (kind, "application/octet-stream")
            for kind in ("text/html", "TEXT/HTML; charset=utf-16", "image/svg+xml", "application/xhtml+xml", "text/xml", "text/css")
        ),
        *(
            (kind, "application/octet-stream")
            for kind in ("text/javascript", "application/javascript", "application/pdf", "text/plain, text/html")
        ),
        ("text/html;application/json", "application/octet-stream"),
    ],
)
def test_what_a_program_stored_goes_out_as_bytes_that_run_nowhere(lrs: Lrs, stored: str, sent: str) -> None:
    content = b"{}" if "json" in stored.partition(";")[0] else b"<script src=/static/vendor/htmx.min.js></script>"
    where = f"activities/profile?activityId={HOME}/1&profileId=p"
    assert lrs.ask("PUT", where, content, media_type=stored, if_none_match="*").status_code == 204
    answer = lrs.ask("GET", where)
    assert answer.content == content
    assert answer["Content-Type"] == sent
    assert answer["X-Stored-Content-Type"] == stored
    for each in (answer, lrs.get(), lrs.ask("GET", f"activities/profile?activityId={HOME}/1")):
        assert each["Content-Security-Policy"] == "sandbox; default-src 'none'; frame-ancestors 'none'"
        assert each["X-Content-Type-Options"] == "nosniff"
        assert each["Content-Disposition"] == "attachment"
        assert each["Cross-Origin-Resource-Policy"] == "same-origin"


def test_an_attachment_goes_out_as_bytes_too_and_its_statement_says_what_it_is(lrs: Lrs) -> None:
    one, _, _ = _attached(statement(), content := b"<script>1</script>")
    named = one["attachments"][0]
    media_type, body = write_parts(json.dumps(one).encode(), [(named["sha2"], "text/html", content)])
    assert lrs.post(body, media_type=media_type).status_code == 200
    answer = lrs.get(statementId=one["id"], attachments="true")
    assert content in answer.content
    assert b"Content-Type: text/html" not in answer.content
    assert answer["Content-Disposition"] == "attachment"


@pytest.mark.parametrize("stored", ["text/plain\r\nSet-Cookie: a=1", "text/plain\nX: y", "text/\x00plain", "text/plain\x85", "x" * 201])
def test_a_content_type_that_is_no_line_is_refused(client_at: Any, stored: str) -> None:
    lrs = client_at(version="1.0.3")
    place = {"activityId": f"{HOME}/1", "profileId": "p", "If-None-Match": "*", "Content-Type": stored, "content": "text"}
    answer = lrs.ask("POST", "activities/profile?method=PUT", urlencode(place).encode(), media_type=FORM)
    assert answer.status_code == 400
    assert "Content-Type" in answer.json()["error"]
    assert lrs.get("activities/profile", activityId=f"{HOME}/1").json() == []


@pytest.mark.parametrize("broken", [b"text/plain\nX: y", b"text/plain\rX: y", b"text/\x00plain"])
def test_a_content_type_of_an_attachment_that_is_no_line_is_refused(lrs: Lrs, broken: bytes) -> None:
    one, media_type, body = _attached(statement(), b"content")
    head, _, rest = body.rpartition(b"Content-Type: ")
    answer = lrs.post(head + b"Content-Type: " + broken + b"\r\n" + rest.partition(b"\r\n")[2], media_type=media_type)
    assert answer.status_code == 400
    assert lrs.get(statementId=one["id"]).status_code == 404


def test_told_twice_it_is_kept_once_and_a_contradiction_changes_nothing(lrs: Lrs) -> None:
    one = statement(result={"success": True})
    assert lrs.post([one, statement()]).status_code == 200
    again = lrs.post([one, other := statement()])
    assert again.json() == [one["id"], other["id"]]
    assert lrs.ask("PUT", f"statements?statementId={one['id']}", one).status_code == 204
    refused = lrs.post([statement(), {**one, "result": {"success": False}}])
    assert refused.status_code == 409
    assert one["id"] in refused.json()["error"]
    assert len(lrs.all()) == 3


@pytest.mark.parametrize(
    ("sent", "given"),
    [
        ("2026-11-05T14:00:00.250+07:00", "2026-11-05T07:00:00.250Z"),
        ("2026-01-01T00:30:00-03:30", "2026-01-01T04:00:00Z"),
        ("2026-11-05T14:00:00.123456789+0100", "2026-11-05T13:00:00.123456789Z"),
        ("2026-11-05T14:00:00", "2026-11-05T14:00:00Z"),
        ("2026-11-05T24:00:00+01:00", "2026-11-05T22:59:59.999999Z"),
        ("2026-11-05T14:00:00.5+00:00", "2026-11-05T14:00:00.5+00:00"),
        ("2026-11-05T14:00:00.123456789Z", "2026-11-05T14:00:00.123456789Z"),
    ],
)
def test_version_two_is_given_instants_in_utc_and_version_one_as_they_were_sent(client_at: Any, sent: str, given: str) -> None:
    old, new = client_at(version="1.0.3"), client_at(version="2.0.0")
    inner = {"objectType": "SubStatement", "actor": officer(), "verb": {"id": HOME}, "object": {"id": HOME}, "timestamp": sent}
    one = statement(timestamp=sent, object=inner, result={"extensions": {f"{HOME}/x": sent}})
    new.post(one)
    for lrs, wanted in ((old, sent), (new, given)):
        for shown in (lrs.get(statementId=one["id"]).json(), *lrs.get(format="ids").json()["statements"]):
            assert (shown["timestamp"], shown["object"]["timestamp"]) == (wanted, wanted)
            assert shown["result"] == one["result"]


@pytest.mark.parametrize("shape", ["exact", "ids", "canonical"])
def test_our_own_answer_sent_back_is_a_repeat(client_at: Any, shape: str) -> None:
    lrs = client_at(version="1.0.3")
    thing = {"id": f"{HOME}/units/5", "definition": {"name": {"en": "Origin", "fr": "Origine"}}}
    actor = {"objectType": "Group", "name": "A class", "mbox": "mailto:class@practice.example", "member": [officer(1), officer(2)]}
    inner = {
        "objectType": "SubStatement",
        "actor": {**officer(), "name": "Ana"},
        "verb": {"id": HOME, "display": {"en": "x"}},
        "object": thing,
    }
    some = [statement(actor=actor, object=thing), statement(object=inner), statement(verb={"id": VERB, "display": {"en": "a", "fr": "b"}})]
    one, media_type, body = _attached(statement(object=thing), b"a picture")
    assert lrs.post(some).status_code == lrs.post(body, media_type=media_type).status_code == 200
    lrs.post(statement(object={**thing, "definition": {"name": {"en": "Another name"}}}))
    for kept in [*some, one]:
        shown = lrs.get(statementId=kept["id"], format=shape).json()
        shown.pop("attachments", None)
        assert lrs.ask("PUT", f"statements?statementId={kept['id']}", shown).status_code == 204, shown
    assert lrs.post([{**kept, "actor": officer(77)} for kept in some]).status_code == 409


def test_one_fault_refuses_the_whole_request_and_names_its_path(lrs: Lrs) -> None:
    answer = lrs.post([statement(), statement(verb={"id": 5}), statement(actor=1)])
    assert answer.status_code == 400
    faults = answer.json()["faults"]
    assert [(fault["statement"], fault["path"]) for fault in faults] == [(1, "verb.id"), (2, "actor")]
    assert lrs.all() == []


@pytest.mark.parametrize("voider_first", [False, True])
def test_a_voided_statement_is_found_as_such_only_whichever_came_first(lrs: Lrs, voider_first: bool) -> None:
    target = statement()
    voider = statement(verb={"id": VOIDED}, object={"objectType": "StatementRef", "id": target["id"]})
    for one in (voider, target) if voider_first else (target, voider):
        assert lrs.post(one).status_code == 200
    assert [one["id"] for one in lrs.all()] == [voider["id"]]
    assert lrs.get(statementId=target["id"]).status_code == 404
    assert lrs.get(voidedStatementId=target["id"]).json()["id"] == target["id"]
    assert lrs.get(voidedStatementId=voider["id"]).status_code == 404


def test_more_leads_through_all_a_page_at_a_time(lrs: Lrs) -> None:
    sent = [statement() for _ in range(25)]
    lrs.post(sent)
    ids = [one["id"] for one in sent]
    assert [one["id"] for one in lrs.get(ascending="true", limit="10").json()["statements"]] == ids[:10]
    assert [one["id"] for one in lrs.all(ascending="true", limit="4")] == ids
    assert [one["id"] for one in lrs.all(limit="25")] == [one["id"] for one in lrs.all(limit="7")] == ids[::-1]
    assert lrs.get(limit="25").json()["more"] == ""
    assert lrs.ask("GET", "statements/more/bm90aGluZw").status_code == 400


def test_consistent_through_is_never_before_what_an_answer_holds(lrs: Lrs) -> None:
    lrs.post([statement() for _ in range(3)])
    answer = lrs.get()
    assert answer["X-Experience-API-Consistent-Through"] >= answer.json()["statements"][0]["stored"]


def test_head_says_what_get_would(lrs: Lrs) -> None:
    lrs.post(statement())
    get, head = lrs.ask("GET", "statements"), lrs.ask("HEAD", "statements")
    assert head.content == b""
    assert head["Content-Length"] == get["Content-Length"] == str(len(get.content))


def _attached(one: dict[str, Any], content: bytes, **more: Any) -> tuple[dict[str, Any], str, bytes]:
    sha2 = hashlib.sha256(content).hexdigest()
    named = {
        "usageType": f"{HOME}/usage",
        "display": {"en": "x"},
        "contentType": "text/plain",
        "length": len(content),
        "sha2": sha2,
        **more,
    }
    one = {**one, "attachments": [named]}
    media_type, body = write_parts(json.dumps(one).encode(), [(sha2, named["contentType"], content)])
    return one, media_type, body


def test_attachments_go_in_and_out_as_multipart(lrs: Lrs) -> None:
    content = bytes(range(256)) * 3
    one, media_type, body = _attached(statement(), content)
    assert lrs.post(body, media_type=media_type).status_code == 200
    answer = lrs.get(statementId=one["id"], attachments="true")
    assert re.fullmatch(r"multipart/mixed; boundary=[0-9a-f]+", answer["Content-Type"]), "TinCanJS takes quotes for a part of it"
    assert content in answer.content
    assert lrs.post(body.replace(content, content[::-1]), media_type=media_type).status_code == 400
    assert lrs.post({**one, "id": str(uuid4())}).status_code == 400


def _jws(payload: dict[str, Any], key: rsa.RSAPrivateKey, algorithm: str = "RS256") -> bytes:
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in ({"alg": algorithm}, payload)]
    signature = key.sign(b".".join(parts), padding.PKCS1v15(), hashes.SHA256())
    return b".".join([*parts, base64.urlsafe_b64encode(signature).rstrip(b"=")])


def test_a_signature_has_to_be_over_this_very_statement(lrs: Lrs) -> None:
    key = rsa.generate_private_key(65537, 2048)
    one = statement()
    usage = {"usageType": "http://adlnet.gov/expapi/attachments/signature", "contentType": "application/octet-stream"}
    for payload, algorithm, status in ((one, "RS256", 200), (statement(), "RS256", 400), (one, "HS256", 400)):
        _, media_type, body = _attached(one, _jws(payload, key, algorithm), **usage)
        assert lrs.post(body, media_type=media_type).status_code == status


def test_activities_gather_what_was_said_of_them(lrs: Lrs) -> None:
    thing = f"{HOME}/units/77"
    lrs.post([statement(object={"id": thing, "definition": {"name": {tag: name}}}) for tag, name in (("en", "Origin"), ("fr", "Origine"))])
    assert lrs.get("activities", activityId=thing).json()["definition"]["name"] == {"en": "Origin", "fr": "Origine"}
    shown = lrs.ask("GET", "statements?format=canonical&limit=1", accept_language="fr").json()["statements"][0]
    assert shown["object"]["definition"]["name"] == {"fr": "Origine"}
    assert set(lrs.get(format="ids", limit="1").json()["statements"][0]["object"]) == {"id"}


def test_documents_are_merged_guarded_and_listed(lrs: Lrs) -> None:
    where = "activities/state?" + urlencode({"activityId": f"{HOME}/units/1", "agent": json.dumps(officer()), "stateId": "place"})
    assert lrs.ask("PUT", where, {"a": 1, "b": 1}).status_code == 204
    assert lrs.ask("POST", where, {"b": 2}).status_code == 204
    kept = lrs.ask("GET", where)
    assert kept.json() == {"a": 1, "b": 2}
    assert lrs.ask("PUT", where, {"c": 1}).status_code == 409
    assert lrs.ask("PUT", where, {"c": 1}, if_match='"other"').status_code == 412
    assert lrs.ask("PUT", where, {"c": 1}, if_match=kept["ETag"]).status_code == 204
    assert lrs.ask("POST", where, b"text", media_type="text/plain").status_code == 400
    assert lrs.ask("GET", where.replace("&stateId=place", "")).json() == ["place"]
    assert lrs.ask("DELETE", where, if_match='"other"').status_code == 412
    assert lrs.ask("DELETE", where).status_code == 204
    assert lrs.ask("GET", where).status_code == 404


ENDPOINTS = ["/xapi/", "/xapi", "/xapi//", "//xapi/"]


@pytest.mark.parametrize("endpoint", ENDPOINTS)
@pytest.mark.parametrize("end", ["", "/"])
def test_a_slash_too_many_or_too_few_leads_to_the_same_resource(lrs: Lrs, endpoint: str, end: str) -> None:
    one = statement()
    for method, resource, more in (("POST", "statements", one), ("GET", "statements", None), ("GET", "about", None)):
        answer = lrs.ask_at(method, f"{endpoint}{resource}{end}", more)
        assert answer.status_code == 200, answer.content
        assert answer["Access-Control-Allow-Origin"] == "*"
    where = urlencode({"activityId": f"{HOME}/units/1", "agent": json.dumps(officer()), "stateId": "place"})
    assert lrs.ask_at("PUT", f"{endpoint}activities/state{end}?{where}", {"a": 1}).status_code == 204
    assert lrs.ask_at("GET", f"{endpoint}/activities//state{end}?{where}").json() == {"a": 1}
    lrs.post([statement() for _ in range(3)])
    more = lrs.ask_at("GET", f"{endpoint}statements{end}?limit=2").json()["more"]
    assert more.startswith("/xapi/statements/more/")
    assert len(lrs.ask_at("GET", more).json()["statements"]) == 2


def test_what_only_begins_like_the_record_store_is_something_else(lrs: Lrs) -> None:
    for path in ("/xapiary", "/xapi-keys/", "/elsewhere/xapi/statements"):
        answer = lrs.ask_at("GET", path)
        assert answer.status_code == 404
        assert "Access-Control-Allow-Origin" not in answer


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        *(("GET", "/xapi/nothing-here", 404), ("GET", "/xapi", 404), ("PUT", "/xapi/", 404), ("POST", "/xapi/activities/else", 404)),
        *(("PATCH", "/xapi/statements", 405), ("GET", "/xapi/statements?agent=%00", 400), ("GET", "/xapi/statements?limit=x", 400)),
        *(("GET", "/xapi/activities/profile?activityId=http%3A%2F%2Fx.example%2Fo&profileId=p", 404), ("DELETE", "/xapi/agents", 405)),
    ],
)
def test_every_refusal_can_be_read_by_programs_of_other_sites(lrs: Lrs, method: str, path: str, status: int) -> None:
    answer = lrs.ask_at(method, path)
    assert answer.status_code == status
    assert answer["Access-Control-Allow-Origin"] == "*"
    for headers in ({"authorization": ""}, {"x_experience_api_version": ""}, {"host": "elsewhere.example"}):
        assert lrs.ask_at(method, path, **headers)["Access-Control-Allow-Origin"] == "*"
    if status == 404 and "profile" not in path:
        assert "/xapi/statements" in answer.json()["error"]


@pytest.mark.parametrize("path", ["/xapi/statements", "/xapi", "/xapi//agents/profile/", "/xapi/nothing-here", "/xapistatements"])
def test_every_preflight_is_answered_without_a_key(lrs: Lrs, path: str) -> None:
    wished = "authorization, x-experience-api-version, updated, x-requested-with"
    answer = lrs.ask_at("OPTIONS", path, authorization="", access_control_request_headers=wished, access_control_request_method="PUT")
    assert answer.status_code == 204
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert set(wished.split(", ")) <= {name.lower() for name in answer["Access-Control-Allow-Headers"].split(", ")}
    assert set(answer["Access-Control-Allow-Methods"].split(", ")) == {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"}
    assert int(answer["Access-Control-Max-Age"]) > 0
    strange = lrs.ask_at("OPTIONS", path, access_control_request_headers="a b; <script>")
    assert "script" not in strange["Access-Control-Allow-Headers"]
    exposed = {"ETag", "Last-Modified", "X-Experience-API-Version", "X-Experience-API-Consistent-Through"}
    assert exposed <= set(answer["Access-Control-Expose-Headers"].split(", "))


@pytest.mark.parametrize(("script_name", "address", "sent"), [("/lrs", "", ""), ("", "/lrs", ""), ("", "/lrs", "/lrs")])
def test_below_a_path_more_leads_back_to_where_the_client_came_in(
    lrs: Lrs, settings: Any, script_name: str, address: str, sent: str
) -> None:
    """Whether the server says the path, or a proxy takes it away, or leaves it: then ENTREPOT_ADDRESS says it."""
    settings.ADDRESS = f"https://training.example{address}"
    lrs.post([statement() for _ in range(3)])
    more = lrs.ask_at("GET", f"{sent}/xapi/statements?limit=2", script_name=script_name).json()["more"]
    assert more.startswith("/lrs/xapi/statements/more/")
    arrives = more if sent else more.removeprefix("/lrs")
    assert len(lrs.ask_at("GET", arrives, script_name=script_name).json()["statements"]) == 1


def test_a_document_that_the_client_has_is_not_sent_again(lrs: Lrs) -> None:
    where = "activities/profile?" + urlencode({"activityId": f"{HOME}/units/1", "profileId": "x"})
    assert lrs.ask("PUT", where, {"a": "x" * 500}, if_none_match="*").status_code == 204
    first = lrs.ask("GET", where, accept_encoding="gzip")
    assert first["Content-Encoding"] == "gzip"
    assert first["ETag"] == f'"{hashlib.sha1(json.dumps({"a": "x" * 500}).encode()).hexdigest()}"', (
        "as the specification says, packed or not"
    )
    for known in (first["ETag"], f"W/{first['ETag']}", f'"other", {first["ETag"]}', "*"):
        again = lrs.ask("GET", where, if_none_match=known)
        assert (again.status_code, again.content) == (304, b"")
        assert again["ETag"] == first["ETag"]
        assert again["Access-Control-Allow-Origin"] == "*"
    assert lrs.ask("GET", where, if_none_match='"other"').status_code == 200
    assert lrs.ask("HEAD", where, if_none_match=first["ETag"]).status_code == 304


def test_bodies_come_packed_too_and_answers_go_out_so_where_asked(lrs: Lrs) -> None:
    one, media_type, body = _attached(statement(), b"a picture" * 100)
    assert lrs.post(gzip.compress(body), media_type=media_type, content_encoding="gzip").status_code == 200
    halves = gzip.compress(b"[") + gzip.compress(json.dumps(statement()).encode() + b"]")
    assert lrs.post(halves, content_encoding="GZIP").status_code == 200
    packed = lrs.ask("GET", f"statements?statementId={one['id']}&attachments=true", accept_encoding="gzip")
    assert packed["Content-Encoding"] == "gzip"
    assert b"a picture" * 100 in gzip.decompress(packed.content)
    assert "Content-Encoding" not in lrs.ask("GET", "statements", accept_encoding="identity")


def test_a_list_of_statements_costs_the_same_queries_whatever_its_length(lrs: Lrs, django_assert_max_num_queries: Any) -> None:
    lrs.post([statement(verb={"id": VERB + "passed"}) for _ in range(40)])
    for limit in ("3", "30"):
        with django_assert_max_num_queries(7):
            lrs.get(limit=limit, verb=VERB + "passed")


def test_the_last_name_by_which_an_actor_or_an_activity_was_called_counts(lrs: Lrs) -> None:
    def said(name: str) -> dict[str, Any]:
        return statement(actor={**officer(), "name": name}, object={"id": f"{HOME}/o", "definition": {"name": {"en": name}}})

    for names in (["Ana"], ["Anna", "Ana"], ["Anna", "Ana", "Anna"], ["Ana"]):
        assert lrs.post([said(name) for name in names]).status_code == 200
        assert lrs.get("activities", activityId=f"{HOME}/o").json()["definition"]["name"] == {"en": names[-1]}
        assert Agent.objects.get(key=actor_key(officer())).name == names[-1]
    lrs.post(statement())
    assert Agent.objects.get(key=actor_key(officer())).name == "Ana", "without a name it keeps the one it has"


def test_a_program_is_led_straight_in_and_nothing_of_a_person_comes_along(lrs: Lrs, world: Any) -> None:
    world.browser("officer").get("/today/")  # in the same thread, in another zone
    assert timezone.get_current_timezone_name() != "UTC"
    answer = lrs.post(statement())
    assert answer.status_code == 200
    assert timezone.get_current_timezone_name() == "UTC"
    assert not answer.cookies
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert lrs.ask("GET", "nothing-here").status_code == 404
    assert lrs.ask("GET", "about", host="elsewhere.example").status_code == 400
    assert lrs.ask("GET", "statements?limit=100", accept_encoding="gzip")["Content-Encoding"] == "gzip"
