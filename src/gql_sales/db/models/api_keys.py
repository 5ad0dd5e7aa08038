"""API keys of partners; only a digest is stored (reliability.md A5)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, LargeBinary, String
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PGUUID
from sqlalchemy.orm import Mapped, mapped_column

from gql_sales.db.models.base import CompanyId, Document


class ApiKey(Document):
    """What a partner's program shows instead of a login."""

    __tablename__ = "api_keys"
    company_id: Mapped[CompanyId]
    name: Mapped[str] = mapped_column(String(120))
    prefix: Mapped[str] = mapped_column(String(8))
    key_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    scopes: Mapped[list[str]] = mapped_column(ARRAY(String(60)))
    channel_ids: Mapped[list[UUID] | None] = mapped_column(ARRAY(PGUUID))
    warehouse_ids: Mapped[list[UUID] | None] = mapped_column(ARRAY(PGUUID))
    expires_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
