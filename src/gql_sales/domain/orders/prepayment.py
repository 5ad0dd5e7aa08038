"""Orders that wait for their money: how long, what they may not do meanwhile, and when it is all there (KH-6, X-24)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from gql_sales.db.models.orders import Order, OrderType
from gql_sales.db.models.payments import PaymentMethodClass
from gql_sales.db.session import Unit
from gql_sales.domain.orders.axes import balance_of, billable_amount
from gql_sales.domain.policies.frozen import policy
from gql_sales.kernel.errors import PrepaymentRequired, SalesError


def paid_in_advance(_: Unit, order: Order) -> Iterable[SalesError]:
    """A proforma order is neither set aside nor shipped nor billed; once it is paid it is none any more (KH-11)."""
    if order.type_code == OrderType.PF:
        yield PrepaymentRequired("The proforma order is not paid yet.", ("payment",))


def expiry(unit: Unit, order: Order) -> datetime | None:
    """When a proforma order, or one that its shopper was to pay at once, is cancelled by itself; None for others."""
    is_due = order.payment_method_class == PaymentMethodClass.IMMEDIATE and unit.principal.is_shopper
    if order.type_code == OrderType.PF or is_due:
        return unit.now + timedelta(days=int(policy(unit, order, "prepayTtl")))
    return None


def is_paid_ahead(order: Order) -> bool:
    """Whether the advances reserved for the order cover all that may be billed of it."""
    return order.advance_amount >= billable_amount(order.items)


def is_settled(order: Order) -> bool:
    """Whether nothing of it is left to pay: what is billed is paid, and advances cover the rest (O of domain.md 3)."""
    return balance_of(order).outstanding <= 0
