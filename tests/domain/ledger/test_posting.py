"""Posting: balanced or nothing (reliability.md L1); what FOUR_EVENTS leaves out and OFF does not write (X-16)."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest

from gql_sales.db.models.base import Base
from gql_sales.db.models.ledger import AccountRole, JournalEvent
from gql_sales.db.models.payments import Payment, PaymentKind
from gql_sales.domain.ledger.posting import post
from gql_sales.kernel.ids import new_id

CASH, RECEIVABLE = AccountRole.CASH, AccountRole.RECEIVABLE


def posted(mode: str, lines: dict[AccountRole, int]) -> list[Any]:
    """The rows that an entry of a payment consists of."""
    rows: list[Any] = []

    def add(row: Base) -> Base:
        rows.append(row)
        return row

    unit = SimpleNamespace(now=datetime.now(UTC), add=add)
    payment = Payment(company_id=new_id(), customer_id=new_id(), kind=PaymentKind.ADVANCE, currency_code="EUR")
    post(
        cast("Any", unit),
        mode,
        JournalEvent.PAYMENT_ALLOCATION,
        payment,
        date(2026, 1, 1),
        lines,
        payment.customer_id,
    )
    return rows


def test_an_entry_has_a_line_per_account_with_an_amount() -> None:
    entry, *lines = posted("FOUR_EVENTS", {CASH: 500, RECEIVABLE: -500, AccountRole.REVENUE: 0})
    assert entry.event == JournalEvent.PAYMENT_ALLOCATION
    assert [(line.role, line.amount, line.entry_id) for line in lines] == [
        (CASH, 500, entry.id),
        (RECEIVABLE, -500, entry.id),
    ]


@pytest.mark.parametrize(
    ("mode", "lines"),
    [("OFF", {CASH: 500, RECEIVABLE: -500}), ("FOUR_EVENTS", {CASH: 0, RECEIVABLE: 0}), ("FOUR_EVENTS", {})],
)
def test_nothing_is_posted(mode: str, lines: dict[AccountRole, int]) -> None:
    assert posted(mode, lines) == []


def test_an_unbalanced_entry_is_a_defect() -> None:
    with pytest.raises(ValueError, match="balance"):
        posted("FOUR_EVENTS", {CASH: 500, RECEIVABLE: -499})
