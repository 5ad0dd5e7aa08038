"""What a hold on an order stops: one table, which every guard asks (domain.md 4, order header)."""

from collections.abc import Iterable

from gql_sales.db.models.orders import HoldScope, Order
from gql_sales.db.session import Unit
from gql_sales.kernel.errors import OnHold, SalesError

ALLOCATION = frozenset({HoldScope.ALL, HoldScope.ALLOCATION, HoldScope.CREDIT})
"""Scopes that stop setting stock aside."""
SHIPMENT = frozenset({HoldScope.ALL, HoldScope.CREDIT, HoldScope.SHIPMENT})
"""Scopes that stop booking."""
BILLING = frozenset({HoldScope.ALL, HoldScope.BILLING})
"""Scopes that stop billing."""
ACKNOWLEDGEMENT = frozenset({HoldScope.ALL, HoldScope.CREDIT})
"""Scopes for which an acknowledgement by itself waits; a person has seen the hold and may confirm all the same."""


def holds_against(order: Order, scopes: frozenset[HoldScope]) -> Iterable[SalesError]:
    """The refusal when the order has an open hold of one of the scopes."""
    found = sorted(scopes & set(order.held_scopes))
    if found:
        yield OnHold(f"The order is on hold: {', '.join(found)}.", ("holds",))


def is_held(order: Order, scopes: frozenset[HoldScope]) -> bool:
    """Whether the order has an open hold of one of the scopes."""
    return any(holds_against(order, scopes))


def free_to_allocate(_: Unit, order: Order) -> Iterable[SalesError]:
    """No hold stops setting stock aside."""
    return holds_against(order, ALLOCATION)


def free_to_bill(_: Unit, order: Order) -> Iterable[SalesError]:
    """No hold stops billing."""
    return holds_against(order, BILLING)
