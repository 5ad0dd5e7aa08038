"""What every transition promises, tried for each from its declaration (architecture.md 10, N-1, N-2, N-5)."""

from typing import Any

import pytest

from gql_sales.db.engine import Database
from gql_sales.domain.transition import TRANSITIONS, AnyTransition
from gql_sales.kernel.errors import OrderLocked
from gql_sales.kernel.ids import encode_id, new_id
from tests.client import key
from tests.shop import Shop
from tests.snapshot import snapshot
from tests.transitions.cases import CASES

every_transition = pytest.mark.parametrize("name", sorted(CASES))


def test_every_transition_has_a_case() -> None:
    assert set(CASES) == set(TRANSITIONS)


@every_transition
async def test_an_absent_document_is_not_found_and_leaves_no_trace(name: str, shop: Shop, database: Database) -> None:
    values = await CASES[name].prepare(shop)
    root = CASES[name].root
    absent = encode_id(TRANSITIONS[name].root.__name__, new_id())
    before = await snapshot(database)
    assert await shop.refused(name, **{**values, root: absent}) == ["NOT_FOUND"]
    assert await snapshot(database) == before
    await shop.did(name, **values)


@every_transition
async def test_a_stale_version_is_refused_and_leaves_no_trace(name: str, shop: Shop, database: Database) -> None:
    values = await CASES[name].prepare(shop)
    before = await snapshot(database)
    payload = await shop.client.mutate(name, "", {**values, "expectedVersion": 999}, shop.staff)
    assert [e["__typename"] for e in payload["userErrors"]] == ["VersionConflictError"]
    assert await snapshot(database) == before
    version = int(payload["userErrors"][0]["message"].split("has version ")[1].split(",")[0])
    await shop.did(name, **values, expectedVersion=version)


@every_transition
async def test_without_the_scope_it_is_forbidden(name: str, shop: Shop, database: Database) -> None:
    values = await CASES[name].prepare(shop)
    everything_else = shop.staff.scopes - {TRANSITIONS[name].scope}
    before = await snapshot(database)
    query = f"mutation ($input: {name[0].upper() + name[1:]}Input!) {{ {name}(input: $input) {{ __typename }} }}"
    variables = {"input": {"idempotencyKey": key(), **values}}
    answer = await shop.client.execute(query, variables, shop.member(*everything_else))
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["FORBIDDEN"]
    assert answer["data"] == {name: None}
    assert await snapshot(database) == before
    await shop.client.query(query, variables, shop.member(*everything_else, TRANSITIONS[name].scope))


@every_transition
async def test_a_dry_run_tells_what_the_real_run_does_and_writes_nothing(
    name: str, shop: Shop, database: Database
) -> None:
    values = await CASES[name].prepare(shop)
    before = await snapshot(database)
    dry = await shop.did(name, **values, dryRun=True)
    assert await snapshot(database) == before
    real = await shop.did(name, **values)
    assert dry["effects"] == real["effects"] != []
    assert await snapshot(database) != before


@every_transition
async def test_a_repeated_key_has_one_effect_and_another_input_is_refused(
    name: str, shop: Shop, database: Database
) -> None:
    values = {**await CASES[name].prepare(shop), "idempotencyKey": key()}
    first = await shop.did(name, **values)
    after = await snapshot(database)
    assert await shop.did(name, **values) == first
    other = {**await CASES[name].prepare(shop), "idempotencyKey": values["idempotencyKey"]}
    if other != values:
        assert await shop.refused(name, **other) == ["IDEMPOTENCY_KEY_REUSED"]
    else:
        assert await snapshot(database) == after


def with_guards(monkeypatch: pytest.MonkeyPatch, declared: AnyTransition, *guards: Any) -> None:
    """Replace the guards of a declaration for one test."""
    monkeypatch.setitem(declared.__dict__, "guards", guards)


def document_fields(name: str) -> str:
    """The query field and argument that read the transition's document."""
    return {"Order": "order(by: {id: $id})", "Shipment": "shipment(by: {id: $id})"}[name]


@pytest.mark.parametrize("name", sorted(n for n, t in TRANSITIONS.items() if t.root.__name__ in ("Order", "Shipment")))
async def test_explaining_and_acting_ask_the_same_guards(
    name: str, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    declared = TRANSITIONS[name]
    values = await CASES[name].prepare(shop)
    query = f"""query ($id: ID!) {{ {document_fields(declared.root.__name__)} {{
        availableTransitions {{ name isAllowed blockers {{ code }} }} }} }}"""

    async def told() -> tuple[bool, list[str]]:
        data = await shop.query(query, id=values[CASES[name].root])
        (document,) = data.values()
        (found,) = [t for t in document["availableTransitions"] if t["name"] == name]
        return found["isAllowed"], [blocker["code"] for blocker in found["blockers"]]

    assert await told() == (True, [])
    with_guards(monkeypatch, declared, lambda *_: [OrderLocked("A guard put in by the test.")])
    assert await told() == (False, ["ORDER_LOCKED"])
    assert await shop.refused(name, **values) == ["ORDER_LOCKED"]
    monkeypatch.undo()
    await shop.did(name, **values)
