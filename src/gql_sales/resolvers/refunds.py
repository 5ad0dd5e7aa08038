"""Fields about refunds."""

from typing import Annotated

import strawberry
from strawberry import ID

from gql_sales.domain.refunds.complete import refund_complete
from gql_sales.domain.refunds.fail import refund_fail
from gql_sales.domain.refunds.issue import refund_issue
from gql_sales.domain.refunds.request import refund_request
from gql_sales.domain.runner import create, run
from gql_sales.kernel.ids import decode_id
from gql_sales.resolvers.lookups import row_by
from gql_sales.schema import credit_inputs as inputs
from gql_sales.schema.connections import Connection
from gql_sales.schema.context import Info
from gql_sales.schema.directives import scopes
from gql_sales.schema.lists import listed
from gql_sales.schema.mutations import mutation
from gql_sales.schema.nodes import given
from gql_sales.schema.payloads import note_replay
from gql_sales.schema.refunds import Refund

_READ = [scopes("refunds:read")]


@strawberry.input(description="Exactly one way to name a refund.", one_of=True)
class RefundBy:
    """By its id or its number."""

    id: strawberry.Maybe[ID] = strawberry.field(description="Opaque global id.")
    number: strawberry.Maybe[str] = strawberry.field(description="Human-facing number.")


@strawberry.type
class RefundQuery:
    """Reading refunds."""

    @strawberry.field(description="A refund; null when absent or not visible.", directives=_READ)
    async def refund(
        self, info: Info, by: Annotated[RefundBy, strawberry.argument(description="Names the refund.")]
    ) -> Refund | None:
        """By id or number."""
        found: Refund | None = await row_by(info, "Refund", by.id, number=by.number)
        return found

    refunds: Connection[Refund] | None = listed("Refund", "refunds", "refunds:read", "refunds")


@strawberry.type
class RefundMutation:
    """Changing refunds."""

    @mutation(refund_request)
    async def refund_request(self, info: Info, input: inputs.RefundRequestInput) -> inputs.RefundRequestPayload:
        """See domain/refunds/request.py."""
        outcome = await run(
            refund_request,
            input.call(info),
            decode_id("CreditMemo", input.credit_memo_id),
            amount=given(input.amount),
            payout=[way.to_domain() for way in input.payout],
            method=given(input.method),
            then=input.then,
        )
        return inputs.RefundRequestPayload(outcome=note_replay(info, outcome))

    @mutation(refund_issue)
    async def refund_issue(self, info: Info, input: inputs.RefundIssueInput) -> inputs.RefundIssuePayload:
        """See domain/refunds/issue.py."""
        outcome = await create(
            refund_issue,
            input.call(info),
            credit=input.credit(),
            payout=[way.to_domain() for way in input.payout],
            method=given(input.method),
            then=input.then,
        )
        return inputs.RefundIssuePayload(outcome=note_replay(info, outcome))

    @mutation(refund_complete)
    async def refund_complete(self, info: Info, input: inputs.RefundCompleteInput) -> inputs.RefundCompletePayload:
        """See domain/refunds/complete.py."""
        refund_id = decode_id("Refund", input.refund_id)
        outcome = await run(refund_complete, input.call(info), refund_id, reference=given(input.reference))
        return inputs.RefundCompletePayload(outcome=note_replay(info, outcome))

    @mutation(refund_fail)
    async def refund_fail(self, info: Info, input: inputs.RefundFailInput) -> inputs.RefundFailPayload:
        """See domain/refunds/fail.py."""
        outcome = await run(refund_fail, input.call(info), decode_id("Refund", input.refund_id), reason=input.reason)
        return inputs.RefundFailPayload(outcome=note_replay(info, outcome))
