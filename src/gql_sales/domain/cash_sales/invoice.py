"""Invoicing a cash sale: the customer asks for an invoice after all, of what was billed before (PK-15)."""

from collections.abc import Iterable
from datetime import date

from gql_sales.db.models.billing import CashSale, CashSaleItem, CashSaleState, CashSaleTaxLine, Invoice
from gql_sales.db.models.numbers import SeriesKind
from gql_sales.db.models.orders import Order
from gql_sales.db.queries.context import load_customers
from gql_sales.db.session import Unit
from gql_sales.domain.invoices.bills import Values, attach, buyer_values
from gql_sales.domain.ledger.days import day_of
from gql_sales.domain.orders.address import PostalAddress, checked, is_complete
from gql_sales.domain.policies.frozen import policy
from gql_sales.domain.transition import transition
from gql_sales.kernel.errors import AddressRequired, AlreadyInvoiced, Refused, SalesError
from gql_sales.kernel.inputs import Findings

_SAME = (
    "company_id",
    "channel_id",
    "order_id",
    "customer_id",
    "currency_code",
    "tax_point_on",
    "shipping_address",
    "net_amount",
    "tax_amount",
    "gross_amount",
    "open_amount",
    "written_off_amount",
)


def not_yet_invoiced(_: Unit, sale: CashSale) -> Iterable[SalesError]:
    """A cash sale has at most one invoice."""
    if sale.invoiced_at is not None:
        yield AlreadyInvoiced("The cash sale has its invoice.")


@transition(
    CashSale,
    sources={CashSaleState.ISSUED},
    scope="cash_sales:invoice",
    event="CashSaleInvoiced",
    guards=[not_yet_invoiced],
)
async def cash_sale_invoice(
    unit: Unit, sale: CashSale, *, invoiced_on: date | None = None, billing_address: PostalAddress | None = None
) -> None:
    """Make an invoice of a cash sale: the same lines, rates and tax point, and what is open counts on it from then on.

    Nothing is posted, since the cash sale was. Refusals: ALREADY_INVOICED, ADDRESS_REQUIRED, INVALID_INPUT,
    DATE_BEFORE_LAST_NUMBER (X-27), SERIES_CLOSED.
    """
    order = unit.document(Order, sale.order_id)
    found = Findings()
    address = checked(billing_address, found, "billingAddress") or sale.billing_address
    found.check()
    if not is_complete(address):
        raise Refused(AddressRequired("An invoice names its buyer in full.", ("input", "billingAddress")))
    day = invoiced_on or await day_of(unit, sale.company_id, unit.now)
    await load_customers(unit, {sale.customer_id})
    invoice = unit.add(
        Invoice(
            **_copied(sale, _SAME),
            invoiced_on=day,
            due_on=day,
            buyer=buyer_values(unit.customers.get(sale.customer_id)),
            billing_address=address,
            cash_sale_id=sale.id,
        )
    )
    attach(invoice, [_part(item) for item in sale.items], [_part(rate) for rate in sale.tax_lines])
    must_not_go_back = policy(unit, order, "numberDateOrder") == "MONOTONE"
    unit.number(invoice, SeriesKind.INVOICE, day, must_not_go_back=must_not_go_back, issued_at_column="issued_at")
    _hand_over(unit, order, sale)


def _hand_over(unit: Unit, order: Order, sale: CashSale) -> None:
    """What was billed and paid counts on the invoice now; the order's own sums stay, for they count the pair once."""
    sale.invoiced_at = unit.now
    sale.handed_over_amount = sale.gross_amount
    sale.open_amount = sale.written_off_amount = 0
    items = {item.id: item for item in order.items}
    for line in sale.items:
        items[line.order_item_id].handed_over_quantity += line.quantity


def _part(row: CashSaleItem | CashSaleTaxLine) -> Values:
    """What a row has in common with the invoice's."""
    names = [column.name for column in row.__table__.columns]
    return _copied(row, set(names) - {"id", "cash_sale_id"})


def _copied(row: CashSale | CashSaleItem | CashSaleTaxLine, names: Iterable[str]) -> Values:
    return {name: getattr(row, name) for name in names}
