"""Crediting all that is left of bills, so that nothing of them stays billed (X-7, X-19)."""

from collections.abc import Sequence
from uuid import UUID

from gql_sales.db.models.billing import CashSale
from gql_sales.db.models.credit_memos import CreditMemo, CreditMemoCause
from gql_sales.db.models.orders import Order
from gql_sales.db.queries.context import load_customers
from gql_sales.db.queries.credits import credited_lines
from gql_sales.db.session import Unit
from gql_sales.domain.credit_memos.issuing import Terms, make
from gql_sales.domain.credit_memos.lines import Bill, Credits, origins
from gql_sales.domain.ledger.days import day_of
from gql_sales.domain.policies.frozen import policy


async def credit_rest(
    unit: Unit, order: Order, bills: Sequence[Bill], customer_id: UUID, cause: CreditMemoCause, reason: str | None
) -> CreditMemo | None:
    """A memo over what is not credited yet of bills of the order, which may be billed again; None when nothing is left.

    A cash sale that was invoiced is credited through its invoice.
    """
    known = origins(unit)
    left = Credits(known, await credited_lines(unit, bills))
    rest = [
        line
        for origin in known.values()
        if origin.bill in bills and not (isinstance(origin.bill, CashSale) and origin.bill.invoiced_at)
        if (line := left.rest(origin)) is not None
    ]
    if not rest:
        return None
    await load_customers(unit, {customer_id})
    terms = Terms(
        cause=cause,
        credited_on=await day_of(unit, order.company_id, unit.now),
        currency=order.currency_code,
        mode=policy(unit, order, "journalMode"),
        must_not_go_back=policy(unit, order, "numberDateOrder") == "MONOTONE",
        reopens_billing=True,
        channel_id=order.channel_id,
        reason=reason,
    )
    return make(unit, unit.customers[customer_id], terms, rest)
