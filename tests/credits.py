"""Crediting and refunding in few words: the fields that tests look at, and the mutations that every story needs."""

from typing import Any

from tests.client import Json
from tests.shop import Shop

MEMO_FIELDS = """
  id number state cause version datedOn usageStatus hasReopenedBilling externalRef reason buyerName
  billingAddress { city } net { amount } tax { amount } total { amount } balance { amount } applied { amount }
  refundPending { amount } refunded { amount } voided { amount }
  items { position sku name quantity isByValue unitPrice taxRate orderId
          net { amount } tax { amount } gross { amount } }
  taxLines { countryCode rate net { amount } tax { amount } }
  applications { id amount { amount } isAutomatic reversesId invoice { number } cashSale { number } }
  refunds { number } orders { number }
"""
MEMO = f"creditMemo {{ {MEMO_FIELDS} }}"
REFUND_FIELDS = """
  id number state version amount { amount } reference failureReason settledAt requestedOn
  tenders { method tenderId amount { amount } } creditMemo { number balance { amount } }
"""
REFUND = f"refund {{ {REFUND_FIELDS} }}"


async def billed(shop: Shop, *items: tuple[str, int], pay: str | None = None, **values: Any) -> Json:
    """A placed and invoiced order, paid by card with ``pay``; the invoice with its lines' ids."""
    order = await shop.placed(*items)
    tenders = [{"method": "CARD", "amount": pay}] if pay else []
    made = await shop.did(
        "invoiceIssue",
        "invoice { id number items { id sku } } payment { tenders { id } }",
        orderId=order["id"],
        tenders=tenders,
        **values,
    )
    lines = {item["sku"]: item["id"] for item in made["invoice"]["items"]}
    return {"order": order, "invoice": made["invoice"], "lines": lines, "payment": made["payment"]}


def part(bill: Json, sku: str, quantity: str) -> Json:
    """Input: some pieces of a line of an invoice."""
    return {"invoiceItemId": bill["lines"][sku], "quantity": quantity}


async def credited(shop: Shop, *items: Json, cause: str = "LOST_CONSIGNMENT", **values: Any) -> Json:
    """A new credit memo for the items."""
    payload = await shop.did("creditMemoIssue", MEMO, cause=cause, items=list(items), **values)
    memo: Json = payload["creditMemo"]
    return memo


async def goodwill(shop: Shop, amount: str, **values: Any) -> Json:
    """A new credit memo of the shop's customer that belongs to no bill."""
    lines = [{"description": "Goodwill", "unitPrice": amount}]
    payload = await shop.did(
        "creditMemoIssue", MEMO, cause="MANUAL", customerId=shop.customer_id, lines=lines, **values
    )
    memo: Json = payload["creditMemo"]
    return memo


async def read_memo(shop: Shop, id_: str) -> Json:
    """A credit memo as it stands."""
    data = await shop.query(f"query ($id: ID!) {{ creditMemo(by: {{id: $id}}) {{ {MEMO_FIELDS} }} }}", id=id_)
    memo: Json = data["creditMemo"]
    return memo
