"""Whatever a field of a mutation is filled with, the answer is coded: never a masked error (api.md 6, C-22, Q12)."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from graphql import GraphQLInputObjectType, get_named_type

from gql_sales.access.tokens import issue_token
from gql_sales.api import whole_schema
from gql_sales.db.engine import Database
from gql_sales.domain.verify import verify
from gql_sales.kernel.principals import Principal
from gql_sales.kernel.request_errors import Code
from tests.client import Client, Json, key
from tests.hostile import hostile_inputs
from tests.shop import ADDRESS, OPERATOR_PRINCIPAL, Shop
from tests.transitions.cases import CASES, placed

CODES = {str(code) for code in Code} - {"INTERNAL_SERVER_ERROR"}
MUTATION: Any = whole_schema()._schema.mutation_type
MUTATIONS: list[str] = sorted(name for name in MUTATION.fields if not name.endswith("Bulk"))
"""Entries of Bulk twins are the inputs of these."""


def code_of() -> str:
    """A code nobody has."""
    return f"c{key()[:20]}"


async def order_with_everything(shop: Shop) -> Json:
    """An order with each optional field set."""
    item = {"productId": shop.products["apple"], "quantity": "2", "unitPrice": "3.50", "externalRef": "L-1"}
    values = shop.order_values(documentDate="2026-01-02", externalRef=code_of(), customerPo="PO-1", sourceIp="10.0.0.1")
    return {**values, "items": [item], "then": ["PLACE"]}


async def product(_: Shop) -> Json:
    """A new product."""
    return {"sku": code_of(), "name": "Plum", "kind": "GOODS", "brand": "B", "unit": "kg", "quantityDigits": 3}


async def customer(_: Shop) -> Json:
    """A new customer with a book of addresses."""
    return {
        "name": "Bob", "email": "b@example.com", "phone": "1", "taxNumber": "2", "externalRef": code_of(),
        "addresses": [{**ADDRESS, "line2": "x", "region": "y", "isDefaultShipping": True}],
    }  # fmt: skip


CLAIMANT = "claimant@example.com"


async def claimable(shop: Shop) -> Json:
    """A guest whose address the claimant shows to be theirs, who has a record already."""
    await shop.did("customerCreate", kind="GUEST", name="Bob", email=CLAIMANT)
    await shop.client.mutate("customerCreate", "", {"name": "Bob", "email": CLAIMANT}, claimant(shop))
    return {"mergeIntoOwn": True}


def claimant(shop: Shop) -> Principal:
    """A shopper with a verified address; staff cannot claim."""
    return replace(shop.shopper("claimant"), verified_email=CLAIMANT)


async def regular_payment(shop: Shop) -> Json:
    """Money for an invoice."""
    order = await shop.placed(("apple", 10))
    made = await shop.did("invoiceIssue", "invoice { id }", orderId=order["id"])
    return {
        "customerId": shop.customer_id,
        "kind": "REGULAR",
        "currencyCode": "EUR",
        "receivedAt": "2026-01-01T00:00:00Z",
        "tenders": [{"method": "CARD", "amount": "120", "reference": code_of()}],
        "allocations": [{"invoiceId": made["invoice"]["id"], "amount": "120"}],
    }


async def advance(shop: Shop) -> Json:
    """Money for an order that is not billed."""
    order = await shop.placed(("apple", 10))
    tenders = [{"method": "CARD", "amount": "120", "reference": code_of()}]
    return {"customerId": shop.customer_id, "kind": "ADVANCE", "orderId": order["id"], "tenders": tenders}


async def stock_lines(shop: Shop) -> Json:
    """Goods that come in."""
    line = {"productId": shop.products["apple"], "quantity": "1", "lot": "L"}
    return {"warehouseId": shop.warehouse_ids[0], "reason": "delivery", "lines": [line]}


async def stock_count(shop: Shop) -> Json:
    """Goods that were counted."""
    line = {"productId": shop.products["apple"], "countedQuantity": "60"}
    return {"warehouseId": shop.warehouse_ids[0], "reason": "counted", "lines": [line]}


async def selected_invoice(shop: Shop) -> Json:
    """A bill of a part of an order."""
    await shop.set_policy("billingScope", "BY_SELECTION")
    order = await shop.placed(("apple", 10))
    items = [{"orderItemId": order["items"][0]["id"], "quantity": "4"}]
    return {"orderId": order["id"], "items": items, "invoicedOn": "2026-01-01", "dueDays": 30}


async def shipment_of_a_part(shop: Shop) -> Json:
    """A shipment of a part of an order, all the way."""
    order = await shop.placed(("apple", 10))
    items = [{"orderItemId": order["items"][0]["id"], "quantity": "4"}]
    return {
        "orderId": order["id"], "warehouseId": shop.warehouse_ids[0], "items": items, "then": ["BOOK", "FINALIZE"],
        "carrier": "DHL", "trackingNumber": "1",
    }  # fmt: skip


async def stock_moving(shop: Shop) -> Json:
    """Goods that go to the other warehouse."""
    line = {"productId": shop.products["apple"], "quantity": "1"}
    return {"fromWarehouseId": shop.warehouse_ids[0], "toWarehouseId": shop.warehouse_ids[1], "lines": [line]}


async def counter_sale(shop: Shop) -> Json:
    """Goods that are paid and taken at once."""
    items = [{"sku": "apple", "quantity": "1"}]
    return {
        "channelId": shop.channel_id, "customerId": shop.customer_id, "items": items, "externalRef": code_of(),
        "tenders": [{"method": "CASH", "amount": "12"}],
    }  # fmt: skip


async def goodwill(shop: Shop) -> Json:
    """Credit that belongs to no bill."""
    lines = [{"description": "For the trouble", "unitPrice": "3.00"}]
    return {
        "customerId": shop.customer_id, "channelId": shop.channel_id, "cause": "MANUAL", "lines": lines,
        "externalRef": code_of(),
    }  # fmt: skip


async def goodwill_paid_out(shop: Shop) -> Json:
    """The same, transferred at once."""
    return {**await goodwill(shop), "method": "BANK_TRANSFER", "then": ["COMPLETE"]}


async def fixed(values: Json) -> Json:
    """Values that need nothing of the shop."""
    return values


Prepare = Callable[[Shop], Awaitable[Json]]
CREATIONS: dict[str, Prepare] = {
    "apiKeyCreate": lambda shop: fixed(
        {"name": "P", "scopes": ["orders:read"], "channelIds": [shop.channel_id], "warehouseIds": shop.warehouse_ids,
         "expiresAt": "2999-01-01T00:00:00Z"}
    ),
    "channelCreate": lambda _: fixed(
        {"code": code_of(), "name": "C", "kind": "WEB", "currencyCode": "EUR", "poolCode": "main"}
    ),
    "companyCreate": lambda _: fixed(
        {"code": code_of(), "name": "C", "countryCode": "DE", "currencyCode": "EUR", "timezone": "Europe/Berlin"}
    ),
    "counterSaleRecord": counter_sale,
    "creditMemoIssue": goodwill,
    "customerClaim": claimable,
    "customerCreate": customer,
    "orderCreate": order_with_everything,
    "orderReorder": placed,
    "paymentMethodSet": lambda _: fixed({"code": "VOUCHER", "name": "Voucher", "methodClass": "IMMEDIATE"}),
    "paymentRecord": regular_payment,
    "policySet": lambda shop: fixed({"name": "billingScope", "value": "WHOLE_ORDER", "channelId": shop.channel_id}),
    "productCreate": product,
    "refundIssue": goodwill_paid_out,
    "stockAdjust": stock_count,
    "stockMove": stock_moving,
    "stockReceive": stock_lines,
    "taxRuleSet": lambda _: fixed(
        {"countryCode": "DE", "taxGroup": "BOOKS", "rate": "0.07", "name": "VAT", "validFrom": "2021-01-01"}
    ),
    "warehouseCreate": lambda _: fixed(
        {"code": code_of(), "name": "W", "countryCode": "DE", "poolCode": "main", "priority": 1}
    ),
}  # fmt: skip


async def unpaid_and_done(shop: Shop) -> Json:
    """A sale that is shipped and billed, whose money is given up."""
    order_id = await shop.order_id(("apple", 1), then=["PLACE", "SHIP", "BILL"])
    return {"orderId": order_id, "writeOff": True}


FULLER: dict[str, Prepare] = {
    "invoiceIssue": selected_invoice,
    "orderClose": unpaid_and_done,
    "shipmentCreate": shipment_of_a_part,
}
BASES: dict[str, Prepare] = {**{name: case.prepare for name, case in CASES.items()}, **CREATIONS, **FULLER}


async def told(client: Client, name: str, values: Json, principal: Principal) -> list[str]:
    """Every code of the answer to one mutation, user errors and others; empty when it went through."""
    kind = name[0].upper() + name[1:]
    query = f"mutation ($input: {kind}Input!) {{ {name}(input: $input) {{ userErrors {{ code }} }} }}"
    token = issue_token(principal, client.settings, ttl=timedelta(hours=1))
    content = json.dumps({"query": query, "variables": {"input": values}})
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    answer: Json = (await client.http.post("/graphql", content=content.encode("ascii"), headers=headers)).json()
    if "errors" in answer:
        return [error["extensions"]["code"] for error in answer["errors"]]
    return [error["code"] for error in answer["data"][name]["userErrors"]]


def test_every_mutation_has_a_base() -> None:
    assert set(BASES) == set(MUTATIONS)


@pytest.mark.parametrize("name", MUTATIONS)
async def test_no_value_of_any_field_is_a_surprise(name: str, shop: Shop) -> None:
    others = {"companyCreate": OPERATOR_PRINCIPAL, "customerClaim": claimant(shop)}
    principal = others.get(name, shop.staff)
    valid = await BASES[name](shop)
    type_ = get_named_type(MUTATION.fields[name].args["input"].type)
    assert isinstance(type_, GraphQLInputObjectType)
    assert await told(shop.client, name, {**valid, "idempotencyKey": key(), "dryRun": True}, principal) == []
    surprises = []
    for place, values in hostile_inputs(type_, valid):
        sent = {"idempotencyKey": key(), **values, "dryRun": True}
        codes = await told(shop.client, name, sent, principal)
        if any(code == "INTERNAL_SERVER_ERROR" or not code for code in codes):
            surprises.append(place)
    assert surprises == []
    assert await told(shop.client, name, {**await BASES[name](shop), "idempotencyKey": key()}, principal) == []


@pytest.mark.parametrize("name", ["customerCreate", "paymentRecord"])
async def test_what_is_written_is_no_surprise_either(name: str, shop: Shop, database: Database) -> None:
    """Without dryRun the key is taken, the call fingerprinted and its answer kept."""
    valid = await (advance if name == "paymentRecord" else BASES[name])(shop)
    type_ = get_named_type(MUTATION.fields[name].args["input"].type)
    assert isinstance(type_, GraphQLInputObjectType)
    for place, values in hostile_inputs(type_, valid):
        codes = await told(shop.client, name, {"idempotencyKey": key(), **values}, shop.staff)
        assert "INTERNAL_SERVER_ERROR" not in codes, place
    assert await verify(database, shop.company) == []
