"""Shipments in few words: drafting, booking and packing what an order wants, and reading what came of it."""

from typing import Any

from tests.client import Json
from tests.shop import Shop

FIELDS = """id number state version carrier trackingNumber bookedAt finalizedAt deliveredAt cancelledAt cancelReason
  items { orderItemId quantity } packages { id number trackingNumber items { orderItemId quantity } }"""
SHIPMENT = f"shipment {{ {FIELDS} }}"


def lines(*quantities: tuple[Json, int | str]) -> list[Json]:
    """Lines of a shipment or a package: order item and quantity."""
    return [{"orderItemId": item["id"], "quantity": str(quantity)} for item, quantity in quantities]


async def drafted(shop: Shop, order: Json, *then: str, warehouse: int = 0, **values: Any) -> Json:
    """A shipment of the order, with ``then`` BOOK or FINALIZE further on."""
    payload = await shop.did(
        "shipmentCreate",
        SHIPMENT,
        orderId=order["id"],
        warehouseId=shop.warehouse_ids[warehouse],
        then=list(then),
        **values,
    )
    shipment: Json = payload["shipment"]
    return shipment


async def moved(shop: Shop, name: str, shipment: Json, **values: Any) -> Json:
    """The shipment after a mutation that must succeed, such as ``Unbook``; null after Delete."""
    payload = await shop.did(f"shipment{name}", SHIPMENT, shipmentId=shipment["id"], **values)
    after: Json = payload["shipment"]
    return after


async def packed(shop: Shop, shipment: Json, *quantities: tuple[Json, int | str], **values: Any) -> Json:
    """A new package of the shipment; the package."""
    after = await moved(shop, "PackageAdd", shipment, items=lines(*quantities), **values)
    package: Json = after["packages"][-1]
    return package


async def read(shop: Shop, id_: str) -> Json:
    """A shipment as it stands; null when it is not visible."""
    query = f"query ($id: ID!) {{ shipment(by: {{id: $id}}) {{ {FIELDS} }} }}"
    found: Json = (await shop.query(query, id=id_))["shipment"]
    return found
