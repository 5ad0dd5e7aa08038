"""Runs the revisions on the connection that ``gql_sales.db.migrate`` hands over; there is no alembic.ini."""

from alembic import context

from gql_sales.db.migrate import OPTIONS
from gql_sales.db.models.base import Base

# The caller has begun the transaction and commits it, so that several revisions succeed or fail together.
context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata, **OPTIONS)
context.run_migrations()
