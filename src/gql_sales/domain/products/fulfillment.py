"""Goods that are not stocked may name who sends them (KS-14)."""

from gql_sales.db.models.products import Product, ProductKind
from gql_sales.db.queries.master import find_warehouses
from gql_sales.db.session import Unit
from gql_sales.kernel.errors import NotFound
from gql_sales.kernel.inputs import Findings


async def check_method(unit: Unit, product: Product, found: Findings) -> None:
    """Note NOT_FOUND or INVALID_INPUT when the product names what is no fulfillment method, or may not name one."""
    method_id = product.fulfillment_method_id
    if method_id is None:
        return
    method = (await find_warehouses(unit, [method_id])).get(method_id)
    if method is None:
        found.refuse(NotFound("No such warehouse.", ("input", "fulfillmentMethodId")))
    elif not method.is_fulfillment_method:
        found.invalid(f"{method.code} is no fulfillment method.", "fulfillmentMethodId")
    if product.is_stocked or product.kind != ProductKind.GOODS:
        found.invalid("Only goods that are not stocked are sent by others.", "fulfillmentMethodId")
