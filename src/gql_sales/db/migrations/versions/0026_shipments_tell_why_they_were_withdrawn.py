"""shipments tell why they were withdrawn."""

import sqlalchemy as sa
from alembic import op

revision = '0026'
down_revision = '0025'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('shipments', sa.Column('cancel_reason', sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column('shipments', 'cancel_reason')
