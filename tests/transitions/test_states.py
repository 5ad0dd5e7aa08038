"""Every state of a document against every transition: refused outside its sources, and told beforehand (T1, N-1)."""

import pytest

from gql_sales.domain.transition import TRANSITIONS
from tests.client import Json
from tests.shop import Shop
from tests.transitions.cases import CASES, booked_shipment, cancelled, draft, drafted_shipment, placed


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
    if state == "COMPLETED":
        await shop.did("shipmentCreate", **values, warehouseId=shop.warehouse_ids[0], then=["BOOK", "FINALIZE"])
    return str(values["orderId"])


async def shipment_in(shop: Shop, state: str) -> str:
    """Id of a shipment in the state."""
    if state == "OPEN":
        return str((await drafted_shipment(shop))["shipmentId"])
    values = await booked_shipment(shop)
    if state == "FINALIZED":
        await shop.did("shipmentFinalize", **values)
    return str(values["shipmentId"])


MAKERS = {"Order": order_in, "Shipment": shipment_in}
STATES = {
    "Order": ["OPEN", "PLACED", "ACKNOWLEDGED", "CANCELLED", "COMPLETED"],
    "Shipment": ["OPEN", "BOOKED", "FINALIZED"],
}
READ = {"Order": "order(by: {id: $id})", "Shipment": "shipment(id: $id)"}


@pytest.mark.parametrize(("root", "state"), [(root, state) for root, states in STATES.items() for state in states])
async def test_the_answer_beforehand_is_the_answer_of_the_mutation(root: str, state: str, shop: Shop) -> None:
    await shop.receive("apple", 500)
    id_ = await MAKERS[root](shop, state)
    fields = "state availableTransitions { name isAllowed blockers { code } }"
    data = await shop.query(f"query ($id: ID!) {{ found: {READ[root]} {{ {fields} }} }}", id=id_)
    assert data["found"]["state"] == state
    told = {one["name"]: one for one in data["found"]["availableTransitions"]}
    assert set(told) == {name for name, declared in TRANSITIONS.items() if declared.root.__name__ == root}
    for name, one in told.items():
        values: Json = {**await CASES[name].prepare(shop), CASES[name].root: id_, "dryRun": True}
        if "orderItemId" in values:
            values["orderItemId"] = (await shop.order(id_))["items"][0]["id"]
        payload = await shop.client.mutate(name, "", values, shop.staff)
        codes = [error["code"] for error in payload["userErrors"]]
        assert codes == [blocker["code"] for blocker in one["blockers"]], (name, state)
        assert one["isAllowed"] == (codes == []), (name, state)
        sources = TRANSITIONS[name].sources
        assert ("INVALID_TRANSITION" in codes) == (sources is not None and state not in sources), (name, state)
