"""Refunding by itself: what was paid for an order that is cancelled with REFUND (X-19, BA-95)."""

from gql_sales.db.models.credit_memos import CreditMemo
from gql_sales.db.models.orders import Order
from gql_sales.db.models.payments import Payment
from gql_sales.db.queries.credits import bills_of_orders, payments_of_bills
from gql_sales.db.queries.documents import load_documents
from gql_sales.db.session import Unit
from gql_sales.domain.credit_memos.cancelled import credit_cancelled
from gql_sales.domain.orders.cancel import Settlement
from gql_sales.domain.payments.tenders import live
from gql_sales.domain.refunds.payout import spread
from gql_sales.domain.refunds.request import refund_request, send
from gql_sales.domain.transition import demand, reaction

AFTER = credit_cancelled
"""Reactions run in the order of their declaration: the memo that is refunded here is made there."""


@reaction(on="OrderCancelled")
async def refund_cancelled(unit: Unit, order: Order) -> None:
    """Refund the credit of a cancelled order as far as the tenders that paid take it back; the rest stays credit."""
    if unit.told("OrderCancelled", order).get("settlement") != Settlement.REFUND:
        return
    demand(unit.principal, refund_request)
    memos = [event.document for event in unit.events if event.type == "CreditMemoIssued"]
    memo = next((one for one in memos if isinstance(one, CreditMemo)), None)
    if memo is None or not memo.balance_amount:
        return
    paid = await payments_of_bills(unit, await bills_of_orders(unit, {order.id}))
    await load_documents(unit, {Payment: paid})
    payments = [unit.document(Payment, id_) for id_ in sorted(paid) if id_ in unit.loaded]
    ways = spread([tender for payment in payments for tender in live(payment)], memo.balance_amount)
    if ways:
        await send(unit, memo, ways, ())
