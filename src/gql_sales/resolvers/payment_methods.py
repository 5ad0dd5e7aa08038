"""Fields about methods of payment."""

import strawberry

from gql_sales.db.pages import PageRequest
from gql_sales.db.queries.master import listed
from gql_sales.domain.payment_methods.set import payment_method_set
from gql_sales.domain.runner import create
from gql_sales.resolvers.pages import After, Before, First, Last, page_of
from gql_sales.schema.connections import Connection
from gql_sales.schema.context import Info
from gql_sales.schema.directives import SemanticNonNull, scopes
from gql_sales.schema.mutations import mutation
from gql_sales.schema.payloads import note_replay
from gql_sales.schema.payment_methods import PaymentMethod, PaymentMethodSetInput, PaymentMethodSetPayload

_READ = [scopes("payment_methods:read")]


@strawberry.type
class PaymentMethodQuery:
    """Reading methods of payment."""

    @strawberry.field(
        description="Methods of payment that the company takes, newest first.", directives=[*_READ, SemanticNonNull()]
    )
    async def payment_methods(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[PaymentMethod] | None:
        """One statement for the page."""
        statement = listed("PaymentMethod", info.context.principal)
        return await page_of(info, "payment_methods", statement, PageRequest(first, after, last, before), None)


@strawberry.type
class PaymentMethodMutation:
    """Changing methods of payment."""

    @mutation(payment_method_set)
    async def payment_method_set(self, info: Info, input: PaymentMethodSetInput) -> PaymentMethodSetPayload:
        """See domain/payment_methods/set.py."""
        outcome = await create(
            payment_method_set, input.call(info), code=input.code, name=input.name, method_class=input.method_class
        )
        return PaymentMethodSetPayload(outcome=note_replay(info, outcome))
