"""paymentSplit: the payment that a cash sale made by itself is put right afterwards, as often as needed (PK-19)."""

from gql_sales.db.engine import Database
from gql_sales.domain.verify import verify
from tests.bills import balances
from tests.client import Json
from tests.credits import MEMO, REFUND
from tests.shop import Shop

TENDERS = (
    "payment { id tenders { id method reference replacedAt amount { amount } } allocations { amount { amount } } }"
)


async def sold(shop: Shop) -> Json:
    """The payment of a cash sale of 24.00 by card."""
    order = await shop.placed(("apple", 2))
    made = await shop.did("cashSaleIssue", TENDERS, orderId=order["id"], paymentMethod="CARD")
    payment: Json = made["payment"]
    return payment


def shown(payment: Json) -> list[tuple[str, str, bool]]:
    """Method, amount and whether it counts, of every tender."""
    return [(t["method"], t["amount"]["amount"], t["replacedAt"] is None) for t in payment["tenders"]]


async def test_split_and_split_again(shop: Shop, database: Database) -> None:
    """PK-19: other tenders of the same sum, allocations stay, the old ones stay as history."""
    payment = await sold(shop)
    halves = [{"method": "CASH", "amount": "10.00"}, {"method": "CARD", "amount": "14.00", "reference": "ref"}]
    made = await shop.did("paymentSplit", TENDERS, paymentId=payment["id"], tenders=halves)
    assert shown(made["payment"]) == [("CARD", "24", False), ("CASH", "10", True), ("CARD", "14", True)]
    assert [row["amount"]["amount"] for row in made["payment"]["allocations"]] == ["24"]
    again = [{"method": "CARD", "amount": "20.00", "reference": "ref"}, {"method": "CASH", "amount": "4.00"}]
    made = await shop.did("paymentSplit", TENDERS, paymentId=payment["id"], tenders=again)
    assert [row for row in shown(made["payment"]) if row[2]] == [("CARD", "20", True), ("CASH", "4", True)]
    assert (await balances(shop))["CASH"] == "24"
    assert await verify(database, shop.company) == []


async def test_the_sum_stays(shop: Shop) -> None:
    payment = await sold(shop)
    for amount in ("23.99", "24.01"):
        values = {"paymentId": payment["id"], "tenders": [{"method": "CASH", "amount": amount}]}
        assert await shop.refused("paymentSplit", **values) == ["TENDER_SUM_MISMATCH"]
    assert await shop.refused("paymentSplit", paymentId=payment["id"], tenders=[]) == ["INVALID_INPUT"]
    await shop.did("paymentSplit", paymentId=payment["id"], tenders=[{"method": "CASH", "amount": "24.00"}])


async def test_a_reference_of_another_payment_is_taken(shop: Shop) -> None:
    """M2: one provider reference is recorded once."""
    first, second = await sold(shop), await sold(shop)
    tenders = [{"method": "CARD", "amount": "24.00", "reference": "psp-7"}]
    await shop.did("paymentSplit", paymentId=first["id"], tenders=tenders)
    codes = await shop.refused("paymentSplit", paymentId=second["id"], tenders=tenders)
    assert codes == ["PROVIDER_REFERENCE_TAKEN"]


async def test_money_goes_back_to_what_counts(shop: Shop, database: Database) -> None:
    """P6: to the new tenders, never to replaced ones; afterwards the split stands."""
    payment = await sold(shop)
    old = payment["tenders"][0]["id"]
    await shop.did("paymentSplit", paymentId=payment["id"], tenders=[{"method": "CASH", "amount": "24.00"}])
    data = await shop.query("{ cashSales { nodes { items { id } } } }")
    items = [{"cashSaleItemId": data["cashSales"]["nodes"][0]["items"][0]["id"], "quantity": "1"}]
    made = await shop.did("creditMemoIssue", MEMO, cause="MANUAL", items=items)
    memo = {"creditMemoId": made["creditMemo"]["id"]}
    payout = [{"tenderId": old, "amount": "1.00"}]
    assert await shop.refused("refundRequest", **memo, payout=payout) == ["NOT_FOUND"]
    refund = (await shop.did("refundRequest", REFUND, **memo))["refund"]
    assert [way["method"] for way in refund["tenders"]] == ["CASH"]
    values = {"paymentId": payment["id"], "tenders": [{"method": "CARD", "amount": "24.00"}]}
    assert await shop.refused("paymentSplit", **values) == ["REFUND_EXISTS"]
    assert await verify(database, shop.company) == []
