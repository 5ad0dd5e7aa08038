"""Fields about invoices."""

from typing import Annotated

import strawberry
from strawberry import ID

from gql_sales.db.pages import PageRequest
from gql_sales.db.queries.billing import invoice_list
from gql_sales.db.queries.master import one_by
from gql_sales.domain.invoices.confirm import invoice_confirm
from gql_sales.domain.invoices.issue import invoice_issue
from gql_sales.domain.invoices.void import invoice_void
from gql_sales.domain.runner import run
from gql_sales.kernel.ids import decode_id
from gql_sales.resolvers.pages import After, Before, First, Last, page_of
from gql_sales.schema.connections import Connection
from gql_sales.schema.context import Info
from gql_sales.schema.directives import SemanticNonNull, scopes
from gql_sales.schema.invoices import (
    Invoice,
    InvoiceConfirmInput,
    InvoiceConfirmPayload,
    InvoiceIssueInput,
    InvoiceIssuePayload,
    InvoiceVoidInput,
    InvoiceVoidPayload,
)
from gql_sales.schema.mutations import mutation
from gql_sales.schema.nodes import given, optional
from gql_sales.schema.payloads import note_replay

_READ = [scopes("invoices:read")]


@strawberry.input(description="Exactly one way to name an invoice.", one_of=True)
class InvoiceBy:
    """By its id or its number."""

    id: strawberry.Maybe[ID] = strawberry.field(description="Opaque global id.")
    number: strawberry.Maybe[str] = strawberry.field(description="Human-facing number.")


@strawberry.input(description="Conditions on invoices; all given ones must hold.")
class InvoiceFilter:
    """What a receivables list needs."""

    order_id: ID | None = optional("Of this order.")
    customer_id: ID | None = optional("Of this customer.")
    is_open: bool | None = optional("True for those with something to pay, false for those without.")


@strawberry.type
class InvoiceQuery:
    """Reading invoices."""

    @strawberry.field(description="An invoice; null when absent or not visible.", directives=_READ)
    async def invoice(
        self, info: Info, by: Annotated[InvoiceBy, strawberry.argument(description="Names the invoice.")]
    ) -> Invoice | None:
        """By id or number."""
        found: Invoice | None
        if by.id:
            found = await info.context.loaders.node("Invoice", decode_id("Invoice", by.id.value))  # type: ignore[assignment]
            return found
        number = by.number.value if by.number else None
        rows = await info.context.database.read(one_by("Invoice", "number", info.context.principal), {"key": number})
        found = rows[0] if rows else None  # type: ignore[assignment]
        return found

    @strawberry.field(
        description="Invoices visible to the caller, newest first.", directives=[*_READ, SemanticNonNull()]
    )
    async def invoices(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        filter: Annotated[InvoiceFilter | None, strawberry.argument(description="Conditions.")] = None,
    ) -> Connection[Invoice] | None:
        """One statement for the page."""
        wanted = filter or InvoiceFilter()
        order_id, customer_id = given(wanted.order_id), given(wanted.customer_id)
        statement = invoice_list(
            info.context.principal,
            order_id=decode_id("Order", order_id) if order_id else None,
            customer_id=decode_id("Customer", customer_id) if customer_id else None,
            is_open=given(wanted.is_open),
        )
        request = PageRequest(first, after, last, before)
        return await page_of(info, "invoices", statement, request, wanted)


@strawberry.type
class InvoiceMutation:
    """Changing invoices."""

    @mutation(invoice_issue)
    async def invoice_issue(self, info: Info, input: InvoiceIssueInput) -> InvoiceIssuePayload:
        """See domain/invoices/issue.py."""
        items = given(input.items)
        outcome = await run(
            invoice_issue,
            input.call(info),
            decode_id("Order", input.order_id),
            invoiced_on=given(input.invoiced_on),
            items=None if items is None else [item.to_domain() for item in items],
            due_days=input.due_days,
            tenders=[tender.to_domain() for tender in input.tenders],
            received_at=given(input.received_at),
        )
        return InvoiceIssuePayload(outcome=note_replay(info, outcome))

    @mutation(invoice_confirm)
    async def invoice_confirm(self, info: Info, input: InvoiceConfirmInput) -> InvoiceConfirmPayload:
        """See domain/invoices/confirm.py."""
        invoice_id = decode_id("Invoice", input.invoice_id)
        outcome = await run(invoice_confirm, input.call(info), invoice_id, confirmed_on=given(input.confirmed_on))
        return InvoiceConfirmPayload(outcome=note_replay(info, outcome))

    @mutation(invoice_void)
    async def invoice_void(self, info: Info, input: InvoiceVoidInput) -> InvoiceVoidPayload:
        """See domain/invoices/void.py."""
        invoice_id = decode_id("Invoice", input.invoice_id)
        outcome = await run(invoice_void, input.call(info), invoice_id, reason=input.reason)
        return InvoiceVoidPayload(outcome=note_replay(info, outcome))
