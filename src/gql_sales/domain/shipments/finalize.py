"""Finalizing is the moment the goods leave: stock goes down, and nothing can undo it but a return (BA-35, BA-36)."""

from gql_sales.db.models.ledger import AccountRole
from gql_sales.db.models.orders import Allocation, AllocationState, Order, OrderItem
from gql_sales.db.models.shipments import Shipment, ShipmentState
from gql_sales.db.models.stock import MovementKind, StockMovement
from gql_sales.db.session import Unit
from gql_sales.domain.orders import needs
from gql_sales.domain.shipments.guards import contents_complete
from gql_sales.domain.shipments.needs import WAREHOUSES
from gql_sales.domain.stock.commitment import pool_of
from gql_sales.domain.stock.value import post_value, take_out
from gql_sales.domain.transition import transition
from gql_sales.kernel.inputs import Findings


@transition(
    Shipment,
    sources={ShipmentState.BOOKED},
    target=ShipmentState.FINALIZED,
    guards=[contents_complete],
    needs=[needs.CONTEXT, WAREHOUSES, needs.ALLOCATIONS, needs.POOLS, needs.ALLOCATED_LEVELS],
    scope="shipments:finalize",
    event="ShipmentFinalized",
    bulk=True,
)
async def shipment_finalize(
    unit: Unit, shipment: Shipment, *, carrier: str | None = None, tracking_number: str | None = None
) -> None:
    """Send a booked shipment off: its goods leave stock for good.

    Refusals: CONTENTS_INCOMPLETE, INVALID_INPUT (carrier, tracking number).
    """
    carrier, tracking_number = sent_by(carrier, tracking_number)
    order = unit.document(Order, shipment.order_id)
    booked = [row for row in unit.allocations[order.id] if row.shipment_id == shipment.id]
    items = {item.id: item for item in order.items}
    cost = sum(
        _send(unit, order, items[row.order_item_id], row) for row in booked if row.state == AllocationState.BOOKED
    )
    shipment.carrier = carrier or shipment.carrier
    shipment.tracking_number = tracking_number or shipment.tracking_number
    shipment.finalized_at = unit.now
    if cost:
        await post_value(unit, [(shipment, {AccountRole.COGS: cost, AccountRole.INVENTORY: -cost})])


def _send(unit: Unit, order: Order, item: OrderItem, row: Allocation) -> int:
    """What was booked leaves: item, pool and level go down by it; minor units that it has cost."""
    row.state = AllocationState.SHIPPED
    item.committed_quantity -= row.quantity
    item.booked_quantity -= row.quantity
    item.shipped_quantity += row.quantity
    pool = pool_of(unit, order, item)
    if row.level_id is None or pool is None:
        return 0
    pool.committed -= row.quantity
    pool.on_hand_sellable -= row.quantity
    level = unit.levels[row.level_id]
    level.booked -= row.quantity
    level.on_hand -= row.quantity
    cost = take_out(pool, row.quantity)
    unit.add(
        StockMovement(
            company_id=order.company_id,
            level_id=level.id,
            product_id=item.product_id,
            warehouse_id=level.warehouse_id,
            kind=MovementKind.SHIP,
            quantity=-row.quantity,
            value_amount=-cost,
            shipment_id=row.shipment_id,
            actor=unit.principal.key,
            occurred_at=unit.now,
        )
    )
    return cost


def sent_by(carrier: str | None, tracking_number: str | None) -> tuple[str | None, str | None]:
    """Carrier and tracking number without blanks around them; INVALID_INPUT when they are no short lines."""
    found = Findings()
    checked = found.optional_line(carrier, 80, "carrier"), found.optional_line(tracking_number, 120, "trackingNumber")
    found.check()
    return checked
