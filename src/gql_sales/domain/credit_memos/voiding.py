"""Crediting by itself: the memo that takes a voided invoice back, with both numbers kept (X-7, C-39)."""

from gql_sales.db.models.billing import Invoice
from gql_sales.db.models.credit_memos import CreditMemoCause
from gql_sales.db.models.orders import Order
from gql_sales.db.session import Unit
from gql_sales.domain.credit_memos.issue import credit_memo_issue, reopening_refusals
from gql_sales.domain.credit_memos.lines import origins
from gql_sales.domain.credit_memos.rest import credit_rest
from gql_sales.domain.transition import demand, reaction
from gql_sales.kernel.errors import ExceedsCreditable, Refused


@reaction(on="InvoiceVoided")
async def credit_voided(unit: Unit, invoice: Invoice) -> None:
    """Credit all of the invoice that is not credited yet; what it billed may be billed again."""
    demand(unit.principal, credit_memo_issue)
    refusals = list(reopening_refusals(unit, [one for one in origins(unit).values() if one.bill is invoice]))
    if refusals:
        raise Refused(*refusals)
    order, reason = unit.document(Order, invoice.order_id), unit.told("InvoiceVoided", invoice).get("reason")
    memo = await credit_rest(unit, order, [invoice], invoice.customer_id, CreditMemoCause.INVOICE_VOID, reason)
    if memo is None:
        raise Refused(ExceedsCreditable("All of the invoice is credited.", ("input", "invoiceId")))
    invoice.voided_by_id = memo.id
