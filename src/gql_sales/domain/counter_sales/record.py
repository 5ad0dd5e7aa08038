"""A sale at a till: order, shipment, cash sale and money in one mutation, under a prefix of its own (KH-5, X-8)."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from gql_sales.db.models.channels import Warehouse
from gql_sales.db.models.orders import Order, OrderSource, OrderType
from gql_sales.db.queries.context import load_channels, load_customers
from gql_sales.db.queries.shipments import find_warehouse, first_warehouse
from gql_sales.db.session import PendingEvent, Unit
from gql_sales.domain.cash_sales.issue import cash_sale_issue
from gql_sales.domain.orders.address import PostalAddress
from gql_sales.domain.orders.create import order_create
from gql_sales.domain.orders.items import NewItem
from gql_sales.domain.orders.place import order_place
from gql_sales.domain.payments.tenders import NewTender
from gql_sales.domain.shipments.send import send
from gql_sales.domain.transition import creation
from gql_sales.kernel.errors import FullPaymentRequired, NotFound, Refused


@creation(Order, scope="counter_sales:record", event=None, bulk=True)
async def counter_sale_record(
    unit: Unit,
    *,
    channel_id: UUID | None = None,
    customer_id: UUID,
    items: Sequence[NewItem],
    tenders: Sequence[NewTender] = (),
    payment_method: str | None = None,
    warehouse_id: UUID | None = None,
    sold_on: date | None = None,
    received_at: datetime | None = None,
    external_ref: str | None = None,
) -> Order:
    """Sell at a till in one step: the order is placed, shipped, cash-saled and paid in full, or nothing happens.

    The goods are handed over in the warehouse, so its country decides the tax. The caller needs the scopes of the
    steps too. Refusals: those of orderCreate, orderPlace, shipmentCreate and cashSaleIssue; FULL_PAYMENT_REQUIRED.
    """
    await load_channels(unit, {channel_id} if channel_id else unit.principal.channel_ids or ())
    address = await _counter(unit, channel_id, warehouse_id, customer_id)
    place = len(unit.events)
    order = await order_create.verb(
        unit,
        channel_id=channel_id,
        customer_id=customer_id,
        items=items,
        shipping_address=address,
        billing_address=address,
        document_date=sold_on,
        external_ref=external_ref,
        payment_method=payment_method,
    )
    unit.events.insert(place, PendingEvent("OrderCreated", order, {}, is_main=True))
    order.type_code, order.source = OrderType.ES, OrderSource.EPOS
    await order_place.follow(unit, order)
    await send(unit, order, warehouse_id=warehouse_id)
    await cash_sale_issue.follow(unit, order, tenders=tenders, sold_on=sold_on, received_at=received_at)
    if order.open_amount:
        raise Refused(FullPaymentRequired("What is sold at a till is paid in full.", ("input", "tenders")))
    return order


async def _counter(unit: Unit, channel_id: UUID | None, warehouse_id: UUID | None, customer_id: UUID) -> PostalAddress:
    """Where the goods are handed over, in the name of the customer."""
    await load_customers(unit, {customer_id})
    if customer_id not in unit.customers:
        raise Refused(NotFound("No such customer.", ("input", "customerId")))
    warehouse = await _warehouse(unit, channel_id, warehouse_id)
    if warehouse is None:
        raise Refused(NotFound("No such warehouse.", ("input", "warehouseId")))
    name = unit.customers[customer_id].name
    return PostalAddress(name, warehouse.name, warehouse.name, warehouse.country_code)


async def _warehouse(unit: Unit, channel_id: UUID | None, warehouse_id: UUID | None) -> Warehouse | None:
    if warehouse_id is None:
        channel = unit.channels.get(channel_id) if channel_id else next(iter(unit.channels.values()), None)
        warehouse_id = await first_warehouse(unit, channel.pool_id) if channel else None
    return await find_warehouse(unit, warehouse_id) if warehouse_id else None
