"""Fields about customers."""

from datetime import date
from typing import Annotated

import strawberry
from strawberry import ID

from gql_sales.domain.customers.address_remove import customer_address_remove
from gql_sales.domain.customers.address_save import customer_address_save
from gql_sales.domain.customers.claim import customer_claim
from gql_sales.domain.customers.create import customer_create
from gql_sales.domain.customers.merge import customer_merge
from gql_sales.domain.customers.statement import read_statement
from gql_sales.domain.customers.timeline_add import customer_timeline_add
from gql_sales.domain.customers.update import customer_update
from gql_sales.domain.runner import create, run
from gql_sales.kernel.ids import decode_id
from gql_sales.resolvers.lookups import row_by
from gql_sales.schema.connections import Connection
from gql_sales.schema.context import Info
from gql_sales.schema.customer_inputs import (
    CustomerAddressRemoveInput,
    CustomerAddressRemovePayload,
    CustomerAddressSaveInput,
    CustomerAddressSavePayload,
    CustomerBy,
    CustomerClaimInput,
    CustomerClaimPayload,
    CustomerCreateInput,
    CustomerCreatePayload,
    CustomerMergeInput,
    CustomerMergePayload,
    CustomerTimelineAddInput,
    CustomerTimelineAddPayload,
    CustomerUpdateInput,
    CustomerUpdatePayload,
)
from gql_sales.schema.customers import Customer
from gql_sales.schema.directives import Cost, scopes
from gql_sales.schema.inputs import decode_optional, kept
from gql_sales.schema.lists import listed
from gql_sales.schema.mutations import mutation
from gql_sales.schema.nodes import given
from gql_sales.schema.payloads import note_replay
from gql_sales.schema.statements import CustomerStatementSummary

_READ = [scopes("customers:read")]


@strawberry.type
class CustomerQuery:
    """Reading customers."""

    @strawberry.field(description="A customer; null when absent or not visible.", directives=_READ)
    async def customer(
        self, info: Info, by: Annotated[CustomerBy, strawberry.argument(description="Names the customer.")]
    ) -> Customer | None:
        """By id or external ref."""
        found: Customer | None = await row_by(info, "Customer", by.id, external_ref=by.external_ref)
        return found

    customers: Connection[Customer] | None = listed("Customer", "customers", "customers:read", "customers")

    @strawberry.field(
        description="What a customer owed, what moved it, and what they owe; null when absent or not visible.",
        directives=[scopes("customers:read"), Cost(weight=50)],
    )
    async def customer_statement(
        self,
        info: Info,
        customer_id: Annotated[ID, strawberry.argument(description="The customer.")],
        from_: Annotated[
            date | None, strawberry.argument(name="from", description="First day; the very first when absent.")
        ] = None,
        to: Annotated[
            date | None, strawberry.argument(description="Last day; everything that is known when absent.")
        ] = None,
    ) -> CustomerStatementSummary | None:
        """Summed by the database, as far as the caller may see the bills."""
        context, id_ = info.context, decode_id("Customer", customer_id)
        if await context.loaders.node("Customer", id_) is None:
            return None
        first_day, last_day = from_ or date.min, to or date.max
        accounts = await read_statement(context.database, context.principal, id_, first_day, last_day)
        return CustomerStatementSummary(accounts_read=accounts, customer_id=id_, from_=from_, to=to)


@strawberry.type
class CustomerMutation:
    """Changing customers."""

    @mutation(customer_create)
    async def customer_create(self, info: Info, input: CustomerCreateInput) -> CustomerCreatePayload:
        """See domain/customers/create.py."""
        outcome = await create(
            customer_create,
            input.call(info),
            name=input.name,
            kind=given(input.kind),
            email=given(input.email),
            phone=given(input.phone),
            tax_number=given(input.tax_number),
            external_ref=given(input.external_ref),
            addresses=[entry.to_domain() for entry in given(input.addresses) or []],
        )
        return CustomerCreatePayload(outcome=note_replay(info, outcome))

    @mutation(customer_update)
    async def customer_update(self, info: Info, input: CustomerUpdateInput) -> CustomerUpdatePayload:
        """See domain/customers/update.py."""
        outcome = await run(
            customer_update,
            input.call(info),
            decode_id("Customer", input.customer_id),
            name=kept(input.name),
            email=kept(input.email),
            phone=kept(input.phone),
            tax_number=kept(input.tax_number),
            external_ref=kept(input.external_ref),
        )
        return CustomerUpdatePayload(outcome=note_replay(info, outcome))

    @mutation(customer_address_save)
    async def customer_address_save(self, info: Info, input: CustomerAddressSaveInput) -> CustomerAddressSavePayload:
        """See domain/customers/address_save.py."""
        outcome = await run(
            customer_address_save,
            input.call(info),
            decode_id("Customer", input.customer_id),
            address=input.address.to_domain(),
            address_id=decode_optional("Address", input.address_id),
        )
        return CustomerAddressSavePayload(outcome=note_replay(info, outcome))

    @mutation(customer_address_remove)
    async def customer_address_remove(
        self, info: Info, input: CustomerAddressRemoveInput
    ) -> CustomerAddressRemovePayload:
        """See domain/customers/address_remove.py."""
        outcome = await run(
            customer_address_remove,
            input.call(info),
            decode_id("Customer", input.customer_id),
            address_id=decode_id("Address", input.address_id),
        )
        return CustomerAddressRemovePayload(outcome=note_replay(info, outcome))

    @mutation(customer_timeline_add)
    async def customer_timeline_add(self, info: Info, input: CustomerTimelineAddInput) -> CustomerTimelineAddPayload:
        """See domain/customers/timeline_add.py."""
        outcome = await run(
            customer_timeline_add,
            input.call(info),
            decode_id("Customer", input.customer_id),
            kind=input.kind,
            text=input.text,
            occurred_at=given(input.occurred_at),
        )
        return CustomerTimelineAddPayload(outcome=note_replay(info, outcome))

    @mutation(customer_merge)
    async def customer_merge(self, info: Info, input: CustomerMergeInput) -> CustomerMergePayload:
        """See domain/customers/merge.py."""
        outcome = await run(
            customer_merge,
            input.call(info),
            decode_id("Customer", input.customer_id),
            into_customer_id=decode_id("Customer", input.into_customer_id),
        )
        return CustomerMergePayload(outcome=note_replay(info, outcome))

    @mutation(customer_claim)
    async def customer_claim(self, info: Info, input: CustomerClaimInput) -> CustomerClaimPayload:
        """See domain/customers/claim.py."""
        outcome = await create(customer_claim, input.call(info), merge_into_own=input.merge_into_own)
        return CustomerClaimPayload(outcome=note_replay(info, outcome))
