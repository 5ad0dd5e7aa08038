"""What verbs on orders and their shipments look at besides the document, and in which order it is locked."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from gql_sales.db.models.base import Document
from gql_sales.db.models.orders import Allocation, Order
from gql_sales.db.models.payments import Payment
from gql_sales.db.models.shipments import Shipment
from gql_sales.db.queries.context import load_channels, load_customers
from gql_sales.db.queries.credits import bills_of_orders, payments_of_bills
from gql_sales.db.queries.documents import load_documents
from gql_sales.db.queries.orders import load_holds
from gql_sales.db.queries.stock import (
    load_allocations,
    load_levels,
    load_levels_by_id,
    load_methods,
    load_pools,
)
from gql_sales.db.session import Unit
from gql_sales.domain.orders.promising import leaves_at_once, promised_by_placing, promised_on, set_aside_by_promising
from gql_sales.domain.policies.frozen import load_policies
from gql_sales.domain.transition import Need


def orders_of(unit: Unit, documents: Sequence[Document]) -> list[Order]:
    """The orders that the documents are or belong to."""
    found = []
    for document in documents:
        if isinstance(document, Shipment):
            found.append(unit.document(Order, document.order_id))
        elif isinstance(document, Order):
            found.append(document)
    return found


async def _context(unit: Unit, documents: Sequence[Document]) -> None:
    orders = orders_of(unit, documents)
    await load_channels(unit, {order.channel_id for order in orders})
    await load_policies(unit, {order.channel_id for order in orders if not order.policy_snapshot})


async def _customers(unit: Unit, documents: Sequence[Document]) -> None:
    await load_customers(unit, {o.customer_id for o in orders_of(unit, documents) if o.customer_id})


async def _allocations(unit: Unit, documents: Sequence[Document]) -> None:
    await load_allocations(unit, {order.id for order in orders_of(unit, documents)})


async def _holds(unit: Unit, documents: Sequence[Document]) -> None:
    await load_holds(unit, {order.id for order in orders_of(unit, documents)})


async def _pools(unit: Unit, documents: Sequence[Document]) -> None:
    await load_pools(
        unit,
        {
            (unit.channels[order.channel_id].pool_id, item.product_id)
            for order in orders_of(unit, documents)
            for item in order.items
            if item.is_stocked
        },
    )


async def _pools_to_allocate(unit: Unit, documents: Sequence[Document]) -> None:
    """Only where setting aside is what promises the stock."""
    await _pools(unit, [order for order in orders_of(unit, documents) if promised_on(unit, order, "ON_ALLOCATE")])


async def _levels(unit: Unit, documents: Sequence[Document]) -> None:
    """Where goods may come from, one statement per pool; only a shipment's warehouse when there is just the one."""
    named = {document.warehouse_id if isinstance(document, Shipment) else None for document in documents}
    warehouse_id = named.pop() if len(named) == 1 else None
    products: dict[UUID, set[UUID]] = defaultdict(set)
    others: dict[UUID, set[UUID]] = defaultdict(set)
    for order in orders_of(unit, documents):
        pool_id = unit.channels[order.channel_id].pool_id
        products[pool_id] |= {item.product_id for item in order.items if item.is_stocked}
        others[pool_id] |= {item.product_id for item in order.items if item.is_allocatable and not item.is_stocked}
    for pool_id in sorted(products):
        await load_levels(unit, pool_id, products[pool_id], warehouse_id)
        await load_methods(unit, pool_id, others[pool_id])


def _promised(unit: Unit, documents: Sequence[Document], *, by_placing: bool) -> list[Order]:
    """The orders whose stock is promised by placing them, or by acknowledging them; only then is it locked."""
    return [
        order
        for order in orders_of(unit, documents)
        if (promised_by_placing(unit, order) if by_placing else promised_on(unit, order, "ACKNOWLEDGE"))
    ]


async def _pools_to_place(unit: Unit, documents: Sequence[Document]) -> None:
    leaving = [order for order in orders_of(unit, documents) if leaves_at_once(unit, order)]
    await _pools(unit, [*_promised(unit, documents, by_placing=True), *leaving])


async def _levels_to_place(unit: Unit, documents: Sequence[Document]) -> None:
    leaving = [order for order in orders_of(unit, documents) if leaves_at_once(unit, order)]
    promised = [o for o in _promised(unit, documents, by_placing=True) if set_aside_by_promising(unit, o)]
    await _levels(unit, [*promised, *leaving])


async def _pools_to_acknowledge(unit: Unit, documents: Sequence[Document]) -> None:
    await _pools(unit, _promised(unit, documents, by_placing=False))


async def _levels_to_acknowledge(unit: Unit, documents: Sequence[Document]) -> None:
    orders = _promised(unit, documents, by_placing=False)
    await _levels(unit, [order for order in orders if set_aside_by_promising(unit, order)])


async def _allocated_levels(unit: Unit, documents: Sequence[Document]) -> None:
    await load_levels_by_id(
        unit,
        {
            allocation.level_id
            for document in documents
            for order in orders_of(unit, [document])
            for allocation in unit.allocations[order.id]
            if allocation.level_id and _concerns(allocation, document)
        },
    )


def _concerns(allocation: Allocation, document: Document) -> bool:
    """A shipment moves what is booked on it, an order everything set aside for it."""
    return not isinstance(document, Shipment) or allocation.shipment_id == document.id


async def _bills(unit: Unit, documents: Sequence[Document]) -> None:
    """Only of orders that are billed, and only to lock them: what guards ask stands on the order itself."""
    orders = [order for order in orders_of(unit, documents) if order.billed_amount or _is_billed(order)]
    if not orders or not unit.is_locking:
        return
    bills = await bills_of_orders(unit, {order.id for order in orders})
    await load_documents(unit, {**bills, Payment: await payments_of_bills(unit, bills)})


def _is_billed(order: Order) -> bool:
    return any(item.invoiced_quantity > 0 for item in order.items)


CONTEXT = Need(0, _context)
CUSTOMER = Need(1, _customers)
BILLS = Need(3, _bills)
ALLOCATIONS = Need(4, _allocations)
HOLDS = Need(5, _holds)
POOLS = Need(20, _pools)
POOLS_TO_ALLOCATE = Need(20, _pools_to_allocate)
POOLS_TO_PLACE = Need(20, _pools_to_place)
POOLS_TO_ACKNOWLEDGE = Need(20, _pools_to_acknowledge)
LEVELS = Need(30, _levels)
LEVELS_TO_PLACE = Need(30, _levels_to_place)
LEVELS_TO_ACKNOWLEDGE = Need(30, _levels_to_acknowledge)
ALLOCATED_LEVELS = Need(31, _allocated_levels)
