"""The three root types, put together from the documents' own."""

import asyncio
from typing import Annotated

import strawberry
from strawberry import ID

from gql_sales.domain.registry import load_all
from gql_sales.kernel.ids import decode_any
from gql_sales.kernel.request_errors import Code, RequestError
from gql_sales.resolvers.allocations import AllocationMutation, AllocationQuery
from gql_sales.resolvers.anomalies import AnomalyQuery
from gql_sales.resolvers.api_keys import ApiKeyMutation, ApiKeyQuery
from gql_sales.resolvers.cash_sales import CashSaleMutation, CashSaleQuery
from gql_sales.resolvers.channels import ChannelMutation, ChannelQuery
from gql_sales.resolvers.companies import CompanyMutation, CompanyQuery
from gql_sales.resolvers.counter_sales import CounterSaleMutation
from gql_sales.resolvers.credit_memos import CreditMemoMutation, CreditMemoQuery
from gql_sales.resolvers.customers import CustomerMutation, CustomerQuery
from gql_sales.resolvers.events import EventQuery
from gql_sales.resolvers.invoices import InvoiceMutation, InvoiceQuery
from gql_sales.resolvers.journals import JournalQuery
from gql_sales.resolvers.numbers import NumberQuery
from gql_sales.resolvers.orders import OrderMutation, OrderQuery
from gql_sales.resolvers.payment_methods import PaymentMethodMutation, PaymentMethodQuery
from gql_sales.resolvers.payments import PaymentMutation, PaymentQuery
from gql_sales.resolvers.policies import PolicyMutation, PolicyQuery
from gql_sales.resolvers.products import ProductMutation, ProductQuery
from gql_sales.resolvers.queues import WorkQueueQuery
from gql_sales.resolvers.refunds import RefundMutation, RefundQuery
from gql_sales.resolvers.search import SearchQuery
from gql_sales.resolvers.shipments import ShipmentMutation, ShipmentQuery
from gql_sales.resolvers.stock import StockMutation, StockQuery
from gql_sales.resolvers.subscriptions import EventSubscription
from gql_sales.resolvers.tax_rules import TaxRuleMutation, TaxRuleQuery
from gql_sales.resolvers.warehouses import WarehouseMutation, WarehouseQuery
from gql_sales.schema.bulk import with_twins
from gql_sales.schema.context import Info
from gql_sales.schema.effects import EFFECT_TYPES
from gql_sales.schema.errors import ERROR_TYPES
from gql_sales.schema.events import EVENT_TYPES
from gql_sales.schema.nodes import Node
from gql_sales.schema.relations import document_of
from gql_sales.schema.timeline import TIMELINE_TYPES

MOST_NODES = 100


@strawberry.type
class NodeQuery:
    """Anything by its id."""

    @strawberry.field(description="An object by its global id; null when absent or not visible.")
    async def node(self, info: Info, id: Annotated[ID, strawberry.argument(description="Global id.")]) -> Node | None:
        """One of ``nodes``."""
        return await _node(info, id)

    @strawberry.field(description="Objects by their global ids, in the order given, null where absent; at most 100.")
    async def nodes(
        self, info: Info, ids: Annotated[list[ID], strawberry.argument(description="Global ids, at most 100.")]
    ) -> list[Node | None] | None:
        """One statement per type."""
        if len(ids) > MOST_NODES:
            raise RequestError(Code.BAD_USER_INPUT, f"At most {MOST_NODES} ids.")
        return list(await asyncio.gather(*[_node(info, id_) for id_ in ids]))


async def _node(info: Info, id_: str) -> Node | None:
    found: Node | None = await document_of(info, *decode_any(id_))
    return found


@strawberry.type(description="Entry points for reading.")
class Query(
    NodeQuery,
    AllocationQuery,
    ApiKeyQuery,
    CashSaleQuery,
    ChannelQuery,
    CompanyQuery,
    CreditMemoQuery,
    CustomerQuery,
    EventQuery,
    InvoiceQuery,
    AnomalyQuery,
    JournalQuery,
    NumberQuery,
    OrderQuery,
    PaymentMethodQuery,
    PaymentQuery,
    PolicyQuery,
    ProductQuery,
    RefundQuery,
    SearchQuery,
    ShipmentQuery,
    StockQuery,
    TaxRuleQuery,
    WarehouseQuery,
    WorkQueueQuery,
):
    """Everything that can be read."""


@strawberry.type(description="Entry points for changes.")
@with_twins
class Mutation(
    AllocationMutation,
    ApiKeyMutation,
    CashSaleMutation,
    ChannelMutation,
    CompanyMutation,
    CounterSaleMutation,
    CreditMemoMutation,
    CustomerMutation,
    InvoiceMutation,
    OrderMutation,
    PaymentMethodMutation,
    PaymentMutation,
    PolicyMutation,
    ProductMutation,
    RefundMutation,
    ShipmentMutation,
    StockMutation,
    TaxRuleMutation,
    WarehouseMutation,
):
    """One field per verb of the domain, and one for many at once where the verb is declared so."""


@strawberry.type(description="Entry points for live changes.")
class Subscription(EventSubscription):
    """Streams from the event log."""


load_all()
TYPES: list[type] = [*EFFECT_TYPES, *ERROR_TYPES.values(), *EVENT_TYPES, *TIMELINE_TYPES]
