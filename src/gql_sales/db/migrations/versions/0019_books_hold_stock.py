"""books hold stock."""

import sqlalchemy as sa
from alembic import op

from gql_sales.db.migration_sql import run

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None

ADDED = [
    ('payments', sa.Column('journal_mode', sa.String(length=20), nullable=False, server_default='FOUR_EVENTS')),
    ('stock_movements', sa.Column('value_amount', sa.BigInteger(), nullable=False, server_default='0')),
    ('stock_pools', sa.Column('valued_quantity', sa.Numeric(precision=18, scale=6), nullable=False, server_default='0')),
    ('stock_pools', sa.Column('inventory_amount', sa.BigInteger(), nullable=False, server_default='0')),
    ('stock_pools', sa.Column('unit_cost', sa.Numeric(precision=20, scale=6), nullable=False, server_default='0')),
]


def upgrade() -> None:
    for table, column in ADDED:
        op.add_column(table, column)
        op.alter_column(table, column.name, server_default=None)
    run('stock_value.sql')


def downgrade() -> None:
    # Entries of the new kinds stand in the way on purpose: the ledger is never cut.
    run('stock_value_down.sql')
    for table, column in reversed(ADDED):
        op.drop_column(table, column.name)
