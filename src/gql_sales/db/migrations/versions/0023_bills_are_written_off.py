"""bills are written off."""

import sqlalchemy as sa
from alembic import op

from gql_sales.db.migration_sql import run

revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None

BILLS = ['invoices', 'cash_sales']


def upgrade() -> None:
    for table in BILLS:
        op.add_column(table, sa.Column('written_off_amount', sa.BigInteger(), server_default=sa.text('0'), nullable=False))
        op.create_check_constraint(op.f(f'ck_{table}_written_off_within_total'), table, 'written_off_amount >= 0 AND open_amount + written_off_amount <= gross_amount')
    op.create_table('write_offs',
    sa.Column('invoice_id', sa.Uuid(), nullable=True),
    sa.Column('cash_sale_id', sa.Uuid(), nullable=True),
    sa.Column('currency_code', sa.String(length=3), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('posted_on', sa.Date(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('amount <> 0', name=op.f('ck_write_offs_amount_not_zero')),
    sa.CheckConstraint('num_nonnulls(invoice_id, cash_sale_id) = 1', name=op.f('ck_write_offs_one_target')),
    sa.ForeignKeyConstraint(['cash_sale_id'], ['cash_sales.id'], name=op.f('fk_write_offs_cash_sale_id')),
    sa.ForeignKeyConstraint(['invoice_id'], ['invoices.id'], name=op.f('fk_write_offs_invoice_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_write_offs'))
    )
    op.create_index(op.f('ix_write_offs_cash_sale_id'), 'write_offs', ['cash_sale_id'], unique=False)
    op.create_index(op.f('ix_write_offs_invoice_id'), 'write_offs', ['invoice_id'], unique=False)
    run("write_offs.sql")


def downgrade() -> None:
    # Journal lines of write-offs stand in the way on purpose: what they are would be forgotten.
    run("write_offs_down.sql")
    op.drop_table('write_offs')
    for table in BILLS:
        op.drop_constraint(op.f(f'ck_{table}_written_off_within_total'), table, type_='check')
        op.drop_column(table, 'written_off_amount')
