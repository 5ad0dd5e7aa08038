"""Anomalies as clients see them."""

from decimal import Decimal
from typing import Any

import strawberry

from gql_sales.db.models.anomalies import AnomalyKind
from gql_sales.kernel.ids import encode_id
from gql_sales.schema.directives import scopes
from gql_sales.schema.nodes import Money, money, text
from gql_sales.schema.orders import Order
from gql_sales.schema.relations import one


@strawberry.type(
    description="A legal state of a document that somebody should put right.", directives=[scopes("anomalies:read")]
)
class AnomalyInfo:
    """Gone as soon as the document is put right."""

    kind: AnomalyKind = text("What is odd.")
    document_type: str = text("GraphQL type of the document.")
    number: str = text("Number of the document.")
    order: Order | None = one("Order", "order_id", "The order it is about, when the caller may see it.")
    quantity: Decimal | None = text("How many pieces it is about, where it is about pieces.")

    @strawberry.field(description="The document, to be fetched with node.")
    def document_id(self: Any) -> strawberry.ID:
        """Of the type that ``document_type`` names."""
        return strawberry.ID(encode_id(self.document_type, self.document_id))

    @strawberry.field(description="How much money it is about, where it is about money.")
    def amount(self: Any) -> Money | None:
        """In the currency of the document."""
        return None if self.amount is None else money(self.amount, self.currency_code)
