"""A partner bound to one channel knows the customers and payments of that channel, and no others (P8, C-53)."""

import uuid
from dataclasses import replace

from gql_sales.kernel.ids import decode_id
from gql_sales.kernel.principals import Audience, Principal, PrincipalKind
from tests.bills import issued, paid
from tests.shop import Shop

QUERY = "{ customers { nodes { id } } payments { nodes { id } } }"


async def test_a_bound_partner_sees_customers_and_payments_of_its_channel_only(shop: Shop) -> None:
    other = await shop.did(
        "channelCreate", "channel { id }", code="two", name="Two", kind="WEB", currencyCode="EUR", poolCode="main"
    )
    order = await shop.placed(("apple", 1))
    invoice = await issued(shop, order["id"])
    payment = await paid(shop, invoice["id"], "12.00")
    till = await shop.placed(("pear", 1))
    sold = await shop.did("cashSaleIssue", "payment { id }", orderId=till["id"], paymentMethod="CARD")
    unrelated = await shop.did("customerCreate", "customer { id }", kind="STAFF_CREATED", name="Nobody")

    def bound(channel_id: str) -> Principal:
        scopes = frozenset({"customers:read", "customers:create", "payments:read"})
        channels = frozenset({decode_id("Channel", channel_id)})
        return replace(
            shop.staff,
            kind=PrincipalKind.STAFF,
            audience=Audience.ADMIN,
            subject=uuid.uuid4().hex,
            scopes=scopes,
            channel_ids=channels,
        )

    near, far = bound(shop.channel_id), bound(other["channel"]["id"])
    seen = await shop.client.query(QUERY, None, near)
    assert seen == {
        "customers": {"nodes": [{"id": shop.customer_id}]},
        "payments": {"nodes": [{"id": sold["payment"]["id"]}, {"id": payment["id"]}]},
    }
    assert await shop.client.query(QUERY, None, far) == {"customers": {"nodes": []}, "payments": {"nodes": []}}
    mine = await shop.client.did("customerCreate", "customer { id }", {"kind": "STAFF_CREATED", "name": "M"}, far)
    seen = await shop.client.query(QUERY, None, far)
    assert seen["customers"]["nodes"] == [{"id": mine["customer"]["id"]}]
    everything = await shop.query(QUERY)
    assert unrelated["customer"]["id"] in {node["id"] for node in everything["customers"]["nodes"]}
