"""Fields about products."""

from typing import Annotated

import strawberry

from gql_sales.domain.products.create import product_create
from gql_sales.domain.products.price_set import product_price_set
from gql_sales.domain.products.update import product_update
from gql_sales.domain.runner import create, run
from gql_sales.kernel.ids import decode_id
from gql_sales.resolvers.lookups import row_by
from gql_sales.schema.connections import Connection
from gql_sales.schema.context import Info
from gql_sales.schema.directives import scopes
from gql_sales.schema.inputs import decode_optional, kept, kept_id
from gql_sales.schema.lists import listed
from gql_sales.schema.mutations import mutation
from gql_sales.schema.nodes import given
from gql_sales.schema.payloads import note_replay
from gql_sales.schema.products import (
    Product,
    ProductBy,
    ProductCreateInput,
    ProductCreatePayload,
    ProductPriceSetInput,
    ProductPriceSetPayload,
    ProductUpdateInput,
    ProductUpdatePayload,
)

_READ = [scopes("products:read")]


@strawberry.type
class ProductQuery:
    """Reading products."""

    @strawberry.field(description="A product; null when absent or not visible.", directives=_READ)
    async def product(
        self, info: Info, by: Annotated[ProductBy, strawberry.argument(description="Names the product.")]
    ) -> Product | None:
        """By id or sku."""
        found: Product | None = await row_by(info, "Product", by.id, sku=by.sku)
        return found

    products: Connection[Product] | None = listed("Product", "products", "products:read", "products")


@strawberry.type
class ProductMutation:
    """Changing products."""

    @mutation(product_create)
    async def product_create(self, info: Info, input: ProductCreateInput) -> ProductCreatePayload:
        """See domain/products/create.py."""
        outcome = await create(
            product_create,
            input.call(info),
            sku=input.sku,
            name=input.name,
            kind=input.kind,
            is_stocked=given(input.is_stocked),
            tax_group=input.tax_group,
            brand=given(input.brand),
            unit_name=input.unit,
            quantity_digits=input.quantity_digits,
            fulfillment_method_id=decode_optional("Warehouse", input.fulfillment_method_id),
        )
        return ProductCreatePayload(outcome=note_replay(info, outcome))

    @mutation(product_update)
    async def product_update(self, info: Info, input: ProductUpdateInput) -> ProductUpdatePayload:
        """See domain/products/update.py."""
        outcome = await run(
            product_update,
            input.call(info),
            decode_id("Product", input.product_id),
            name=kept(input.name),
            brand=kept(input.brand),
            tax_group=kept(input.tax_group),
            is_active=kept(input.is_active),
            fulfillment_method_id=kept_id("Warehouse", input.fulfillment_method_id),
        )
        return ProductUpdatePayload(outcome=note_replay(info, outcome))

    @mutation(product_price_set)
    async def product_price_set(self, info: Info, input: ProductPriceSetInput) -> ProductPriceSetPayload:
        """See domain/products/price_set.py."""
        outcome = await run(
            product_price_set,
            input.call(info),
            decode_id("Product", input.product_id),
            channel_id=decode_id("Channel", input.channel_id),
            amount=input.amount,
        )
        return ProductPriceSetPayload(outcome=note_replay(info, outcome))
