"""What the database itself refuses, whoever asks: the triggers and rights of guards.sql (N5, L1, L2, L4, P10)."""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any
from uuid import UUID

import asyncpg
import pytest

from gql_sales.db.embedded import Urls
from gql_sales.db.models.billing import CashSale, Invoice
from gql_sales.kernel.ids import decode_id, new_id
from tests.bills import issued, paid, sold
from tests.shop import Shop

if TYPE_CHECKING:
    Connection = asyncpg.Connection[asyncpg.Record]
else:
    Connection = asyncpg.Connection

HISTORY = [
    "cancellation_items",
    "cancellation_notes",
    "cash_sale_items",
    "cash_sale_tax_lines",
    "event_order",
    "events",
    "invoice_items",
    "journal_entries",
    "journal_lines",
    "number_assignments",
    "payment_allocations",
    "stock_movements",
    "tax_lines",
    "timeline_entries",
    "write_offs",
]
DOCUMENTS = ["cash_sales", "companies", "customers", "invoices", "orders", "payment_methods", "payments", "products"]
DOCUMENTS += ["shipments", "warehouses"]
FREE = {"open_amount", "payment_status", "version", "updated_at", "written_off_amount"}
SET_ONCE = {"state", "voided_by_id", "tax_point_on", "confirmed_at"}


STAND_INS = {
    "uuid": "gen_random_uuid()",
    "date": "{0} + 1",
    "bigint": "{0} + 1",
    "timestamp with time zone": "{0} + interval '1 second'",
    "bytea": "'\\x00'",
    "jsonb": """'{{"name": "Mallory"}}'""",
    "character varying": "'XXX'",
}
"""By type, what differs from any stored value of a column."""


@pytest.fixture
async def owner(database_urls: Urls) -> AsyncIterator[Connection]:
    """The tables' owner, who is bound by the triggers only; what it does is rolled back."""
    async for connection in _connection(database_urls.owner):
        yield connection


@pytest.fixture
async def server(database_urls: Urls) -> AsyncIterator[Connection]:
    """The role of the program, which lacks rights besides."""
    async for connection in _connection(database_urls.server):
        yield connection


async def _connection(url: str) -> AsyncIterator[Connection]:
    connection = await asyncpg.connect(url)
    transaction = connection.transaction()
    await transaction.start()
    yield connection
    await transaction.rollback()
    await connection.close()


@pytest.fixture
async def invoice_id(shop: Shop) -> UUID:
    """An issued invoice with a part payment."""
    order = await shop.placed(("apple", 10))
    invoice = await issued(shop, order["id"])
    await paid(shop, invoice["id"], "50")
    return decode_id("Invoice", invoice["id"])


@pytest.fixture
async def cash_sale_id(shop: Shop) -> UUID:
    """An issued and paid cash sale."""
    order = await shop.placed(("apple", 10))
    return decode_id("CashSale", (await sold(shop, order["id"]))["id"])


async def refused(connection: Connection, match: str, statement: str, *arguments: Any) -> None:
    """The statement must fail with a message that says why."""
    with pytest.raises(asyncpg.PostgresError, match=match):
        await _tried(connection, statement, *arguments)


async def _tried(connection: Connection, statement: str, *arguments: Any) -> None:
    """Run it, and what the commit would check."""
    async with connection.transaction():
        await connection.execute(statement, *arguments)
        await connection.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize("change", ["amount = amount + 1", "method = 'SHELLS'", "reference = 'other'"])
async def test_tenders_are_frozen_but_for_what_happens_to_them(
    owner: Connection, invoice_id: UUID, change: str
) -> None:
    """P6, PK-19: what went back and what took their place may be noted, how the money came may not be changed."""
    one = "WHERE id = (SELECT max(id::text)::uuid FROM tenders)"
    await refused(owner, "cannot change", f"UPDATE tenders SET {change} {one}")
    await refused(owner, "tenders sum to", f"UPDATE tenders SET replaced_at = now() {one}")
    await refused(owner, "history is kept", f"DELETE FROM tenders {one}")
    await _tried(owner, f"UPDATE tenders SET refunded_amount = 1 {one}")


@pytest.mark.parametrize(
    "column", [column.name for column in Invoice.__table__.columns if column.name not in FREE | SET_ONCE]
)
async def test_issued_invoices_are_frozen(owner: Connection, invoice_id: UUID, column: str) -> None:
    """N5, P10: every column but what is open, one by one; a stand-in value that differs from any stored one."""
    kind = await owner.fetchval(
        "SELECT data_type FROM information_schema.columns WHERE table_name = 'invoices' AND column_name = $1", column
    )
    value = STAND_INS[kind].format(column)
    await refused(owner, f"{column} of invoices.* cannot change", f"UPDATE invoices SET {column} = {value}")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("state = 'VOIDED'", "voided_by_a_memo"),
        ("voided_by_id = gen_random_uuid()", "voided_by_a_memo"),
        ("tax_point_on = tax_point_on + 1", "history is kept"),
        ("tax_point_on = tax_point_on + 1, confirmed_at = now()", "history is kept"),
        ("confirmed_at = now()", "history is kept"),
    ],
)
async def test_invoices_are_voided_by_a_memo_and_confirmed_from_empty(
    owner: Connection, invoice_id: UUID, change: str, why: str
) -> None:
    """N5, X-9: what invoiceVoid and invoiceConfirm set once; their tests are the positive twins."""
    await refused(owner, why, f"UPDATE invoices SET {change}")


async def test_what_is_open_may_change(owner: Connection, invoice_id: UUID) -> None:
    """The twin: the five free columns."""
    done = await owner.execute(
        """UPDATE invoices SET open_amount = open_amount - 2, version = version + 1, updated_at = now(),
           written_off_amount = 1, payment_status = 'PARTIAL' WHERE id = $1""",
        invoice_id,
    )
    assert done == "UPDATE 1"


@pytest.mark.parametrize(
    "column",
    [
        column.name
        for column in CashSale.__table__.columns
        if column.name not in FREE | {"handed_over_amount", "invoiced_at"}
    ],
)
async def test_issued_cash_sales_are_frozen(owner: Connection, cash_sale_id: UUID, column: str) -> None:
    """N5: as invoices are, but for what being invoiced later sets."""
    kind = await owner.fetchval(
        "SELECT data_type FROM information_schema.columns WHERE table_name = 'cash_sales' AND column_name = $1", column
    )
    value = STAND_INS[kind].format(column)
    await refused(owner, f"{column} of cash_sales.* cannot change", f"UPDATE cash_sales SET {column} = {value}")


async def test_a_cash_sale_is_the_sum_of_its_lines(server: Connection, cash_sale_id: UUID) -> None:
    """L4: as invoices are; its lines come with it, and a payment settles one document."""
    copy = """INSERT INTO cash_sales SELECT (x).* FROM (SELECT jsonb_populate_record(t,
              jsonb_build_object('id', $1::text, 'number', $1::text)) AS x FROM cash_sales t WHERE id = $2) AS copied"""
    await refused(server, "its items sum to 0, 0", copy, str(new_id()), cash_sale_id)
    late = """INSERT INTO {0} SELECT (x).* FROM (
              SELECT jsonb_populate_record(t, jsonb_build_object('id', $1::text)) AS x
              FROM {0} t WHERE cash_sale_id = $2 LIMIT 1) AS copied"""
    for table in ("cash_sale_items", "cash_sale_tax_lines"):
        await refused(server, f"{table} of cash_sales .* come with it", late.format(table), str(new_id()), cash_sale_id)
    both = """INSERT INTO payment_allocations SELECT (x).* FROM (SELECT jsonb_populate_record(t,
              jsonb_build_object('id', $1::text, 'cash_sale_id', null)) AS x
              FROM payment_allocations t WHERE cash_sale_id = $2) AS copied"""
    await refused(server, "ck_payment_allocations_one_target", both, str(new_id()), cash_sale_id)


@pytest.mark.parametrize("column", ["amount", "currency_code", "customer_id", "number", "received_at"])
async def test_payments_keep_what_was_received(owner: Connection, invoice_id: UUID, column: str) -> None:
    value = {"amount": "amount + 1", "customer_id": "gen_random_uuid()", "received_at": "now()"}.get(column, "'XXX'")
    await refused(owner, f"{column} of payments.* cannot change", f"UPDATE payments SET {column} = {value}")


@pytest.mark.parametrize("table", HISTORY)
async def test_history_is_kept(owner: Connection, server: Connection, table: str) -> None:
    """L2: no update, no removal, for the owner either; the program has no right to try."""
    column = {"event_order": "place", "events": "type"}.get(table, "id")
    update = f"UPDATE {table} SET {column} = {column}"
    for statement in (update, f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
        await refused(owner, "history is kept", statement)
        await refused(server, "permission denied", statement)


@pytest.mark.parametrize("table", DOCUMENTS)
async def test_documents_are_kept(owner: Connection, server: Connection, table: str) -> None:
    for statement in (f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
        await refused(owner, "is refused", statement)
        await refused(server, "permission denied", statement)


async def entry(connection: Connection, shop: Shop, *amounts: int) -> None:
    """A journal entry with one line per amount."""
    id_ = new_id()
    await connection.execute(
        """INSERT INTO journal_entries (id, company_id, event, document_type, document_id, posted_on, created_at)
           VALUES ($1, $2, 'INVOICING', 'Invoice', $1, current_date, now())""",
        id_,
        shop.company,
    )
    for amount in amounts:
        await connection.execute(
            """INSERT INTO journal_lines (id, entry_id, company_id, role, currency_code, amount)
               VALUES ($1, $2, $3, 'CASH', 'EUR', $4)""",
            new_id(),
            id_,
            shop.company,
            amount,
        )


async def test_an_unbalanced_entry_cannot_be_committed(server: Connection, shop: Shop, database_urls: Urls) -> None:
    """L1: judged when the program's own connection commits; a balanced one passes the same check."""
    connection = await asyncpg.connect(database_urls.server)
    transaction = connection.transaction()
    await transaction.start()
    await entry(connection, shop, 100, -99)
    with pytest.raises(asyncpg.CheckViolationError, match="does not balance: its EUR lines sum to 1"):
        await transaction.commit()
    await connection.close()
    await entry(server, shop, 100, -60, -40)
    await server.execute("SET CONSTRAINTS ALL IMMEDIATE")


async def test_parts_come_with_the_whole(server: Connection, shop: Shop, invoice_id: UUID) -> None:
    """A line added later would change an old entry or invoice without touching it."""
    old = await server.fetchval("SELECT id FROM journal_entries WHERE company_id = $1 LIMIT 1", shop.company)
    late = """INSERT INTO journal_lines (id, entry_id, company_id, role, currency_code, amount)
              VALUES ($1, $2, $3, 'CASH', 'EUR', 1)"""
    await refused(server, "journal_lines of journal_entries .* come with it", late, new_id(), old, shop.company)
    copy = """INSERT INTO {0} SELECT (x).* FROM (
              SELECT jsonb_populate_record(t, jsonb_build_object('id', $1::text)) AS x
              FROM {0} t WHERE invoice_id = $2 LIMIT 1) AS copied"""
    for table in ("invoice_items", "tax_lines"):
        await refused(server, f"{table} of invoices .* come with it", copy.format(table), str(new_id()), invoice_id)


async def test_an_invoice_is_the_sum_of_its_lines(server: Connection, invoice_id: UUID) -> None:
    """L4: an invoice without its items and tax lines cannot be committed."""
    copy = """INSERT INTO invoices SELECT (x).* FROM (SELECT jsonb_populate_record(t,
              jsonb_build_object('id', $1::text, 'number', $1::text)) AS x FROM invoices t WHERE id = $2) AS copied"""
    await refused(server, "its items sum to 0, 0", copy, str(new_id()), invoice_id)


async def test_a_hold_is_written_once_and_released_once(owner: Connection, server: Connection, shop: Shop) -> None:
    """Why an order was stopped, and why it went on, stays readable."""
    order = await shop.placed(("apple", 1))
    await shop.did("orderHold", orderId=order["id"], reason="fraud")
    for column in ("order_id", "scope", "reason", "held_by", "held_at"):
        value = {"order_id": "gen_random_uuid()", "held_at": "held_at + interval '1 day'"}.get(column, "'ALLOCATION'")
        await refused(server, f"{column} of order_holds.* cannot change", f"UPDATE order_holds SET {column} = {value}")
    end = "UPDATE order_holds SET released_by = $1, released_at = now(), release_reason = $1 WHERE released_at IS NULL"
    assert await server.execute(end, "anna") != "UPDATE 0"
    await refused(server, "history is kept", "UPDATE order_holds SET release_reason = 'another'")
    await refused(server, "permission denied", "DELETE FROM order_holds")
    await refused(owner, "history is kept", "DELETE FROM order_holds")


async def test_the_program_may_delete_what_is_no_history(server: Connection) -> None:
    """Drafts' items, address books, keys and the sequencer's list."""
    for table in ("addresses", "idempotency_keys", "order_items", "policy_settings", "product_prices"):
        await server.execute(f"DELETE FROM {table} WHERE false")
