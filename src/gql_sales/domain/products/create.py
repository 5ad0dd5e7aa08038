"""A product is one sellable SKU; what it is (goods or not, counted or not) never changes afterwards."""

from uuid import UUID

from gql_sales.db.models.products import Product, ProductKind
from gql_sales.db.session import Unit
from gql_sales.domain.products.fulfillment import check_method
from gql_sales.domain.transition import creation
from gql_sales.kernel.inputs import Findings

MOST_DIGITS = 6


@creation(Product, scope="products:create", event="ProductCreated", bulk=True)
async def product_create(
    unit: Unit,
    *,
    sku: str,
    name: str,
    kind: ProductKind,
    is_stocked: bool | None = None,
    tax_group: str = "STANDARD",
    brand: str | None = None,
    unit_name: str = "piece",
    quantity_digits: int = 0,
    fulfillment_method_id: UUID | None = None,
) -> Product:
    """Create a product; goods are stocked unless said otherwise, and nothing else is (KS-9, KS-11).

    Refusals: INVALID_INPUT, NOT_FOUND (fulfillment method), EXTERNAL_REF_TAKEN (sku, compared without case).
    """
    found = Findings()
    product = Product(
        company_id=unit.company_id,
        sku=found.line(sku, 80, "sku"),
        name=found.line(name, 200, "name"),
        kind=kind,
        is_stocked=kind == ProductKind.GOODS if is_stocked is None else is_stocked,
        tax_group=found.line(tax_group, 40, "taxGroup"),
        brand=found.optional_line(brand, 80, "brand"),
        unit=found.line(unit_name, 20, "unit"),
        quantity_digits=quantity_digits,
        fulfillment_method_id=fulfillment_method_id,
    )
    if product.is_stocked and kind != ProductKind.GOODS:
        found.invalid("Only goods are stocked.", "isStocked")
    if not 0 <= quantity_digits <= MOST_DIGITS:
        found.invalid(f"A unit has 0 to {MOST_DIGITS} decimal places.", "quantityDigits")
    await check_method(unit, product, found)
    found.check()
    return unit.add(product)
