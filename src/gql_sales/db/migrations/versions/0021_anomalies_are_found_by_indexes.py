"""anomalies are found by indexes."""

from alembic import op

revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None

INDEXES = [
    ('ix_cash_sales_unpaid', 'cash_sales (company_id, id) WHERE open_amount > 0'),
    (
        'ix_order_items_billed_too_much',
        'order_items (id) WHERE invoiced_quantity - credited_quantity - (ordered_quantity - cancelled_quantity) > 0',
    ),
    ('ix_orders_prepaid', "orders (company_id, id) WHERE payment_status = 'PREPAID'"),
    ('ix_orders_billing', 'orders (company_id, billing_status, id)'),
]


def upgrade() -> None:
    for name, columns in INDEXES:
        op.execute(f'CREATE INDEX {name} ON {columns}')


def downgrade() -> None:
    for name, _ in reversed(INDEXES):
        op.execute(f'DROP INDEX {name}')
