"""A normal day of one company, told to the runner: orders placed, cancelled, shipped, billed and paid."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import text

from gql_sales.access.scopes import OPERATOR, SCOPES
from gql_sales.db.engine import Database
from gql_sales.db.event_places import dedicated, place_batch
from gql_sales.db.models.channels import ChannelKind
from gql_sales.db.models.credit_memos import CreditMemoCause
from gql_sales.db.models.customers import CustomerKind
from gql_sales.db.models.orders import HoldScope
from gql_sales.db.models.payments import PaymentKind
from gql_sales.db.models.products import ProductKind
from gql_sales.domain.allocations.create import allocation_create
from gql_sales.domain.cash_sales.invoice import cash_sale_invoice
from gql_sales.domain.cash_sales.issue import cash_sale_issue
from gql_sales.domain.channels.create import channel_create
from gql_sales.domain.companies.create import company_create
from gql_sales.domain.credit_memos.free_lines import FreeCredit
from gql_sales.domain.credit_memos.issue import credit_memo_issue
from gql_sales.domain.credit_memos.lines import NewCredit
from gql_sales.domain.customers.create import customer_create
from gql_sales.domain.invoices.issue import invoice_issue
from gql_sales.domain.orders.acknowledge import order_acknowledge
from gql_sales.domain.orders.address import PostalAddress
from gql_sales.domain.orders.cancel import order_cancel
from gql_sales.domain.orders.create import OrderStep, order_create
from gql_sales.domain.orders.hold import order_hold
from gql_sales.domain.orders.item_cancel import CancelledItem, order_item_cancel
from gql_sales.domain.orders.items import NewItem
from gql_sales.domain.payments.record import payment_record
from gql_sales.domain.payments.settlement import Target
from gql_sales.domain.payments.tenders import NewTender
from gql_sales.domain.products.create import product_create
from gql_sales.domain.products.price_set import product_price_set
from gql_sales.domain.refunds.issue import refund_issue
from gql_sales.domain.refunds.steps import RefundStep
from gql_sales.domain.registry import load_all
from gql_sales.domain.runner import Call, Outcome, create, run
from gql_sales.domain.shipments.create import ShipmentStep, shipment_create
from gql_sales.domain.shipments.lines import NewShipmentItem
from gql_sales.domain.shipments.package_add import shipment_package_add
from gql_sales.domain.stock.receive import ReceivedLine, stock_receive
from gql_sales.domain.tax_rules.set import tax_rule_set
from gql_sales.domain.warehouses.create import warehouse_create
from gql_sales.kernel.ids import new_id
from gql_sales.kernel.principals import Audience, Principal, PrincipalKind
from gql_sales.kernel.warnings import WarningCode

ADDRESS = PostalAddress("Ada Byron", "Main Street 1", "Berlin", "DE")


@dataclass
class Story:
    """What the day is about; ``orders`` by what became of them: shipped, part, paid_ahead, cancelled, sold …"""

    database: Database
    principal: Principal
    channel_id: UUID = field(default_factory=new_id)
    warehouse_id: UUID = field(default_factory=new_id)
    customer_id: UUID = field(default_factory=new_id)
    products: dict[str, UUID] = field(default_factory=dict)
    orders: dict[str, UUID] = field(default_factory=dict)

    def call(self) -> Call:
        """A call with a key of its own that accepts every warning."""
        return Call(self.principal, self.database, new_id().hex, acknowledged=frozenset(WarningCode))

    async def make(self, verb: Any, **arguments: Any) -> UUID:
        """Run a creation that must succeed; the id of what it made."""
        outcome = done(await create(verb, self.call(), **arguments))
        id_ = outcome.document(verb.root.__name__)
        assert id_ is not None
        return id_

    async def do(self, verb: Any, id_: UUID, **arguments: Any) -> Outcome:
        """Run a transition that must succeed."""
        return done(await run(verb, self.call(), id_, **arguments))

    async def place(self, name: str, *items: tuple[str, str], then: tuple[OrderStep, ...] = (OrderStep.PLACE,)) -> UUID:
        """An order of products and quantities."""
        self.orders[name] = await self.make(
            order_create,
            channel_id=self.channel_id,
            customer_id=self.customer_id,
            items=[NewItem(self.products[sku], Decimal(quantity)) for sku, quantity in items],
            shipping_address=ADDRESS,
            billing_address=ADDRESS,
            then=then,
        )
        return self.orders[name]

    async def items(self, order_id: UUID) -> list[UUID]:
        """Ids of the items of an order, by position."""
        statement = text("SELECT id FROM order_items WHERE order_id = :id ORDER BY position")
        return [row.id for row in await self.database.read(statement, {"id": order_id})]


def done(outcome: Outcome) -> Outcome:
    """The outcome of what must not be refused."""
    assert not outcome.errors, outcome.errors
    return outcome


async def company(database: Database) -> Principal:
    """A new company, and somebody who may do everything in it."""
    operator = Principal(PrincipalKind.STAFF, Audience.ADMIN, "operator", OPERATOR)
    call = Call(operator, database, new_id().hex)
    made = done(
        await create(
            company_create, call, code=new_id().hex[-20:], name="Test Ltd", country_code="DE", currency_code="EUR"
        )
    )
    scopes = frozenset(SCOPES) | {"payments:record", "payments:allocate"}
    return Principal(PrincipalKind.STAFF, Audience.ADMIN, "anna", scopes, made.document("Company"))


async def open_story(database: Database) -> Story:
    """A company with a channel, a warehouse, a customer, and 100 each of two products on hand."""
    load_all()
    story = Story(database, await company(database))
    story.channel_id = await story.make(
        channel_create, code="web", name="Web", kind=ChannelKind.WEB, currency_code="EUR", pool_code="main"
    )
    story.warehouse_id = await story.make(warehouse_create, code="W1", name="W1", country_code="DE", pool_code="main")
    day = date(2020, 1, 1)
    await story.make(
        tax_rule_set, country_code="DE", tax_group="STANDARD", rate=Decimal("0.2"), name="VAT", valid_from=day
    )
    story.customer_id = await story.make(customer_create, name="Ada Byron", kind=CustomerKind.STAFF_CREATED)
    for sku, kind, price in (
        ("apple", ProductKind.GOODS, "10"),
        ("pear", ProductKind.GOODS, "2.5"),
        ("delivery", ProductKind.DELIVERY, "4.9"),
    ):
        story.products[sku] = product = await story.make(product_create, sku=sku, name=sku.title(), kind=kind)
        await story.do(product_price_set, product, channel_id=story.channel_id, amount=Decimal(price))
    lines = [ReceivedLine(story.products[sku], Decimal(100)) for sku in ("apple", "pear")]
    await story.make(stock_receive, warehouse_id=story.warehouse_id, lines=lines)
    return story


async def tell(database: Database) -> Story:
    """The whole day, every event placed."""
    story = await open_story(database)
    pay = {"customer_id": story.customer_id, "currency_code": "EUR"}

    shipped = await story.place("shipped", ("apple", "3"), ("delivery", "1"))
    await story.do(shipment_create, shipped, warehouse_id=story.warehouse_id, then=[ShipmentStep.FINALIZE])
    billed = await story.do(invoice_issue, shipped)
    (invoice,) = billed.documents["Invoice"]
    await story.make(
        payment_record,
        **pay,
        kind=PaymentKind.REGULAR,
        tenders=[NewTender("CARD", Decimal(20), "ref-1"), NewTender("CASH", Decimal(5))],
        allocations=[Target(invoice, Decimal(25))],
    )

    part = await story.place("part", ("apple", "4"), ("pear", "7"))
    await story.do(allocation_create, part)
    few = [NewShipmentItem((await story.items(part))[0], Decimal(1))]
    await story.do(shipment_create, part, warehouse_id=story.warehouse_id, items=few, then=[ShipmentStep.FINALIZE])
    booked = await story.do(shipment_create, part, warehouse_id=story.warehouse_id, items=few, then=[ShipmentStep.BOOK])
    await story.do(shipment_package_add, booked.documents["Shipment"][0], items=few)

    await story.do(order_hold, part, scope=HoldScope.BILLING, reason="Price is disputed")

    ahead = await story.place("paid_ahead", ("pear", "2"))
    await story.make(
        payment_record, **pay, kind=PaymentKind.ADVANCE, tenders=[NewTender("CASH", Decimal(6))], order_id=ahead
    )
    await story.place("draft", ("pear", "1"), then=())
    await story.do(order_cancel, await story.place("cancelled", ("pear", "5")), reason="Changed my mind")
    sold = await story.do(cash_sale_issue, await story.place("sold", ("delivery", "1")), payment_method="CASH")
    await story.do(cash_sale_invoice, sold.documents["CashSale"][0])
    await _credit(story)
    noted = await story.place("noted", ("delivery", "2"))
    await story.do(order_acknowledge, noted)
    too_many = [CancelledItem((await story.items(noted))[0], Decimal(1))]
    await story.do(order_item_cancel, noted, items=too_many, reason="Too many")
    await place_all(database)
    return story


async def _credit(story: Story) -> None:
    """A paid order of which one of two is credited and refunded, and goodwill that is kept."""
    paid = [NewTender("CARD", Decimal("11.76"), "ref-2")]
    billed = await story.do(invoice_issue, await story.place("credited", ("delivery", "2")), tenders=paid)
    async with story.database.session() as session:
        statement = text("SELECT id FROM invoice_items WHERE invoice_id = :id")
        line = await session.scalar(statement, {"id": billed.documents["Invoice"][0]})
    one = [NewCredit(line, quantity=Decimal(1))]
    credit = {"cause": CreditMemoCause.PRICE_CORRECTION, "items": one}
    await story.make(refund_issue, credit=credit, then=[RefundStep.COMPLETE])
    goodwill = [FreeCredit("Goodwill", Decimal(3))]
    await story.make(credit_memo_issue, customer_id=story.customer_id, cause=CreditMemoCause.MANUAL, lines=goodwill)


async def place_all(database: Database) -> None:
    """What the sequencer does, until nothing waits."""
    async with dedicated(database, "test") as connection:
        while (placed := await place_batch(connection)) is None or placed.count:
            pass
