"""Crediting by itself: what was billed of an order that is cancelled, when its cancellation says so (X-19, BA-95)."""

from gql_sales.db.models.billing import CashSale, Invoice
from gql_sales.db.models.credit_memos import CreditMemo, CreditMemoCause
from gql_sales.db.models.orders import Order
from gql_sales.db.queries.context import load_customers
from gql_sales.db.queries.credits import bills_of_orders, credited_lines
from gql_sales.db.queries.documents import load_documents
from gql_sales.db.session import Unit
from gql_sales.domain.credit_memos.issue import credit_memo_issue
from gql_sales.domain.credit_memos.issuing import Terms, make
from gql_sales.domain.credit_memos.lines import Bill, Credits, origins
from gql_sales.domain.ledger.days import day_of
from gql_sales.domain.orders.cancel import Settlement
from gql_sales.domain.policies.frozen import policy
from gql_sales.domain.transition import demand, reaction


@reaction(on="OrderCancelled")
async def credit_cancelled(unit: Unit, order: Order) -> None:
    """Credit everything that was billed of a cancelled order and not yet credited, if its cancellation asks for it."""
    if unit.told("OrderCancelled", order).get("settlement", Settlement.NONE) != Settlement.NONE:
        demand(unit.principal, credit_memo_issue)
        await credit_all(unit, order)


async def credit_all(unit: Unit, order: Order) -> CreditMemo | None:
    """A memo over all that is left of the order's bills, so that nothing of it stays billed; None when nothing is.

    A cash sale that was invoiced is credited through its invoice.
    """
    await load_documents(unit, await bills_of_orders(unit, {order.id}))
    bills: list[Bill] = [
        b for b in unit.loaded.values() if isinstance(b, Invoice | CashSale) and b.order_id == order.id
    ]
    left = Credits(origins(unit), await credited_lines(unit, bills))
    rest = [
        line
        for origin in origins(unit).values()
        if origin.order is order and not (isinstance(origin.bill, CashSale) and origin.bill.invoiced_at)
        if (line := left.rest(origin)) is not None
    ]
    if not rest or order.customer_id is None:
        return None
    await load_customers(unit, {order.customer_id})
    terms = Terms(
        cause=CreditMemoCause.CANCELLED_QUANTITY,
        credited_on=await day_of(unit, order.company_id, unit.now),
        currency=order.currency_code,
        mode=policy(unit, order, "journalMode"),
        must_not_go_back=policy(unit, order, "numberDateOrder") == "MONOTONE",
        reopens_billing=True,
        channel_id=order.channel_id,
        reason=order.cancel_reason,
    )
    return make(unit, unit.customers[order.customer_id], terms, rest)
