"""The date of an order decides which tax rates count; it can be corrected until the order locks or is billed."""

from datetime import date

from gql_sales.db.models.orders import Order
from gql_sales.db.session import Unit
from gql_sales.domain.orders import guards, needs
from gql_sales.domain.orders.editing import EDITABLE, finish, is_editable, retax
from gql_sales.domain.transition import transition


@transition(
    Order,
    sources=EDITABLE,
    guards=[is_editable, guards.nothing_billed],
    needs=[needs.CONTEXT],
    scope="orders:terms",
    event="OrderChanged",
)
async def order_set_date(unit: Unit, order: Order, *, document_date: date) -> None:
    """Set the date of an order; tax is calculated anew by the rules of that day (BA-84).

    Refusals: ORDER_LOCKED; of a placed order also ALREADY_BILLED, TAX_INCOMPLETE.
    """
    order.document_date = document_date
    finish(unit, order, is_retaxed=await retax(unit, order))
