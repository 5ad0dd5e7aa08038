"""Every state of a document against every transition: refused outside its sources, and told beforehand (T1, N-1)."""

import pytest

from gql_sales.domain.transition import TRANSITIONS
from tests.client import Json
from tests.shop import Shop
from tests.transitions.cases import (
    CASES,
    booked_shipment,
    cancelled,
    draft,
    drafted_shipment,
    finalized_shipment,
    paid_and_done,
    placed,
    unbooked_shipment,
)


async def order_in(shop: Shop, state: str) -> str:
    """Id of an order in the state."""
    if state == "OPEN":
        return str((await draft(shop))["orderId"])
    if state == "CANCELLED":
        values = await cancelled(shop)
        await shop.did("orderCancel", **values)
        return str(values["orderId"])
    values = await placed(shop)
    if state == "ACKNOWLEDGED":
        await shop.did("orderAcknowledge", **values)
    if state == "CLOSED":
        values = await paid_and_done(shop)
        await shop.did("orderClose", **values)
    if state == "COMPLETED":
        await shop.did("shipmentCreate", **values, warehouseId=shop.warehouse_ids[0], then=["BOOK", "FINALIZE"])
    return str(values["orderId"])


SHIPMENTS = {
    "OPEN": drafted_shipment,
    "BOOKED": booked_shipment,
    "UNBOOKED": unbooked_shipment,
    "FINALIZED": finalized_shipment,
    "DELIVERED": finalized_shipment,
    "CANCELLED": unbooked_shipment,
}
"""How a shipment comes into each state, or almost; UNBOOKED is OPEN with a number."""


async def shipment_in(shop: Shop, state: str) -> str:
    """Id of a shipment in the state."""
    values = await SHIPMENTS[state](shop)
    if state == "DELIVERED":
        await shop.did("shipmentDeliver", **values)
    if state == "CANCELLED":
        await shop.did("shipmentCancel", **values, reason="not today")
    return str(values["shipmentId"])


async def own_parts(shop: Shop, id_: str, values: Json) -> Json:
    """The values with parts of the document instead of those that the case made elsewhere."""
    if "orderItemId" in values:
        return {**values, "orderItemId": (await shop.order(id_))["items"][0]["id"]}
    if "items" in values and "reason" in values:
        return {**values, "items": [{**values["items"][0], "orderItemId": (await shop.order(id_))["items"][0]["id"]}]}
    if "packageId" in values:
        fields = "shipment { packages { id } }"
        added = await shop.client.mutate("shipmentPackageAdd", fields, {"shipmentId": id_}, shop.staff)
        packages = added["shipment"]["packages"]
        return {**values, "items": [], "packageId": packages[0]["id"] if packages else values["packageId"]}
    return values


MAKERS = {"Order": order_in, "Shipment": shipment_in}
STATES = {
    "Order": ["OPEN", "PLACED", "ACKNOWLEDGED", "CANCELLED", "COMPLETED", "CLOSED"],
    "Shipment": list(SHIPMENTS),
}
BY_GUARD = {("shipmentCancel", "OPEN")}
"""Where a guard says that the transition is another one: what has no number is deleted, not cancelled."""
READ = {"Order": "order(by: {id: $id})", "Shipment": "shipment(by: {id: $id})"}


@pytest.mark.parametrize(("root", "state"), [(root, state) for root, states in STATES.items() for state in states])
async def test_the_answer_beforehand_is_the_answer_of_the_mutation(root: str, state: str, shop: Shop) -> None:
    await shop.receive("apple", 500)
    id_ = await MAKERS[root](shop, state)
    fields = "state availableTransitions { name isAllowed blockers { code } }"
    data = await shop.query(f"query ($id: ID!) {{ found: {READ[root]} {{ {fields} }} }}", id=id_)
    assert data["found"]["state"] == ("OPEN" if state == "UNBOOKED" else state)
    told = {one["name"]: one for one in data["found"]["availableTransitions"]}
    assert set(told) == {name for name, declared in TRANSITIONS.items() if declared.root.__name__ == root}
    for name, one in told.items():
        values: Json = {**await CASES[name].prepare(shop), CASES[name].root: id_, "dryRun": True}
        payload = await shop.client.mutate(name, "", await own_parts(shop, id_, values), shop.staff)
        codes = [error["code"] for error in payload["userErrors"]]
        assert codes == [blocker["code"] for blocker in one["blockers"]], (name, state)
        assert one["isAllowed"] == (codes == []), (name, state)
        sources = TRANSITIONS[name].sources
        is_wrong = sources is not None and data["found"]["state"] not in sources
        assert ("INVALID_TRANSITION" in codes) == (is_wrong or (name, state) in BY_GUARD), (name, state)
