"""lists are filtered, sorted and searched by indexes."""

import sqlalchemy as sa
from alembic import op

from gql_sales.db.migration_sql import run

revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None

INDEXES = [
    ('ix_events_channel_id_id', 'events (channel_id, id)'),
    ('ix_events_company_id_id', 'events (company_id, id)'),
    ('ix_events_list_actor', 'events (company_id, actor, id)'),
    ('ix_events_list_document_type', 'events (company_id, document_type, id)'),
    ('ix_events_list_occurred_at', 'events (company_id, occurred_at, id)'),
    ('ix_events_list_type', 'events (company_id, type, id)'),
    ('ix_customers_list_kind', 'customers (company_id, kind, id)'),
    ('ix_customers_list_name', 'customers (company_id, name, id)'),
    ('ix_customers_list_state', 'customers (company_id, state, id)'),
    ('ix_customers_list_updated_at', 'customers (company_id, updated_at, id)'),
    (
        'ix_customers_words',
        "customers USING gin (search_fold(name || ' ' || coalesce(email, '') || ' ' || "
        "coalesce(external_ref, '')) gin_trgm_ops)",
    ),
    ('ix_journal_entries_list_event', 'journal_entries (company_id, event, id)'),
    ('ix_journal_entries_list_posted_on', 'journal_entries (company_id, posted_on, id)'),
    ('ix_credit_memos_channel_id_id', 'credit_memos (channel_id, id)'),
    ('ix_credit_memos_code_external_ref', 'credit_memos (company_id, lower(external_ref) text_pattern_ops)'),
    ('ix_credit_memos_code_number', 'credit_memos (company_id, lower(number) text_pattern_ops)'),
    ('ix_credit_memos_left', 'credit_memos (company_id, id) WHERE balance_amount > 0'),
    ('ix_credit_memos_list_cause', 'credit_memos (company_id, cause, id)'),
    ('ix_credit_memos_list_credited_on', 'credit_memos (company_id, credited_on, id)'),
    ('ix_credit_memos_list_gross_amount', 'credit_memos (company_id, gross_amount, id)'),
    ('ix_credit_memos_list_state', 'credit_memos (company_id, state, id)'),
    ('ix_credit_memos_list_usage_status', 'credit_memos (company_id, usage_status, id)'),
    ('ix_orders_code_customer_po', 'orders (company_id, lower(customer_po) text_pattern_ops)'),
    ('ix_orders_code_external_ref', 'orders (company_id, lower(external_ref) text_pattern_ops)'),
    ('ix_orders_code_number', 'orders (company_id, lower(number) text_pattern_ops)'),
    ('ix_orders_list_allocation_status', 'orders (company_id, allocation_status, id)'),
    ('ix_orders_list_commitment_status', 'orders (company_id, commitment_status, id)'),
    ('ix_orders_list_credit_status', 'orders (company_id, credit_status, id)'),
    ('ix_orders_list_dispatch_status', 'orders (company_id, dispatch_status, id)'),
    ('ix_orders_list_document_date', 'orders (company_id, document_date, id)'),
    ('ix_orders_list_gross_amount', 'orders (company_id, gross_amount, id)'),
    ('ix_orders_list_outstanding_amount', 'orders (company_id, outstanding_amount, id)'),
    ('ix_orders_list_pack_status', 'orders (company_id, pack_status, id)'),
    ('ix_orders_list_payment_status', 'orders (company_id, payment_status, id)'),
    ('ix_orders_list_placed_at', "orders (company_id, coalesce(placed_at, '9999-12-31 00:00:00+00'::timestamptz), id)"),
    ('ix_orders_list_source', 'orders (company_id, source, id)'),
    ('ix_orders_list_type_code', 'orders (company_id, type_code, id)'),
    ('ix_orders_list_updated_at', 'orders (company_id, updated_at, id)'),
    ('ix_orders_paid_unbilled', "orders (company_id, id) WHERE payment_status = 'PREPAID'"),
    (
        'ix_orders_to_allocate',
        "orders (company_id, id) WHERE state IN ('ACKNOWLEDGED', 'PLACED') AND allocation_status IN "
        "('NONE', 'PARTIAL') AND commitment_status IN ('FULL', 'PARTIAL')",
    ),
    (
        'ix_orders_to_bill',
        "orders (company_id, id) WHERE state IN ('ACKNOWLEDGED', 'COMPLETED', 'PLACED') AND "
        "billing_status IN ('PARTIAL', 'UNBILLED')",
    ),
    (
        'ix_orders_to_collect',
        "orders (company_id, id) WHERE state IN ('ACKNOWLEDGED', 'COMPLETED', 'PLACED') AND "
        'outstanding_amount > 0',
    ),
    (
        'ix_orders_to_commit',
        "orders (company_id, id) WHERE state IN ('ACKNOWLEDGED', 'PLACED') AND commitment_status IN "
        "('NONE', 'PARTIAL')",
    ),
    (
        'ix_orders_to_ship',
        "orders (company_id, id) WHERE state IN ('ACKNOWLEDGED', 'PLACED') AND dispatch_status IN "
        "('NONE', 'PARTIAL') AND allocation_status IN ('FULL', 'PARTIAL')",
    ),
    ('ix_products_company_id_id', 'products (company_id, id)'),
    ('ix_products_inactive', 'products (company_id, id) WHERE NOT is_active'),
    ('ix_products_list_brand', 'products (company_id, brand, id)'),
    ('ix_products_list_kind', 'products (company_id, kind, id)'),
    ('ix_products_list_name', 'products (company_id, name, id)'),
    ('ix_products_list_tax_group', 'products (company_id, tax_group, id)'),
    ('ix_products_words', "products USING gin (search_fold(sku || ' ' || name) gin_trgm_ops)"),
    ('ix_cash_sales_channel_id_id', 'cash_sales (channel_id, id)'),
    ('ix_cash_sales_code_number', 'cash_sales (company_id, lower(number) text_pattern_ops)'),
    ('ix_cash_sales_invoiced', 'cash_sales (company_id, id) WHERE invoiced_at IS NOT NULL'),
    ('ix_cash_sales_list_gross_amount', 'cash_sales (company_id, gross_amount, id)'),
    ('ix_cash_sales_list_payment_status', 'cash_sales (company_id, payment_status, id)'),
    ('ix_cash_sales_list_sold_on', 'cash_sales (company_id, sold_on, id)'),
    ('ix_cash_sales_list_state', 'cash_sales (company_id, state, id)'),
    ('ix_order_items_sku', 'order_items (lower(sku), order_id)'),
    ('ix_payments_code_number', 'payments (company_id, lower(number) text_pattern_ops)'),
    ('ix_payments_left', 'payments (company_id, id) WHERE unallocated_amount > 0'),
    ('ix_payments_list_amount', 'payments (company_id, amount, id)'),
    ('ix_payments_list_kind', 'payments (company_id, kind, id)'),
    ('ix_payments_list_received_at', 'payments (company_id, received_at, id)'),
    ('ix_payments_list_state', 'payments (company_id, state, id)'),
    ('ix_refunds_channel_id_id', 'refunds (channel_id, id)'),
    ('ix_refunds_code_number', 'refunds (company_id, lower(number) text_pattern_ops)'),
    ('ix_refunds_code_reference', 'refunds (company_id, lower(reference) text_pattern_ops)'),
    ('ix_refunds_list_amount', 'refunds (company_id, amount, id)'),
    ('ix_refunds_list_requested_on', 'refunds (company_id, requested_on, id)'),
    ('ix_refunds_list_state', 'refunds (company_id, state, id)'),
    ('ix_shipments_channel_id_id', 'shipments (channel_id, id)'),
    ('ix_shipments_code_number', 'shipments (company_id, lower(number) text_pattern_ops)'),
    ('ix_shipments_code_tracking_number', 'shipments (company_id, lower(tracking_number) text_pattern_ops)'),
    ('ix_shipments_list_carrier', 'shipments (company_id, carrier, id)'),
    ('ix_shipments_list_delivered_at', 'shipments (company_id, delivered_at, id)'),
    (
        'ix_shipments_list_finalized_at',
        "shipments (company_id, coalesce(finalized_at, '9999-12-31 00:00:00+00'::timestamptz), id)",
    ),
    ('ix_shipments_list_state', 'shipments (company_id, state, id)'),
    ('ix_shipments_list_updated_at', 'shipments (company_id, updated_at, id)'),
    ('ix_shipments_warehouse_id_id', 'shipments (warehouse_id, id)'),
    ('ix_stock_levels_company_id_id', 'stock_levels (company_id, id)'),
    ('ix_stock_levels_list_lot', 'stock_levels (company_id, lot, id)'),
    ('ix_stock_levels_list_on_hand', 'stock_levels (company_id, on_hand, id)'),
    ('ix_stock_levels_list_owner', 'stock_levels (company_id, owner, id)'),
    ('ix_stock_levels_warehouse_id_id', 'stock_levels (warehouse_id, id)'),
    ('ix_allocations_company_id', 'allocations (company_id)'),
    ('ix_allocations_company_id_id', 'allocations (company_id, id)'),
    ('ix_allocations_list_created_at', 'allocations (company_id, created_at, id)'),
    ('ix_allocations_list_state', 'allocations (company_id, state, id)'),
    ('ix_allocations_shipment_id_id', 'allocations (shipment_id, id)'),
    ('ix_allocations_warehouse_id_id', 'allocations (warehouse_id, id)'),
    ('ix_allocations_taken', "allocations (warehouse_id, order_id) WHERE state <> 'RELEASED'"),
    ('ix_invoices_channel_id_id', 'invoices (channel_id, id)'),
    ('ix_invoices_code_number', 'invoices (company_id, lower(number) text_pattern_ops)'),
    ('ix_invoices_list_due_on', 'invoices (company_id, due_on, id)'),
    ('ix_invoices_list_gross_amount', 'invoices (company_id, gross_amount, id)'),
    ('ix_invoices_list_invoiced_on', 'invoices (company_id, invoiced_on, id)'),
    ('ix_invoices_list_open_amount', 'invoices (company_id, open_amount, id)'),
    ('ix_invoices_list_payment_status', 'invoices (company_id, payment_status, id)'),
    ('ix_invoices_list_state', 'invoices (company_id, state, id)'),
    ('ix_invoices_open', 'invoices (company_id, id) WHERE open_amount > 0'),
    ('ix_invoices_overdue', 'invoices (company_id, due_on, order_id) WHERE open_amount > 0'),
    ('ix_stock_movements_company_id_id', 'stock_movements (company_id, id)'),
    ('ix_stock_movements_list_kind', 'stock_movements (company_id, kind, id)'),
    ('ix_stock_movements_list_occurred_at', 'stock_movements (company_id, occurred_at, id)'),
    ('ix_stock_movements_shipment_id_id', 'stock_movements (shipment_id, id)'),
    ('ix_stock_movements_warehouse_id_id', 'stock_movements (warehouse_id, id)'),
]


def upgrade() -> None:
    run('search.sql')
    op.add_column('allocations', sa.Column('company_id', sa.Uuid(), nullable=True))
    op.execute('UPDATE allocations SET company_id = orders.company_id FROM orders WHERE orders.id = order_id')
    op.alter_column('allocations', 'company_id', nullable=False)
    op.create_foreign_key('fk_allocations_company_id', 'allocations', 'companies', ['company_id'], ['id'])
    op.execute('DROP INDEX ix_orders_prepaid')
    for name, columns in INDEXES:
        op.execute(sa.text(f'CREATE INDEX {name} ON {columns}'.replace(':', '\\:')))


def downgrade() -> None:
    for name, _ in reversed(INDEXES):
        op.execute(f'DROP INDEX {name}')
    op.execute("CREATE INDEX ix_orders_prepaid ON orders (company_id, id) WHERE payment_status = 'PREPAID'")
    op.drop_column('allocations', 'company_id')
    run('search_down.sql')
