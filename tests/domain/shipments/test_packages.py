"""Packages: what is in which box, and what follows for the order (IF-8 to IF-11)."""

import pytest

from gql_sales.kernel.ids import encode_id, new_id
from tests.client import Json
from tests.shipping import SHIPMENT, drafted, lines, moved, packed, read
from tests.shop import Shop

ORDER = "order { packStatus summary items { packedQuantity } }"


async def standing(shop: Shop, order: Json) -> tuple[str, str, list[str]]:
    """Pack status and summary of an order, and how much of each item is packed."""
    query = f"query ($id: ID!) {{ order(by: {{id: $id}}) {{ {ORDER[8:-2]} }} }}"
    found = (await shop.query(query, id=order["id"]))["order"]
    return found["packStatus"], found["summary"], [item["packedQuantity"] for item in found["items"]]


async def test_boxes_are_numbered_and_their_contents_recorded(shop: Shop) -> None:
    """IF-8 to IF-10: several boxes, each with its number, contents and tracking number."""
    order = await shop.placed(("apple", 10), ("pear", 4), ("delivery", 1))
    apple, pear, _ = order["items"]
    shipment = await drafted(shop, order)
    payload = await shop.did(
        "shipmentPackageAdd",
        f"{SHIPMENT} {ORDER}",
        shipmentId=shipment["id"],
        items=lines((apple, 6), (apple, 1), (pear, 1)),
        trackingNumber=" 00340 ",
    )
    (package,) = payload["shipment"]["packages"]
    assert (package["number"], package["trackingNumber"]) == ("PKG-000001", "00340")
    assert package["items"] == lines((apple, 7), (pear, 1))
    assert payload["order"] == {
        "packStatus": "PARTIAL",
        "summary": "committed, partly packed, unbilled, unpaid",
        "items": [{"packedQuantity": "7"}, {"packedQuantity": "1"}, {"packedQuantity": "0"}],
    }
    assert [e["message"] for e in payload["effects"] if e["__typename"] in ("EventEffect", "NumberEffect")] == [
        "PACKAGE PKG-000001.", "ShipmentPacked.",
    ]  # fmt: skip
    second = await packed(shop, shipment, (apple, 3), (pear, 3))
    assert second["number"] == "PKG-000002"
    assert await standing(shop, order) == ("FULL", "packed, unbilled, unpaid", ["10", "4", "0"])


async def test_a_box_is_packed_anew_and_the_order_follows(shop: Shop) -> None:
    order = await shop.placed(("apple", 10), ("pear", 4))
    apple, pear = order["items"]
    shipment = await drafted(shop, order, "BOOK")
    package = await packed(shop, shipment, (apple, 6), (pear, 1), trackingNumber="1")
    call: Json = {"packageId": package["id"]}
    after = await moved(shop, "PackageSetItems", shipment, **call, items=lines((apple, 2), (pear, 4)))
    assert after["packages"][0]["items"] == lines((apple, 2), (pear, 4))
    assert after["packages"][0]["trackingNumber"] == "1"
    assert (await standing(shop, order))[2] == ["2", "4"]
    after = await moved(shop, "PackageSetItems", shipment, **call, items=[], trackingNumber=None)
    assert (after["packages"][0]["items"], after["packages"][0]["trackingNumber"]) == ([], None)
    assert await standing(shop, order) == ("NONE", "allocated, unbilled, unpaid", ["0", "0"])


async def test_packages_hold_no_more_than_their_shipment(shop: Shop) -> None:
    """I-3, summed over all packages."""
    order = await shop.placed(("apple", 10), ("pear", 4), ("delivery", 1))
    apple, pear, delivery = order["items"]
    shipment = await drafted(shop, order, items=lines((apple, 6)))
    await packed(shop, shipment, (apple, 4))
    call: Json = {"shipmentId": shipment["id"]}
    assert await shop.refused("shipmentPackageAdd", **call, items=lines((apple, 3))) == ["CONTENTS_EXCEED_ITEMS"]
    wrong = lines((apple, 1), (apple, 2), (pear, 1))
    assert await shop.refused("shipmentPackageAdd", **call, items=wrong) == ["CONTENTS_EXCEED_ITEMS"] * 2
    bad = lines((apple, "0.5"), (delivery, 1))
    codes = await shop.refused("shipmentPackageAdd", **call, items=bad)
    assert codes == ["INVALID_QUANTITY", "NOT_ALLOCATABLE", "CONTENTS_EXCEED_ITEMS"]
    stranger = {"id": encode_id("OrderItem", new_id())}
    assert await shop.refused("shipmentPackageAdd", **call, items=lines((stranger, 1))) == ["NOT_FOUND"]
    assert await shop.refused("shipmentPackageAdd", **call, trackingNumber="x" * 121) == ["INVALID_INPUT"]
    assert len((await read(shop, shipment["id"]))["packages"]) == 1
    await packed(shop, shipment, (apple, 2))


async def test_a_package_of_another_shipment_does_not_exist(shop: Shop) -> None:
    order = await shop.placed(("apple", 10))
    (apple,) = order["items"]
    first, second = [await drafted(shop, order, items=lines((apple, 5))) for _ in range(2)]
    package = await packed(shop, first, (apple, 5))
    call: Json = {"packageId": package["id"], "items": lines((apple, 1))}
    assert await shop.refused("shipmentPackageSetItems", shipmentId=second["id"], **call) == ["NOT_FOUND"]
    await moved(shop, "PackageSetItems", first, **call)


async def test_booking_leaves_nothing_packed_off_the_note(shop: Shop) -> None:
    """What the source lacks leaves the note (BA-33), but not what lies in a box already (I-3)."""
    await shop.receive("apple", 3, warehouse=1)
    order = await shop.placed(("apple", 10))
    (apple,) = order["items"]
    shipment = await drafted(shop, order, warehouse=1)
    package = await packed(shop, shipment, (apple, 4))
    assert await shop.refused("shipmentBook", shipmentId=shipment["id"]) == ["CONTENTS_EXCEED_ITEMS"]
    await moved(shop, "PackageSetItems", shipment, packageId=package["id"], items=lines((apple, 3)))
    assert (await moved(shop, "Book", shipment))["items"] == lines((apple, 3))


@pytest.mark.parametrize(("required", "codes"), [(False, []), (True, ["CONTENTS_INCOMPLETE"] * 2)])
async def test_a_warehouse_may_want_everything_packed(required: bool, codes: list[str], shop: Shop) -> None:
    """packRequired: outcomes differ only by the setting."""
    await shop.did("warehouseUpdate", warehouseId=shop.warehouse_ids[0], isPackRequired=required)
    order = await shop.placed(("apple", 10), ("pear", 4))
    apple, pear = order["items"]
    shipment = await drafted(shop, order, "BOOK")
    package = await packed(shop, shipment, (apple, 6))
    call = {"shipmentId": shipment["id"]}
    payload = await shop.client.mutate("shipmentFinalize", "", call, shop.staff)
    assert [error["code"] for error in payload["userErrors"]] == codes
    if required:
        items = lines((apple, 10), (pear, 4))
        await moved(shop, "PackageSetItems", shipment, packageId=package["id"], items=items)
        await moved(shop, "Finalize", shipment)
        assert await standing(shop, order) == ("FULL", "shipped, unbilled, unpaid", ["10", "4"])


async def test_what_left_without_packages_is_not_applicable(shop: Shop) -> None:
    """Axis formulas: NOT_APPLICABLE when nothing is packed and something is sent; the rest may be packed yet."""
    order = await shop.placed(("apple", 10))
    (apple,) = order["items"]
    await drafted(shop, order, "FINALIZE", items=lines((apple, 4)))
    assert await standing(shop, order) == ("NOT_APPLICABLE", "committed, partly shipped, unbilled, unpaid", ["0"])
    rest = await drafted(shop, order)
    await packed(shop, rest, (apple, 6))
    assert (await standing(shop, order))[0] == "PARTIAL"


async def test_partners_and_shoppers_read_packages_of_what_is_theirs(shop: Shop) -> None:
    """IF-11: each box has its tracking number."""
    shopper = shop.shopper()
    made = await shop.client.did("customerCreate", "customer { id }", {"kind": "REGISTERED", "name": "Bo",
                                 "email": "bo@example.com"}, shopper)  # fmt: skip
    order = await shop.placed(("apple", 1), customerId=made["customer"]["id"])
    shipment = await drafted(shop, order, "BOOK")
    await packed(shop, shipment, (order["items"][0], 1), trackingNumber="T1")
    query = "query ($id: ID!) { shipment(by: {id: $id}) { packages { number trackingNumber items { quantity } } } }"
    seen = (await shop.client.query(query, {"id": shipment["id"]}, shopper))["shipment"]
    assert seen == {"packages": [{"number": "PKG-000001", "trackingNumber": "T1", "items": [{"quantity": "1"}]}]}
    assert (await shop.client.query(query, {"id": shipment["id"]}, shop.shopper()))["shipment"] is None
