"""What an import is going to do, worked out before anything is sent: the common form of every format."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

GOODS = "GOODS"
MOST_CHARACTERS = 200
"""What names and the lines of an address may have; the rest is cut off, since a bill needs no more."""


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that is not imported, and why; the amount is what is missing from the sums because of it."""

    row: int
    code: str
    message: str
    amount: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class PlannedProduct:
    """A product that has to be there; ``row`` is where the file names it first."""

    sku: str
    name: str
    kind: str
    row: int

    @property
    def amount(self) -> Decimal:
        """Nothing is missing from the sums of sales without it alone."""
        return Decimal(0)


@dataclass(frozen=True, slots=True)
class PlannedAddress:
    """A postal address, or as much of one as the file tells."""

    name: str
    line1: str
    city: str
    country_code: str
    line2: str = ""
    region: str = ""
    postal_code: str = ""


@dataclass(frozen=True, slots=True)
class PlannedCustomer:
    """A customer that has to be there."""

    ref: str
    name: str
    kind: str
    row: int
    email: str = ""
    address: PlannedAddress | None = None

    @property
    def amount(self) -> Decimal:
        """Nothing is missing from the sums of sales without it alone."""
        return Decimal(0)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a sale; without a price it is the channel's."""

    sku: str
    quantity: Decimal
    unit_price: Decimal | None
    row: int
    ref: str = ""

    @property
    def amount(self) -> Decimal:
        """Quantity times price, as far as the file tells it."""
        return self.quantity * (self.unit_price or 0)


@dataclass(frozen=True, slots=True)
class Sale:
    """An order with everything that the file says became of it; days and times are those at the seller's seat."""

    ref: str
    ordered_on: date
    customer_ref: str
    lines: tuple[Line, ...]
    address: PlannedAddress | None = None
    payment_method: str | None = None
    is_invoice_requested: bool = False
    is_shipped: bool = False
    tracking_number: str = ""
    billed_on: date | None = None
    paid_at: datetime | None = None

    @property
    def amount(self) -> Decimal:
        """The sum of the lines."""
        return sum((line.amount for line in self.lines), Decimal(0))

    @property
    def rows(self) -> tuple[Line, ...]:
        """The lines; every document has its rows under this name."""
        return self.lines


@dataclass(frozen=True, slots=True)
class WriteOff:
    """Goods that were found to be missing or broken."""

    ref: str
    sku: str
    quantity: Decimal
    remark: str
    row: int

    @property
    def amount(self) -> Decimal:
        """Written-off goods have no price in the books of sales."""
        return Decimal(0)


@dataclass(frozen=True, slots=True)
class CreditedLine:
    """A quantity of a line of an earlier sale that is credited; ``position`` counts the sale's lines from 1."""

    sale_ref: str
    position: int
    description: str
    sku: str
    quantity: Decimal
    unit_price: Decimal
    row: int

    @property
    def amount(self) -> Decimal:
        """What the customer gets back at the price of the sale, below zero."""
        return -self.quantity * self.unit_price


@dataclass(frozen=True, slots=True)
class ManualLine:
    """An amount that is credited without a sale that it could be told of."""

    description: str
    sku: str
    quantity: Decimal
    unit_price: Decimal
    row: int

    @property
    def amount(self) -> Decimal:
        """What the customer gets back, below zero."""
        return -self.quantity * self.unit_price


@dataclass(frozen=True, slots=True)
class Credit:
    """A credit memo over lines of both kinds; a guest's is not refunded, since nobody knows who it was."""

    ref: str
    dated_on: date
    customer_ref: str
    credited: tuple[CreditedLine, ...]
    manual: tuple[ManualLine, ...]
    is_refunded: bool

    @property
    def amount(self) -> Decimal:
        """What the customer gets back, below zero."""
        return sum((line.amount for line in self.rows), Decimal(0))

    @property
    def rows(self) -> tuple[CreditedLine | ManualLine, ...]:
        """The lines of both kinds."""
        return (*self.credited, *self.manual)


@dataclass(frozen=True, slots=True)
class Place:
    """The channel and the warehouse of the import, made when they are not there."""

    channel_code: str = "web"
    channel_name: str = "Web shop"
    warehouse_code: str = "MAIN"
    warehouse_name: str = "Main warehouse"
    pool_code: str = "main"
    currency_code: str = ""
    """Empty for the company's."""


@dataclass(slots=True)
class Plan:
    """Everything that an import does, in the order in which it happened."""

    place: Place = field(default_factory=Place)
    untaxed_countries: frozenset[str] = frozenset()
    """Countries whose tax rate is set to 0, as long as no rule says otherwise."""
    receives_stock: bool = False
    """Whether what the file takes out of stock is received before the first sale."""
    products: list[PlannedProduct] = field(default_factory=list)
    customers: list[PlannedCustomer] = field(default_factory=list)
    sales: list[Sale] = field(default_factory=list)
    write_offs: list[WriteOff] = field(default_factory=list)
    credits: list[Credit] = field(default_factory=list)
    bad_rows: list[BadRow] = field(default_factory=list)

    @property
    def documents(self) -> int:
        """What the import makes, as its speed is told: sales, write-offs and credits."""
        return len(self.sales) + len(self.write_offs) + len(self.credits)

    def taken(self) -> Mapping[str, Decimal]:
        """By SKU, what the file takes out of stock: without it at the beginning not all of it could happen."""
        found: dict[str, Decimal] = defaultdict(Decimal)
        for sale in self.sales:
            for line in sale.lines:
                found[line.sku] += line.quantity
        for one in self.write_offs:
            found[one.sku] += one.quantity
        return dict(sorted(found.items()))


def cut(text: str, most: int = MOST_CHARACTERS) -> str:
    """The text without blanks around it, no longer than ``most``."""
    return text.strip()[:most].strip()
