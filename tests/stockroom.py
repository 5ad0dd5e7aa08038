"""A stockroom for tests: bins, lots, fulfillment methods, and what is set aside where, in few words."""

from typing import Any

from tests.client import Json
from tests.shop import Shop


async def add_bin(shop: Shop, code: str, kind: str = "NORMAL", warehouse: int = 0) -> str:
    """Id of a new bin."""
    payload = await shop.did(
        "warehouseBinAdd",
        "warehouse { bins { id code } }",
        warehouseId=shop.warehouse_ids[warehouse],
        code=code,
        kind=kind,
    )
    return next(str(bin_["id"]) for bin_ in payload["warehouse"]["bins"] if bin_["code"] == code)


async def put(shop: Shop, sku: str, quantity: int, warehouse: int = 0, **place: Any) -> None:
    """Goods come in at a place: ``binId``, ``lot``."""
    lines = [{"productId": shop.products[sku], "quantity": str(quantity), **place}]
    await shop.did("stockReceive", warehouseId=shop.warehouse_ids[warehouse], lines=lines)


async def add_method(shop: Shop, code: str, **values: Any) -> str:
    """Id of a new fulfillment method of the shop's pool."""
    wanted = {"code": code, "name": code, "countryCode": "DE", "poolCode": "main", "isFulfillmentMethod": True}
    payload = await shop.did("warehouseCreate", "warehouse { id }", **{**wanted, **values})
    return str(payload["warehouse"]["id"])


def line(item: Json, quantity: int | str, warehouse_id: str, **place: str) -> Json:
    """A line of allocationCreate."""
    return {"orderItemId": item["id"], "quantity": str(quantity), "warehouseId": warehouse_id, **place}


ALLOCATIONS = """query ($id: ID!) { order(by: {id: $id}) { allocations {
  id state quantity warehouseId orderItemId level { lot bin { code } onHand allocated booked free } } } }"""


async def allocations(shop: Shop, order_id: str, state: str = "ALLOCATED") -> list[Json]:
    """The allocations of an order in a state, oldest first, with their levels."""
    found: list[Json] = (await shop.query(ALLOCATIONS, id=order_id))["order"]["allocations"]
    return [row for row in found if row["state"] == state]


async def set_aside(shop: Shop, order_id: str) -> list[tuple[str, str]]:
    """Warehouse and quantity of what is set aside for an order."""
    return sorted((row["warehouseId"], row["quantity"]) for row in await allocations(shop, order_id))


async def told(shop: Shop, name: str, **values: Any) -> list[Json]:
    """The user errors of a call of staff, with what they say of stock."""
    query = f"""mutation ($input: {name[0].upper() + name[1:]}Input!) {{ {name}(input: $input) {{ userErrors {{
      code path
      ... on InsufficientStockError {{ orderItemId availableQuantity }}
      ... on QuantityNotOpenError {{ availableQuantity }} }} }} }}"""
    values = {"idempotencyKey": "k" * 20, "dryRun": True, **values}
    found: list[Json] = (await shop.query(query, input=values))[name]["userErrors"]
    return found
