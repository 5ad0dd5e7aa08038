"""What may change about a product: how it is described, taxed, and whether it is sold; orders keep their copy."""

from gql_sales.db.models.products import Product
from gql_sales.db.session import Unit
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
) -> None:
    """Change a product's name, brand or tax group, or whether it is sold.

    Refusals: INVALID_INPUT.
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
    found.check()
