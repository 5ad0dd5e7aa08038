"""Crediting by itself: what was billed of an order that is cancelled, when its cancellation says so (X-19, BA-95)."""

from gql_sales.db.models.billing import CashSale, Invoice
from gql_sales.db.models.credit_memos import CreditMemo, CreditMemoCause
from gql_sales.db.models.orders import Order
from gql_sales.db.queries.credits import bills_of_orders
from gql_sales.db.queries.documents import load_documents
from gql_sales.db.session import Unit
from gql_sales.domain.credit_memos.issue import credit_memo_issue
from gql_sales.domain.credit_memos.lines import Bill
from gql_sales.domain.credit_memos.rest import credit_rest
from gql_sales.domain.orders.cancel import Settlement
from gql_sales.domain.transition import demand, reaction


@reaction(on="OrderCancelled")
async def credit_cancelled(unit: Unit, order: Order) -> None:
    """Credit everything that was billed of a cancelled order and not yet credited, if its cancellation asks for it."""
    if unit.told("OrderCancelled", order).get("settlement", Settlement.NONE) != Settlement.NONE:
        demand(unit.principal, credit_memo_issue)
        await credit_all(unit, order)


async def credit_all(unit: Unit, order: Order) -> CreditMemo | None:
    """A memo over all that is left of the order's bills, so that nothing of it stays billed; None when nothing is."""
    await load_documents(unit, await bills_of_orders(unit, {order.id}))
    bills: list[Bill] = [
        b for b in unit.loaded.values() if isinstance(b, Invoice | CashSale) and b.order_id == order.id
    ]
    if order.customer_id is None:
        return None
    cause = CreditMemoCause.CANCELLED_QUANTITY
    return await credit_rest(unit, order, bills, order.customer_id, cause, order.cancel_reason)
