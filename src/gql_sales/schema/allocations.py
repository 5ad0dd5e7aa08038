"""What mutations on allocations take and give; allocations as clients see them stand with their orders."""

from decimal import Decimal

import strawberry

from gql_sales.domain.allocations.create import AllocatedLine
from gql_sales.domain.allocations.move import AllocationMove
from gql_sales.domain.allocations.release import ReleasedLine
from gql_sales.domain.allocations.sources import Source
from gql_sales.kernel.ids import decode_id
from gql_sales.schema.inputs import decode_optional
from gql_sales.schema.nodes import given, optional, text
from gql_sales.schema.order_inputs import OrderInput, OrderPayload


@strawberry.input
class SourceInput:
    """Where goods are to come from."""

    warehouse_id: strawberry.ID = text("The warehouse, or for goods that are not stocked the fulfillment method.")
    bin_id: strawberry.ID | None = optional("Only from this bin, which holds sellable stock.")
    lot: str | None = optional("Only of this lot.")

    def source(self) -> Source:
        """As verbs take it."""
        warehouse_id = decode_id("Warehouse", self.warehouse_id)
        return Source(warehouse_id, decode_optional("Bin", self.bin_id), given(self.lot))


@strawberry.input(description="How much of an order item is to come from where.")
class AllocationLineInput(SourceInput):
    """One line; an item may have several."""

    order_item_id: strawberry.ID = text("The order item.")
    quantity: Decimal = text("Quantity, above zero.")

    def to_domain(self) -> AllocatedLine:
        """As the verb takes it."""
        return AllocatedLine(decode_id("OrderItem", self.order_item_id), self.quantity, self.source())


@strawberry.input(description="Input of allocationCreate.")
class AllocationCreateInput(OrderInput):
    """By plan, by plan from one warehouse, or line by line."""

    warehouse_id: strawberry.ID | None = optional("Plan with this warehouse only; absent when there are lines.")
    lines: list[AllocationLineInput] = strawberry.field(
        description="What is to come from where, at most 1000 lines; the plan decides when empty.",
        default_factory=list,
    )


@strawberry.type(description="Outcome of allocationCreate.")
class AllocationCreatePayload(OrderPayload):
    """The order with its allocations."""


@strawberry.input(description="An allocation, or a part of it, that is to come from elsewhere.")
class AllocationMoveLineInput(SourceInput):
    """One move."""

    allocation_id: strawberry.ID = text("The allocation.")
    quantity: Decimal | None = optional("How much of it, above zero; all of it when absent.")

    def to_domain(self) -> AllocationMove:
        """As the verb takes it."""
        return AllocationMove(decode_id("Allocation", self.allocation_id), self.source(), given(self.quantity))


@strawberry.input(description="Input of allocationMove.")
class AllocationMoveInput(OrderInput):
    """Allocations of one order."""

    moves: list[AllocationMoveLineInput] = text("What is to come from where instead, 1 to 1000 moves.")


@strawberry.type(description="Outcome of allocationMove.")
class AllocationMovePayload(OrderPayload):
    """The order with its allocations."""


@strawberry.input(description="Quantity of an order item that is given back.")
class AllocationReleaseLineInput:
    """One line."""

    order_item_id: strawberry.ID = text("The order item.")
    quantity: Decimal = text("Quantity, above zero.")
    warehouse_id: strawberry.ID | None = optional("Only what is set aside there.")

    def to_domain(self) -> ReleasedLine:
        """As the verb takes it."""
        item_id = decode_id("OrderItem", self.order_item_id)
        return ReleasedLine(item_id, self.quantity, decode_optional("Warehouse", self.warehouse_id))


@strawberry.input(description="Input of allocationRelease.")
class AllocationReleaseInput(OrderInput):
    """All that are not booked, those named, or quantities of items."""

    allocation_ids: list[strawberry.ID] = strawberry.field(
        description="Allocations to give back; all that are not booked when both lists are empty.",
        default_factory=list,
    )
    lines: list[AllocationReleaseLineInput] = strawberry.field(
        description="Quantities to give back, at most 1000 lines, the newest allocations first.", default_factory=list
    )


@strawberry.type(description="Outcome of allocationRelease.")
class AllocationReleasePayload(OrderPayload):
    """The order without them."""
