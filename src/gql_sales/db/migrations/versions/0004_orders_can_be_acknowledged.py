"""orders can be acknowledged."""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

STATES = ['CANCELLED', 'COMPLETED', 'DELETED', 'OPEN', 'PLACED']


def allow(*states: str) -> None:
    """Let orders be in these states and no other."""
    op.drop_constraint(op.f('ck_orders_orderstate'), 'orders', type_='check')
    op.create_check_constraint(op.f('ck_orders_orderstate'), 'orders', sa.column('state').in_(states))


def upgrade() -> None:
    op.add_column('orders', sa.Column('acknowledged_at', sa.DateTime(timezone=True), nullable=True))
    allow('ACKNOWLEDGED', *STATES)


def downgrade() -> None:
    # Acknowledged orders stand in the way on purpose: what was confirmed would be forgotten.
    allow(*STATES)
    op.drop_column('orders', 'acknowledged_at')
