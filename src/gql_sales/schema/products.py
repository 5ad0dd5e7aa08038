"""Products, their prices and what can be promised of them, as clients see them."""

from decimal import Decimal
from typing import Annotated, Any

import strawberry

from gql_sales.db.models.products import ProductKind
from gql_sales.kernel.ids import decode_id
from gql_sales.schema.channels import Channel
from gql_sales.schema.context import Info
from gql_sales.schema.directives import scopes
from gql_sales.schema.nodes import Money, Node, id_field, optional, text
from gql_sales.schema.payloads import MutationInput, Payload, changed
from gql_sales.schema.relations import many, one
from gql_sales.schema.scalars import CurrencyCode
from gql_sales.schema.stock import StockLevel, StockPool
from gql_sales.schema.warehouses import Warehouse


@strawberry.type(description="The unit price of a product in a channel.", directives=[scopes("products:read")])
class ProductPrice(Node):
    """Orders keep the copy they made."""

    channel_id: strawberry.ID = id_field("Channel", "channel_id", "The channel.")
    channel: Channel | None = one("Channel", "channel_id", "The channel.")

    @strawberry.field(description="Price of one unit, with up to six digits after the point.")
    def price(self: Any) -> Money:
        """In the channel's currency."""
        return Money(amount=self.amount, currency_code=CurrencyCode(self.currency_code))


@strawberry.type(description="What can be promised of a product now.")
class AvailabilityInfo:
    """The one definition of availability (C-20)."""

    available_quantity: Decimal | None = text("Quantity that can be promised; null when it is not counted.")
    is_available: bool = text("True when at least something can be promised.")
    stock_pool: StockPool | None = strawberry.field(
        description="What it is made of, with what lies in bins of other kinds; null when none was ever received.",
        directives=[scopes("stock:read")],
        default=None,
    )


@strawberry.type(description="One sellable SKU.", directives=[scopes("products:read")])
class Product(Node):
    """Only goods are committed, allocated and shipped."""

    sku: str = text("Stock keeping unit, unique in the company without regard to case.")
    name: str = text("Name.")
    kind: ProductKind = text("Goods, service, delivery or discount.")
    is_stocked: bool = text("True for goods whose stock is counted.")
    is_active: bool = text("False when it is no longer sold.")
    tax_group: str = text("Group that tax rules are made for.")
    brand: str | None = text("Brand.")
    unit: str = text("Unit of measure.")
    quantity_digits: int = text("Digits after the point that its quantities may have.")
    version: int = text("Grows by one with every change; send it back as expectedVersion.")
    fulfillment_method: Warehouse | None = one(
        "Warehouse", "fulfillment_method_id", "Who sends it when it is not stocked; null for the first in line."
    )
    prices: list[ProductPrice] = many("Product.prices", "Its prices, one per channel.")

    @strawberry.field(description="Its stock by warehouse, bin and lot.", directives=[scopes("stock:read")])
    async def stock_levels(self: Any, info: Info) -> list[StockLevel]:
        """As far as the caller may see the warehouses."""
        rows: Any = await info.context.loaders.children("Product.stockLevels", self.id)
        return list(rows)

    @strawberry.field(description="Its stock by pool.", directives=[scopes("stock:read")])
    async def stock_pools(self: Any, info: Info) -> list[StockPool]:
        """Whatever the channel."""
        rows: Any = await info.context.loaders.children("Product.stockPools", self.id)
        return list(rows)

    @strawberry.field(
        description="What can be promised of it in a channel; null when the channel is not visible.",
        directives=[scopes("stock.availability:read")],
    )
    async def availability(
        self: Any,
        info: Info,
        channel_id: Annotated[strawberry.ID, strawberry.argument(description="The channel.")],
    ) -> AvailabilityInfo | None:
        """Two statements for any number of products."""
        loaders = info.context.loaders
        channel = await loaders.node("Channel", decode_id("Channel", channel_id))
        if channel is None:
            return None
        if not self.is_stocked:
            return AvailabilityInfo(available_quantity=None, is_available=self.is_active)
        pools = await loaders.children("Product.stockPools", self.id)
        pool: Any = next((pool for pool in pools if pool.pool_id == channel.pool_id), None)
        free = pool.on_hand_sellable - pool.committed if pool else Decimal(0)
        return AvailabilityInfo(available_quantity=free, is_available=self.is_active and free > 0, stock_pool=pool)


@strawberry.input(description="Exactly one way to name a product.", one_of=True)
class ProductBy:
    """By its id or SKU."""

    id: strawberry.Maybe[strawberry.ID] = strawberry.field(description="Opaque global id.")
    sku: strawberry.Maybe[str] = strawberry.field(description="Stock keeping unit, without regard to case.")


@strawberry.input(description="Input of productCreate.")
class ProductCreateInput(MutationInput):
    """A new product."""

    sku: str = text("Stock keeping unit, unique in the company without regard to case, at most 80 characters.")
    name: str = text("Name, at most 200 characters.")
    kind: ProductKind = text("Goods, service, delivery or discount; it never changes.")
    is_stocked: bool | None = optional("Whether its stock is counted; goods only, where it is true by default.")
    tax_group: str = strawberry.field(description="Group that tax rules are made for.", default="STANDARD")
    brand: str | None = optional("Brand, at most 80 characters.")
    unit: str = strawberry.field(description="Unit of measure, at most 20 characters.", default="piece")
    quantity_digits: int = strawberry.field(
        description="Digits after the point that its quantities may have, 0 to 6.", default=0
    )
    fulfillment_method_id: strawberry.ID | None = optional(
        "The fulfillment method that sends it; for goods that are not stocked."
    )


@strawberry.type(description="Outcome of productCreate.")
class ProductCreatePayload(Payload):
    """The new product."""

    product: Product | None = changed("Product", "The new product; null when it was refused.")


@strawberry.input(description="Input of productUpdate.")
class ProductUpdateInput(MutationInput):
    """What is absent stays."""

    product_id: strawberry.ID = text("The product.")
    name: str | None = optional("Name, at most 200 characters.")
    brand: str | None = optional("Brand; null clears it.")
    tax_group: str | None = optional("Group that tax rules are made for.")
    is_active: bool | None = optional("False when it is no longer sold.")
    fulfillment_method_id: strawberry.ID | None = optional(
        "The fulfillment method that sends it; null leaves it to the first in line."
    )


@strawberry.type(description="Outcome of productUpdate.")
class ProductUpdatePayload(Payload):
    """The changed product."""

    product: Product | None = changed("Product", "The product as it is now.")


@strawberry.input(description="Input of productPriceSet.")
class ProductPriceSetInput(MutationInput):
    """A new price, or a changed one."""

    product_id: strawberry.ID = text("The product.")
    channel_id: strawberry.ID = text("The channel, whose currency the amount is in.")
    amount: Decimal = text("Price of one unit in major units; not above zero for discounts, not below for the rest.")


@strawberry.type(description="Outcome of productPriceSet.")
class ProductPriceSetPayload(Payload):
    """The product with the price."""

    product: Product | None = changed("Product", "The product with its prices.")
