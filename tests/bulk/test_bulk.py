"""Bulk twins: two modes, errors and numbers by index, keys of entries, nothing left behind (api.md 5, N-15, C-51)."""

import pytest

from gql_sales.db.engine import Database
from gql_sales.domain.bulk import Bulk, BulkMode
from gql_sales.domain.transition import CREATIONS, TRANSITIONS
from gql_sales.kernel.ids import encode_id, new_id
from tests.bulk.calls import bulk, document, done, keyed, refusals
from tests.bulk.stories import Step, invoices_that_should_not_be, what_happens_less_often
from tests.client import Json, key
from tests.race.checks import at_once, check_series, deadlocks
from tests.scenarios.test_partner import partner_of
from tests.shop import Shop, open_shop
from tests.snapshot import snapshot
from tests.test_reading import statements

MODES = ("ALL_OR_NOTHING", "BEST_EFFORT")


async def drafts(shop: Shop, count: int, *items: tuple[str, int]) -> list[Json]:
    """Entries that name new drafts."""
    values = shop.order_values(*(items or (("apple", 1),)))
    made = await done(shop, "orderCreate", [values] * count, "order { id }")
    return [{"orderId": one["order"]["id"]} for one in made]


async def placed(shop: Shop, count: int, *items: tuple[str, int]) -> list[Json]:
    """Entries that name new placed orders."""
    entries = await drafts(shop, count, *items)
    await done(shop, "orderPlace", entries)
    return entries


@pytest.mark.parametrize("mode", MODES)
async def test_of_250_rows_3_fail(mode: str, shop: Shop, database: Database) -> None:
    """N-15, PK-25: the others are placed under BEST_EFFORT, and nothing is written under ALL_OR_NOTHING."""
    await shop.receive("apple", 250)
    entries = await drafts(shop, 250)
    absent = {"orderId": encode_id("Order", new_id())}
    entries[7] = absent
    entries[100] = (await drafts(shop, 1, ("apple", 5000)))[0]
    entries[249] = {**entries[249], "expectedVersion": 99}
    before = await snapshot(database)
    payload = await bulk(shop, "orderPlace", entries, mode, "order { number }")
    assert payload["userErrors"] == []
    assert len(payload["results"]) == 250
    assert refusals(payload) == {7: ["NOT_FOUND"], 100: ["INSUFFICIENT_STOCK"], 249: ["VERSION_CONFLICT"]}
    assert payload["results"][7]["userErrors"][0]["path"] == ["input", "entries", "7"]
    fine = [one for one in payload["results"] if not one["userErrors"]]
    if mode == "ALL_OR_NOTHING":
        assert await snapshot(database) == before
        assert all(one["effects"] == [] and one["order"]["number"] is None for one in fine)
    else:
        assert [one["order"]["number"] for one in fine] == [f"S-{number:06d}" for number in range(1, 248)]
        assert all(one["effects"] for one in fine)


@pytest.mark.parametrize("mode", MODES)
async def test_a_repeated_call_gives_the_same_answers(mode: str, shop: Shop, database: Database) -> None:
    entries = keyed(await drafts(shop, 5))
    first = await bulk(shop, "orderPlace", entries, mode, "order { id number }")
    after = await snapshot(database)
    assert await bulk(shop, "orderPlace", entries, mode, "order { id number }") == first
    assert await bulk(shop, "orderPlace", entries[::-1], mode, "order { number }") != first
    assert await snapshot(database) == after
    single = await shop.client.did("orderPlace", "order { id number }", entries[2], shop.staff)
    assert single["order"] == first["results"][2]["order"], "an entry's key is that of the single call"
    more = [*entries, *keyed(await drafts(shop, 1))]
    assert (await bulk(shop, "orderPlace", more, mode, "order { id number }"))["results"][:5] == first["results"]


@pytest.mark.parametrize("mode", MODES)
async def test_a_key_means_one_thing(mode: str, shop: Shop, database: Database) -> None:
    one, two, three = keyed(await drafts(shop, 3))
    before = await snapshot(database)
    payload = await bulk(shop, "orderPlace", [one, {**two, "idempotencyKey": one["idempotencyKey"]}], mode)
    assert refusals(payload) == {1: ["IDEMPOTENCY_KEY_REUSED"]}
    assert payload["results"][1]["userErrors"][0]["path"] == ["input", "entries", "1", "idempotencyKey"]
    assert (await snapshot(database) == before) == (mode == "ALL_OR_NOTHING")
    await bulk(shop, "orderPlace", [one], mode)
    payload = await bulk(shop, "orderPlace", [two, {**three, "idempotencyKey": one["idempotencyKey"]}], mode)
    assert refusals(payload) == {1: ["IDEMPOTENCY_KEY_REUSED"]}
    await done(shop, "orderPlace", [two, three], mode=mode)


@pytest.mark.parametrize("mode", MODES)
async def test_a_dry_run_tells_and_writes_nothing(mode: str, shop: Shop, database: Database) -> None:
    entries = await drafts(shop, 3)
    before = await snapshot(database)
    tried = await done(shop, "orderPlace", entries, "order { id }", mode=mode, dryRun=True)
    assert [one["order"]["id"] for one in tried] == [entry["orderId"] for entry in entries]
    assert await snapshot(database) == before
    real = await done(shop, "orderPlace", entries, mode=mode)
    if mode == "ALL_OR_NOTHING":
        assert [one["effects"] for one in tried] == [one["effects"] for one in real]
    else:
        assert [len(one["effects"]) for one in tried] == [len(one["effects"]) for one in real]


async def test_one_transaction_is_dry_or_not(shop: Shop, database: Database) -> None:
    entries = await drafts(shop, 2)
    mixed = [{**entries[0], "dryRun": True}, entries[1]]
    before = await snapshot(database)
    payload = await bulk(shop, "orderPlace", mixed)
    assert [error["code"] for error in payload["userErrors"]] == ["INVALID_INPUT"]
    assert payload["results"] == []
    assert await snapshot(database) == before
    results = await done(shop, "orderPlace", mixed, "order { state }", mode="BEST_EFFORT")
    assert [one["order"]["state"] for one in results] == ["OPEN", "PLACED"]


async def test_entries_see_what_those_before_them_did(shop: Shop, database: Database) -> None:
    """ALL_OR_NOTHING: 50 apples are there, and each of the orders alone could have them."""
    entries = await drafts(shop, 2, ("apple", 30))
    before = await snapshot(database)
    assert refusals(await bulk(shop, "orderPlace", entries)) == {1: ["INSUFFICIENT_STOCK"]}
    assert await snapshot(database) == before
    assert refusals(await bulk(shop, "orderPlace", [entries[0], entries[0]])) == {1: ["INVALID_TRANSITION"]}
    assert await snapshot(database) == before
    assert refusals(await bulk(shop, "orderPlace", entries, "BEST_EFFORT")) == {1: ["INSUFFICIENT_STOCK"]}


@pytest.mark.parametrize("mode", MODES)
async def test_the_database_refuses_one_entry_and_the_others_are_judged(
    mode: str, shop: Shop, database: Database
) -> None:
    """A broken constraint ends a transaction; the rest is heard all the same."""
    product = {"kind": "GOODS", "name": "Fig"}
    skus = ["fig", "APPLE", "", "date", "pear", "lime"]
    before = await snapshot(database)
    payload = await bulk(shop, "productCreate", [{**product, "sku": sku} for sku in skus], mode, "product { sku }")
    assert refusals(payload) == {1: ["EXTERNAL_REF_TAKEN"], 2: ["INVALID_INPUT"], 4: ["EXTERNAL_REF_TAKEN"]}
    made = [one["product"]["sku"] for one in payload["results"] if one["product"]]
    assert made == ([] if mode == "ALL_OR_NOTHING" else ["fig", "date", "lime"])
    assert (await snapshot(database) == before) == (mode == "ALL_OR_NOTHING")


async def test_more_broken_entries_than_there_are_new_beginnings(shop: Shop, database: Database) -> None:
    before = await snapshot(database)
    values = {"kind": "GOODS", "name": "Apple", "sku": "apple"}
    payload = await bulk(shop, "productCreate", [values] * 20)
    assert set(map(tuple, refusals(payload).values())) == {("EXTERNAL_REF_TAKEN",)}
    assert await snapshot(database) == before


async def test_the_scope_is_needed(shop: Shop, database: Database) -> None:
    entries = await drafts(shop, 2)
    before = await snapshot(database)
    variables = {"input": {"entries": keyed(entries), "mode": "BEST_EFFORT"}}
    member = shop.member(*shop.staff.scopes - {"orders:place"})
    answer = await shop.client.execute(document("orderPlace"), variables, member)
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["FORBIDDEN"]
    assert answer["data"] == {"orderPlaceBulk": None}
    assert await snapshot(database) == before
    await shop.client.query(document("orderPlace"), variables, shop.member("orders:place"))


@pytest.mark.parametrize("mode", MODES)
async def test_foreign_documents_are_not_found(mode: str, shop: Shop, database: Database) -> None:
    """C-51, A2: by entry, and the caller's own are done under BEST_EFFORT."""
    other = await open_shop(shop.client)
    foreign, own = await drafts(other, 1), await drafts(shop, 1)
    payload = await bulk(shop, "orderPlace", [*foreign, *own], mode, "order { state }")
    assert refusals(payload) == {0: ["NOT_FOUND"]}
    assert payload["results"][0]["order"] is None
    assert payload["results"][1]["order"]["state"] == ("OPEN" if mode == "ALL_OR_NOTHING" else "PLACED")


async def test_what_cannot_be_read_stops_the_call_before_anything_is_done(shop: Shop, database: Database) -> None:
    entries = await drafts(shop, 2)
    before = await snapshot(database)
    variables = {"input": {"entries": keyed([*entries, {"orderId": "junk"}]), "mode": "BEST_EFFORT"}}
    answer = await shop.client.execute(document("orderPlace"), variables, shop.staff)
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["BAD_USER_INPUT"]
    assert await snapshot(database) == before


async def test_1_to_250_entries(shop: Shop) -> None:
    entry = (await drafts(shop, 1))[0]
    payload = await bulk(shop, "orderPlace", [])
    assert [error["code"] for error in payload["userErrors"]] == ["INVALID_INPUT"]
    variables = {"input": {"entries": keyed([entry] * 251), "mode": "BEST_EFFORT"}}
    answer = await shop.client.execute(document("orderPlace"), variables, shop.staff)
    (error,) = answer["errors"]
    assert error["extensions"]["code"] == "COST_LIMIT_EXCEEDED"
    assert error["extensions"]["cost"] == {"name": "bulk entries", "limit": 250, "requested": 251}
    assert [error.code() for error in Bulk(BulkMode.BEST_EFFORT, 251).errors] == ["TOO_MANY_ENTRIES"]
    assert Bulk(BulkMode.BEST_EFFORT, 250).errors == ()


async def test_a_partner_imports_250_orders_at_once(shop: Shop) -> None:
    """api.md 10, partner 2: body, cost and entries are within the limits; each entry costs 10, and 250 are the most."""
    await shop.receive("apple", 250)
    partner, _ = await partner_of(shop)
    guest = {"kind": "GUEST", "name": "Carl", "email": "carl@example.com", "idempotencyKey": key()}
    carl = (await partner.mutate("customerCreate", "customer { id }", guest))["customer"]["id"]
    values = [
        shop.order_values(("apple", 1), externalRef=f"P-{number}", customerId=carl, then=["PLACE"])
        for number in range(250)
    ]
    values[9]["externalRef"] = "P-8"
    fields = "order { number externalRef }"
    call = {"entries": keyed(values), "mode": "BEST_EFFORT"}
    answer = await partner.ask(document("orderCreate", fields), input=call)
    assert "errors" not in answer, answer["errors"]
    payload = answer["data"]["orderCreateBulk"]
    assert refusals(payload) == {9: ["EXTERNAL_REF_TAKEN"]}
    assert len({one["order"]["number"] for one in payload["results"] if one["order"]}) == 249
    assert answer["extensions"]["cost"]["requested"] > 2500


@pytest.mark.parametrize(("policy", "sequence"), [("FREE", [0, 1, 2, 3]), ("MONOTONE", [3, 1, 0, 2])])
@pytest.mark.parametrize("mode", MODES)
async def test_invoices_are_numbered_by_index_or_by_date(
    mode: str, policy: str, sequence: list[int], shop: Shop, database: Database
) -> None:
    """X-27, PK-25: a pending-invoice list with days in any sequence."""
    await shop.set_policy("numberDateOrder", policy)
    days = ["2026-03-02", "2026-03-01", "2026-03-03", "2026-02-28"]
    entries = [{**one, "invoicedOn": day} for one, day in zip(await placed(shop, 4), days, strict=True)]
    results = await done(shop, "invoiceIssue", entries, "invoice { number datedOn }", mode=mode)
    assert [one["invoice"]["datedOn"] for one in results] == days
    numbers = {one["index"]: one["invoice"]["number"] for one in results}
    assert sorted(numbers, key=lambda index: numbers[index]) == sequence
    await check_series(shop.company, database, 4)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", ["orderPlace", "productCreate"])
async def test_the_number_of_statements_is_linear(mode: str, name: str, shop: Shop, database: Database) -> None:
    """C-51: what 90 more entries send is 90 times the same, and no more than the single call does."""
    await shop.receive("apple", 200)

    async def sent(count: int) -> int:
        if name == "orderPlace":
            entries = await drafts(shop, count)
        else:
            entries = [{"kind": "GOODS", "name": "Fig", "sku": key()} for _ in range(count)]
        with statements(database) as seen:
            await done(shop, name, entries, mode=mode)
        return len(seen)

    one, ten, hundred = await sent(1), await sent(10), await sent(100)
    print(f"{name} {mode}: {one} statements for 1 entry, {ten} for 10, {hundred} for 100")
    assert abs((hundred - ten) - 10 * (ten - one)) <= 10
    assert hundred <= 100 * one


async def test_opposite_sequences_never_deadlock(shop: Shop, database: Database) -> None:
    """reliability.md R2: eight calls at once over the same orders and products, half of them turned around."""
    skus = [f"s{number}" for number in range(6)]
    for sku in skus:
        await shop.add_product(sku, stock=10_000)
    before = await deadlocks(database)
    entries = await placed(shop, 12, *[(sku, 1) for sku in skus])
    lines = [[{"productId": shop.products[sku], "quantity": "1"}] for sku in skus]
    receipts = [{"warehouseId": shop.warehouse_ids[0], "lines": line} for line in lines]
    orders = [shop.order_values((sku, 1), then=["PLACE"]) for sku in skus]

    async def call(number: int) -> list[Json]:
        turn = 1 if number % 2 else -1
        return [
            await bulk(shop, "allocationCreate", entries[::turn]),
            await bulk(shop, "stockReceive", receipts[::turn]),
            await bulk(shop, "orderCreate", orders[::turn]),
            await bulk(
                shop,
                "shipmentCreate",
                [{**entry, "warehouseId": shop.warehouse_ids[0], "then": ["BOOK"]} for entry in entries[::turn]],
            ),
        ]

    answers = await at_once(call(number) for number in range(8))
    for payloads in zip(*answers, strict=True):
        assert not any(payload["userErrors"] for payload in payloads)
    codes = [[code for found in refusals(payload).values() for code in found] for done in answers for payload in done]
    assert {code for found in codes for code in found} <= {"NOTHING_OPEN", "QUANTITY_NOT_OPEN"}
    for step in range(4):
        fine = [done[step] for done in answers if not refusals(done[step])]
        assert len(fine) == (8 if step in (1, 2) else 1), step
    assert await deadlocks(database) == before


BULK = sorted(name for name, verb in (TRANSITIONS | CREATIONS).items() if verb.is_bulk)


def test_these_verbs_have_twins() -> None:
    wanted = {"orderCreate", "orderPlace", "orderCancel", "allocationCreate", "shipmentCreate", "shipmentBook"}
    wanted |= {"shipmentFinalize", "invoiceIssue", "paymentRecord", "productCreate", "productPriceSet"}
    wanted |= {"orderAcknowledge", "orderHold", "orderRelease", "orderItemCancel", "orderClose", "shipmentUnbook"}
    wanted |= {"shipmentDeliver", "cashSaleIssue", "counterSaleRecord", "creditMemoIssue", "refundIssue"}
    wanted |= {"invoiceConfirm", "invoiceVoid"}
    wanted |= {"refundRequest", "refundComplete", "customerCreate", "stockReceive"}
    assert set(BULK) == wanted


async def goods_and_people(shop: Shop, step: Step) -> list[Json]:
    """Two products with prices and stock, and two customers."""
    made = await step(
        "productCreate", [{"kind": "GOODS", "name": sku, "sku": sku} for sku in ("fig", "lime")], "product { id }"
    )
    ids = [one["product"]["id"] for one in made]
    shop.products |= {"fig": ids[0], "lime": ids[1]}
    prices = [{"productId": id_, "channelId": shop.channel_id, "amount": "5.00"} for id_ in ids]
    await step("productPriceSet", [*prices, {**prices[0], "amount": "4.00"}])
    lines = [[{"productId": id_, "quantity": "10"}] for id_ in ids]
    receipts = [{"warehouseId": shop.warehouse_ids[0], "lines": line} for line in lines]
    received = await step("stockReceive", receipts, "stockLevels { onHand }")
    assert [one["stockLevels"] for one in received] == [[{"onHand": "10"}]] * 2
    people = await step("customerCreate", [{"name": "Bob"}, {"name": "Eve"}], "customer { id }")
    return [{"customerId": one["customer"]["id"]} for one in people]


@pytest.mark.parametrize("mode", MODES)
async def test_every_twin_in_one_story(mode: str, shop: Shop) -> None:
    """PK-25, C-51: two orders from their products to the money, three rows at a time at most."""
    called: set[str] = set()

    async def step(name: str, entries: list[Json], fields: str = "") -> list[Json]:
        called.add(name)
        return await done(shop, name, entries, fields, mode=mode)

    who = await goods_and_people(shop, step)
    values = [
        shop.order_values((sku, 2), **one) for sku, one in zip(("fig", "lime", "lime"), [*who, who[0]], strict=True)
    ]
    orders = await step("orderCreate", values, "order { id total { amount } }")
    entries = [{"orderId": one["order"]["id"]} for one in orders]
    await step("orderPlace", entries)
    await step("orderCancel", [{**entries[2], "reason": "changed my mind"}])
    await step("allocationCreate", entries[:2])
    place = {"warehouseId": shop.warehouse_ids[0]}
    shipped = await step("shipmentCreate", [{**entry, **place} for entry in entries[:2]], "shipment { id }")
    shipments = [{"shipmentId": one["shipment"]["id"]} for one in shipped]
    await step("shipmentBook", shipments)
    await step("shipmentFinalize", shipments, "shipment { state }")
    issued = await step("invoiceIssue", entries[:2], "invoice { id total { amount } }")
    money = [
        {
            **one,
            "kind": "REGULAR",
            "tenders": [{"method": "CARD", "amount": bill["invoice"]["total"]["amount"]}],
            "allocations": [{"invoiceId": bill["invoice"]["id"]}],
        }
        for one, bill in zip(who, issued, strict=True)
    ]
    await step("paymentRecord", money)
    states = [(await shop.order(entry["orderId"]))["state"] for entry in entries]
    assert states == ["COMPLETED", "COMPLETED", "CANCELLED"]
    await step("shipmentDeliver", shipments)
    await step("orderClose", entries[:2])
    await what_happens_less_often(shop, step, who[0])
    await invoices_that_should_not_be(shop, step, who[0])
    assert called == set(BULK)
