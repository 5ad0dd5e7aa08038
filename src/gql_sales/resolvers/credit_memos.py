"""Fields about credit memos."""

from typing import Annotated

import strawberry
from strawberry import ID

from gql_sales.domain.credit_memos.apply import credit_memo_apply
from gql_sales.domain.credit_memos.issue import credit_memo_issue
from gql_sales.domain.credit_memos.unapply import credit_memo_unapply
from gql_sales.domain.credit_memos.void import credit_memo_void
from gql_sales.domain.runner import create, run
from gql_sales.kernel.ids import decode_id
from gql_sales.resolvers.lookups import row_by
from gql_sales.schema import credit_inputs as inputs
from gql_sales.schema.connections import Connection
from gql_sales.schema.context import Info
from gql_sales.schema.credit_memos import CreditMemo
from gql_sales.schema.directives import scopes
from gql_sales.schema.lists import listed
from gql_sales.schema.mutations import mutation
from gql_sales.schema.payloads import note_replay

_READ = [scopes("credit_memos:read")]
MOST_REFS = 100


@strawberry.input(description="Exactly one way to name a credit memo.", one_of=True)
class CreditMemoBy:
    """By its id, its number or the caller's own reference."""

    id: strawberry.Maybe[ID] = strawberry.field(description="Opaque global id.")
    number: strawberry.Maybe[str] = strawberry.field(description="Human-facing number.")
    external_ref: strawberry.Maybe[str] = strawberry.field(description="The caller's own reference.")


@strawberry.type
class CreditMemoQuery:
    """Reading credit memos."""

    @strawberry.field(description="A credit memo; null when absent or not visible.", directives=_READ)
    async def credit_memo(
        self, info: Info, by: Annotated[CreditMemoBy, strawberry.argument(description="Names the credit memo.")]
    ) -> CreditMemo | None:
        """By id, number or reference."""
        key = {"number": by.number} if by.number else {"external_ref": by.external_ref}
        found: CreditMemo | None = await row_by(info, "CreditMemo", by.id, **key)
        return found

    credit_memos: Connection[CreditMemo] | None = listed(
        "CreditMemo", "creditMemos", "credit_memos:read", "credit memos"
    )


@strawberry.type
class CreditMemoMutation:
    """Changing credit memos."""

    @mutation(credit_memo_issue)
    async def credit_memo_issue(self, info: Info, input: inputs.CreditMemoIssueInput) -> inputs.CreditMemoIssuePayload:
        """See domain/credit_memos/issue.py."""
        outcome = await create(credit_memo_issue, input.call(info), **input.credit())
        return inputs.CreditMemoIssuePayload(outcome=note_replay(info, outcome))

    @mutation(credit_memo_apply)
    async def credit_memo_apply(self, info: Info, input: inputs.CreditMemoApplyInput) -> inputs.CreditMemoApplyPayload:
        """See domain/credit_memos/apply.py."""
        targets = [target.to_domain() for target in input.targets]
        memo_id = decode_id("CreditMemo", input.credit_memo_id)
        outcome = await run(credit_memo_apply, input.call(info), memo_id, targets=targets)
        return inputs.CreditMemoApplyPayload(outcome=note_replay(info, outcome))

    @mutation(credit_memo_unapply)
    async def credit_memo_unapply(
        self, info: Info, input: inputs.CreditMemoUnapplyInput
    ) -> inputs.CreditMemoUnapplyPayload:
        """See domain/credit_memos/unapply.py."""
        ids = [decode_id("MemoApplication", id_) for id_ in input.application_ids]
        memo_id = decode_id("CreditMemo", input.credit_memo_id)
        outcome = await run(credit_memo_unapply, input.call(info), memo_id, application_ids=ids)
        return inputs.CreditMemoUnapplyPayload(outcome=note_replay(info, outcome))

    @mutation(credit_memo_void)
    async def credit_memo_void(self, info: Info, input: inputs.CreditMemoVoidInput) -> inputs.CreditMemoVoidPayload:
        """See domain/credit_memos/void.py."""
        outcome = await run(credit_memo_void, input.call(info), decode_id("CreditMemo", input.credit_memo_id))
        return inputs.CreditMemoVoidPayload(outcome=note_replay(info, outcome))
