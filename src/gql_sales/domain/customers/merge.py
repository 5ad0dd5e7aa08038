"""Two records may turn out to be one customer: nothing that was issued changes, but both have one history then."""

from typing import Any
from uuid import UUID

from gql_sales.db.models.customers import Customer, CustomerKind, CustomerState
from gql_sales.db.queries.documents import Plan
from gql_sales.db.session import Unit
from gql_sales.domain.customers.merging import absorb
from gql_sales.domain.transition import transition
from gql_sales.kernel.errors import InvalidInput, InvalidTransition, NotFound, Refused

PATH = ("input", "intoCustomerId")


def _also(*, into_customer_id: UUID, **_: Any) -> Plan:  # noqa: ANN401 (arguments it does not need)
    return {Customer: {into_customer_id}}


@transition(
    Customer,
    sources={CustomerState.ACTIVE},
    target=CustomerState.MERGED,
    scope="customers:merge",
    event="CustomerMerged",
    also=_also,
)
async def customer_merge(unit: Unit, customer: Customer, *, into_customer_id: UUID) -> None:
    """Merge a customer record into another one, which stands for both from then on; the login of the first one ends.

    Refusals: NOT_FOUND, INVALID_INPUT (into itself, or the only login would end), INVALID_TRANSITION (both).
    """
    winner = unit.loaded.get(into_customer_id)
    if not isinstance(winner, Customer):
        raise Refused(NotFound("No such customer.", PATH))
    if winner.id == customer.id:
        raise Refused(InvalidInput("A record is merged into another one.", PATH))
    if winner.state == CustomerState.MERGED:
        message = "That record is merged itself: name the one that it was merged into."
        raise Refused(InvalidTransition(message, PATH, from_state=str(winner.state)))
    if _has_login(customer) and not _has_login(winner):
        raise Refused(InvalidInput("The only login of the customer would end: merge the other way round.", PATH))
    await absorb(unit, winner, [customer])


def _has_login(customer: Customer) -> bool:
    """Whether somebody can log in to it; a guest's session is none (KS-21)."""
    return customer.subject is not None and customer.kind != CustomerKind.GUEST
