"""Billing by itself: when an order is invoiced without anybody asking (policy billOn, X-9; PK-7, PK-8)."""

from gql_sales.db.models.orders import Order, OrderType
from gql_sales.db.models.shipments import Shipment
from gql_sales.db.session import Unit
from gql_sales.domain.invoices.bills import is_billable
from gql_sales.domain.invoices.issue import invoice_issue
from gql_sales.domain.invoices.lines import selected, shipped
from gql_sales.domain.orders.billing_document import BillingDocument, billing_document
from gql_sales.domain.orders.holds import BILLING, is_held
from gql_sales.domain.policies.frozen import policy
from gql_sales.domain.transition import reaction


@reaction(on="OrderPlaced")
async def bill_placed(unit: Unit, order: Order) -> None:
    """Invoice the whole order when it is placed (PK-6)."""
    if policy(unit, order, "billOn") == "PLACE" and _is_invoiced(order):
        await invoice_issue.within(unit, order)


@reaction(on="OrderAcknowledged")
async def bill_acknowledged(unit: Unit, order: Order) -> None:
    """Invoice the whole order when it is acknowledged (X-9)."""
    if policy(unit, order, "billOn") == "ACKNOWLEDGE" and _is_invoiced(order):
        await invoice_issue.within(unit, order)


@reaction(on="ShipmentFinalized")
async def bill_shipped(unit: Unit, shipment: Shipment) -> None:
    """Invoice what has left: under WHOLE_ORDER all of the order at its first shipment, else just what is gone (X-1)."""
    order = unit.document(Order, shipment.order_id)
    if policy(unit, order, "billOn") != "SHIPMENT_FINALIZED" or not _is_invoiced(order):
        return
    scope, wanted = policy(unit, order, "billingScope"), shipped(order)
    if scope == "WHOLE_ORDER":
        await invoice_issue.within(unit, order)
    # Goods must be able to leave: when a discount exceeds what is left, billing waits for a person.
    elif wanted and sum(line.gross for line in selected(order, wanted)) >= 0:
        await invoice_issue.within(unit, order, items=wanted if scope == "BY_SELECTION" else None)


def _is_invoiced(order: Order) -> bool:
    """Goods leave although billing is on hold; it waits for a person then, and a proforma order for its money."""
    if is_held(order, BILLING) or order.type_code == OrderType.PF:
        return False
    return is_billable(order) and billing_document(order) == BillingDocument.INVOICE
