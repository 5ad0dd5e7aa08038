"""Fields about payments."""

from typing import Annotated

import strawberry
from strawberry import ID

from gql_sales.db.queries.master import one_by
from gql_sales.domain.payments.allocate import payment_allocate
from gql_sales.domain.payments.deallocate import payment_deallocate
from gql_sales.domain.payments.record import payment_record
from gql_sales.domain.payments.split import payment_split
from gql_sales.domain.runner import create, run
from gql_sales.kernel.ids import decode_id
from gql_sales.schema import payments as inputs
from gql_sales.schema.connections import Connection
from gql_sales.schema.context import Info
from gql_sales.schema.directives import scopes
from gql_sales.schema.lists import listed
from gql_sales.schema.mutations import mutation
from gql_sales.schema.nodes import given
from gql_sales.schema.payloads import note_replay
from gql_sales.schema.payments import Payment

_READ = [scopes("payments:read")]


@strawberry.input(description="Exactly one way to name a payment.", one_of=True)
class PaymentBy:
    """By its id or its number."""

    id: strawberry.Maybe[ID] = strawberry.field(description="Opaque global id.")
    number: strawberry.Maybe[str] = strawberry.field(description="Human-facing number.")


@strawberry.type
class PaymentQuery:
    """Reading payments."""

    @strawberry.field(description="A payment; null when absent or not visible.", directives=_READ)
    async def payment(
        self, info: Info, by: Annotated[PaymentBy, strawberry.argument(description="Names the payment.")]
    ) -> Payment | None:
        """By id or number."""
        found: Payment | None
        if by.id:
            found = await info.context.loaders.node("Payment", decode_id("Payment", by.id.value))  # type: ignore[assignment]
            return found
        number = by.number.value if by.number else None
        rows = await info.context.database.read(one_by("Payment", "number", info.context.principal), {"key": number})
        found = rows[0] if rows else None  # type: ignore[assignment]
        return found

    payments: Connection[Payment] | None = listed("Payment", "payments", "payments:read", "payments")


@strawberry.type
class PaymentMutation:
    """Changing payments."""

    @mutation(payment_record)
    async def payment_record(self, info: Info, input: inputs.PaymentRecordInput) -> inputs.PaymentRecordPayload:
        """See domain/payments/record.py."""
        order_id = given(input.order_id)
        outcome = await create(
            payment_record,
            input.call(info),
            customer_id=decode_id("Customer", input.customer_id),
            kind=input.kind,
            tenders=[tender.to_domain() for tender in input.tenders],
            currency_code=given(input.currency_code),
            order_id=decode_id("Order", order_id) if order_id else None,
            allocations=[target.to_domain() for target in input.allocations],
            received_at=given(input.received_at),
        )
        return inputs.PaymentRecordPayload(outcome=note_replay(info, outcome))

    @mutation(payment_allocate)
    async def payment_allocate(self, info: Info, input: inputs.PaymentAllocateInput) -> inputs.PaymentAllocatePayload:
        """See domain/payments/allocate.py."""
        targets = [target.to_domain() for target in input.targets]
        payment_id = decode_id("Payment", input.payment_id)
        outcome = await run(payment_allocate, input.call(info), payment_id, targets=targets)
        return inputs.PaymentAllocatePayload(outcome=note_replay(info, outcome))

    @mutation(payment_deallocate)
    async def payment_deallocate(
        self, info: Info, input: inputs.PaymentDeallocateInput
    ) -> inputs.PaymentDeallocatePayload:
        """See domain/payments/deallocate.py."""
        ids = [decode_id("PaymentAllocation", id_) for id_ in input.allocation_ids]
        payment_id = decode_id("Payment", input.payment_id)
        outcome = await run(payment_deallocate, input.call(info), payment_id, allocation_ids=ids)
        return inputs.PaymentDeallocatePayload(outcome=note_replay(info, outcome))

    @mutation(payment_split)
    async def payment_split(self, info: Info, input: inputs.PaymentSplitInput) -> inputs.PaymentSplitPayload:
        """See domain/payments/split.py."""
        tenders = [tender.to_domain() for tender in input.tenders]
        outcome = await run(payment_split, input.call(info), decode_id("Payment", input.payment_id), tenders=tenders)
        return inputs.PaymentSplitPayload(outcome=note_replay(info, outcome))
