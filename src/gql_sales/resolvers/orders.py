"""Fields about orders."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Annotated, Any, cast
from uuid import UUID

import strawberry
from strawberry import ID

from gql_sales.db.differences import Gap
from gql_sales.db.queries.history import order_as_of
from gql_sales.db.queries.order_lookup import order_id_by
from gql_sales.domain.orders.acknowledge import order_acknowledge
from gql_sales.domain.orders.cancel import order_cancel
from gql_sales.domain.orders.close import order_close
from gql_sales.domain.orders.create import order_create
from gql_sales.domain.orders.delete import order_delete
from gql_sales.domain.orders.hold import order_hold
from gql_sales.domain.orders.item_add import order_item_add
from gql_sales.domain.orders.item_cancel import order_item_cancel
from gql_sales.domain.orders.item_remove import order_item_remove
from gql_sales.domain.orders.item_update import order_item_update
from gql_sales.domain.orders.place import order_place
from gql_sales.domain.orders.release import order_release
from gql_sales.domain.orders.reorder import order_reorder
from gql_sales.domain.orders.set_addresses import order_set_addresses
from gql_sales.domain.orders.set_customer import order_set_customer
from gql_sales.domain.orders.set_date import order_set_date
from gql_sales.domain.orders.set_warehouse import order_set_warehouse
from gql_sales.domain.runner import create, run
from gql_sales.kernel.ids import decode_id
from gql_sales.kernel.request_errors import Code, RequestError
from gql_sales.schema import order_edit_inputs as edits
from gql_sales.schema import order_inputs as inputs
from gql_sales.schema.addresses import to_address
from gql_sales.schema.connections import Connection
from gql_sales.schema.context import Info
from gql_sales.schema.directives import scopes
from gql_sales.schema.lists import listed
from gql_sales.schema.mutations import mutation
from gql_sales.schema.nodes import given
from gql_sales.schema.order_snapshots import OrderSnapshotInfo
from gql_sales.schema.orders import Order
from gql_sales.schema.payloads import note_replay

_READ = [scopes("orders:read")]


def _id(value: str) -> UUID:
    return decode_id("Order", value)


@strawberry.input(description="Exactly one way to name an order.", one_of=True)
class OrderBy:
    """By its id, its number or the caller's own reference."""

    id: strawberry.Maybe[ID] = strawberry.field(description="Opaque global id.")
    number: strawberry.Maybe[str] = strawberry.field(description="Human-facing number.")
    external_ref: strawberry.Maybe[str] = strawberry.field(description="The caller's own reference.")


async def _id_by(info: Info, by: OrderBy) -> UUID | None:
    """Id of the order that is named, if there is one with that number or reference."""
    if by.id:
        return _id(by.id.value)
    context = info.context
    number, ref = by.number.value if by.number else None, by.external_ref.value if by.external_ref else None
    return await order_id_by(context.database, context.principal, number=number, external_ref=ref)


@strawberry.type
class OrderQuery:
    """Reading orders."""

    @strawberry.field(description="An order; null when absent or not visible.", directives=_READ)
    async def order(
        self, info: Info, by: Annotated[OrderBy, strawberry.argument(description="Names the order.")]
    ) -> Order | None:
        """By id, number or external reference."""
        id_ = await _id_by(info, by)
        found: Order | None = await info.context.loaders.node("Order", id_) if id_ else None  # type: ignore[assignment]
        return found

    orders: Connection[Order] | None = listed("Order", "orders", "orders:read", "orders")

    @strawberry.field(
        description=(
            "An order as it was at an instant; null when it did not exist yet, or is absent or not visible."
            " HISTORY_INCOMPLETE when something changed since that was not recorded."
        ),
        directives=_READ,
    )
    async def order_as_of(
        self,
        info: Info,
        by: Annotated[OrderBy, strawberry.argument(description="Names the order, as it is known today.")],
        at: Annotated[datetime, strawberry.argument(description="The instant.")],
    ) -> OrderSnapshotInfo | None:
        """Two statements, whatever happened since."""
        context, instant = info.context, min(at, datetime.now(UTC))
        id_ = await _id_by(info, by)
        try:
            past = await order_as_of(context.database, context.principal, id_, instant) if id_ else None
        except Gap:
            message = "Something changed of the order since then that was not recorded."
            raise RequestError(Code.HISTORY_INCOMPLETE, message) from None
        if past is None:
            return None
        items = [SimpleNamespace(**item) for item in past.items]
        found: Any = SimpleNamespace(**past.order, items=items, as_of=instant)
        return cast(OrderSnapshotInfo, found)


@strawberry.type
class OrderMutation:
    """Changing orders."""

    @mutation(order_create)
    async def order_create(self, info: Info, input: inputs.OrderCreateInput) -> inputs.OrderCreatePayload:
        """See domain/orders/create.py."""
        channel_id, customer_id = given(input.channel_id), given(input.customer_id)
        outcome = await create(
            order_create,
            input.call(info),
            channel_id=decode_id("Channel", channel_id) if channel_id else None,
            customer_id=decode_id("Customer", customer_id) if customer_id else None,
            items=[item.to_domain() for item in input.items],
            shipping_address=to_address(input.shipping_address),
            billing_address=to_address(input.billing_address),
            document_date=given(input.document_date),
            external_ref=given(input.external_ref),
            customer_po=given(input.customer_po),
            source=given(input.source),
            source_ip=given(input.source_ip),
            payment_method=given(input.payment_method),
            is_invoice_requested=input.is_invoice_requested,
            type_code=given(input.type_code),
            then=input.then,
        )
        return inputs.OrderCreatePayload(outcome=note_replay(info, outcome))

    @mutation(order_reorder)
    async def order_reorder(self, info: Info, input: inputs.OrderReorderInput) -> inputs.OrderReorderPayload:
        """See domain/orders/reorder.py."""
        outcome = await create(
            order_reorder, input.call(info), order_id=_id(input.order_id), skip_unavailable=input.skip_unavailable
        )
        return inputs.OrderReorderPayload(outcome=note_replay(info, outcome))

    @mutation(order_item_add)
    async def order_item_add(self, info: Info, input: edits.OrderItemAddInput) -> edits.OrderItemAddPayload:
        """See domain/orders/item_add.py."""
        items = [item.to_domain() for item in input.items]
        outcome = await run(order_item_add, input.call(info), _id(input.order_id), items=items)
        return edits.OrderItemAddPayload(outcome=note_replay(info, outcome))

    @mutation(order_item_update)
    async def order_item_update(self, info: Info, input: edits.OrderItemUpdateInput) -> edits.OrderItemUpdatePayload:
        """See domain/orders/item_update.py."""
        item_id = decode_id("OrderItem", input.order_item_id)
        outcome = await run(
            order_item_update,
            input.call(info),
            _id(input.order_id),
            order_item_id=item_id,
            quantity=given(input.quantity),
            unit_price=given(input.unit_price),
        )
        return edits.OrderItemUpdatePayload(outcome=note_replay(info, outcome))

    @mutation(order_item_remove)
    async def order_item_remove(self, info: Info, input: edits.OrderItemRemoveInput) -> edits.OrderItemRemovePayload:
        """See domain/orders/item_remove.py."""
        item_id = decode_id("OrderItem", input.order_item_id)
        outcome = await run(order_item_remove, input.call(info), _id(input.order_id), order_item_id=item_id)
        return edits.OrderItemRemovePayload(outcome=note_replay(info, outcome))

    @mutation(order_item_cancel)
    async def order_item_cancel(self, info: Info, input: edits.OrderItemCancelInput) -> edits.OrderItemCancelPayload:
        """See domain/orders/item_cancel.py."""
        outcome = await run(
            order_item_cancel,
            input.call(info),
            _id(input.order_id),
            items=[item.to_domain() for item in input.items],
            reason=input.reason,
            requested_by=given(input.requested_by),
        )
        return edits.OrderItemCancelPayload(outcome=note_replay(info, outcome))

    @mutation(order_set_customer)
    async def order_set_customer(self, info: Info, input: edits.OrderSetCustomerInput) -> edits.OrderSetCustomerPayload:
        """See domain/orders/set_customer.py."""
        customer_id = decode_id("Customer", input.customer_id)
        outcome = await run(order_set_customer, input.call(info), _id(input.order_id), customer_id=customer_id)
        return edits.OrderSetCustomerPayload(outcome=note_replay(info, outcome))

    @mutation(order_set_addresses)
    async def order_set_addresses(
        self, info: Info, input: edits.OrderSetAddressesInput
    ) -> edits.OrderSetAddressesPayload:
        """See domain/orders/set_addresses.py."""
        outcome = await run(
            order_set_addresses,
            input.call(info),
            _id(input.order_id),
            shipping=to_address(input.shipping_address),
            billing=to_address(input.billing_address),
        )
        return edits.OrderSetAddressesPayload(outcome=note_replay(info, outcome))

    @mutation(order_set_date)
    async def order_set_date(self, info: Info, input: edits.OrderSetDateInput) -> edits.OrderSetDatePayload:
        """See domain/orders/set_date.py."""
        outcome = await run(order_set_date, input.call(info), _id(input.order_id), document_date=input.document_date)
        return edits.OrderSetDatePayload(outcome=note_replay(info, outcome))

    @mutation(order_set_warehouse)
    async def order_set_warehouse(
        self, info: Info, input: edits.OrderSetWarehouseInput
    ) -> edits.OrderSetWarehousePayload:
        """See domain/orders/set_warehouse.py."""
        if input.warehouse_id is strawberry.UNSET:
            raise RequestError(Code.BAD_USER_INPUT, "Name a warehouse, or send null to go by priority again.")
        warehouse_id = decode_id("Warehouse", input.warehouse_id) if input.warehouse_id is not None else None
        outcome = await run(order_set_warehouse, input.call(info), _id(input.order_id), warehouse_id=warehouse_id)
        return edits.OrderSetWarehousePayload(outcome=note_replay(info, outcome))

    @mutation(order_delete)
    async def order_delete(self, info: Info, input: inputs.OrderDeleteInput) -> inputs.OrderDeletePayload:
        """See domain/orders/delete.py."""
        outcome = await run(order_delete, input.call(info), _id(input.order_id))
        return inputs.OrderDeletePayload(outcome=note_replay(info, outcome))

    @mutation(order_place)
    async def order_place(self, info: Info, input: inputs.OrderPlaceInput) -> inputs.OrderPlacePayload:
        """See domain/orders/place.py."""
        outcome = await run(order_place, input.call(info), _id(input.order_id))
        return inputs.OrderPlacePayload(outcome=note_replay(info, outcome))

    @mutation(order_acknowledge)
    async def order_acknowledge(
        self, info: Info, input: inputs.OrderAcknowledgeInput
    ) -> inputs.OrderAcknowledgePayload:
        """See domain/orders/acknowledge.py."""
        outcome = await run(order_acknowledge, input.call(info), _id(input.order_id))
        return inputs.OrderAcknowledgePayload(outcome=note_replay(info, outcome))

    @mutation(order_close)
    async def order_close(self, info: Info, input: inputs.OrderCloseInput) -> inputs.OrderClosePayload:
        """See domain/orders/close.py."""
        outcome = await run(order_close, input.call(info), _id(input.order_id), write_off=input.write_off)
        return inputs.OrderClosePayload(outcome=note_replay(info, outcome))

    @mutation(order_hold)
    async def order_hold(self, info: Info, input: inputs.OrderHoldInput) -> inputs.OrderHoldPayload:
        """See domain/orders/hold.py."""
        outcome = await run(order_hold, input.call(info), _id(input.order_id), scope=input.scope, reason=input.reason)
        return inputs.OrderHoldPayload(outcome=note_replay(info, outcome))

    @mutation(order_release)
    async def order_release(self, info: Info, input: inputs.OrderReleaseInput) -> inputs.OrderReleasePayload:
        """See domain/orders/release.py."""
        hold_id = decode_id("OrderHold", input.hold_id)
        outcome = await run(order_release, input.call(info), _id(input.order_id), hold_id=hold_id, reason=input.reason)
        return inputs.OrderReleasePayload(outcome=note_replay(info, outcome))

    @mutation(order_cancel)
    async def order_cancel(self, info: Info, input: inputs.OrderCancelInput) -> inputs.OrderCancelPayload:
        """See domain/orders/cancel.py."""
        outcome = await run(
            order_cancel, input.call(info), _id(input.order_id), reason=input.reason, settlement=input.settlement
        )
        return inputs.OrderCancelPayload(outcome=note_replay(info, outcome))
