"""What may change about a product: how it is described, taxed, and whether it is sold; orders keep their copy."""

from uuid import UUID

from gql_sales.db.models.products import Product
from gql_sales.db.session import Unit
from gql_sales.domain.products.fulfillment import check_method
from gql_sales.domain.transition import transition
from gql_sales.kernel.inputs import KEEP, Absent, Findings


@transition(Product, scope="products:edit", event="ProductUpdated")
async def product_update(
    unit: Unit,
    product: Product,
    *,
    name: str | Absent | None = KEEP,
    brand: str | Absent | None = KEEP,
    tax_group: str | Absent | None = KEEP,
    is_active: bool | Absent | None = KEEP,
    fulfillment_method_id: UUID | Absent | None = KEEP,
) -> None:
    """Change a product's name, brand or tax group, whether it is sold, or who sends it.

    Refusals: INVALID_INPUT, NOT_FOUND (fulfillment method).
    """
    found = Findings()
    if name is not KEEP:
        product.name = found.line(name, 200, "name")
    if brand is not KEEP:
        product.brand = found.optional_line(brand, 80, "brand")
    if tax_group is not KEEP:
        product.tax_group = found.line(tax_group, 40, "taxGroup")
    if is_active is not KEEP:
        product.is_active = found.present(is_active, product.is_active, "isActive")
    if fulfillment_method_id is not KEEP:
        product.fulfillment_method_id = fulfillment_method_id
        await check_method(unit, product, found)
    found.check()
