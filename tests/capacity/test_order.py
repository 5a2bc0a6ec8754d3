"""Any statements, from two clients, in any interleaving: order, voiding, idempotence and every filter agree with a naive scan."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from entrepot.capacity.records.actions import naming
from entrepot.capacity.records.core import Query, facts_of, from_instant, iri_key, same, select
from entrepot.capacity.records.core.atoms import moment
from entrepot.capacity.records.core.identities import Identity
from entrepot.capacity.records.core.matching import Kept
from entrepot.capacity.records.queries import identity_of_key
from tests.capacity.lrs import HOME, VERB, VOIDED, Lrs, officer, statement, statements

POOL = [f"00000000-0000-4000-9000-00000000000{n}" for n in range(6)]
references = st.builds(
    lambda one, target, voids: {
        **one,
        "verb": {"id": VOIDED} if voids else one["verb"],
        "object": {"objectType": "StatementRef", "id": target},
    },
    statements,
    st.sampled_from(POOL),
    st.booleans(),
)
anything = st.builds(lambda one, uuid: {**one, "id": uuid}, st.one_of(statements, references), st.sampled_from(POOL))
requests = st.lists(st.tuples(st.integers(0, 1), st.lists(anything, min_size=1, max_size=3, unique_by=lambda one: one["id"])), max_size=8)


@dataclass
class Model:
    """What a store should hold: the first statement told under each identifier."""

    kept: dict[str, tuple[dict[str, Any], Lrs]] = field(default_factory=dict)

    def told(self, lrs: Lrs, batch: list[dict[str, Any]]) -> int:
        """The status that a request should get; all of it is kept or nothing."""
        if any(one["id"] in self.kept and not same(self.kept[one["id"]][0], one) for one in batch):
            return 409
        for one in batch:
            self.kept.setdefault(one["id"], (copy.deepcopy(one), lrs))
        return 200

    def as_kept(self, shown: dict[str, str]) -> list[Kept]:
        """What a scan looks at; `shown` gives `stored` by identifier."""
        return [
            Kept(from_instant(moment(shown[uuid])), uuid, facts_of(one), identity_of_key(lrs.key.key).key)
            for uuid, (one, lrs) in self.kept.items()
        ]


def _everything(lrs: Lrs) -> dict[str, dict[str, Any]]:
    found = [lrs.get(statementId=uuid) for uuid in POOL] + [lrs.get(voidedStatementId=uuid) for uuid in POOL]
    return {answer.json()["id"]: answer.json() for answer in found if answer.status_code == 200}


queries = st.fixed_dictionaries(
    {},
    optional={
        "agent": st.one_of(
            st.builds(officer, st.integers(0, 3)),
            st.builds(lambda n: {"mbox": f"mailto:o{n}@practice.example"}, st.integers(0, 2)),
            st.builds(lambda n: {"objectType": "Group", "mbox": f"mailto:g{n}@practice.example"}, st.integers(0, 2)),
            st.just("authority"),
        ),
        "verb": st.sampled_from([VERB + "completed", VERB + "passed", VOIDED]),
        "activity": st.integers(0, 3).map(lambda n: f"{HOME}/units/{n}"),
        "registration": st.integers(0, 2).map(lambda n: f"00000000-0000-4000-8000-00000000000{n}"),
        "related_agents": st.sampled_from(["true", "false"]),
        "related_activities": st.sampled_from(["true", "false"]),
        "ascending": st.sampled_from(["true", "false"]),
        "since": st.integers(0, 5),
        "until": st.integers(0, 5),
        "limit": st.integers(1, 4).map(str),
    },
)


def _as_query(asked: dict[str, Any]) -> Query:
    from entrepot.capacity.records.core import actor_key

    bounds = {name: from_instant(moment(asked[name])) for name in ("since", "until") if name in asked}
    return Query(
        agent=actor_key(asked["agent"]) if "agent" in asked else None,
        verb=iri_key(asked["verb"]) if "verb" in asked else None,
        activity=iri_key(asked["activity"]) if "activity" in asked else None,
        registration=asked.get("registration"),
        related_agents=asked.get("related_agents") == "true",
        related_activities=asked.get("related_activities") == "true",
        ascending=asked.get("ascending") == "true",
        **bounds,
    )


@pytest.mark.slow
@settings(max_examples=120, phases=[Phase.explicit, Phase.reuse, Phase.generate], deadline=None, suppress_health_check=list(HealthCheck))
@given(told=requests, asked=st.lists(queries, min_size=3, max_size=6))
def test_two_clients_in_any_interleaving_agree_with_a_naive_scan(client_at: Any, told: Any, asked: list[dict[str, Any]]) -> None:
    naming.forget()
    with transaction.atomic():
        clients = [client_at("DELT"), client_at("DELT")]
        model = Model()
        for number, batch in told:
            assert clients[number].post(batch).status_code == model.told(clients[number], batch)
        shown = _everything(clients[0])
        assert set(shown) == set(model.kept)
        for uuid, (one, _) in model.kept.items():
            assert same(one, shown[uuid])
        stored = {uuid: one["stored"] for uuid, one in shown.items()}
        kept = model.as_kept(stored)
        times = [stored[one.id] for one in sorted(kept, key=lambda one: one.position)]
        assert [one.id for one in sorted(kept, key=lambda one: one.position)] == list(model.kept), "stored in the order told"
        for wish in asked:
            wish = {**wish}  # noqa: PLW2901  (each wish is completed with what is known only now)
            for name in ("since", "until"):
                if name in wish:
                    wish[name] = times[wish[name] % len(times)] if times else "2026-01-01T00:00:00Z"
            if wish.get("agent") == "authority":
                identity: Identity = identity_of_key(clients[0].key.key)
                home, _, name = identity.text.partition(" ")
                wish["agent"] = {"account": {"homePage": home, "name": name}}
            expected = [one.id for one in select(kept, _as_query(wish))]
            if "limit" in wish:
                assert [one["id"] for one in clients[0].get(**wish).json()["statements"]] == expected[: int(wish["limit"])], wish
            assert [one["id"] for one in clients[1].all(**wish)] == expected, wish
        transaction.set_rollback(True)
    naming.forget()


def test_what_refers_to_a_clients_statement_is_found_by_that_client_as_authority(client_at: Any) -> None:
    first, second = client_at("DELT"), client_at("DELT")
    for told_before in (True, False):
        referred, refers = statement(), statement()
        refers["object"] = {"objectType": "StatementRef", "id": referred["id"]}
        for one, lrs in ((referred, first), (refers, second)) if told_before else ((refers, second), (referred, first)):
            assert lrs.post([one]).status_code == 200
        home, _, name = identity_of_key(first.key.key).text.partition(" ")
        authority = {"account": {"homePage": home, "name": name}}
        found = {one["id"] for one in second.all(agent=authority, related_agents="true", verb=refers["verb"]["id"])}
        assert {refers["id"], referred["id"]} <= found
        assert refers["id"] in {one["id"] for one in second.all(agent=authority, related_agents="true")}
        assert refers["id"] not in {one["id"] for one in second.all(agent=authority)}
