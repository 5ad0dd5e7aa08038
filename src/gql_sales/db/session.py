"""The unit of work of one mutation: session, actor, clock, and everything that its verbs have loaded or promised."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from gql_sales.db.models.base import Base, Document, Row
from gql_sales.db.models.channels import Channel, Warehouse
from gql_sales.db.models.companies import Company
from gql_sales.db.models.customers import Customer
from gql_sales.db.models.numbers import SeriesKind
from gql_sales.db.models.orders import Allocation, OrderHold
from gql_sales.db.models.stock import StockLevel, StockPool
from gql_sales.db.transaction import Transaction
from gql_sales.kernel.principals import Principal
from gql_sales.kernel.warnings import Warned, WarningCode

T = TypeVar("T", bound=Base)


@dataclass(slots=True)
class Placeholder:
    """A number that the runner fills in last: which document, or part of one, wants which series, dated when."""

    document: Row
    series: SeriesKind
    dated_on: date
    must_not_go_back: bool = False
    issued_at_column: str | None = None


@dataclass(slots=True)
class PendingEvent:
    """An event that the runner appends; ``is_main`` marks a verb's own, which may name further documents."""

    type: str
    document: Document
    data: dict[str, Any] = field(default_factory=dict)
    is_main: bool = False


@dataclass(slots=True)
class Unit:
    """One mutation in progress; with ``is_locking`` false the same code only explains what it would do."""

    session: Transaction
    principal: Principal
    now: datetime
    is_locking: bool = True
    client_address: str | None = None
    """Where the call came from, as the connection tells it."""

    warnings: list[Warned] = field(default_factory=list)
    numbers: list[Placeholder] = field(default_factory=list)
    events: list[PendingEvent] = field(default_factory=list)
    companies: dict[UUID, Company] = field(default_factory=dict)
    channels: dict[UUID, Channel] = field(default_factory=dict)
    policies: dict[UUID, Mapping[str, str]] = field(default_factory=dict)
    policy_origins: dict[UUID, dict[str, str]] = field(default_factory=dict)
    customers: dict[UUID, Customer] = field(default_factory=dict)
    warehouses: dict[UUID, Warehouse] = field(default_factory=dict)
    merged: dict[UUID, UUID] = field(default_factory=dict)
    """By id of a merged customer record the one that stands for it, as far as documents of several are at hand."""
    pools: dict[tuple[UUID, UUID], StockPool] = field(default_factory=dict)
    levels: dict[UUID, StockLevel] = field(default_factory=dict)
    methods: dict[UUID, list[UUID]] = field(default_factory=dict)
    """Fulfillment methods of each stock pool, first in line first."""
    named_methods: dict[UUID, UUID] = field(default_factory=dict)
    """The fulfillment method that a product names for itself."""
    allocations: dict[UUID, list[Allocation]] = field(default_factory=dict)
    settled: dict[UUID, int] = field(default_factory=dict)
    """What payments settle of invoices, in minor units."""
    holds: dict[UUID, list[OrderHold]] = field(default_factory=dict)
    loaded: dict[UUID, Document] = field(default_factory=dict)
    told_dates: dict[SeriesKind, list[date]] = field(default_factory=dict)
    """Dates of the numbers that a dry run has named so far, also those of the entries before this one."""

    @property
    def company_id(self) -> UUID:
        """The caller's company; only operators have none, and their verbs do not ask."""
        if self.principal.company_id is None:
            raise LookupError("The principal belongs to no company.")
        return self.principal.company_id

    def add(self, row: T) -> T:
        """Have the row written with the unit, and return it."""
        self.session.add(row)
        return row

    def emit(self, type_: str, document: Document, **data: Any) -> None:  # noqa: ANN401 (JSON)
        """Append an event of a document that is not the verb's own."""
        self.events.append(PendingEvent(type_, document, data))

    def told(self, type_: str, document: Document) -> dict[str, Any]:
        """The data of the event of that type that the unit has about the document; empty when there is none."""
        return next((event.data for event in self.events if event.type == type_ and event.document is document), {})

    def number(
        self,
        document: Row,
        series: SeriesKind,
        dated_on: date,
        *,
        must_not_go_back: bool = False,
        issued_at_column: str | None = None,
    ) -> None:
        """Ask for the document's number, which the runner takes as the last thing before the commit."""
        self.numbers.append(Placeholder(document, series, dated_on, must_not_go_back, issued_at_column))

    def warn(
        self,
        code: WarningCode,
        message: str,
        *,
        path: Iterable[str] | None = None,
        needs_acknowledgement: bool = False,
    ) -> None:
        """Tell the caller something; with ``needs_acknowledgement`` nothing is written until the caller accepts it."""
        self.warnings.append(Warned(code, message, tuple(path) if path else None, needs_acknowledgement))

    def are_of_one(self, *customer_ids: UUID | None) -> bool:
        """Whether the customer records stand for the same customer, being the same or merged."""
        return len({id_ and self.merged.get(id_, id_) for id_ in customer_ids}) == 1

    def document(self, cls: type[T], id_: UUID) -> T:
        """A document that the runner has locked and loaded, or that the unit makes; LookupError when it has none."""
        found: Base = self.loaded.get(id_) or self._made(id_)
        if not isinstance(found, cls):
            raise LookupError(f"{id_} is a {type(found).__name__}.")
        return found

    def _made(self, id_: UUID) -> Document:
        for row in self.session.new:
            if isinstance(row, Document) and row.id == id_:
                return row
        raise LookupError(f"{id_} is not loaded.")
