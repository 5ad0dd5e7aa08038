"""The derived columns of an order: pure functions of quantities and amounts (domain.md 3, axis formulas)."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from gql_sales.db.models.axes import AxisStatus, BillingStatus, PaymentStatus
from gql_sales.db.models.orders import Order, OrderItem, OrderState
from gql_sales.db.session import Unit
from gql_sales.domain.orders.locks import is_locked
from gql_sales.domain.transition import derives
from gql_sales.kernel.money import share

NOT_APPLICABLE = AxisStatus.NOT_APPLICABLE


def axis(done: Decimal, whole: Decimal) -> AxisStatus:
    """How much of ``whole`` is done."""
    if whole == 0:
        return NOT_APPLICABLE
    if done == 0:
        return AxisStatus.NONE
    return AxisStatus.FULL if done >= whole else AxisStatus.PARTIAL


def fold(statuses: Iterable[AxisStatus]) -> AxisStatus:
    """The status of an order from those of its items."""
    found = {status for status in statuses if status != NOT_APPLICABLE}
    if not found:
        return NOT_APPLICABLE
    return found.pop() if len(found) == 1 else AxisStatus.PARTIAL


def commitment(item: OrderItem) -> AxisStatus:
    """How much of the item is promised or gone."""
    return axis(item.committed_quantity + item.shipped_quantity, _goods(item))


def allocation(item: OrderItem) -> AxisStatus:
    """How much of the item is set aside, booked or gone."""
    return axis(item.allocated_quantity + item.booked_quantity + item.shipped_quantity, _goods(item))


def pack(item: OrderItem) -> AxisStatus:
    """How much of the item is in packages; not applicable when it left without any."""
    if item.packed_quantity == 0 and item.shipped_quantity > 0:
        return NOT_APPLICABLE
    return axis(item.packed_quantity, _goods(item))


def dispatch(item: OrderItem) -> AxisStatus:
    """How much of the item has left."""
    return axis(item.shipped_quantity, _goods(item))


def credit(item: OrderItem) -> AxisStatus:
    """How much of what was billed of the item is credited; by value only it is never more than a part."""
    status = axis(item.credited_quantity, item.invoiced_quantity)
    return AxisStatus.PARTIAL if status == AxisStatus.NONE and item.credited_amount > 0 else status


def _goods(item: OrderItem) -> Decimal:
    return item.net_quantity if item.is_allocatable else Decimal(0)


def billing(item: OrderItem) -> BillingStatus:
    """How much of the item is billed, and by what; a cash sale that was invoiced later counts as both (PK-15)."""
    if item.net_quantity == 0 and item.billed_quantity == 0:
        return BillingStatus.NOT_APPLICABLE
    if item.billed_quantity == 0:
        return BillingStatus.UNBILLED
    if item.billed_quantity < item.net_quantity:
        return BillingStatus.PARTIAL
    if item.cash_saled_quantity == 0:
        return BillingStatus.INVOICED
    is_invoiced = item.cash_saled_quantity < item.invoiced_quantity or item.handed_over_quantity > 0
    return BillingStatus.CASH_SALED_AND_INVOICED if is_invoiced else BillingStatus.CASH_SALED


def fold_billing(statuses: Iterable[BillingStatus]) -> BillingStatus:
    """The billing status of an order from those of its items."""
    found = {status for status in statuses if status != BillingStatus.NOT_APPLICABLE}
    if not found:
        return BillingStatus.NOT_APPLICABLE
    if len(found) == 1:
        return found.pop()
    is_part = found & {BillingStatus.UNBILLED, BillingStatus.PARTIAL}
    return BillingStatus.PARTIAL if is_part else BillingStatus.CASH_SALED_AND_INVOICED


@dataclass(frozen=True)
class Balance:
    """What an order is about in money, in minor units (domain.md 3, payment of an order)."""

    due: int
    outstanding: int
    billable: int

    @property
    def paid(self) -> int:
        """P = D − O."""
        return self.due - self.outstanding

    @property
    def status(self) -> PaymentStatus:
        """The first rule that fits."""
        if self.outstanding < 0:
            return PaymentStatus.OVERPAID
        if self.due == 0:
            return PaymentStatus.PAID
        if self.outstanding == 0:
            return PaymentStatus.PREPAID if self.billable > 0 else PaymentStatus.PAID
        return PaymentStatus.PARTIAL if self.paid > 0 else PaymentStatus.UNPAID


def billable_amount(items: Iterable[OrderItem]) -> int:
    """U: gross value of the quantities that may be billed now, in minor units."""
    return sum(
        share(item.gross_amount, item.billed_quantity, item.billable_quantity, item.ordered_quantity) for item in items
    )


def balance(billed: int, credited: int, open_: int, advances: int, billable: int) -> Balance:
    """D = B − K + U and O = L + U − T."""
    return Balance(due=billed - credited + billable, outstanding=open_ + billable - advances, billable=billable)


def summary(order: Order) -> str:
    """One short English text of all axes (IF-21)."""
    if order.state in (OrderState.OPEN, OrderState.DELETED):
        return "draft"
    parts = _prefix(order)
    parts += _goods_parts(order)
    parts += _BILLING_WORDS.get(order.billing_status, [])
    parts.append(_PAYMENT_WORDS[order.payment_status])
    parts += _CREDIT_WORDS.get(order.credit_status, [])
    return ", ".join(parts)


_ENDED = {OrderState.CANCELLED: "cancelled", OrderState.CLOSED: "closed"}


def _prefix(order: Order) -> list[str]:
    """What matters more than how far the order got; an order that has ended is on hold no longer."""
    if order.state in _ENDED:
        return [_ENDED[order.state]]
    return ["on hold"] if order.held_scopes else []


_BILLING_WORDS = {
    BillingStatus.UNBILLED: ["unbilled"],
    BillingStatus.PARTIAL: ["partly billed"],
    BillingStatus.CASH_SALED: ["cash-saled"],
    BillingStatus.INVOICED: ["invoiced"],
    BillingStatus.CASH_SALED_AND_INVOICED: ["cash-saled and invoiced"],
}
_PAYMENT_WORDS = {
    PaymentStatus.OVERPAID: "overpaid",
    PaymentStatus.PAID: "paid",
    PaymentStatus.PARTIAL: "partly paid",
    PaymentStatus.PREPAID: "prepaid",
    PaymentStatus.UNPAID: "unpaid",
}

_CREDIT_WORDS = {AxisStatus.PARTIAL: ["partly credited"], AxisStatus.FULL: ["credited"]}


def _goods_parts(order: Order) -> list[str]:
    """The furthest stage that is full, then the furthest one after it that is partial."""
    stages = [
        ("committed", order.commitment_status),
        ("allocated", order.allocation_status),
        ("packed", order.pack_status),
        ("shipped", order.dispatch_status),
    ]
    if all(status == NOT_APPLICABLE for _, status in stages):
        return []
    full = max((i for i, (_, status) in enumerate(stages) if status == AxisStatus.FULL), default=-1)
    partial = max((i for i, (_, status) in enumerate(stages) if status == AxisStatus.PARTIAL), default=-1)
    parts = [stages[full][0]] if full >= 0 else []
    parts += [f"partly {stages[partial][0]}"] if partial > full else []
    return parts or ["nothing committed"]


@derives(Order)
def derive(_: Unit, order: Order) -> None:
    """Set every derived column of the order, after each mutation that touches it."""
    set_derived(order)


def balance_of(order: Order) -> Balance:
    """The order's balance as its amounts and quantities are now."""
    return balance(
        order.billed_amount,
        order.credited_amount,
        order.open_amount,
        order.advance_amount,
        billable_amount(order.items),
    )


def set_derived(order: Order) -> None:
    """Derived columns from quantities and amounts; nobody else sets them."""
    money = balance_of(order)
    order.commitment_status = fold(map(commitment, order.items))
    order.allocation_status = fold(map(allocation, order.items))
    order.pack_status = fold(map(pack, order.items))
    order.dispatch_status = fold(map(dispatch, order.items))
    order.billing_status = fold_billing(map(billing, order.items))
    order.credit_status = fold(map(credit, order.items))
    order.payment_status = money.status
    order.due_amount, order.outstanding_amount, order.paid_amount = money.due, money.outstanding, money.paid
    order.is_locked = is_locked(order)
    order.summary = summary(order)
