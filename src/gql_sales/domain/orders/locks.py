"""Where the lock of an order falls: the flag of the order and the quantities of its items, by the policy lockAt (X-5).

What is on a booked shipment or gone cannot be changed in any case. Under ACKNOWLEDGE the whole order locks with its
acknowledgement; under PACK each item locks as soon as any of it is booked, and under NONE nothing locks besides.
"""

from gql_sales.db.models.orders import Order, OrderItem, OrderState
from gql_sales.domain.policies.registry import POLICIES

_UNLOCKED = frozenset({OrderState.OPEN, OrderState.DELETED, OrderState.PLACED})


def locks_at(order: Order) -> str:
    """The policy as it was frozen; a draft has no lock to ask about."""
    frozen: str = order.policy_snapshot.get("lockAt", POLICIES["lockAt"].default)
    return frozen


def is_locked(order: Order) -> bool:
    """Whether all of the order is locked: details immutable once acknowledged (BA-10)."""
    return order.state not in _UNLOCKED and locks_at(order) == "ACKNOWLEDGE"


def is_item_locked(order: Order, item: OrderItem) -> bool:
    """Whether nothing of the item can be changed: once on a packing slip, it stays as it is (KS-15)."""
    return is_locked(order) or (locks_at(order) == "PACK" and item.locked_quantity > 0)
