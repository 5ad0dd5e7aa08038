"""What every story looks at: the axes of an order, the entries of a document, a customer's balance, a stock level."""

from typing import Any

from tests.client import Json
from tests.shop import Shop

AXES = ("commitmentStatus", "allocationStatus", "dispatchStatus", "billingStatus", "paymentStatus")


async def axes(shop: Shop, id_: str) -> tuple[str, ...]:
    """The statuses of an order: commitment, allocation, dispatch, billing, payment (PK-3)."""
    order = await shop.order(id_)
    return tuple(order[name] for name in AXES)


async def summary(shop: Shop, id_: str) -> str:
    """The one short text of an order (IF-21)."""
    text: str = (await shop.order(id_))["summary"]
    return text


async def entries(shop: Shop, document_id: str) -> list[tuple[str, dict[str, str]]]:
    """Event and lines by role of every journal entry of a document, oldest first."""
    data = await shop.query(
        """query ($id: ID!) { journalEntries(first: 50, filter: {documentId: {in: [$id]}}) {
          nodes { createdAt event lines { role amount { amount } } } } }""",
        id=document_id,
    )
    nodes = sorted(data["journalEntries"]["nodes"], key=lambda node: node["createdAt"])
    return [(node["event"], {line["role"]: line["amount"]["amount"] for line in node["lines"]}) for node in nodes]


async def balance(shop: Shop, customer_id: str | None = None) -> list[str]:
    """What a customer owes, one amount a currency (KS-25)."""
    data = await shop.query(
        "query ($id: ID!) { customer(by: {id: $id}) { balance { amount } } }", id=customer_id or shop.customer_id
    )
    return [one["amount"] for one in data["customer"]["balance"]]


async def level(shop: Shop, sku: str, warehouse: int = 0) -> tuple[str, str, str]:
    """On hand, allocated and booked of a product in a warehouse."""
    data = await shop.query(
        "query ($filter: StockLevelFilter) { stockLevels(filter: $filter) { nodes { onHand allocated booked } } }",
        filter={"productId": {"in": [shop.products[sku]]}, "warehouseId": {"in": [shop.warehouse_ids[warehouse]]}},
    )
    (node,) = data["stockLevels"]["nodes"]
    return node["onHand"], node["allocated"], node["booked"]


async def available(shop: Shop, sku: str) -> str:
    """What can still be promised of a product."""
    data = await shop.query(
        "query ($id: ID!, $channel: ID!) "
        "{ product(by: {id: $id}) { availability(channelId: $channel) { availableQuantity } } }",
        id=shop.products[sku],
        channel=shop.channel_id,
    )
    text: str = data["product"]["availability"]["availableQuantity"]
    return text


async def drafted_shipment(shop: Shop, order: Json, *quantities: tuple[str, int], **values: Any) -> Json:
    """A delivery note of some quantities (sku, quantity) from the first warehouse, or further with ``then``."""
    items = {item["sku"]: item["id"] for item in order["items"]}
    payload = await shop.did(
        "shipmentCreate",
        "shipment { id number state items { quantity } }",
        orderId=order["id"],
        warehouseId=shop.warehouse_ids[0],
        items=[{"orderItemId": items[sku], "quantity": str(quantity)} for sku, quantity in quantities],
        **values,
    )
    shipment: Json = payload["shipment"]
    return shipment
