"""One story in the three journal modes (X-16): what docs/ledger.md prints is what the journal says, line by line."""

from pathlib import Path

import pytest

from gql_sales.db.engine import Database
from gql_sales.domain.verify import verify
from tests.bills import advanced, balances, issued, ship
from tests.credits import MEMO
from tests.shop import Shop

PAGE = Path(__file__).parents[2] / "docs" / "ledger.md"
JOURNAL = "{ journalEntries(first: 100) { nodes { id event documentType lines { role amount { amount } } } } }"


async def journal(shop: Shop) -> list[str]:
    """Every entry of the company in a line, oldest first."""
    nodes = (await shop.query(JOURNAL))["journalEntries"]["nodes"]
    found = []
    for node in sorted(nodes, key=lambda node: node["id"]):
        sides = sorted((line["amount"]["amount"].startswith("-"), line["role"], line["amount"]["amount"].lstrip("-"))
                       for line in node["lines"])  # fmt: skip
        lines = ", ".join(f"{'Cr' if is_credit else 'Dr'} {role} {amount}" for is_credit, role, amount in sides)
        found.append(f"{node['documentType']:<10} {node['event']:<18} {lines}")
    return found


async def story(shop: Shop) -> None:
    """Ten lamps come in, are ordered with an advance, shipped and billed; eight are credited, the rest refunded."""
    await shop.add_product("lamp")
    line = {"productId": shop.products["lamp"], "quantity": "10", "unitCost": "4.00"}
    await shop.did("stockReceive", warehouseId=shop.warehouse_ids[0], lines=[line])
    order = await shop.placed(("lamp", 10))
    advance = await advanced(shop, "50", orderId=order["id"])
    await ship(shop, order, ("lamp", 10))
    invoice = await issued(shop, order["id"])
    await shop.did("paymentAllocate", paymentId=advance["id"], targets=[{"invoiceId": invoice["id"]}])
    items = await shop.query("query ($id: ID!) { invoice(by: {id: $id}) { items { id } } }", id=invoice["id"])
    part = {"invoiceItemId": items["invoice"]["items"][0]["id"], "quantity": "8"}
    memo = (await shop.did("creditMemoIssue", MEMO, cause="LOST_CONSIGNMENT", items=[part]))["creditMemo"]
    for outcome in ("refundFail", "refundComplete"):
        refund = (await shop.did("refundRequest", "refund { id }", creditMemoId=memo["id"]))["refund"]
        reason = {"reason": "The card expired."} if outcome == "refundFail" else {}
        await shop.did(outcome, refundId=refund["id"], **reason)
    await shop.did("paymentDeallocate", paymentId=advance["id"])


def printed(mode: str) -> list[str]:
    """The block below the heading of the mode in the page."""
    block = PAGE.read_text(encoding="utf-8").split(f"## {mode}\n", 1)[1].split("```", 2)[1]
    return [line for line in block.splitlines()[1:] if line]


@pytest.mark.parametrize("mode", ["OFF", "FOUR_EVENTS", "FULL"])
async def test_the_journal_of_one_story_is_as_printed(shop: Shop, database: Database, mode: str) -> None:
    """Only the setting differs; in every mode the sub-ledger is the ledger (I-9, L5)."""
    await shop.did("policySet", name="journalMode", value=mode)
    await story(shop)
    found = await journal(shop)
    print(mode, *found, sep="\n")
    assert found == printed(mode)
    assert await verify(database, shop.company) == []


async def test_money_that_is_held_has_accounts_in_full_books(shop: Shop, database: Database) -> None:
    """L5: advances and refunds on their way stand in accounts of their own while they are held."""
    await shop.did("policySet", name="journalMode", value="FULL")
    advance = await advanced(shop, "50")
    assert await balances(shop) == {"CASH": "50", "CUSTOMER_ADVANCES": "-50"}
    order = await shop.placed(("apple", 1))
    invoice = await issued(shop, order["id"])
    await shop.did("paymentAllocate", paymentId=advance["id"], targets=[{"invoiceId": invoice["id"]}])
    assert (await balances(shop))["CUSTOMER_ADVANCES"] == "-38"
    assert await verify(database, shop.company) == []


async def test_held_money_leaves_full_books_with_a_bill_that_is_in_none(shop: Shop, database: Database) -> None:
    """X-16: a channel keeps no journal, the company a full one; no money stays behind on account."""
    await shop.did("policySet", name="journalMode", value="FULL")
    await shop.set_policy("journalMode", "OFF")
    advance = await advanced(shop, "12")
    order = await shop.placed(("apple", 1))
    invoice = await issued(shop, order["id"])
    await shop.did("paymentAllocate", paymentId=advance["id"], targets=[{"invoiceId": invoice["id"]}])
    assert await balances(shop) == {"CASH": "0", "CUSTOMER_ADVANCES": "0"}
    assert await verify(database, shop.company) == []
    await shop.did("paymentDeallocate", paymentId=advance["id"])
    assert await balances(shop) == {"CASH": "12", "CUSTOMER_ADVANCES": "-12"}
    assert await verify(database, shop.company) == []
