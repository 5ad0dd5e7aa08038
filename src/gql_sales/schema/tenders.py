"""Means of payment as callers name them, wherever money may come with something else."""

from decimal import Decimal

import strawberry

from gql_sales.domain.payments.tenders import NewTender
from gql_sales.schema.nodes import given, optional, text


@strawberry.input(description="One means of payment.")
class TenderInput:
    """In the currency of the payment."""

    method: str = text("How it was paid, such as CASH or CARD; at most 40 characters.")
    amount: Decimal = text("Amount in major units, above zero.")
    reference: str | None = optional("The provider's reference, unique per method; at most 120 characters.")

    def to_domain(self) -> NewTender:
        """As verbs take it."""
        return NewTender(self.method, self.amount, given(self.reference))
