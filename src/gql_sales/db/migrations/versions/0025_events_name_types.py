"""events tell the types of all documents that they name."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from gql_sales.db.migration_sql import run

revision = '0025'
down_revision = '0024'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('events', sa.Column('document_types', postgresql.ARRAY(sa.String(length=40)), nullable=True))
    run("event_types.sql")
    op.alter_column('events', 'document_types', nullable=False)


def downgrade() -> None:
    op.drop_column('events', 'document_types')
