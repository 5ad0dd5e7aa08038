"""The customer's own purchase order: one number on two living orders is often one order sent twice."""

from gql_sales.db.models.orders import Order
from gql_sales.db.queries.orders import order_with_po
from gql_sales.db.session import Unit
from gql_sales.kernel.warnings import WarningCode


async def tell_repeated_po(unit: Unit, order: Order) -> None:
    """Warn when another order of the customer that is not cancelled has the same purchase order number (BA-8)."""
    if order.customer_id is None or order.customer_po is None:
        return
    other = await order_with_po(unit, order)
    if other is not None:
        message = f"The customer's purchase order {order.customer_po} is on the order {other} already."
        unit.warn(WarningCode.CUSTOMER_PO_REPEATED, message, path=("input", "customerPo"))
