"""Whether figures agree with each other, as clients see it (N-8)."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import strawberry

from gql_sales.db.queries.identities import IdentityName, IdentityRelation
from gql_sales.domain.orders.reconciliation import Weighed
from gql_sales.kernel.money import digits
from gql_sales.schema.directives import scopes
from gql_sales.schema.enums import described
from gql_sales.schema.nodes import text

described(IdentityName)
described(IdentityRelation)
_READ = [scopes("orders:read")]


@strawberry.type(description="Two sums of figures that must agree.", directives=_READ)
class IdentityInfo:
    """Quantities, or amounts in major units of the order's currency."""

    name: IdentityName = text("What it is about.")
    formula: str = text("The figures of both sides, such as ordered = cancelled + done + open.")
    left: Decimal = text("Value of the left side.")
    relation: IdentityRelation = text("How the sides must compare.")
    right: Decimal = text("Value of the right side.")
    is_balanced: bool = text("True when they do.")


@strawberry.type(description="Whether figures agree with each other.", directives=_READ)
class ReconciliationSummary:
    """Told from one row alone."""

    is_balanced: bool = text("True when every identity holds.")
    identities: list[IdentityInfo] = text("What must agree, at most 20.")


def reconciliation_field(weigh: Callable[[Any], Sequence[Weighed]], description: str, *, is_money: bool) -> Any:  # noqa: ANN401 (a field)
    """The reconciliation of a row by its own columns."""

    def resolve(root: Any) -> ReconciliationSummary:  # noqa: ANN401 (a row)
        scale = -digits(root.currency_code) if is_money else 0
        found = [
            IdentityInfo(
                name=one.identity.name,
                formula=one.identity.formula,
                left=one.left.scaleb(scale),
                relation=one.identity.relation,
                right=one.right.scaleb(scale),
                is_balanced=one.is_balanced,
            )
            for one in weigh(root)
        ]
        return ReconciliationSummary(is_balanced=all(one.is_balanced for one in found), identities=found)

    return strawberry.field(resolver=resolve, description=description)
