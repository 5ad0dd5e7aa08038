"""Two channels, warehouses and customers of one company, for tests of who hears of what."""

from dataclasses import dataclass, replace
from decimal import Decimal

from sqlalchemy import text

from gql_sales.access.scopes import CUSTOMER, PARTNER
from gql_sales.db.models.channels import ChannelKind
from gql_sales.db.models.credit_memos import CreditMemoCause
from gql_sales.db.models.customers import CustomerKind, TimelineKind
from gql_sales.db.models.payments import PaymentKind
from gql_sales.domain.allocations.create import allocation_create
from gql_sales.domain.allocations.release import allocation_release
from gql_sales.domain.cash_sales.issue import cash_sale_issue
from gql_sales.domain.channels.create import channel_create
from gql_sales.domain.credit_memos.lines import NewCredit
from gql_sales.domain.customers.create import customer_create
from gql_sales.domain.customers.timeline_add import customer_timeline_add
from gql_sales.domain.customers.update import customer_update
from gql_sales.domain.invoices.issue import invoice_issue
from gql_sales.domain.payments.record import payment_record
from gql_sales.domain.payments.settlement import Target
from gql_sales.domain.payments.tenders import NewTender
from gql_sales.domain.products.price_set import product_price_set
from gql_sales.domain.refunds.issue import refund_issue
from gql_sales.domain.refunds.steps import RefundStep
from gql_sales.domain.runner import Call, create
from gql_sales.domain.shipments.create import ShipmentStep, shipment_create
from gql_sales.domain.stock.receive import ReceivedLine, stock_receive
from gql_sales.domain.warehouses.create import warehouse_create
from gql_sales.kernel.ids import encode_id, new_id
from gql_sales.kernel.principals import Audience, Principal, PrincipalKind
from gql_sales.kernel.warnings import WarningCode
from tests.sales_story import Story, done


@dataclass(frozen=True)
class Told:
    """Two channels, two warehouses and two customers of one company, and one company more."""

    story: Story
    """What happened in the first of all."""
    far: Story
    """What happened in the second."""
    foreign: Story
    start: str
    """The cursor before everything."""

    def allocated(self) -> set[str]:
        """The orders for which something was set aside in the second warehouse."""
        return {encode_id("Order", self.far.orders[name]) for name in ("sold", "kept")}

    def eve(self) -> Principal:
        """The second customer."""
        return Principal(PrincipalKind.CUSTOMER, Audience.STOREFRONT, "eve", CUSTOMER, self.story.principal.company_id)

    def principals(self) -> dict[str, Principal]:
        """Everybody whose rights differ."""
        channel, warehouse = frozenset({self.far.channel_id}), frozenset({self.far.warehouse_id})
        company_id = self.story.principal.company_id
        partner = Principal(PrincipalKind.PARTNER, Audience.PARTNER, str(new_id()), PARTNER, company_id)
        return {
            "admin": self.story.principal,
            "of a channel": replace(partner, channel_ids=channel),
            "of a warehouse": replace(partner, warehouse_ids=warehouse),
            "of both": replace(partner, channel_ids=channel, warehouse_ids=warehouse),
            "staff of a channel": replace(self.story.principal, subject="bob", channel_ids=channel),
            "shopper": self.eve(),
            "stranger": replace(self.eve(), subject="mallory"),
            "foreign": self.foreign.principal,
        }


async def second(story: Story) -> Story:
    """Another channel, warehouse and customer, and one sale with everything there."""
    far = replace(story, orders={})
    far.channel_id = await far.make(
        channel_create, code="far", name="Far", kind=ChannelKind.WEB, currency_code="EUR", pool_code="main"
    )
    far.warehouse_id = await far.make(warehouse_create, code="W2", name="W2", country_code="DE", pool_code="main")
    for sku in ("apple", "pear", "delivery"):
        await far.do(product_price_set, far.products[sku], channel_id=far.channel_id, amount=Decimal(10))
    lines = [ReceivedLine(far.products["apple"], Decimal(10))]
    await far.make(stock_receive, warehouse_id=far.warehouse_id, lines=lines)
    eve = Principal(PrincipalKind.CUSTOMER, Audience.STOREFRONT, "eve", CUSTOMER, story.principal.company_id)
    call = Call(eve, story.database, new_id().hex, acknowledged=frozenset(WarningCode))
    made = done(await create(customer_create, call, name="Eve", kind=CustomerKind.REGISTERED, email="e@example.com"))
    (far.customer_id,) = made.documents["Customer"]
    order = await far.place("sold", ("apple", "2"))
    await far.do(allocation_create, order, warehouse_id=far.warehouse_id)
    await far.do(shipment_create, order, warehouse_id=far.warehouse_id, then=[ShipmentStep.FINALIZE])
    (invoice,) = (await far.do(invoice_issue, order)).documents["Invoice"]
    await far.make(
        payment_record,
        customer_id=far.customer_id,
        currency_code="EUR",
        kind=PaymentKind.REGULAR,
        tenders=[NewTender("CARD", Decimal(24), "ref-9")],
        allocations=[Target(invoice, Decimal(24))],
    )
    rows = await story.database.read(text("SELECT id FROM invoice_items WHERE invoice_id = :id"), {"id": invoice})
    credit = {"cause": CreditMemoCause.PRICE_CORRECTION, "items": [NewCredit(rows[0].id, quantity=Decimal(1))]}
    await far.make(refund_issue, credit=credit, then=[RefundStep.COMPLETE])
    kept = await far.place("kept", ("apple", "1"))
    await far.do(allocation_create, kept, warehouse_id=far.warehouse_id)
    await far.do(allocation_release, kept)
    till = await far.place("till", ("delivery", "1"))
    await far.do(cash_sale_issue, till, payment_method="CASH")
    await far.do(customer_update, far.customer_id, name="Eve B.")
    await far.do(customer_timeline_add, far.customer_id, kind=TimelineKind.NOTE, text="Called.")
    return far
