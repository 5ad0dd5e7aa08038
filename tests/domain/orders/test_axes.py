"""Derived statuses: one pure function of quantities and amounts, over all small combinations (C-35, domain.md 3)."""

from decimal import Decimal
from itertools import product
from typing import Any

import pytest

from gql_sales.db.models.axes import AxisStatus, BillingStatus, PaymentStatus
from gql_sales.db.models.orders import Order, OrderItem, OrderState
from gql_sales.db.models.payments import PaymentMethodClass
from gql_sales.db.models.products import ProductKind
from gql_sales.domain.orders import axes
from gql_sales.domain.orders.billing_document import billing_document

A, B, P = AxisStatus, BillingStatus, PaymentStatus


def item(kind: ProductKind = ProductKind.GOODS, /, **quantities: int) -> OrderItem:
    """An item of ten pieces at 12.00 gross with the given quantities."""
    given = {f"{name}_quantity": Decimal(value) for name, value in quantities.items()}
    return OrderItem(kind=kind, gross_amount=12000, **{"ordered_quantity": Decimal(10), **given})


def order(*items: OrderItem, **values: Any) -> Order:
    """An order with its derived columns set."""
    made = Order(state=OrderState.PLACED, items=list(items), **values)
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


def test_the_pack_axis_of_all_small_quantities() -> None:
    """As the others, but not applicable where something left and nothing was ever packed."""
    for cancelled, packed, shipped in product(range(4), repeat=3):
        if cancelled + shipped > 3:
            continue
        line = item(ordered=3, cancelled=cancelled, packed=packed, shipped=shipped)
        net = 3 - cancelled
        if net == 0 or (packed == 0 and shipped > 0):
            wanted = A.NOT_APPLICABLE
        else:
            wanted = A.NONE if packed == 0 else A.FULL if packed >= net else A.PARTIAL
        assert axes.pack(line) == wanted
    assert axes.pack(item(ProductKind.SERVICE)) == A.NOT_APPLICABLE


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


def by_documents() -> list[tuple[int, ...]]:
    """All (cancelled, invoiced, cash-saled, handed over) of a line of three that the invariants allow."""
    return [
        (cancelled, invoiced, saled, handed)
        for cancelled, invoiced, saled, handed in product(range(4), repeat=4)
        if handed <= saled <= invoiced <= 3
    ]


def test_billing_of_all_legal_quantities_of_a_line_of_three() -> None:
    """Domain.md 3, billing: how much first, then by which documents; a cash sale invoiced later counts as both."""
    for cancelled, invoiced, saled, handed in by_documents():
        line = item(ordered=3, cancelled=cancelled, invoiced=invoiced, cash_saled=saled, handed_over=handed)
        net = 3 - cancelled
        kinds = {"invoice"} if invoiced > saled or handed else set()
        kinds |= {"cash sale"} if saled else set()
        if invoiced == 0:
            wanted = B.NOT_APPLICABLE if net == 0 else B.UNBILLED
        elif invoiced < net:
            wanted = B.PARTIAL
        else:
            wanted = {1: B.CASH_SALED if saled else B.INVOICED, 2: B.CASH_SALED_AND_INVOICED}[len(kinds)]
        assert axes.billing(line) == wanted, (cancelled, invoiced, saled, handed)


@pytest.mark.parametrize(
    ("statuses", "folded"),
    [
        ([], B.NOT_APPLICABLE),
        ([B.CASH_SALED, B.NOT_APPLICABLE], B.CASH_SALED),
        ([B.CASH_SALED, B.INVOICED], B.CASH_SALED_AND_INVOICED),
        ([B.CASH_SALED_AND_INVOICED, B.CASH_SALED], B.CASH_SALED_AND_INVOICED),
        ([B.CASH_SALED_AND_INVOICED, B.UNBILLED], B.PARTIAL),
        ([B.CASH_SALED, B.PARTIAL], B.PARTIAL),
        ([B.UNBILLED, B.UNBILLED], B.UNBILLED),
    ],
)
def test_fold_of_billing(statuses: list[BillingStatus], folded: BillingStatus) -> None:
    assert axes.fold_billing(statuses) == folded


@pytest.mark.parametrize(
    ("method_class", "is_requested", "billed", "document"),
    [
        (None, False, {}, "INVOICE"),
        ("IMMEDIATE", False, {}, "CASH_SALE"),
        ("IMMEDIATE", True, {}, "INVOICE"),
        ("DEFERRED", False, {}, "INVOICE"),
        ("IMMEDIATE", False, {"invoiced": 4, "cash_saled": 4}, "CASH_SALE"),
        ("IMMEDIATE", False, {"invoiced": 4}, "INVOICE"),
        ("IMMEDIATE", False, {"invoiced": 4, "cash_saled": 4, "handed_over": 4}, "INVOICE"),
    ],
)
def test_which_document_bills_an_order(
    method_class: str | None, is_requested: bool, billed: dict[str, int], document: str
) -> None:
    """PK-7 to PK-9, PK-16."""
    made = order(item(**billed))
    made.payment_method_class = PaymentMethodClass(method_class) if method_class else None
    made.is_invoice_requested = is_requested
    assert billing_document(made) == document


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
        ({"shipped": 10, "invoiced": 10, "cash_saled": 10}, {"billed_amount": 12000}, "shipped, cash-saled, paid"),
        ({"shipped": 10, "invoiced": 10, "cash_saled": 10, "handed_over": 10}, {"billed_amount": 12000},
         "shipped, cash-saled and invoiced, paid"),
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


def test_summary_begins_with_what_matters_most() -> None:
    """IF-21: a hold is told while it stops something; a cancelled order is no longer on hold."""
    made = order(item(committed=10), held_scopes=["BILLING"])
    assert axes.summary(made) == "on hold, committed, unbilled, unpaid"
    made.held_scopes = []
    assert axes.summary(made) == "committed, unbilled, unpaid"
    gone = order(item(cancelled=10), held_scopes=["ALL"])
    gone.state = OrderState.CANCELLED
    assert axes.summary(gone) == "cancelled, paid"
    ended = order(item(shipped=10, invoiced=10), billed_amount=12000, held_scopes=["BILLING"])
    ended.state = OrderState.CLOSED
    assert axes.summary(ended) == "closed, shipped, invoiced, paid"
