"""An order as it was at an instant: the facts of the order, without anything that would be of today (N-11)."""

from datetime import datetime

import strawberry

from gql_sales.schema.directives import scopes
from gql_sales.schema.nodes import id_field, optional_id_field, text
from gql_sales.schema.order_facts import OrderFacts, OrderItemFacts

_READ = [scopes("orders:read")]


@strawberry.type(description="An item of an order as it was at an instant.", directives=_READ)
class OrderItemSnapshotInfo(OrderItemFacts):
    """It may have been taken out of the order since."""

    order_item_id: strawberry.ID = id_field("OrderItem", "id", "The order item.")


@strawberry.type(description="An order as it was at an instant.", directives=_READ)
class OrderSnapshotInfo(OrderFacts):
    """Made from the present rows by taking back what changed since."""

    order_id: strawberry.ID = id_field("Order", "id", "The order.")
    customer_id: strawberry.ID | None = optional_id_field(
        "Customer", "customer_id", "The customer; null while there was none."
    )
    as_of: datetime = text("The instant; the present one when one to come was asked for.")
    items: list[OrderItemSnapshotInfo] = text("Items of the order, at most 500, by position.")
