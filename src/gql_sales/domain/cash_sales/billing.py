"""Cash sales by themselves: when an order that is paid at once is billed without anybody asking (billOn, X-9; PK-9)."""

from gql_sales.db.models.billing import Invoice
from gql_sales.db.models.orders import IN_PROCESS, Order, OrderType
from gql_sales.db.models.payments import Payment
from gql_sales.db.models.shipments import Shipment
from gql_sales.db.session import Unit
from gql_sales.domain.cash_sales.issue import cash_sale_issue, sell, tell_unpaid
from gql_sales.domain.invoices.bills import is_billable
from gql_sales.domain.invoices.issue import invoice_issue
from gql_sales.domain.ledger.days import day_of
from gql_sales.domain.orders import proforma_convert
from gql_sales.domain.orders.billing_document import BillingDocument, billing_document
from gql_sales.domain.orders.holds import BILLING, is_held
from gql_sales.domain.orders.prepayment import is_paid_ahead
from gql_sales.domain.payments.whole import use_advances
from gql_sales.domain.policies.frozen import policy
from gql_sales.domain.transition import reaction

AFTER = proforma_convert.convert_paid
"""Reactions run in the order of their declaration: a proforma order is none any more when it is billed here."""


@reaction(on="OrderPlaced")
async def sell_placed(unit: Unit, order: Order) -> None:
    """Cash-sale the whole order when it is placed (PK-6)."""
    if policy(unit, order, "billOn") == "PLACE":
        await _sell(unit, order)


@reaction(on="OrderAcknowledged")
async def sell_acknowledged(unit: Unit, order: Order) -> None:
    """Cash-sale the whole order when it is acknowledged (X-9)."""
    if policy(unit, order, "billOn") == "ACKNOWLEDGE":
        await _sell(unit, order)


@reaction(on="ShipmentFinalized")
async def sell_shipped(unit: Unit, shipment: Shipment) -> None:
    """Cash-sale the whole order at its first shipment, since it is billed as a whole or not at all (PK-20)."""
    order = unit.document(Order, shipment.order_id)
    if policy(unit, order, "billOn") == "SHIPMENT_FINALIZED":
        await _sell(unit, order)


@reaction(on="PaymentReceived")
async def bill_paid(unit: Unit, payment: Payment) -> None:
    """Bill an order when advances cover it, and settle the bill with them (KH-15, PK-6)."""
    order = unit.loaded.get(payment.order_id) if payment.order_id else None
    if not isinstance(order, Order) or order.state not in IN_PROCESS or not order.policy_snapshot:
        return
    if policy(unit, order, "billOn") != "PAYMENT" or not is_billable(order) or not is_paid_ahead(order):
        return
    day = await day_of(unit, order.company_id, unit.now)
    if billing_document(order) == BillingDocument.CASH_SALE:
        await sell(unit, order, day)
        return
    await invoice_issue.within(unit, order)
    invoice = next(one for one in unit.session.new if isinstance(one, Invoice) and one.order_id == order.id)
    await use_advances(unit, order, invoice, day)


async def _sell(unit: Unit, order: Order) -> None:
    """With its payment when the caller may say that money came in; a shopper's word for it is none (PK-17, X-25)."""
    if is_held(order, BILLING) or order.type_code == OrderType.PF or not is_billable(order):
        return
    if billing_document(order) != BillingDocument.CASH_SALE:
        return
    if unit.principal.may("cash_sales:issue"):
        await cash_sale_issue.within(unit, order)
    else:
        tell_unpaid(unit, await sell(unit, order, await day_of(unit, order.company_id, unit.now)))
