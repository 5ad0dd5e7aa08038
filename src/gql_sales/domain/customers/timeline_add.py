"""People note what the program cannot see: a call, a message, a word for colleagues (KS-29, KS-30)."""

from datetime import UTC, datetime

from gql_sales.db.models.customers import Customer, TimelineEntry, TimelineKind
from gql_sales.db.session import PendingEvent, Unit
from gql_sales.domain.transition import transition
from gql_sales.kernel.errors import InvalidDate
from gql_sales.kernel.ids import id_at
from gql_sales.kernel.inputs import Findings

LONGEST = 10_000
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
"""Ids cannot tell of earlier instants."""


@transition(Customer, scope="customers.timeline:add", event="CustomerTimelineAdded")
async def customer_timeline_add(
    unit: Unit, customer: Customer, *, kind: TimelineKind, text: str, occurred_at: datetime | None = None
) -> None:
    """Add a note, a call or a message to a customer's timeline, where it stays as it is.

    Refusals: INVALID_INPUT, INVALID_DATE.
    """
    found = Findings()
    text = found.text(text, LONGEST, "text")
    happened = occurred_at or unit.now
    if not EARLIEST <= happened <= unit.now:
        found.refuse(InvalidDate("An entry tells of what has happened, since 1970.", ("input", "occurredAt")))
    found.check()
    entry = unit.add(
        TimelineEntry(
            id=id_at(happened),
            customer_id=customer.id,
            kind=kind,
            text=text,
            actor=unit.principal.key,
            occurred_at=happened,
            created_at=unit.now,
        )
    )
    unit.events.append(PendingEvent("CustomerTimelineAdded", customer, {"entry": str(entry.id)}, is_main=True))
