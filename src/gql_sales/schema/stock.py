"""Stock as clients see it: what pools promise, what lies where, and every change of it."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import strawberry

from gql_sales.db.models.channels import BinKind
from gql_sales.db.models.stock import MovementKind, StockOwner
from gql_sales.db.queries.master import MAIN_BIN
from gql_sales.domain.stock.adjust import AdjustedLine
from gql_sales.domain.stock.move import MovedLine
from gql_sales.domain.stock.places import Line
from gql_sales.domain.stock.receive import ReceivedLine
from gql_sales.kernel.ids import decode_id
from gql_sales.schema.channels import Pool
from gql_sales.schema.context import Info
from gql_sales.schema.directives import scopes
from gql_sales.schema.inputs import decode_optional
from gql_sales.schema.nodes import Money, Node, given, id_field, money, optional, text
from gql_sales.schema.payloads import MutationInput, Payload
from gql_sales.schema.relations import many, one
from gql_sales.schema.warehouses import Bin, Warehouse

if TYPE_CHECKING:
    from gql_sales.schema.products import Product

LazyProduct = Annotated["Product", strawberry.lazy("gql_sales.schema.products")]
_READ = [scopes("stock:read")]
_BOOKS = [scopes("journals:read")]


async def _money(row: Any, info: Info, minor: int) -> Money | None:  # noqa: ANN401 (a row)
    """An amount in the currency of the books of the row's company."""
    company: Any = await info.context.loaders.node("Company", row.company_id)
    return None if company is None else money(minor, company.currency_code)


@strawberry.type(description="Quantity of one product in the bins of one kind.", directives=_READ)
class BinKindStockInfo:
    """Rows of the relation StockPool.kinds."""

    kind: BinKind = text("Kind of the bins.")
    on_hand: Decimal = text("Quantity that lies there.")

    @classmethod
    def is_type_of(cls, *_: Any) -> bool:  # noqa: ANN401 (asked for every row, always true)
        """Rows are no instances."""
        return True


@strawberry.type(description="Sellable and promised quantity of one product in one pool.", directives=_READ)
class StockPool(Node):
    """The layer of stock that orders are promised from, whatever the warehouse."""

    product_id: strawberry.ID = id_field("Product", "product_id", "The product.")
    product: LazyProduct | None = one("Product", "product_id", "The product.")
    pool: Pool | None = one("Pool", "pool_id", "The pool.")
    on_hand_sellable: Decimal = text("Quantity in the normal bins of the pool's warehouses.")
    committed: Decimal = text("Quantity promised to orders and not yet shipped.")
    version: int = text("Grows by one with every change.")
    on_hand_by_bin_kind: list[BinKindStockInfo] = many(
        "StockPool.kinds",
        "What lies in the pool's warehouses, as far as the caller may see them; only NORMAL bins are sellable.",
    )

    @strawberry.field(
        description="Quantity in normal and repair bins, whose goods have a value in the books.", directives=_BOOKS
    )
    def valued_quantity(self: Any) -> Decimal:
        """Of the company's own goods (domain.md 5)."""
        quantity: Decimal = self.valued_quantity
        return quantity

    @strawberry.field(
        description="Moving average of what one has cost, in the currency of the company's books.", directives=_BOOKS
    )
    def unit_cost(self: Any) -> Decimal:
        """It stays when the last one leaves."""
        cost: Decimal = self.unit_cost
        return cost

    @strawberry.field(description="What the valued quantity has cost.", directives=_BOOKS)
    async def inventory_value(self: Any, info: Info) -> Money | None:
        """Over all pools it is the account Inventory under journalMode FULL."""
        return await _money(self, info, self.inventory_amount)

    @strawberry.field(description="Quantity that may still be promised.")
    def available(self: Any) -> Decimal:
        """The one definition of availability (C-20)."""
        quantity: Decimal = self.on_hand_sellable - self.committed
        return quantity


@strawberry.type(description="Quantity of one product in one bin, of one lot and owner.", directives=_READ)
class StockLevel(Node):
    """The layer of stock that is set aside, booked and shipped."""

    product_id: strawberry.ID = id_field("Product", "product_id", "The product.")
    product: LazyProduct | None = one("Product", "product_id", "The product.")
    warehouse: Warehouse | None = one("Warehouse", "warehouse_id", "The warehouse.")
    bin: Bin | None = one("Bin", "bin_id", "The bin.")
    lot: str = text("Lot; empty when lots are not told apart.")
    owner: StockOwner = text("Whose goods they are.")
    on_hand: Decimal = text("Quantity that lies there.")
    allocated: Decimal = text("Quantity set aside for orders and not yet booked.")
    booked: Decimal = text("Quantity on booked shipments.")

    @strawberry.field(description="Quantity that may still be set aside.")
    def free(self: Any) -> Decimal:
        """What is neither allocated nor booked."""
        quantity: Decimal = self.on_hand - self.allocated - self.booked
        return quantity


@strawberry.type(description="One change of goods on hand; never changed or deleted.", directives=_READ)
class StockMovement(Node):
    """All movements of a level add up to what it has on hand."""

    product: LazyProduct | None = one("Product", "product_id", "The product.")
    warehouse: Warehouse | None = one("Warehouse", "warehouse_id", "The warehouse.")
    level: StockLevel | None = one("StockLevel", "level_id", "The stock level.")
    kind: MovementKind = text("Why it changed.")
    quantity: Decimal = text("Signed change.")
    reason: str | None = text("What was said about it.")
    actor: str = text("Who did it.")
    occurred_at: datetime = text("When.")

    @strawberry.field(description="By how much the value of the pool changed.", directives=_BOOKS)
    async def value(self: Any, info: Info) -> Money | None:
        """Zero in bins whose goods have no value."""
        return await _money(self, info, self.value_amount)


@strawberry.input(description="How much arrived, and where it was put.")
class StockReceiveLineInput:
    """One line."""

    product_id: strawberry.ID = text("The product; goods whose stock is counted.")
    quantity: Decimal = text("Quantity, above zero.")
    bin_id: strawberry.ID | None = optional("The bin; the warehouse's bin MAIN when absent.")
    lot: str | None = optional("Lot, at most 80 characters.")
    unit_cost: Decimal | None = optional(
        "What one has cost, in major units of the currency of the company's books; the average of the pool when absent."
    )

    def to_domain(self) -> ReceivedLine:
        """As the verb takes it."""
        return ReceivedLine(
            decode_id("Product", self.product_id),
            self.quantity,
            decode_optional("Bin", self.bin_id),
            given(self.lot),
            given(self.unit_cost),
        )


@strawberry.input(description="Input of stockReceive.")
class StockReceiveInput(MutationInput):
    """What arrived in one warehouse."""

    warehouse_id: strawberry.ID = text("The warehouse.")
    lines: list[StockReceiveLineInput] = text("What arrived, 1 to 500 lines.")
    reason: str | None = optional("What the movements are to say, at most 500 characters.")


@strawberry.input(description="What was counted, or by how much the books are wrong: exactly one of the two.")
class StockAdjustLineInput:
    """One line."""

    product_id: strawberry.ID = text("The product.")
    counted_quantity: Decimal | None = optional("What lies there.")
    difference: Decimal | None = optional("Signed change of what lies there.")
    bin_id: strawberry.ID | None = optional("The bin; the warehouse's bin MAIN when absent.")
    lot: str | None = optional("Lot, at most 80 characters.")

    def to_domain(self) -> AdjustedLine:
        """As the verb takes it."""
        return AdjustedLine(
            decode_id("Product", self.product_id),
            given(self.counted_quantity),
            given(self.difference),
            decode_optional("Bin", self.bin_id),
            given(self.lot),
        )


@strawberry.input(description="Input of stockAdjust.")
class StockAdjustInput(MutationInput):
    """What was counted in one warehouse."""

    warehouse_id: strawberry.ID = text("The warehouse.")
    lines: list[StockAdjustLineInput] = text("What was counted, 1 to 500 lines.")
    reason: str = text("Why, at most 500 characters.")


@strawberry.type
class StockPayload(Payload):
    """The changed rows, found again by what the caller named."""

    ends: strawberry.Private[Sequence[tuple[UUID, Sequence[Line]]]]
    """What the caller named in which warehouse; two ends of a move."""

    @strawberry.field(description="Stock pools that the change is about; empty when nothing was written.")
    async def stock_pools(self, info: Info) -> list[StockPool]:
        """One statement."""
        load, ids = info.context.loaders.node, self.outcome.documents.get("StockPool", [])
        rows: list[Any] = await asyncio.gather(*[load("StockPool", id_) for id_ in ids])
        return [row for row in rows if row is not None]

    @strawberry.field(description="Stock levels that the lines name; empty when nothing was written.")
    async def stock_levels(self, info: Info) -> list[StockLevel]:
        """Two statements."""
        if not self.outcome.documents:
            return []
        loaders = info.context.loaders
        wanted: set[tuple[UUID, UUID | None, str]] = set()
        found = await asyncio.gather(*[loaders.children("Warehouse.bins", id_) for id_, _ in self.ends])
        for (_, lines), bins in zip(self.ends, found, strict=True):
            main = next((bin_.id for bin_ in bins if bin_.code == MAIN_BIN), None)
            wanted |= {(line.product_id, line.bin_id or main, (line.lot or "").strip()) for line in lines}
        products = dict.fromkeys(line.product_id for _, lines in self.ends for line in lines)
        levels: list[list[Any]] = await asyncio.gather(
            *[loaders.children("Product.stockLevels", product_id) for product_id in products]
        )
        rows = [row for of_product in levels for row in of_product if row.owner == StockOwner.OWN]
        return [row for row in rows if (row.product_id, row.bin_id, row.lot) in wanted]


@strawberry.type(description="Outcome of stockReceive.")
class StockReceivePayload(StockPayload):
    """What is there now."""


@strawberry.type(description="Outcome of stockAdjust.")
class StockAdjustPayload(StockPayload):
    """What is there now."""


@strawberry.input(description="How much of what goes from which bin to which.")
class StockMoveLineInput:
    """One line."""

    product_id: strawberry.ID = text("The product.")
    quantity: Decimal = text("Quantity, above zero.")
    from_bin_id: strawberry.ID | None = optional("The bin it lies in; the warehouse's bin MAIN when absent.")
    to_bin_id: strawberry.ID | None = optional("The bin it goes to; the warehouse's bin MAIN when absent.")
    lot: str | None = optional("Lot, at most 80 characters; it stays the same.")

    def to_domain(self) -> MovedLine:
        """As the verb takes it."""
        return MovedLine(
            decode_id("Product", self.product_id),
            self.quantity,
            decode_optional("Bin", self.from_bin_id),
            decode_optional("Bin", self.to_bin_id),
            given(self.lot),
        )


@strawberry.input(description="Input of stockMove.")
class StockMoveInput(MutationInput):
    """Within one warehouse, or from one to another."""

    from_warehouse_id: strawberry.ID = text("The warehouse the goods lie in.")
    to_warehouse_id: strawberry.ID = text("The warehouse they go to, which may be the same.")
    lines: list[StockMoveLineInput] = text("What goes where, 1 to 500 lines.")
    reason: str | None = optional("What the movements are to say, at most 500 characters.")


@strawberry.type(description="Outcome of stockMove.")
class StockMovePayload(StockPayload):
    """What is there now, at both ends."""
