"""The statement of a customer as clients see it: what was owed, every movement, and what is owed then (BA-58)."""

from datetime import date
from typing import Any

import strawberry

from gql_sales.db.queries.statements import StatementLineKind
from gql_sales.domain.customers.statement import StatementAccount as Account
from gql_sales.schema.context import Info
from gql_sales.schema.customers import Customer
from gql_sales.schema.directives import scopes
from gql_sales.schema.enums import described
from gql_sales.schema.nodes import Money, Node, money_field, text
from gql_sales.schema.relations import document_of, one
from gql_sales.schema.scalars import CurrencyCode

described(StatementLineKind)

SCOPES = [scopes("cash_sales:read", "credit_memos:read", "invoices:read", "payments:read")]


@strawberry.type(description="One movement of what a customer owes.", directives=SCOPES)
class StatementLine:
    """Amounts above zero raise it."""

    posted_on: date = text("Day that it counts for.")
    kind: StatementLineKind = text("What moved it.")
    number: str = text("Number of the document that moved it.")
    due_on: date | None = text("Day by which an invoice is to be paid.")
    settled_number: str | None = text("Number of the bill that is settled; null when a bill was issued.")
    amount: Money = money_field("amount", "What is owed more, or below zero, less.")
    balance: Money = money_field("balance_amount", "What is owed after it.")

    @strawberry.field(description="The document that moved it; null when the caller may not see it.")
    async def document(self: Any, info: Info) -> Node | None:
        """One statement for all documents of one type."""
        found: Node | None = await document_of(info, self.document_type, self.document_id)
        return found

    @strawberry.field(description="The bill that is settled; null when a bill was issued.")
    async def settled(self: Any, info: Info) -> Node | None:
        """One statement for all documents of one type."""
        if self.settled_id is None:
            return None
        found: Node | None = await document_of(info, self.settled_type, self.settled_id)
        return found


@strawberry.type(description="What a customer owes in one currency.", directives=SCOPES)
class StatementAccountSummary:
    """The opening balance and all lines sum to the closing balance."""

    currency_code: CurrencyCode = text("Currency of all its amounts.")
    opening: Money = money_field("opening_amount", "What was owed before the first day.")
    closing: Money = money_field("closing_amount", "What is owed after the last day.")
    lines: list[StatementLine] = text("Movements in order of day and time, at most 1000 of all currencies.")


@strawberry.type(description="What a customer owed, what moved it, and what they owe.", directives=SCOPES)
class CustomerStatementSummary:
    """Computed from the documents when it is asked for."""

    accounts_read: strawberry.Private[list[Account]]
    customer_id: strawberry.Private[Any]
    from_: date | None = strawberry.field(name="from", description="First day; null when none was named.")
    to: date | None = text("Last day; null when none was named.")
    customer: Customer | None = one("Customer", "customer_id", "The customer.")

    @strawberry.field(description="One for each currency in which something was owed or moved, by currency.")
    def accounts(self) -> list[StatementAccountSummary]:
        """The accounts have the columns that the type shows."""
        found: Any = self.accounts_read
        return list(found)
