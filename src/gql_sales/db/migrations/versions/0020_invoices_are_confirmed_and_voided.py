"""invoices are confirmed and voided."""

import sqlalchemy as sa
from alembic import op

from gql_sales.db.migration_sql import run

revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column('invoices', 'tax_point_on', existing_type=sa.Date(), nullable=True)
    op.add_column('invoices', sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('invoices', sa.Column('voided_by_id', sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f('fk_invoices_voided_by_id'), 'invoices', 'credit_memos', ['voided_by_id'], ['id'])
    run('invoices_void.sql')


def downgrade() -> None:
    run('invoices_void_down.sql')
    op.drop_constraint(op.f('fk_invoices_voided_by_id'), 'invoices', type_='foreignkey')
    op.drop_column('invoices', 'voided_by_id')
    op.drop_column('invoices', 'confirmed_at')
    op.alter_column('invoices', 'tax_point_on', existing_type=sa.Date(), nullable=False)
