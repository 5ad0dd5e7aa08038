"""orders are acknowledged after minutes."""

import sqlalchemy as sa
from alembic import op

revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('orders', sa.Column('acknowledgement_due_at', sa.DateTime(timezone=True), nullable=True))
    op.create_index('ix_orders_acknowledgement_due_at', 'orders', ['acknowledgement_due_at', 'id'], unique=False, postgresql_where=sa.text('acknowledgement_due_at IS NOT NULL'))


def downgrade() -> None:
    op.drop_index('ix_orders_acknowledgement_due_at', table_name='orders', postgresql_where=sa.text('acknowledgement_due_at IS NOT NULL'))
    op.drop_column('orders', 'acknowledgement_due_at')
