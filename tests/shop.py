"""A small company of its own for each test: a channel, two warehouses, a few products with stock, people and rights."""

import uuid
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from gql_sales.access.scopes import ADMIN, CUSTOMER, OPERATOR
from gql_sales.kernel.ids import decode_id
from gql_sales.kernel.principals import Audience, Principal, PrincipalKind
from tests.client import Client, Json

ADDRESS: Json = {
    "name": "Ada Byron",
    "line1": "Main Street 1",
    "city": "Berlin",
    "postalCode": "10115",
    "countryCode": "DE",
}
OPERATOR_PRINCIPAL = Principal(PrincipalKind.STAFF, Audience.ADMIN, "operator", OPERATOR)


@dataclass
class Shop:
    """Ids as clients know them, and the principals of the company."""

    client: Client
    company_id: str
    staff: Principal
    channel_id: str = ""
    warehouse_ids: list[str] = field(default_factory=list)
    products: dict[str, str] = field(default_factory=dict)
    customer_id: str = ""

    @property
    def company(self) -> UUID:
        """The company's UUID."""
        return decode_id("Company", self.company_id)

    def shopper(self, subject: str | None = None, kind: PrincipalKind = PrincipalKind.CUSTOMER) -> Principal:
        """A customer or guest of this shop, with a login of their own."""
        name = subject or uuid.uuid4().hex
        return Principal(kind, Audience.STOREFRONT, name, CUSTOMER, company_id=self.company)

    def member(self, *scopes: str) -> Principal:
        """A member of staff with just these scopes."""
        return Principal(PrincipalKind.STAFF, Audience.ADMIN, uuid.uuid4().hex, frozenset(scopes), self.company)

    async def did(self, name: str, fields: str = "", /, **values: Any) -> Json:
        """A mutation of staff that must succeed."""
        return await self.client.did(name, fields, values, self.staff)

    async def refused(self, name: str, /, **values: Any) -> list[str]:
        """The codes of a mutation of staff that must be refused."""
        return await self.client.refused(name, values, self.staff)

    async def query(self, query: str, /, **variables: Any) -> Json:
        """A query of staff."""
        return await self.client.query(query, variables, self.staff)

    async def set_policy(self, name: str, value: str) -> None:
        """A setting of the channel."""
        await self.did("policySet", name=name, value=value, channelId=self.channel_id)

    async def add_product(self, sku: str, price: str = "10.00", stock: int = 0, **values: Any) -> str:
        """A product with a price, and stock in the first warehouse."""
        payload = await self.did(
            "productCreate", "product { id }", **{"sku": sku, "name": sku.title(), "kind": "GOODS", **values}
        )
        id_: str = payload["product"]["id"]
        self.products[sku] = id_
        await self.did("productPriceSet", productId=id_, channelId=self.channel_id, amount=price)
        if stock:
            await self.receive(sku, stock)
        return id_

    async def receive(self, sku: str, quantity: int, warehouse: int = 0) -> None:
        """Goods come in."""
        lines = [{"productId": self.products[sku], "quantity": str(quantity)}]
        await self.did("stockReceive", warehouseId=self.warehouse_ids[warehouse], lines=lines, reason="delivery")

    async def draft(self, *items: tuple[str, int], **values: Any) -> Json:
        """A draft of the shop's customer with the items (sku, quantity)."""
        payload = await self.did("orderCreate", ORDER, **self.order_values(*items, **values))
        order: Json = payload["order"]
        return order

    async def placed(self, *items: tuple[str, int], **values: Any) -> Json:
        """A placed order of the shop's customer."""
        return await self.draft(*items, then=["PLACE"], **values)

    async def order_id(self, *items: tuple[str, int], **values: Any) -> str:
        """Id of a new order, without reading more of it than races have time for."""
        payload = await self.did("orderCreate", "order { id }", **self.order_values(*items, **values))
        id_: str = payload["order"]["id"]
        return id_

    def order_values(self, *items: tuple[str, int], **values: Any) -> Json:
        """Input of orderCreate."""
        return {
            "channelId": self.channel_id,
            "customerId": self.customer_id,
            "items": [{"productId": self.products[sku], "quantity": str(quantity)} for sku, quantity in items],
            "shippingAddress": ADDRESS,
            "billingAddress": ADDRESS,
            **values,
        }

    async def order(self, id_: str) -> Json:
        """An order as it stands."""
        data = await self.query(f"query ($id: ID!) {{ order(by: {{id: $id}}) {{ {ORDER_FIELDS} }} }}", id=id_)
        order: Json = data["order"]
        return order


ORDER_FIELDS = """
  id number state version summary commitmentStatus allocationStatus dispatchStatus billingStatus paymentStatus
  total { amount } net { amount } tax { amount } due { amount } outstanding { amount } paid { amount }
  items { id sku position orderedQuantity cancelledQuantity committedQuantity allocatedQuantity bookedQuantity
          shippedQuantity invoicedQuantity openQuantity net { amount } tax { amount } gross { amount } taxRate }
  allocations { id state quantity warehouseId }
  availableTransitions { name isAllowed blockers { code } }
"""
ORDER = f"order {{ {ORDER_FIELDS} }}"


async def open_shop(client: Client, *, stock: int = 50) -> Shop:
    """A fresh company that sells stocked ``apple`` (10.00) and ``pear`` (2.50), and delivery, at 20 % tax."""
    code = f"t{uuid.uuid4().hex[:20]}"
    payload = await client.did(
        "companyCreate",
        "company { id }",
        {"code": code, "name": "Test Ltd", "countryCode": "DE", "currencyCode": "EUR"},
        OPERATOR_PRINCIPAL,
    )
    company_id = payload["company"]["id"]
    staff = Principal(PrincipalKind.STAFF, Audience.ADMIN, "anna", ADMIN, decode_id("Company", company_id))
    shop = Shop(client, company_id, staff)
    channel = await shop.did(
        "channelCreate", "channel { id }", code="web", name="Web", kind="WEB", currencyCode="EUR", poolCode="main"
    )
    shop.channel_id = channel["channel"]["id"]
    for code in ("W1", "W2"):
        made = await shop.did(
            "warehouseCreate", "warehouse { id }", code=code, name=code, countryCode="DE", poolCode="main"
        )
        shop.warehouse_ids.append(made["warehouse"]["id"])
    await shop.did(
        "taxRuleSet", countryCode="DE", taxGroup="STANDARD", rate="0.2", name="VAT", validFrom=str(date(2020, 1, 1))
    )
    customer = await shop.did("customerCreate", "customer { id }", kind="STAFF_CREATED", name="Ada Byron")
    shop.customer_id = customer["customer"]["id"]
    await shop.add_product("apple", "10.00", stock)
    await shop.add_product("pear", "2.50", stock)
    await shop.add_product("delivery", "4.90", kind="DELIVERY", isStocked=False)
    return shop


def money(value: Json) -> Decimal:
    """Amount of a Money object."""
    return Decimal(value["amount"])
