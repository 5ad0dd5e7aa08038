"""Channels change their name and whether they take orders."""

from tests.shop import Shop

FIELDS = "channel { name isActive version }"


async def test_what_is_absent_stays(shop: Shop) -> None:
    renamed = await shop.did("channelUpdate", FIELDS, channelId=shop.channel_id, name="Shop")
    assert renamed["channel"] == {"name": "Shop", "isActive": True, "version": 2}
    closed = await shop.did("channelUpdate", FIELDS, channelId=shop.channel_id, isActive=False)
    assert closed["channel"] == {"name": "Shop", "isActive": False, "version": 3}


async def test_neither_can_be_cleared(shop: Shop) -> None:
    assert await shop.refused("channelUpdate", channelId=shop.channel_id, name=None, isActive=None) == [
        "INVALID_INPUT", "INVALID_INPUT",
    ]  # fmt: skip


async def test_a_stale_version_is_told(shop: Shop) -> None:
    codes = await shop.refused("channelUpdate", channelId=shop.channel_id, name="New", expectedVersion=7)
    assert codes == ["VERSION_CONFLICT"]
    await shop.did("channelUpdate", channelId=shop.channel_id, name="New", expectedVersion=1)
