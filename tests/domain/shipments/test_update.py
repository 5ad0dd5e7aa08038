"""shipmentUpdate: a draft follows what the warehouse finds, within what is open and allowed (BA-29, BA-30, X-14)."""

from typing import Any

import pytest

from tests.client import Json
from tests.shipping import SHIPMENT, drafted, lines, moved, packed, read
from tests.shop import Shop
from tests.stockroom import add_method


async def test_lines_carrier_and_tracking_change_and_what_is_absent_stays(shop: Shop) -> None:
    order = await shop.placed(("apple", 10), ("pear", 4))
    apple, pear = order["items"]
    shipment = await drafted(shop, order, items=lines((apple, 6)), carrier="DHL", trackingNumber="1")
    after = await moved(shop, "Update", shipment, items=lines((apple, 8), (pear, 4)))
    assert after["items"] == lines((apple, 8), (pear, 4))
    assert (after["carrier"], after["trackingNumber"]) == ("DHL", "1")
    after = await moved(shop, "Update", shipment, items=lines((pear, 3)), carrier=" UPS ", trackingNumber=None)
    assert (after["items"], after["carrier"], after["trackingNumber"]) == (lines((pear, 3)), "UPS", None)
    payload = await shop.did("shipmentUpdate", SHIPMENT, shipmentId=shipment["id"], carrier="GLS")
    assert payload["shipment"]["items"] == lines((pear, 3))
    assert [e["message"] for e in payload["effects"]] == ["ShipmentUpdated."]


async def test_lines_are_measured_against_what_is_open_and_on_no_other_note(shop: Shop) -> None:
    """Its own lines do not stand in its way."""
    order = await shop.placed(("apple", 10), ("delivery", 1))
    apple, delivery = order["items"]
    shipment = await drafted(shop, order, items=lines((apple, 6)))
    await drafted(shop, order, items=lines((apple, 2)))
    values: Json = {"shipmentId": shipment["id"]}
    assert await shop.refused("shipmentUpdate", **values, items=lines((apple, 9))) == ["QUANTITY_NOT_OPEN"]
    assert await shop.refused("shipmentUpdate", **values, items=lines((apple, 5), (apple, 4))) == ["QUANTITY_NOT_OPEN"]
    wrong = lines((apple, "0.5"), (delivery, 1))
    assert await shop.refused("shipmentUpdate", **values, items=wrong) == ["INVALID_QUANTITY", "NOT_ALLOCATABLE"]
    assert await shop.refused("shipmentUpdate", **values, items=[]) == ["INVALID_INPUT"]
    assert await shop.refused("shipmentUpdate", **values, carrier="x" * 81) == ["INVALID_INPUT"]
    assert (await read(shop, shipment["id"]))["items"] == lines((apple, 6))
    await moved(shop, "Update", shipment, items=lines((apple, 8)))


async def test_what_others_send_stays_with_them(shop: Shop) -> None:
    """KS-14, BA-37: one source for each note."""
    await add_method(shop, "DROP")
    await shop.add_product("sofa", "500.00", isStocked=False)
    order = await shop.placed(("apple", 10), ("sofa", 1))
    apple, sofa = order["items"]
    shipment = await drafted(shop, order)
    assert shipment["items"] == lines((apple, 10))
    refused = await shop.refused("shipmentUpdate", shipmentId=shipment["id"], items=lines((apple, 1), (sofa, 1)))
    assert refused == ["NOT_ALLOCATABLE"]


@pytest.mark.parametrize(
    ("setting", "values", "codes"),
    [
        ("ALLOW", {}, []),
        ("WARN", {}, ["WARNING_NOT_ACKNOWLEDGED"]),
        ("WARN", {"acknowledgeWarnings": ["PARTIAL_SHIPMENT"]}, []),
        ("BLOCK", {}, ["PARTIAL_SHIPMENT_BLOCKED"]),
    ],
)
async def test_a_draft_that_becomes_partial_is_judged_again(
    setting: str, values: dict[str, Any], codes: list[str], shop: Shop
) -> None:
    """X-14, BA-40: outcomes differ only by the setting; what keeps the lines is not judged."""
    await shop.set_policy("partialShipment", setting)
    order = await shop.placed(("apple", 10))
    shipment = await drafted(shop, order)
    call = {"shipmentId": shipment["id"], "items": lines((order["items"][0], 4)), **values}
    payload = await shop.client.mutate("shipmentUpdate", "", call, shop.staff)
    assert [error["code"] for error in payload["userErrors"]] == codes
    await moved(shop, "Update", shipment, carrier="DHL")
    if codes:
        await moved(shop, "Update", shipment, items=lines((order["items"][0], 10)))


async def test_what_is_packed_stays_on_the_note(shop: Shop) -> None:
    order = await shop.placed(("apple", 10), ("pear", 2))
    apple, pear = order["items"]
    shipment = await drafted(shop, order)
    await packed(shop, shipment, (apple, 6))
    for fewer in (lines((apple, 5)), lines((pear, 2))):
        assert await shop.refused("shipmentUpdate", shipmentId=shipment["id"], items=fewer) == ["CONTENTS_EXCEED_ITEMS"]
    await moved(shop, "Update", shipment, items=lines((apple, 6)))


async def test_a_booked_shipment_is_frozen(shop: Shop) -> None:
    """BA-34: only as a draft again."""
    order = await shop.placed(("apple", 10))
    shipment = await drafted(shop, order, "BOOK")
    assert await shop.refused("shipmentUpdate", shipmentId=shipment["id"], carrier="DHL") == ["INVALID_TRANSITION"]
    await moved(shop, "Unbook", shipment)
    await moved(shop, "Update", shipment, carrier="DHL")
