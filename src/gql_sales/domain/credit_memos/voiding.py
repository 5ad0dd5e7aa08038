"""Crediting by itself: the memo that takes a voided invoice back, with both numbers kept (X-7, C-39)."""

from gql_sales.db.models.billing import Invoice
from gql_sales.db.models.credit_memos import CreditMemoCause
from gql_sales.db.models.orders import Order
from gql_sales.db.queries.context import load_customers
from gql_sales.db.queries.credits import credited_lines
from gql_sales.db.session import Unit
from gql_sales.domain.credit_memos.issue import credit_memo_issue, reopening_refusals
from gql_sales.domain.credit_memos.issuing import Terms, make
from gql_sales.domain.credit_memos.lines import Credits, origins
from gql_sales.domain.ledger.days import day_of
from gql_sales.domain.policies.frozen import policy
from gql_sales.domain.transition import demand, reaction
from gql_sales.kernel.errors import ExceedsCreditable, Refused


@reaction(on="InvoiceVoided")
async def credit_voided(unit: Unit, invoice: Invoice) -> None:
    """Credit all of the invoice that is not credited yet; what it billed may be billed again."""
    demand(unit.principal, credit_memo_issue)
    order = unit.document(Order, invoice.order_id)
    own = [origin for origin in origins(unit).values() if origin.bill is invoice]
    left = Credits(origins(unit), await credited_lines(unit, [invoice]))
    lines = [line for origin in own if (line := left.rest(origin)) is not None]
    refusals = list(reopening_refusals(unit, own))
    if not lines:
        refusals.append(ExceedsCreditable("All of the invoice is credited.", ("input", "invoiceId")))
    if refusals:
        raise Refused(*refusals)
    await load_customers(unit, {invoice.customer_id})
    terms = Terms(
        cause=CreditMemoCause.INVOICE_VOID,
        credited_on=await day_of(unit, invoice.company_id, unit.now),
        currency=invoice.currency_code,
        mode=policy(unit, order, "journalMode"),
        must_not_go_back=policy(unit, order, "numberDateOrder") == "MONOTONE",
        reopens_billing=True,
        channel_id=invoice.channel_id,
        reason=unit.told("InvoiceVoided", invoice).get("reason"),
    )
    memo = make(unit, unit.customers[invoice.customer_id], terms, lines)
    invoice.voided_by_id = memo.id
