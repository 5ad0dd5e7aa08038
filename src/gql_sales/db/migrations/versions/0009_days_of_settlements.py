"""days of what settled bills."""

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

SETTLEMENTS = {'payment_allocations': ('payments', 'payment_id'), 'memo_applications': ('credit_memos', 'credit_memo_id')}

# A settlement and its entry are written with one instant. Without an entry, under journalMode OFF, it is the day then.
AS_POSTED = """
UPDATE {table} a SET posted_on = coalesce(
    (SELECT max(e.posted_on) FROM journal_entries e
     WHERE e.document_id = d.id AND e.created_at = a.created_at AND e.event = 'PAYMENT_ALLOCATION'),
    CAST(a.created_at AT TIME ZONE c.timezone AS date)
) FROM {document} d JOIN companies c ON c.id = d.company_id WHERE d.id = a.{column}
"""


def upgrade() -> None:
    for table, (document, column) in SETTLEMENTS.items():
        posted_on = sa.Column('posted_on', sa.Date(), server_default=sa.text('CURRENT_DATE'), nullable=False)
        op.add_column(table, posted_on)
        op.execute(f'ALTER TABLE {table} DISABLE TRIGGER history_is_kept')
        op.execute(AS_POSTED.format(table=table, document=document, column=column))
        op.execute(f'ALTER TABLE {table} ENABLE TRIGGER history_is_kept')


def downgrade() -> None:
    for table in SETTLEMENTS:
        op.drop_column(table, 'posted_on')
