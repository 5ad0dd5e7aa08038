"""Who is calling: the one value that rights, row visibility and the audit name are read from."""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID


class Audience(StrEnum):
    """Which of the three kinds of client a principal uses; limits and the visible schema follow it."""

    STOREFRONT = "storefront"
    ADMIN = "admin"
    PARTNER = "partner"


class PrincipalKind(StrEnum):
    """What a principal is (spec/domain.md 8)."""

    ANONYMOUS = "anonymous"
    GUEST = "guest"
    CUSTOMER = "customer"
    STAFF = "staff"
    PARTNER = "partner"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Principal:
    """One caller with everything that rights and visibility need, so that neither asks the database again.

    ``subject`` names the caller for ever: the login's ``sub`` of a person, the id of an API key, the name of a job.
    ``company_id`` is the one company whose rows exist for the caller; only an operator, who creates them, has none.
    ``channel_ids`` and ``warehouse_ids`` narrow the rows further; None means all of the company.
    A guest or customer sees the rows of the one customer record that carries its subject.
    ``verified_email`` is the address that the login service has shown to be the person's.
    """

    kind: PrincipalKind
    audience: Audience
    subject: str
    scopes: frozenset[str] = frozenset()
    company_id: UUID | None = None
    channel_ids: frozenset[UUID] | None = None
    warehouse_ids: frozenset[UUID] | None = None
    expires_at: float | None = field(default=None, compare=False)
    verified_email: str | None = None

    @property
    def key(self) -> str:
        """The owner of idempotency keys and the actor of events, such as ``staff:anna``."""
        return f"{self.kind}:{self.subject}"

    @property
    def is_shopper(self) -> bool:
        """True for a guest or customer, who sees only what is theirs."""
        return self.kind in (PrincipalKind.GUEST, PrincipalKind.CUSTOMER)

    def may(self, *scopes: str) -> bool:
        """Whether every one of the scopes is held."""
        return self.scopes.issuperset(scopes)


ANONYMOUS = Principal(PrincipalKind.ANONYMOUS, Audience.STOREFRONT, "anonymous")
