"""Products change how they are described, taxed and whether they are sold."""

from tests.shop import Shop

FIELDS = "product { name brand taxGroup isActive version }"


async def test_absent_keeps_and_null_clears(shop: Shop) -> None:
    id_ = shop.products["apple"]
    first = await shop.did("productUpdate", FIELDS, productId=id_, brand="Orchard", taxGroup="REDUCED")
    before = first["product"]["version"]
    assert first["product"] == {
        "name": "Apple", "brand": "Orchard", "taxGroup": "REDUCED", "isActive": True, "version": before,
    }  # fmt: skip
    then = await shop.did("productUpdate", FIELDS, productId=id_, brand=None, name="Red apple", isActive=False)
    assert then["product"] == {
        "name": "Red apple", "brand": None, "taxGroup": "REDUCED", "isActive": False, "version": before + 1,
    }  # fmt: skip


async def test_what_every_product_has_cannot_be_cleared(shop: Shop) -> None:
    codes = await shop.refused(
        "productUpdate", productId=shop.products["apple"], name=None, taxGroup="", isActive=None, brand="x" * 81
    )
    assert codes == ["INVALID_INPUT"] * 4


async def test_shoppers_do_not_see_what_is_no_longer_sold(shop: Shop) -> None:
    query = 'query { product(by: {sku: "APPLE"}) { name } }'
    shopper = shop.shopper()
    assert (await shop.client.query(query, None, shopper))["product"] == {"name": "Apple"}
    await shop.did("productUpdate", productId=shop.products["apple"], isActive=False)
    assert (await shop.client.query(query, None, shopper))["product"] is None
