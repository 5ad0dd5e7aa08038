"""Derived statuses: one pure function of quantities and amounts, over all small combinations (C-35, domain.md 3)."""

from decimal import Decimal
from itertools import product

import pytest

from gql_sales.db.models.axes import AxisStatus, BillingStatus, PaymentStatus
from gql_sales.db.models.orders import Order, OrderItem, OrderState
from gql_sales.db.models.products import ProductKind
from gql_sales.domain.orders import axes

A, B, P = AxisStatus, BillingStatus, PaymentStatus


def item(kind: ProductKind = ProductKind.GOODS, /, **quantities: int) -> OrderItem:
    """An item of ten pieces at 12.00 gross with the given quantities."""
    given = {f"{name}_quantity": Decimal(value) for name, value in quantities.items()}
    return OrderItem(kind=kind, gross_amount=12000, **{"ordered_quantity": Decimal(10), **given})


def order(*items: OrderItem, **amounts: int) -> Order:
    """An order with its derived columns set."""
    made = Order(state=OrderState.PLACED, items=list(items), **amounts)
    axes.set_derived(made)
    return made


def legal() -> list[tuple[int, ...]]:
    """All (cancelled, committed, allocated, booked, shipped) of a line of three that the invariants allow."""
    return [
        (cancelled, committed, allocated, booked, shipped)
        for cancelled, committed, allocated, booked, shipped in product(range(4), repeat=5)
        if cancelled + shipped <= 3 and committed <= 3 - cancelled - shipped and allocated + booked <= committed
    ]


def test_axes_of_all_legal_quantities_of_a_line_of_three() -> None:
    for cancelled, committed, allocated, booked, shipped in legal():
        line = item(
            ordered=3, cancelled=cancelled, committed=committed, allocated=allocated, booked=booked, shipped=shipped
        )
        net = 3 - cancelled
        for status, done in (
            (axes.commitment(line), committed + shipped),
            (axes.allocation(line), allocated + booked + shipped),
            (axes.dispatch(line), shipped),
        ):
            wanted = A.NOT_APPLICABLE if net == 0 else A.NONE if done == 0 else A.FULL if done >= net else A.PARTIAL
            assert status == wanted


@pytest.mark.parametrize(
    ("statuses", "folded"),
    [
        ([], A.NOT_APPLICABLE),
        ([A.NOT_APPLICABLE], A.NOT_APPLICABLE),
        ([A.NONE, A.NONE], A.NONE),
        ([A.FULL, A.NOT_APPLICABLE], A.FULL),
        ([A.FULL, A.NONE], A.PARTIAL),
        ([A.PARTIAL, A.FULL], A.PARTIAL),
    ],
)
def test_fold(statuses: list[AxisStatus], folded: AxisStatus) -> None:
    assert axes.fold(statuses) == folded


@pytest.mark.parametrize(
    ("billed", "open_", "advances", "invoiced", "due", "outstanding", "paid", "payment", "billing"),
    [
        (0, 0, 0, 0, 12000, 12000, 0, P.UNPAID, B.UNBILLED),
        (0, 0, 12000, 0, 12000, 0, 12000, P.PREPAID, B.UNBILLED),
        (12000, 7000, 0, 10, 12000, 7000, 5000, P.PARTIAL, B.INVOICED),
        (12000, 0, 0, 10, 12000, 0, 12000, P.PAID, B.INVOICED),
        (12000, 0, 500, 10, 12000, -500, 12500, P.OVERPAID, B.INVOICED),
        (4800, 4800, 0, 4, 12000, 12000, 0, P.UNPAID, B.PARTIAL),
    ],
)
def test_the_payment_table(
    billed: int,
    open_: int,
    advances: int,
    invoiced: int,
    due: int,
    outstanding: int,
    paid: int,
    payment: PaymentStatus,
    billing: BillingStatus,
) -> None:
    made = order(item(invoiced=invoiced), billed_amount=billed, open_amount=open_, advance_amount=advances)
    assert (made.due_amount, made.outstanding_amount, made.paid_amount) == (due, outstanding, paid)
    assert (made.payment_status, made.billing_status) == (payment, billing)


def test_a_free_sample_is_paid_without_a_payment() -> None:
    sample = item()
    sample.gross_amount = 0
    assert order(sample).payment_status == P.PAID


@pytest.mark.parametrize(
    ("quantities", "amounts", "text"),
    [
        ({"committed": 10}, {}, "committed, unbilled, unpaid"),
        ({"committed": 6}, {}, "partly committed, unbilled, unpaid"),
        ({"committed": 10, "allocated": 10}, {"advance_amount": 4000}, "allocated, unbilled, partly paid"),
        ({"committed": 6, "allocated": 6, "shipped": 4, "invoiced": 10}, {"billed_amount": 12000, "open_amount": 12000},
         "allocated, partly shipped, invoiced, unpaid"),
        ({"shipped": 10, "invoiced": 10}, {"billed_amount": 12000}, "shipped, invoiced, paid"),
        ({}, {}, "nothing committed, unbilled, unpaid"),
    ],
)  # fmt: skip
def test_summary(quantities: dict[str, int], amounts: dict[str, int], text: str) -> None:
    """IF-21: one short text."""
    assert order(item(**quantities), **amounts).summary == text


def test_summary_of_services_drafts_and_cancelled_orders() -> None:
    service = item(ProductKind.SERVICE, invoiced=10)
    assert order(service, billed_amount=12000, open_amount=12000).summary == "invoiced, unpaid"
    draft, withdrawn = order(item()), order(item(cancelled=10))
    draft.state, withdrawn.state = OrderState.OPEN, OrderState.CANCELLED
    assert (axes.summary(draft), axes.summary(withdrawn)) == ("draft", "cancelled, paid")
