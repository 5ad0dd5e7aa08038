"""What selling at a till takes and gives."""

from datetime import date, datetime

import strawberry

from gql_sales.schema.cash_sales import CashSale
from gql_sales.schema.nodes import optional, text
from gql_sales.schema.order_inputs import OrderItemInput
from gql_sales.schema.orders import Order
from gql_sales.schema.payloads import MutationInput, Payload, changed
from gql_sales.schema.payments import Payment
from gql_sales.schema.shipments import Shipment
from gql_sales.schema.tenders import TenderInput


@strawberry.input(description="Input of counterSaleRecord.")
class CounterSaleRecordInput(MutationInput):
    """What is sold, to whom, and how it is paid."""

    channel_id: strawberry.ID | None = optional("The till's channel; may be absent when the caller has just one.")
    customer_id: strawberry.ID = text("Who buys; every sale has a customer, even a one-off.")
    items: list[OrderItemInput] = text("What is sold, 1 to 500.")
    tenders: list[TenderInput] = strawberry.field(
        description="The money, at most 20 tenders and in all the total; the whole by one method when empty.",
        default_factory=list,
    )
    payment_method: str | None = optional("Code of the immediate method, when no tenders are given.")
    warehouse_id: strawberry.ID | None = optional("Where the goods are; the channel's first warehouse when absent.")
    sold_on: date | None = strawberry.field(
        name="datedOn", description="Date of the sale; today at the company's seat when absent.",
        default=strawberry.UNSET,
    )  # fmt: skip
    received_at: datetime | None = optional("When the money came in; now when absent.")
    external_ref: str | None = optional("The till's own reference, unique in the channel.")


@strawberry.type(description="Outcome of counterSaleRecord.")
class CounterSaleRecordPayload(Payload):
    """The completed order with its documents."""

    order: Order | None = changed("Order", "The completed order; null when the sale was refused or only tried.")
    shipment: Shipment | None = changed("Shipment", "The goods that were handed over; null when there were none.")
    cash_sale: CashSale | None = changed("CashSale", "The receipt.")
    payment: Payment | None = changed("Payment", "The money; null when it cost nothing.")
