"""customers are merged."""

import sqlalchemy as sa
from alembic import op

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None

CHECKS = {
    'customerstate': "state IN ('ACTIVE', 'MERGED')",
    'merged_into_another': "(state = 'MERGED') = (merged_into_id IS NOT NULL)",
    'not_merged_into_itself': 'merged_into_id <> id',
    'merged_without_login': "subject IS NULL OR state <> 'MERGED'",
}


def upgrade() -> None:
    state = sa.Column('state', sa.String(40), server_default=sa.text("'ACTIVE'"), nullable=False)
    op.add_column('customers', state)
    op.add_column('customers', sa.Column('merged_into_id', sa.Uuid(), nullable=True))
    for name, condition in CHECKS.items():
        op.create_check_constraint(op.f(f'ck_customers_{name}'), 'customers', condition)
    op.create_foreign_key(op.f('fk_customers_merged_into_id'), 'customers', 'customers', ['merged_into_id'], ['id'])
    op.create_index('ix_customers_merged_into_id_id', 'customers', ['merged_into_id', 'id'])
    email = sa.literal_column('lower(email)')
    op.create_index(
        'ix_customers_guest_email', 'customers', ['company_id', email], postgresql_where=sa.text("kind = 'GUEST'")
    )


def downgrade() -> None:
    # Merged records stand for themselves again, each with the documents that name it.
    op.drop_index('ix_customers_guest_email', table_name='customers')
    op.drop_index('ix_customers_merged_into_id_id', table_name='customers')
    for name in CHECKS:
        op.drop_constraint(op.f(f'ck_customers_{name}'), 'customers', type_='check')
    op.drop_column('customers', 'merged_into_id')
    op.drop_column('customers', 'state')
