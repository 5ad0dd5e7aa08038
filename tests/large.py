"""A company with a long past: what one day left behind is copied, until the planner has to choose well.

Rows are copies of real ones with other ids, days, amounts and states, written past the application; their figures need
not agree. As in a real shop the past is done, and what waits is among the newest.
"""

from uuid import UUID

import asyncpg

DAY_MS = 86_400_000
PAST_MS = 1_600_000_000_000
"""When the past begins; a row comes every minute."""

_ID = (
    "(lpad(to_hex({past} + i::bigint * 60000), 12, '0') || '7' || substr(md5('{table}' || i), 1, 3) || '8'"
    " || substr(md5('{table}' || i), 4, 15))"
)
_AT = "to_timestamp(({past} + i::bigint * 60000) / 1000.0)"
_DAY = f"({_AT})::date"
_AMOUNT = "(100 + (hashint4(i) & 1048575))"

PENDING = 0.03
"""Share of the documents, the newest ones, that something still waits for."""

_ORDER = f"""
    'number', CASE WHEN i % 400 = 0 THEN NULL ELSE 'L-' || lpad(i::text, 9, '0') END,
    'series_code', CASE WHEN i % 400 = 0 THEN NULL ELSE 'S' END,
    'placed_at', CASE WHEN i % 400 = 0 THEN NULL ELSE {_AT} END,
    'state', CASE WHEN i % 400 = 0 THEN 'OPEN' WHEN i % 30 = 0 THEN 'CANCELLED'
        WHEN i > {{edge}} THEN (ARRAY['PLACED', 'ACKNOWLEDGED'])[1 + i % 2] WHEN i % 40 = 1 THEN 'CLOSED'
        ELSE 'COMPLETED' END,
    'source', CASE WHEN i % 50 = 0 THEN 'PHONE' WHEN i % 7 = 0 THEN 'PARTNER' ELSE 'WEB' END,
    'external_ref', CASE WHEN i % 3 = 0 THEN 'ref-' || i END,
    'customer_po', CASE WHEN i % 20 = 0 THEN 'PO ' || i END,
    'document_date', {_DAY}, 'created_at', {_AT}, 'updated_at', {_AT} + interval '3 days' * (i % 5),
    'gross_amount', {_AMOUNT}, 'outstanding_amount', CASE WHEN i > {{edge}} OR i % 90 = 0 THEN {_AMOUNT} ELSE 0 END,
    'payment_status', CASE WHEN i > {{edge}} OR i % 90 = 0 THEN (ARRAY['UNPAID', 'PARTIAL', 'PREPAID'])[1 + i % 3]
        WHEN i % 900 = 1 THEN 'OVERPAID' ELSE 'PAID' END,
    'commitment_status', CASE WHEN i > {{edge}} AND i % 5 = 0 THEN (ARRAY['NONE', 'PARTIAL'])[1 + i % 2]
        ELSE 'FULL' END,
    'allocation_status', CASE WHEN i > {{edge}} AND i % 2 = 0 THEN (ARRAY['NONE', 'PARTIAL'])[1 + i % 4 / 2]
        WHEN i % 60 = 0 THEN 'NOT_APPLICABLE' ELSE 'FULL' END,
    'dispatch_status', CASE WHEN i > {{edge}} THEN (ARRAY['NONE', 'PARTIAL'])[1 + i % 2] ELSE 'FULL' END,
    'pack_status', CASE WHEN i > {{edge}} THEN 'NONE' WHEN i % 100 = 0 THEN 'PARTIAL' ELSE 'NOT_APPLICABLE' END,
    'billing_status', CASE WHEN i > {{edge}} THEN (ARRAY['UNBILLED', 'PARTIAL'])[1 + i % 2]
        WHEN i % 10 = 0 THEN 'CASH_SALED' ELSE 'INVOICED' END,
    'credit_status', CASE WHEN i % 150 = 0 THEN 'FULL' WHEN i % 70 = 0 THEN 'PARTIAL' ELSE 'NONE' END
"""
_BILL = f"""
    'number', 'L-' || i, 'issued_at', {_AT}, 'created_at', {_AT}, 'updated_at', {_AT}, 'gross_amount', {_AMOUNT},
    'tax_amount', 0, 'net_amount', {_AMOUNT}, 'written_off_amount', 0,
    'open_amount', CASE WHEN i > {{edge}} OR i % 200 = 0 THEN {_AMOUNT} ELSE 0 END,
    'payment_status', CASE WHEN i > {{edge}} OR i % 200 = 0 THEN 'UNPAID' ELSE 'PAID' END
"""

COPIES: dict[str, tuple[int, str]] = {
    "products": (10, "'sku', 'L-' || i, 'name', 'Lamp ' || md5(i::text), 'brand', 'B' || i % 300"),
    "customers": (
        10,
        f"""'name', 'Zoë ' || md5(i::text), 'email', 'a' || i || '@example.com', 'external_ref', 'c-' || i,
            'subject', NULL, 'kind', CASE WHEN i % 40 = 0 THEN 'GUEST' ELSE 'REGISTERED' END, 'updated_at', {_AT}""",
    ),
    "orders": (1, _ORDER),
    "order_items": (
        1,
        "'order_id', {order}, 'position', 900, 'sku', CASE WHEN i % 3 = 0 THEN 'POST' ELSE 'L-' || i / 50 END",
    ),
    "shipments": (
        4,
        f"""'number', 'L-' || i, 'state', CASE WHEN i > {{edge}} THEN (ARRAY['OPEN', 'BOOKED'])[1 + i % 2]
            ELSE 'FINALIZED' END, 'carrier', (ARRAY['DHL', 'UPS'])[1 + i % 2], 'tracking_number', 'T' || i,
            'finalized_at', CASE WHEN i > {{edge}} THEN NULL ELSE {_AT} END, 'delivered_at', {_AT},
            'created_at', {_AT}, 'updated_at', {_AT}""",
    ),
    "allocations": (
        4,
        f"""'state', CASE WHEN i > {{edge}} THEN 'ALLOCATED' ELSE 'RELEASED' END, 'order_id', {{order}},
            'shipment_id', NULL, 'created_at', {_AT}""",
    ),
    "invoices": (
        4,
        f"""{_BILL}, 'invoiced_on', {_DAY}, 'due_on', {_DAY} + 14, 'tax_point_on', {_DAY}, 'cash_sale_id', NULL,
            'state', 'ISSUED', 'voided_by_id', NULL""",
    ),
    "cash_sales": (4, f"{_BILL}, 'sold_on', {_DAY}, 'invoiced_at', NULL, 'state', 'ISSUED', 'handed_over_amount', 0"),
    "payments": (
        4,
        f"""'number', 'L-' || i, 'amount', {_AMOUNT}, 'received_at', {_AT}, 'created_at', {_AT},
            'unallocated_amount', CASE WHEN i % 50 = 0 THEN {_AMOUNT} ELSE 0 END""",
    ),
    "credit_memos": (
        10,
        f"""'number', 'L-' || i, 'external_ref', NULL, 'credited_on', {_DAY}, 'gross_amount', {_AMOUNT},
            'tax_amount', 0, 'net_amount', {_AMOUNT}, 'balance_amount', CASE WHEN i % 50 = 0 THEN {_AMOUNT} ELSE 0 END,
            'applied_amount', CASE WHEN i % 50 = 0 THEN 0 ELSE {_AMOUNT} END, 'refund_pending_amount', 0,
            'refunded_amount', 0, 'voided_amount', 0""",
    ),
    "refunds": (20, f"'number', 'L-' || i, 'reference', NULL, 'amount', {_AMOUNT}, 'requested_on', {_DAY}"),
    "stock_levels": (10, "'lot', 'L' || i, 'on_hand', i % 1000, 'allocated', 0, 'booked', 0"),
    "stock_movements": (4, f"'occurred_at', {_AT}, 'reason', CASE WHEN i % 100 = 0 THEN 'r' || i END"),
    "events": (
        4,
        f"""'insertion', 1000000 + i, 'document_id', {{id}}, 'document_ids', jsonb_build_array({{id}}),
            'occurred_at', {_AT}, 'document_versions', '[1]'::jsonb, 'document_types', '["Order"]'::jsonb,
            'document_version', 1, 'type', CASE WHEN i % 100 = 0 THEN 'OrderHeld' ELSE 'OrderPlaced' END""",
    ),
    "journal_entries": (4, f"'document_id', {{id}}, 'posted_on', {_DAY}, 'created_at', {_AT}"),
}
"""Tables with how many orders there are for each row, and what differs from the row that is copied."""


_INDEXES = "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = $1 AND indexname LIKE 'ix%'"
"""Made again behind the rows, which is faster than row by row."""


async def enlarge(owner_url: str, company_id: UUID, orders: int) -> dict[str, int]:
    """Copy the company's rows until it has as many more orders; how many rows each table has then."""
    connection = await asyncpg.connect(owner_url)
    try:
        for table, (share, values) in COPIES.items():
            indexes = await connection.fetch(_INDEXES, table)
            for index in indexes:
                await connection.execute(f"DROP INDEX {index['indexname']}")
            await connection.execute(_copy(table, values, company_id, orders, orders // share))
            for index in indexes:
                await connection.execute(index["indexdef"])
        await connection.execute("VACUUM ANALYZE")
        return {table: await connection.fetchval(f"SELECT count(*) FROM {table}") for table in COPIES}
    finally:
        await connection.close()


def _copy(table: str, values: str, company_id: UUID, orders: int, rows: int) -> str:
    step = orders // rows
    id_ = _ID.format(past=PAST_MS, table=table)
    order = _ID.format(past=PAST_MS, table="orders")
    of_company = (
        f"order_id IN (SELECT id FROM orders WHERE company_id = '{company_id}')"
        if table == "order_items"
        else f"company_id = '{company_id}'"
    )
    differing = values.format(past=PAST_MS, edge=int(orders * (1 - PENDING)), order=order, id=id_)
    return f"""
        ALTER TABLE {table} DISABLE TRIGGER USER;
        INSERT INTO {table} OVERRIDING SYSTEM VALUE
        SELECT made.* FROM (SELECT * FROM {table} WHERE {of_company} ORDER BY id DESC LIMIT 1) AS one,
            generate_series({step}, {orders}, {step}) AS i,
            LATERAL jsonb_build_object('id', {id_}, {differing}) AS differing,
            LATERAL jsonb_populate_record(NULL::{table}, to_jsonb(one) || differing) AS made;
        ALTER TABLE {table} ENABLE TRIGGER USER;
    """
