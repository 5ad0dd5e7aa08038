"""What a superuser may break of customers, stock and held money, and what verify says of it."""

from dataclasses import dataclass

NEW_CUSTOMER = """
INSERT INTO customers (id, company_id, kind, name, created_by, version, state, merged_into_id)
SELECT gen_random_uuid(), company_id, kind, '{name}', created_by, 0, '{state}', {winner} FROM customers
"""


@dataclass(frozen=True)
class Break:
    """What is changed, which rules notice, and what the first finding says."""

    rules: str
    says: str
    statements: tuple[str, ...]
    subject: str = ""


CUSTOMERS = {
    "payment moved to another day": Break(
        "I-9",
        "the statement moves -2500 EUR on 2020-01-01, the ledger 0",
        ("UPDATE payment_allocations SET posted_on = '2020-01-01' WHERE amount = 2500",),
        "Ada Byron",
    ),
    "money of somebody else": Break(
        "I-11",
        "it is of Eve and settles INV-000001 of Ada Byron",
        (
            NEW_CUSTOMER.format(name="Eve", state="ACTIVE", winner="NULL"),
            "UPDATE payments SET customer_id = (SELECT id FROM customers WHERE name = 'Eve') WHERE amount = 2500",
        ),
        "R-000001",
    ),
    "merged into a merged record": Break(
        "T3",
        "it is merged into Ada Byron, which is MERGED",
        (
            NEW_CUSTOMER.format(name="A. Byron", state="MERGED", winner="id"),
            """UPDATE customers SET state = 'MERGED',
            merged_into_id = (SELECT id FROM customers WHERE name = 'A. Byron') WHERE name = 'Ada Byron'""",
        ),
        "A. Byron",
    ),
    "note without an event": Break(
        "E1",
        "its timeline has 1 entries, of which 0 events tell",
        (
            """INSERT INTO timeline_entries (id, customer_id, kind, text, actor, occurred_at, created_at)
            SELECT gen_random_uuid(), id, 'NOTE', 'Owes a favor.', 'staff:anna', now(), now() FROM customers""",
        ),
        "Ada Byron",
    ),
}

STOCK = {
    "tax moved to another day": Break(
        "L6 P10",
        "it counts for tax on 2020-01-01, but was confirmed for ",
        ("UPDATE invoices SET confirmed_at = issued_at, tax_point_on = '2020-01-01' WHERE number = 'INV-000001'",),
        "INV-000001",
    ),
    "goods from elsewhere": Break(
        "C-14",
        "it takes goods from W1 that were set aside in far",
        (
            """INSERT INTO warehouses SELECT (jsonb_populate_record(w,
            jsonb_build_object('id', gen_random_uuid(), 'code', 'far', 'version', 0))).* FROM warehouses w""",
            """UPDATE allocations SET warehouse_id = (SELECT id FROM warehouses WHERE code = 'far')
            WHERE shipment_id IS NOT NULL""",
        ),
        "DN-000001",
    ),
    "value made up": Break("L5", "are valued at 100, but", ("UPDATE stock_pools SET inventory_amount = 100",), "apple"),
    "books without stock": Break(
        "L5",
        "Inventory is 0 in the ledger, stock is worth",
        (
            "UPDATE stock_pools SET inventory_amount = 100",
            """INSERT INTO policy_settings (id, company_id, name, value, version)
            SELECT gen_random_uuid(), id, 'journalMode', 'FULL', 0 FROM companies""",
        ),
    ),
    "advance in no account": Break(
        "L5",
        "CUSTOMER_ADVANCES is 0",
        ("UPDATE payments SET journal_mode = 'FULL' WHERE unallocated_amount > 0",),
        "Ada Byron",
    ),
}
