"""verify is silent after a normal day; of whatever is broken by SQL it names the rule, the row and the figures."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
from sqlalchemy import text

from gql_sales.db.engine import Database
from gql_sales.db.queries.verification import CHECKS
from gql_sales.domain.verify import Finding, verify
from tests.breaks import CUSTOMERS, STOCK, Break
from tests.database import TestServer, cloned
from tests.event_world import database_of_its_own
from tests.sales_story import Story, open_story, place_all, tell

UNGUARD = """
DO $$ DECLARE one record; BEGIN
    FOR one IN
        SELECT conrelid::regclass AS rel, conname FROM pg_constraint
        WHERE contype = 'c' AND connamespace = 'public'::regnamespace
    LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', one.rel, one.conname); END LOOP;
    FOR one IN SELECT oid::regclass AS rel FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
    LOOP EXECUTE format('ALTER TABLE %s DISABLE TRIGGER USER', one.rel); END LOOP;
    ALTER TABLE events ENABLE TRIGGER every_event_gets_a_place;
END $$
"""


@dataclass(frozen=True)
class Told:
    """A database after a normal day; everything in it is copied for each test."""

    server: TestServer
    name: str
    story: Story


@pytest.fixture(scope="module")
async def told(test_server: TestServer, worker_id: str) -> AsyncIterator[Told]:
    """The day, told once; nobody is connected to it, so that it can be copied."""
    async with database_of_its_own(test_server, f"{worker_id}_told") as urls:
        database = Database(urls.server)
        story = await tell(database)
        await database.close()
        database = Database(urls.owner)
        async with database.write_engine.begin() as connection:
            # The tables would not let their rows be broken.
            await connection.execute(text(UNGUARD))
        await database.close()
        yield Told(test_server, database.url.database or "", story)


@asynccontextmanager
async def broken_by(told: Told, *statements: str) -> AsyncIterator[Database]:
    """A copy of the day in which a superuser, or whoever disables triggers, has changed something."""
    async with cloned(told.server, secrets.token_hex(6), told.name) as urls:
        database = Database(urls.owner)
        parameters = told.story.orders
        async with database.write_engine.begin() as connection:
            for statement in statements:
                used = {name: id_ for name, id_ in parameters.items() if f":{name}" in statement}
                result = await connection.execute(text(statement), used)
                assert result.rowcount, f"changes nothing: {statement}"
        yield database
        await database.close()


async def test_a_normal_day_breaks_nothing(told: Told) -> None:
    async with broken_by(told) as database:
        assert await verify(database) == []
        assert await verify(database, company_id=told.story.principal.company_id) == []


async def test_an_empty_database_breaks_nothing(test_server: TestServer, worker_id: str) -> None:
    async with database_of_its_own(test_server, f"{worker_id}_empty") as urls:
        database = Database(urls.server)
        assert await verify(database) == []
        await database.close()


BREAKS: dict[str, Break] = {
    **CUSTOMERS,
    **STOCK,
    "completed too early": Break(
        "I-1 T4",
        "item 1 (apple): ordered 4, cancelled 0, done 1 leave 3 open",
        ("UPDATE orders SET state = 'COMPLETED' WHERE id = :part",),
        "S-000002",
    ),
    "promised more than open": Break(
        "I-2",
        "item 2 (pear): allocated 7 + booked 0, committed 8, open 7",
        (
            "UPDATE order_items SET committed_quantity = 8 WHERE order_id = :part AND position = 2",
            "UPDATE stock_pools SET committed = committed + 1 WHERE committed = 9",
        ),
        "S-000002",
    ),
    "package emptied": Break(
        "I-3",
        "item 1 (apple): packed 1, but the packages of its shipments hold 0",
        ("DELETE FROM package_items",),
        "S-000002",
    ),
    "package too full": Break(
        "I-3",
        "its packages hold 2 of apple, it takes 1 along",
        (
            "UPDATE package_items SET quantity = 2",
            "UPDATE order_items SET packed_quantity = 2 WHERE packed_quantity = 1",
        ),
        "DN-000003",
    ),
    "invoice line changed": Break(
        "I-4 L6",
        "invoiced 3 of 3 ordered, its invoices and cash sales bill 2",
        ("UPDATE invoice_items SET quantity = 2 WHERE position = 1",),
        "S-000001",
    ),
    "a charge is promised": Break(
        "I-5",
        "DELIVERY cannot be committed 1",
        ("UPDATE order_items SET committed_quantity = 1 WHERE order_id = :shipped AND position = 2",),
        "S-000001",
    ),
    "allocation shrunk after shipping": Break(
        "I-6",
        "shipped 3, but its shipped allocations sum to 2",
        ("UPDATE allocations SET quantity = 2 WHERE order_id = :shipped",),
        "S-000001",
    ),
    "booked shipment emptied": Break(
        "I-3 I-6",
        "booked 1, but booked shipments sum to 0",
        ("DELETE FROM shipment_items WHERE shipment_id = (SELECT id FROM shipments WHERE state = 'BOOKED')",),
        "S-000002",
    ),
    "pool promises too much": Break(
        "I-7",
        "committed 10 of 100 sellable, the orders' items say 9",
        ("UPDATE stock_pools SET committed = 10 WHERE committed = 9",),
        "pear",
    ),
    "level allocates too much": Break(
        "I-8",
        "allocated 8, but its allocations sum to 7",
        ("UPDATE stock_levels SET allocated = 8 WHERE allocated = 7",),
        "pear in W1",
    ),
    "movement lost": Break(
        "I-8", "on hand 96, but its movements sum to 99", ("DELETE FROM stock_movements WHERE quantity = -3",), "apple"
    ),
    "unbalanced entry": Break(
        "I-9",
        "its 3 lines in EUR sum to -1",
        ("UPDATE journal_lines SET amount = amount - 1 WHERE role = 'TAX_PAYABLE'",),
        "INVOICING",
    ),
    "receivable posted too high": Break(
        "I-9",
        "receivable is 1691 EUR in the ledger, the open balances sum to 1688",
        (
            "UPDATE journal_lines SET amount = amount + 1 WHERE role = 'RECEIVABLE' AND amount > 0",
            "UPDATE journal_lines SET amount = amount - 1 WHERE role = 'TAX_PAYABLE'",
        ),
        "Ada Byron",
    ),
    "number lost": Break(
        "I-10",
        "its counter stands at 7; 6 numbers were given, from 1 to 7",
        ("DELETE FROM number_assignments WHERE document_id = :part",),
        "ORDER_S",
    ),
    "number given earlier than the one before": Break(
        "I-10",
        "before number 1",
        ("UPDATE number_assignments SET issued_at = issued_at - interval '1 day' WHERE document_id = :part",),
        "ORDER_S",
    ),
    "invoice renumbered": Break(
        "I-10 L6",
        "INVOICE gave it the number INV-000001",
        ("UPDATE invoices SET number = 'INV-7' WHERE number = 'INV-000001'",),
        "INV-7",
    ),
    "payment spent twice": Break(
        "I-11",
        "unallocated of 2500: 1 unallocated + 2500 allocated",
        ("UPDATE payments SET unallocated_amount = 1 WHERE amount = 2500",),
        "R-000001",
    ),
    "invoice of a cash sale forgotten": Break(
        "I-11 T4",
        "open 0 + allocated 588 + credited 0 + written off 0 (rows 0) + handed over 0 is not its total 588; "
        "it is invoiced as INV-000002",
        ("UPDATE cash_sales SET handed_over_amount = 0, invoiced_at = NULL",),
        "CS-000001",
    ),
    "cash sale renumbered": Break(
        "I-10 L6", "CASH_SALE gave it the number CS-000001", ("UPDATE cash_sales SET number = 'CS-7'",), "CS-7"
    ),
    "cash sale forgiven": Break("I-11 I-9 T4", "", ("UPDATE cash_sales SET open_amount = 1",)),
    "cash sale never invoiced": Break(
        "I-4 T4",
        "cash-saled 1, of it invoiced 0, but its cash sales bill 1, and of them are invoiced 1",
        ("UPDATE order_items SET handed_over_quantity = 0 WHERE handed_over_quantity > 0",),
        "S-000005",
    ),
    "tender lost": Break("I-11", "its tenders sum to 2000", ("DELETE FROM tenders WHERE amount = 500",), "R-000001"),
    "write-off without a row": Break(
        "I-11",
        "written off 1 (rows 0) is not its total 588",
        ("UPDATE invoices SET written_off_amount = 1 WHERE number = 'INV-000002'",),
        "INV-000002",
    ),
    "invoice forgiven": Break(
        "I-11 I-9 T4",
        "",
        ("UPDATE invoices SET open_amount = open_amount - 1",),
    ),
    "stock sold that is not there": Break(
        "I-12",
        "96 lie in normal bins",
        ("UPDATE stock_pools SET on_hand_sellable = 97 WHERE on_hand_sellable = 96",),
        "apple",
    ),
    "invoice total edited": Break(
        "L4 L6",
        "but its items sum to",
        ("UPDATE invoices SET net_amount = net_amount + 1, tax_amount = tax_amount - 1 WHERE number = 'INV-000001'",),
        "INV-000001",
    ),
    "credit forgotten": Break(
        "I-4 T4",
        "credited 0 and by value 0, rebillable 0, but its credit memos say 1, 0, 0",
        ("UPDATE order_items SET credited_quantity = 0 WHERE order_id = :credited",),
        "S-000006",
    ),
    "credit spent twice": Break(
        "I-11 I-9 T4",
        "balance and uses sum to 301",
        ("UPDATE credit_memos SET balance_amount = 301 WHERE balance_amount = 300",),
        "CM-000002",
    ),
    "credit not posted": Break(
        "I-9",
        "credit is 299 EUR in the ledger, the balances of credit memos sum to 300",
        (
            "UPDATE journal_lines SET amount = -299 WHERE role = 'CUSTOMER_CREDIT' AND amount = -300",
            "UPDATE journal_lines SET amount = 299 WHERE role = 'SALES_RETURNS' AND amount = 300",
        ),
        "Ada Byron",
    ),
    "refund lost": Break(
        "I-11 M1",
        "refunded 588, but paid refunds sum to 0",
        ("UPDATE refunds SET state = 'FAILED'",),
        "CM-000001",
    ),
    "refund of another size": Break(
        "I-11 L4", "it is 589, but its ways sum to 588", ("UPDATE refunds SET amount = 589",)
    ),
    "invoice edited": Break(
        "L6",
        "its seal is not that of what is stored",
        ("UPDATE invoices SET due_on = due_on + 1 WHERE number = 'INV-000002'",),
        "INV-000002",
    ),
    "buyer edited": Break(
        "L6",
        "its buyer is not the one that was sealed",
        ("""UPDATE invoices SET buyer = jsonb_set(buyer, '{name}', '"Eve"') WHERE number = 'INV-000001'""",),
        "INV-000001",
    ),
    "credit memo edited": Break(
        "L6",
        "its seal is not that of what is stored",
        ("UPDATE credit_memo_items SET name = 'Badwill' WHERE name = 'Goodwill'",),
        "CM-000002",
    ),
    "seal removed": Break(
        "L6",
        "its seal",
        ("UPDATE number_assignments SET digest = NULL FROM invoices i WHERE i.id = document_id AND tax_amount = 98",),
        "INV-000002",
    ),
    "status edited": Break(
        "T4",
        "dispatch_status is FULL, but PARTIAL follows from the rest",
        ("UPDATE orders SET dispatch_status = 'FULL' WHERE id = :part",),
        "S-000002",
    ),
    "invoice marked paid": Break(
        "T4",
        "payment_status is PAID, but PARTIAL follows",
        ("UPDATE invoices SET payment_status = 'PAID'",),
        "INV-000001",
    ),
    "billed amount edited": Break(
        "T4",
        "billed is 1, but its invoices and cash sales sum to 0",
        ("UPDATE orders SET billed_amount = 1 WHERE id = :part",),
        "S-000002",
    ),
    "more noted than cancelled": Break(
        "I-1 T4",
        "item 1 (delivery): 0 cancelled, but its cancellation notes say 1",
        ("UPDATE order_items SET cancelled_quantity = 0 WHERE order_id = :noted",),
        "S-000007",
    ),
    "hold forgotten": Break(
        "T4",
        "its scopes on hold are {}, its holds say {BILLING}",
        ("UPDATE orders SET held_scopes = '{}' WHERE id = :part",),
        "S-000002",
    ),
    "change without an event": Break(
        "E1",
        "its version is 2; 1 events tell of 1 versions",
        ("UPDATE orders SET version = version + 1 WHERE id = :draft",),
        "Order",
    ),
    "event without a place": Break(
        "E2",
        "the event has no place and waits for none",
        ("DELETE FROM event_order WHERE event_id = (SELECT id FROM events WHERE document_id = :draft)",),
        "OrderCreated",
    ),
    "versions turned around": Break(
        "E3",
        "behind version",
        (
            "UPDATE event_order o SET place = -place FROM events e WHERE e.id = event_id AND document_id = :cancelled",
            """WITH own AS (
                SELECT event_id, -place AS place, row_number() OVER (ORDER BY place) AS up,
                    row_number() OVER (ORDER BY place DESC) AS down
                FROM event_order WHERE place < 0
            )
            UPDATE event_order SET place = other.place FROM own JOIN own other ON other.up = own.down
            WHERE event_order.event_id = own.event_id""",
        ),
    ),
    "answer lost": Break(
        "P2",
        "have no answer to repeat",
        ("UPDATE idempotency_keys SET answer = NULL WHERE mutation = 'orderCancel'",),
        "IdempotencyKey",
    ),
}


@pytest.mark.parametrize("name", BREAKS)
async def test_what_is_broken_is_found(told: Told, name: str) -> None:
    case = BREAKS[name]
    async with broken_by(told, *case.statements) as database:
        found = await verify(database)
    assert sorted({finding.rule for finding in found}) == case.rules.split(), found
    said = [finding for finding in found if case.says in finding.message]
    assert said, found
    assert case.subject in said[0].subject


async def test_every_rule_is_proven() -> None:
    assert {rule for rule, _ in CHECKS} | {"L6"} == {rule for case in BREAKS.values() for rule in case.rules.split()}


async def test_a_company_hears_only_of_its_own(told: Told) -> None:
    async with broken_by(told, "UPDATE stock_pools SET committed = 10 WHERE committed = 9") as database:
        other = await open_story(database)
        await place_all(database)
        assert await verify(database, company_id=other.principal.company_id) == []
        own: list[Finding] = await verify(database, company_id=told.story.principal.company_id)
        assert [finding.rule for finding in own] == ["I-7"]
