"""Which document bills an order by itself: one pure rule, so that every reaction decides alike (PK-7 to PK-9)."""

from gql_sales.db.models.orders import Order
from gql_sales.db.models.payments import PaymentMethodClass
from gql_sales.kernel.enums import DescribedEnum


class BillingDocument(DescribedEnum):
    """What an order is billed by."""

    CASH_SALE = "CASH_SALE", "A cash sale, which is paid at once."
    INVOICE = "INVOICE", "An invoice."


def billing_document(order: Order) -> BillingDocument:
    """An invoice, unless the customer pays at once, asked for none, and got none before.

    An order without a method of payment is invoiced; staff choose by calling the mutation they want (PK-10).
    """
    is_paid_at_once = order.payment_method_class == PaymentMethodClass.IMMEDIATE
    if is_paid_at_once and not order.is_invoice_requested and not is_invoiced(order):
        return BillingDocument.CASH_SALE
    return BillingDocument.INVOICE


def is_invoiced(order: Order) -> bool:
    """Whether an invoice bills any of the order, also one that followed a cash sale."""
    return any(
        item.invoiced_quantity > item.cash_saled_quantity or item.handed_over_quantity > 0 for item in order.items
    )
