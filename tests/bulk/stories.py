"""Parts of the story in which every twin has its place."""

from collections.abc import Awaitable, Callable

from tests.client import Json
from tests.shop import Shop

Step = Callable[..., Awaitable[list[Json]]]


async def what_happens_less_often(shop: Shop, step: Step, who: Json) -> None:
    """Holds, what is cancelled in part, goods that stay, receipts, credit and money that goes back."""
    values = [shop.order_values(("fig", 2), then=["PLACE"], **who) for _ in range(2)]
    orders = await step("orderCreate", values, "order { id items { id } }")
    entries = [{"orderId": one["order"]["id"]} for one in orders]
    await step("orderAcknowledge", entries)
    held = await step("orderHold", [{**one, "reason": "odd"} for one in entries], "order { holds { id } }")
    holds = [{"holdId": one["order"]["holds"][0]["id"], "reason": "fine"} for one in held]
    await step("orderRelease", [{**one, **hold} for one, hold in zip(entries, holds, strict=True)])
    items = [[{"orderItemId": one["order"]["items"][0]["id"], "quantity": "1"}] for one in orders]
    await step(
        "orderItemCancel", [{**one, "items": i, "reason": "less"} for one, i in zip(entries, items, strict=True)]
    )
    place = {"warehouseId": shop.warehouse_ids[0]}
    shipped = await step("shipmentCreate", [{**one, **place, "then": ["BOOK"]} for one in entries], "shipment { id }")
    await step("shipmentUnbook", [{"shipmentId": one["shipment"]["id"]} for one in shipped])
    await step("cashSaleIssue", [{**one, "paymentMethod": "CASH"} for one in entries])
    taken = {"channelId": shop.channel_id, "items": [{"sku": "fig", "quantity": "1"}], "paymentMethod": "CASH"}
    await step("counterSaleRecord", [{**who, **taken}] * 2)
    lines = [{"description": "For the trouble", "unitPrice": "3.00"}]
    credit = {**who, "channelId": shop.channel_id, "cause": "MANUAL", "lines": lines}
    memos = await step("creditMemoIssue", [credit] * 2, "creditMemo { id }")
    back = [{"creditMemoId": one["creditMemo"]["id"], "method": "BANK_TRANSFER"} for one in memos]
    refunds = await step("refundRequest", back, "refund { id }")
    await step("refundComplete", [{"refundId": one["refund"]["id"]} for one in refunds])
    await step("refundIssue", [{**credit, "method": "BANK_TRANSFER"}] * 2)


async def invoices_that_should_not_be(shop: Shop, step: Step, who: Json) -> None:
    """Two orders billed, confirmed and taken back."""
    await shop.set_policy("taxPointRule", "ON_ISSUE_CONFIRMATION")
    values = [shop.order_values(("fig", 1), then=["PLACE"], **who) for _ in range(2)]
    orders = await step("orderCreate", values, "order { id }")
    entries = [{"orderId": one["order"]["id"]} for one in orders]
    bills = await step("invoiceIssue", entries, "invoice { id }")
    invoices = [{"invoiceId": one["invoice"]["id"]} for one in bills]
    confirmed = await step("invoiceConfirm", invoices, "invoice { taxPointOn }")
    assert all(one["invoice"]["taxPointOn"] for one in confirmed)
    voided = [{**one, "reason": "typo"} for one in invoices]
    made = await step("invoiceVoid", voided, "invoice { state } creditMemo { number }")
    assert [one["invoice"]["state"] for one in made] == ["VOIDED", "VOIDED"]
    assert all(one["creditMemo"]["number"] for one in made)
