"""stock is moved."""

import sqlalchemy as sa
from alembic import op

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None

KINDS = ['ADJUST', 'RECEIVE', 'SHIP']


def allow(*kinds: str) -> None:
    """Let movements be of these kinds and no other."""
    op.drop_constraint(op.f('ck_stock_movements_movementkind'), 'stock_movements', type_='check')
    op.create_check_constraint(
        op.f('ck_stock_movements_movementkind'), 'stock_movements', sa.column('kind').in_(kinds)
    )


def upgrade() -> None:
    allow('MOVE', *KINDS)


def downgrade() -> None:
    # Movements between places stand in the way on purpose: levels would no longer be the sum of theirs.
    allow(*KINDS)
