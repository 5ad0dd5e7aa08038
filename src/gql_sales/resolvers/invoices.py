"""Fields about invoices."""

from typing import Annotated

import strawberry
from strawberry import ID

from gql_sales.db.queries.master import one_by
from gql_sales.domain.invoices.confirm import invoice_confirm
from gql_sales.domain.invoices.issue import invoice_issue
from gql_sales.domain.invoices.void import invoice_void
from gql_sales.domain.runner import run
from gql_sales.kernel.ids import decode_id
from gql_sales.schema.connections import Connection
from gql_sales.schema.context import Info
from gql_sales.schema.directives import scopes
from gql_sales.schema.invoices import (
    Invoice,
    InvoiceConfirmInput,
    InvoiceConfirmPayload,
    InvoiceIssueInput,
    InvoiceIssuePayload,
    InvoiceVoidInput,
    InvoiceVoidPayload,
)
from gql_sales.schema.lists import listed
from gql_sales.schema.mutations import mutation
from gql_sales.schema.nodes import given
from gql_sales.schema.payloads import note_replay

_READ = [scopes("invoices:read")]


@strawberry.input(description="Exactly one way to name an invoice.", one_of=True)
class InvoiceBy:
    """By its id or its number."""

    id: strawberry.Maybe[ID] = strawberry.field(description="Opaque global id.")
    number: strawberry.Maybe[str] = strawberry.field(description="Human-facing number.")


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

    invoices: Connection[Invoice] | None = listed("Invoice", "invoices", "invoices:read", "invoices")


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
