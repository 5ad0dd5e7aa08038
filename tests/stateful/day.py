"""A random day: the company it happens in, the dice, and what commands draw their arguments from."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import text

from gql_sales.db.engine import Database
from gql_sales.db.models.channels import BinKind
from gql_sales.db.models.customers import CustomerKind
from gql_sales.domain.customers.create import customer_create
from gql_sales.domain.policies.set import policy_set
from gql_sales.domain.stock.adjust import AdjustedLine, stock_adjust
from gql_sales.domain.warehouses.bin_add import warehouse_bin_add
from gql_sales.domain.warehouses.create import warehouse_create
from gql_sales.kernel.ids import new_id
from tests.sales_story import Story, open_story
from tests.stateful.model import Figures, Model

ON_HAND = 25
POLICIES = {
    "billingScope": ["WHOLE_ORDER", "BY_SELECTION", "BY_SELECTION"],
    "commitShortage": ["REJECT", "REJECT", "COMMIT_PARTIAL"],
    "allocateOn": ["MANUAL", "MANUAL", "PLACE"],
}
"""What the days differ by; the model tells all of it the same way."""

_STORED = text("""
SELECT 'order' AS kind, id, ARRAY[open_amount, advance_amount]::numeric[] AS figures FROM orders
WHERE company_id = :company
UNION ALL SELECT 'item', i.id, ARRAY[i.ordered_quantity, i.cancelled_quantity, i.committed_quantity,
    i.shipped_quantity, i.invoiced_quantity, i.credited_quantity]
FROM order_items i JOIN orders o ON o.id = i.order_id WHERE o.company_id = :company
UNION ALL SELECT 'pool', product_id, ARRAY[on_hand_sellable, committed] FROM stock_pools WHERE company_id = :company
UNION ALL SELECT 'bill', id, ARRAY[open_amount] FROM invoices WHERE company_id = :company
UNION ALL SELECT 'bill', id, ARRAY[open_amount] FROM cash_sales WHERE company_id = :company
UNION ALL SELECT 'payment', id, ARRAY[unallocated_amount] FROM payments WHERE company_id = :company
UNION ALL SELECT 'memo', id, ARRAY[balance_amount] FROM credit_memos WHERE company_id = :company
UNION ALL SELECT 'customer', c.id, ARRAY[
    coalesce((SELECT sum(open_amount) FROM invoices WHERE customer_id = c.id), 0)
        + coalesce((SELECT sum(open_amount) FROM cash_sales WHERE customer_id = c.id), 0),
    coalesce((SELECT sum(unallocated_amount) FROM payments WHERE customer_id = c.id), 0),
    coalesce((SELECT sum(balance_amount) FROM credit_memos WHERE customer_id = c.id), 0)]
FROM customers c WHERE c.company_id = :company
""")

_DOCUMENTS = "orders", "shipments", "invoices", "cash_sales", "payments", "credit_memos", "refunds", "stock_pools"
_TRACE = text(
    "SELECT (SELECT count(*) FROM events WHERE company_id = :company), "
    + ", ".join(
        f"(SELECT coalesce(sum(version + 1), 0) FROM {table} WHERE company_id = :company)"
        for table in (
            ["orders", "shipments", "invoices", "cash_sales", "payments", "credit_memos", "refunds", "stock_pools"]
        )
    )
)
"""What no refused command leaves as it was not: events, and documents with their versions."""


@dataclass
class Day:
    """``is_sane`` while no nonsense is drawn, so that an argument is never the reason of a refusal by itself."""

    story: Story
    dice: Random
    model: Model
    customers: list[UUID]
    warehouses: list[UUID]
    scrap: UUID
    is_sane: bool = False

    async def rows(self, statement: str, **values: Any) -> list[Any]:
        """Ids that a caller would have read from an answer."""
        return list(await self.story.database.read(text(statement), values))

    async def stored(self) -> Figures:
        """The figures that the model predicts, as they are stored."""
        rows = await self.story.database.read(_STORED, {"company": self.story.principal.company_id})
        return {(row.kind, row.id): tuple(row.figures) for row in rows}

    async def trace(self) -> tuple[int, ...]:
        """What changes with every accepted command that changes anything."""
        rows = await self.story.database.read(_TRACE, {"company": self.story.principal.company_id})
        return tuple(rows[0])

    def is_odd(self, chance: float = 0.08) -> bool:
        """Whether to draw nonsense now."""
        return not self.is_sane and self.dice.random() < chance

    def some(self, most: int) -> Decimal:
        """A quantity up to the most that makes sense, or one that makes none."""
        if self.is_odd():
            return self.dice.choice([Decimal(0), Decimal(-1), Decimal("0.5"), Decimal(most + 1), Decimal(1000)])
        return Decimal(self.dice.randint(1, max(1, most)))

    def money(self, most: int) -> Decimal:
        """Major units up to the most cents that make sense, or an amount that makes none."""
        if self.is_odd():
            return self.dice.choice(
                [Decimal(0), Decimal(-1), Decimal("0.001"), Decimal(most + 1) / 100, Decimal(10**6)]
            )
        cents = most if self.dice.random() < 0.4 else self.dice.randint(1, max(1, most))
        return Decimal(max(1, cents)) / 100

    def one(self, known: Iterable[UUID]) -> UUID:
        """One of the ids, rather a late one; an unknown one when there is none, and sometimes otherwise."""
        ids = list(known)
        if not ids or self.is_odd(0.03):
            return new_id()
        return ids[max(self.dice.randrange(len(ids)), self.dice.randrange(len(ids)))]


async def open_day(database: Database, dice: Random) -> Day:
    """A company with two customers, two warehouses, a bin of scrap, and little stock."""
    story = await open_story(database)
    other = await story.make(customer_create, name="Charles Babbage", kind=CustomerKind.STAFF_CREATED)
    second = await story.make(warehouse_create, code="W2", name="W2", country_code="DE", pool_code="main")
    await story.do(warehouse_bin_add, story.warehouse_id, code="SCRAP", kind=BinKind.SCRAP)
    lines = [AdjustedLine(story.products[sku], counted_quantity=Decimal(ON_HAND)) for sku in ("apple", "pear")]
    await story.make(stock_adjust, warehouse_id=story.warehouse_id, lines=lines, reason="Counted")
    for name, values in POLICIES.items():
        await story.make(policy_set, name=name, value=dice.choice(values))
    customers = [story.customer_id, other]
    model = Model(customers, story.products, {sku: [ON_HAND, 0] for sku in ("apple", "pear")})
    day = Day(story, dice, model, customers, [story.warehouse_id, second], new_id())
    scrap = await day.rows("SELECT id FROM bins WHERE warehouse_id = :id AND code = 'SCRAP'", id=story.warehouse_id)
    day.scrap = scrap[0].id
    return day
