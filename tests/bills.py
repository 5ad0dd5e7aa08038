"""Billing and paying in few words: the fields that tests look at, and the mutations that every story needs."""

from typing import Any

from tests.client import Json
from tests.shop import Shop

INVOICE_FIELDS = """
  id number state version datedOn taxPointOn dueOn issuedAt paymentStatus
  net { amount } tax { amount } total { amount } openBalance { amount currencyCode }
  buyer { name email } billingAddress { city } shippingAddress { city countryCode }
  items { position sku quantity taxRate net { amount } tax { amount } gross { amount } orderItemId }
  taxLines { countryCode rate net { amount } tax { amount } }
  paymentAllocations { amount { amount } payment { id number } }
  order { id number }
"""
CASH_SALE_FIELDS = """
  id number state version datedOn taxPointOn issuedAt invoicedAt paymentStatus
  net { amount } tax { amount } total { amount } openBalance { amount currencyCode } handedOver { amount }
  buyerName billingAddress { city } shippingAddress { city countryCode }
  items { position sku quantity taxRate net { amount } tax { amount } gross { amount } orderItemId }
  taxLines { countryCode rate net { amount } tax { amount } }
  paymentAllocations { amount { amount } payment { id number } }
  order { id number } invoice { id number }
  availableTransitions { name isAllowed blockers { code } }
"""
PAYMENT_FIELDS = """
  id number kind state version amount { amount } unallocated { amount } selfServiceAvailable { amount }
  tenders { method reference amount { amount } }
  allocations { amount { amount } invoice { id number } }
  order { id } availableTransitions { name isAllowed blockers { code } }
"""
INVOICE = f"invoice {{ {INVOICE_FIELDS} }}"
CASH_SALE = f"cashSale {{ {CASH_SALE_FIELDS} }}"
PAYMENT = f"payment {{ {PAYMENT_FIELDS} }}"


async def issued(shop: Shop, order_id: str, **values: Any) -> Json:
    """A new invoice of the order."""
    payload = await shop.did("invoiceIssue", INVOICE, orderId=order_id, **values)
    invoice: Json = payload["invoice"]
    return invoice


async def sold(shop: Shop, order_id: str, method: str | None = "CASH") -> Json:
    """A new cash sale of the order."""
    payload = await shop.did("cashSaleIssue", CASH_SALE, orderId=order_id, paymentMethod=method)
    sale: Json = payload["cashSale"]
    return sale


async def read_cash_sale(shop: Shop, id_: str) -> Json:
    """A cash sale as it stands."""
    data = await shop.query(f"query ($id: ID!) {{ cashSale(by: {{id: $id}}) {{ {CASH_SALE_FIELDS} }} }}", id=id_)
    sale: Json = data["cashSale"]
    return sale


def payment_values(shop: Shop, kind: str, amount: str, **values: Any) -> Json:
    """Input of paymentRecord with one tender."""
    return {
        "customerId": shop.customer_id,
        "kind": kind,
        "tenders": [{"method": "CARD", "amount": amount}],
        **values,
    }


async def paid(shop: Shop, invoice_id: str, amount: str) -> Json:
    """A regular payment of one invoice."""
    allocations = [{"invoiceId": invoice_id, "amount": amount}]
    payload = await shop.did(
        "paymentRecord", PAYMENT, **payment_values(shop, "REGULAR", amount, allocations=allocations)
    )
    payment: Json = payload["payment"]
    return payment


async def advanced(shop: Shop, amount: str, **values: Any) -> Json:
    """An advance on the customer's account, reserved for an order when ``orderId`` is given."""
    payload = await shop.did("paymentRecord", PAYMENT, **payment_values(shop, "ADVANCE", amount, **values))
    payment: Json = payload["payment"]
    return payment


async def read_invoice(shop: Shop, id_: str) -> Json:
    """An invoice as it stands."""
    data = await shop.query(f"query ($id: ID!) {{ invoice(by: {{id: $id}}) {{ {INVOICE_FIELDS} }} }}", id=id_)
    invoice: Json = data["invoice"]
    return invoice


async def balances(shop: Shop) -> dict[str, str]:
    """The trial balance by account role, which must always be balanced."""
    data = await shop.query("{ trialBalance { isBalanced lines { role balance { amount } } } }")
    assert data["trialBalance"]["isBalanced"]
    return {line["role"]: line["balance"]["amount"] for line in data["trialBalance"]["lines"]}


async def ship(shop: Shop, order: Json, *quantities: tuple[str, int]) -> Json:
    """A finalized shipment of some quantities (sku, quantity) of the order; the payload."""
    items = {item["sku"]: item["id"] for item in order["items"]}
    return await shop.did(
        "shipmentCreate",
        "shipment { id state }",
        orderId=order["id"],
        warehouseId=shop.warehouse_ids[0],
        items=[{"orderItemId": items[sku], "quantity": str(quantity)} for sku, quantity in quantities],
        then=["BOOK", "FINALIZE"],
    )
