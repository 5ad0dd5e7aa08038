"""Fields about products."""

from typing import Annotated

import strawberry

from gql_sales.db.pages import PageRequest
from gql_sales.db.queries.master import product_list
from gql_sales.domain.products.create import product_create
from gql_sales.domain.products.price_set import product_price_set
from gql_sales.domain.products.update import product_update
from gql_sales.domain.runner import create, run
from gql_sales.kernel.ids import decode_id
from gql_sales.resolvers.lookups import row_by
from gql_sales.resolvers.pages import After, Before, First, Last, page_of
from gql_sales.schema.connections import Connection
from gql_sales.schema.context import Info
from gql_sales.schema.directives import SemanticNonNull, scopes
from gql_sales.schema.inputs import decode_optional, kept, kept_id, named
from gql_sales.schema.mutations import mutation
from gql_sales.schema.nodes import given
from gql_sales.schema.payloads import note_replay
from gql_sales.schema.products import (
    Product,
    ProductBy,
    ProductCreateInput,
    ProductCreatePayload,
    ProductFilter,
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

    @strawberry.field(
        description="Products visible to the caller, newest first.", directives=[*_READ, SemanticNonNull()]
    )
    async def products(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        query: Annotated[
            str | None, strawberry.argument(description="Part of the SKU or name, without regard to case.")
        ] = None,
        filter: Annotated[ProductFilter | None, strawberry.argument(description="Conditions.")] = None,
    ) -> Connection[Product] | None:
        """One statement for the page."""
        wanted = filter or ProductFilter()
        statement = product_list(info.context.principal, query, named(wanted.skus))
        request = PageRequest(first, after, last, before)
        return await page_of(info, "products", statement, request, [query, wanted])


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
