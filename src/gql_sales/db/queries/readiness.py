"""The smallest question to a database."""

from sqlalchemy import literal, select

ANSWERS = select(literal(1))
"""One row when the database answers at all."""
