"""Fields about cash sales."""

from typing import Annotated

import strawberry
from strawberry import ID

from gql_sales.db.queries.master import one_by
from gql_sales.domain.cash_sales.invoice import cash_sale_invoice
from gql_sales.domain.cash_sales.issue import cash_sale_issue
from gql_sales.domain.runner import run
from gql_sales.kernel.ids import decode_id
from gql_sales.schema import cash_sales as inputs
from gql_sales.schema.addresses import to_address
from gql_sales.schema.cash_sales import CashSale
from gql_sales.schema.connections import Connection
from gql_sales.schema.context import Info
from gql_sales.schema.directives import scopes
from gql_sales.schema.lists import listed
from gql_sales.schema.mutations import mutation
from gql_sales.schema.nodes import given
from gql_sales.schema.payloads import note_replay

_READ = [scopes("cash_sales:read")]


@strawberry.input(description="Exactly one way to name a cash sale.", one_of=True)
class CashSaleBy:
    """By its id or its number."""

    id: strawberry.Maybe[ID] = strawberry.field(description="Opaque global id.")
    number: strawberry.Maybe[str] = strawberry.field(description="Human-facing number.")


@strawberry.type
class CashSaleQuery:
    """Reading cash sales."""

    @strawberry.field(description="A cash sale; null when absent or not visible.", directives=_READ)
    async def cash_sale(
        self, info: Info, by: Annotated[CashSaleBy, strawberry.argument(description="Names the cash sale.")]
    ) -> CashSale | None:
        """By id or number."""
        found: CashSale | None
        if by.id:
            found = await info.context.loaders.node("CashSale", decode_id("CashSale", by.id.value))  # type: ignore[assignment]
            return found
        number = by.number.value if by.number else None
        rows = await info.context.database.read(one_by("CashSale", "number", info.context.principal), {"key": number})
        found = rows[0] if rows else None  # type: ignore[assignment]
        return found

    cash_sales: Connection[CashSale] | None = listed("CashSale", "cashSales", "cash_sales:read", "cash sales")


@strawberry.type
class CashSaleMutation:
    """Changing cash sales."""

    @mutation(cash_sale_issue)
    async def cash_sale_issue(self, info: Info, input: inputs.CashSaleIssueInput) -> inputs.CashSaleIssuePayload:
        """See domain/cash_sales/issue.py."""
        order_id = decode_id("Order", input.order_id)
        outcome = await run(
            cash_sale_issue,
            input.call(info),
            order_id,
            payment_method=given(input.payment_method),
            tenders=[tender.to_domain() for tender in input.tenders],
            sold_on=given(input.sold_on),
            received_at=given(input.received_at),
        )
        return inputs.CashSaleIssuePayload(outcome=note_replay(info, outcome))

    @mutation(cash_sale_invoice)
    async def cash_sale_invoice(self, info: Info, input: inputs.CashSaleInvoiceInput) -> inputs.CashSaleInvoicePayload:
        """See domain/cash_sales/invoice.py."""
        outcome = await run(
            cash_sale_invoice,
            input.call(info),
            decode_id("CashSale", input.cash_sale_id),
            invoiced_on=given(input.invoiced_on),
            billing_address=to_address(input.billing_address),
        )
        return inputs.CashSaleInvoicePayload(outcome=note_replay(info, outcome))
