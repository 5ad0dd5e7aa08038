"""orders are closed and know their source."""

import sqlalchemy as sa
from alembic import op

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None

STATES = ['ACKNOWLEDGED', 'CANCELLED', 'COMPLETED', 'DELETED', 'OPEN', 'PLACED']
SOURCES = ['EPOS', 'PARTNER', 'PHONE', 'WEB']


def allow(name: str, column: str, *values: str) -> None:
    """Let a column of orders have these values and no other."""
    op.drop_constraint(op.f(name), 'orders', type_='check')
    op.create_check_constraint(op.f(name), 'orders', sa.column(column).in_(values))


def upgrade() -> None:
    op.add_column('orders', sa.Column('source_ip', sa.String(length=45), nullable=True))
    op.add_column('orders', sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True))
    op.create_index('ix_orders_customer_po', 'orders', ['customer_id', 'customer_po'], unique=False, postgresql_where=sa.text('customer_po IS NOT NULL'))
    allow('ck_orders_orderstate', 'state', 'CLOSED', *STATES)
    allow('ck_orders_ordersource', 'source', 'IN_PERSON', *SOURCES)


def downgrade() -> None:
    # Closed orders, and those taken in person, stand in the way on purpose: what they are would be forgotten.
    allow('ck_orders_ordersource', 'source', *SOURCES)
    allow('ck_orders_orderstate', 'state', *STATES)
    op.drop_index('ix_orders_customer_po', table_name='orders', postgresql_where=sa.text('customer_po IS NOT NULL'))
    op.drop_column('orders', 'closed_at')
    op.drop_column('orders', 'source_ip')
