"""Whether the figures of an order or an item agree with each other, told from one row alone (N-8)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from gql_sales.db.models.products import ProductKind
from gql_sales.db.queries.identities import OF_ITEMS, OF_ORDERS, Identity, IdentityRelation


@dataclass(frozen=True)
class Weighed:
    """An identity with the values of its sides: quantities, or amounts in minor units."""

    identity: Identity
    left: Decimal
    right: Decimal

    @property
    def is_balanced(self) -> bool:
        """Whether it holds."""
        return self.left == self.right if self.identity.relation == IdentityRelation.EQUAL else self.left <= self.right


def weigh_item(item: Any) -> list[Weighed]:  # noqa: ANN401 (a row)
    """Every identity of quantities, for a row with the columns of an order item."""
    billed = item.invoiced_quantity - item.rebillable_quantity
    done = item.shipped_quantity if item.kind == ProductKind.GOODS else billed
    derived = {"done": done, "open": max(Decimal(0), item.ordered_quantity - item.cancelled_quantity - done)}
    return _weigh(OF_ITEMS, lambda name: derived[name] if name in derived else getattr(item, f"{name}_quantity"))


def weigh_order(order: Any) -> list[Weighed]:  # noqa: ANN401 (a row)
    """Every identity of amounts, for a row with the columns of an order."""
    return _weigh(OF_ORDERS, lambda name: getattr(order, f"{name}_amount"))


def _weigh(identities: Sequence[Identity], figure: Callable[[str], Any]) -> list[Weighed]:
    return [Weighed(one, _sum(one.left, figure), _sum(one.right, figure)) for one in identities]


def _sum(side: str, figure: Callable[[str], Any]) -> Decimal:
    """The value of a side such as ``due - billed + credited``."""
    words = ["+", *side.split()]
    signs = zip(words[::2], words[1::2], strict=True)
    return sum((Decimal(figure(name)) * (-1 if sign == "-" else 1) for sign, name in signs), Decimal(0))
