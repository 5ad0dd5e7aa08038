"""Builds the demo company through the public API, document by document, each order as far as its story goes."""

import uuid
from dataclasses import dataclass, field
from decimal import Decimal

from starlette.types import ASGIApp

from gql_sales.access.scopes import ADMIN, CUSTOMER, OPERATOR, PARTNER
from gql_sales.demo import catalog
from gql_sales.demo.caller import Caller
from gql_sales.importing.client import Json
from gql_sales.kernel.ids import decode_id
from gql_sales.kernel.principals import Audience, Principal, PrincipalKind
from gql_sales.settings import Settings

COST_SHARE = Decimal("0.6")
"""What goods have cost the shop, as a part of their price."""


@dataclass
class DemoShop:
    """Ids of what was made, by the names the catalogue uses."""

    company_id: str
    channels: dict[str, str] = field(default_factory=dict)
    warehouses: dict[str, str] = field(default_factory=dict)
    products: dict[str, str] = field(default_factory=dict)
    customers: list[str] = field(default_factory=list)
    partner_key: str = ""


def admin(company_id: str) -> Principal:
    """A member of staff who may do everything in the company."""
    return Principal(PrincipalKind.STAFF, Audience.ADMIN, "demo-admin", ADMIN, decode_id("Company", company_id))


def shopper(company_id: str, channel_id: str) -> Principal:
    """Ada, a customer of the web shop."""
    return Principal(
        PrincipalKind.CUSTOMER,
        Audience.STOREFRONT,
        "ada",
        CUSTOMER,
        decode_id("Company", company_id),
        frozenset({decode_id("Channel", channel_id)}),
    )


async def build(app: ASGIApp, settings: Settings) -> DemoShop:
    """Make the whole company; what an interrupted loading has made already is answered again, not made twice."""
    operator = Caller(app, settings, Principal(PrincipalKind.STAFF, Audience.ADMIN, "demo-operator", OPERATOR))
    made = await operator.do(
        "company", "companyCreate", "company { id }",
        code="demo", name="Leaf & Bean GmbH", countryCode="DE", currencyCode="EUR", timezone="Europe/Berlin",
    )  # fmt: skip
    shop = DemoShop(made["company"]["id"])
    staff = Caller(app, settings, admin(shop.company_id))
    await _places(staff, shop)
    await _products(staff, shop)
    await _people(staff, Caller(app, settings, shopper(shop.company_id, shop.channels["web"])), shop)
    for number, (story, customer, items) in enumerate(catalog.ORDERS):
        await _order(staff, shop, number, story, shop.customers[customer], items)
    shop.partner_key = await _partner_key(staff, shop)
    return shop


async def _partner_key(staff: Caller, shop: DemoShop) -> str:
    """A key's text is told once, so a loading that was interrupted after it makes another one."""
    return await _new_key(staff, shop, "key") or await _new_key(staff, shop, f"key-{uuid.uuid4().hex}") or ""


async def _new_key(staff: Caller, shop: DemoShop, call: str) -> str | None:
    made = await staff.do(
        call, "apiKeyCreate", "secret",
        name="Demo partner", scopes=sorted(PARTNER), channelIds=[shop.channels["web"]],
    )  # fmt: skip
    secret: str | None = made["secret"]
    return secret


async def _places(staff: Caller, shop: DemoShop) -> None:
    for code, name, kind in catalog.CHANNELS:
        made = await staff.do(
            f"channel-{code}", "channelCreate", "channel { id }",
            code=code, name=name, kind=kind, currencyCode="EUR", poolCode="europe",
        )  # fmt: skip
        shop.channels[code] = made["channel"]["id"]
    for code, name, country, priority in catalog.WAREHOUSES:
        made = await staff.do(
            f"warehouse-{code}", "warehouseCreate", "warehouse { id }",
            code=code, name=name, countryCode=country, poolCode="europe", priority=priority,
        )  # fmt: skip
        shop.warehouses[code] = made["warehouse"]["id"]
    for country, group, rate, name in catalog.TAX_RULES:
        await staff.do(
            f"tax-{country}-{group}", "taxRuleSet", "",
            countryCode=country, taxGroup=group, rate=rate, name=name, validFrom="2020-01-01",
        )  # fmt: skip


async def _products(staff: Caller, shop: DemoShop) -> None:
    stocked = []
    for row in catalog.products():
        values = {key: value for key, value in row.items() if key != "price"}
        made = await staff.do(f"product-{row['sku']}", "productCreate", "product { id }", **values)
        id_ = shop.products[str(row["sku"])] = made["product"]["id"]
        for code, channel_id in shop.channels.items():
            await staff.do(
                f"price-{code}-{row['sku']}", "productPriceSet", "",
                productId=id_, channelId=channel_id, amount=row["price"],
            )  # fmt: skip
        if row["kind"] == "GOODS":
            stocked.append((id_, str(Decimal(str(row["price"])) * COST_SHARE)))
    for number, (code, warehouse_id) in enumerate(shop.warehouses.items()):
        lines = [
            {"productId": id_, "quantity": str(30 - 10 * number + index % 7), "unitCost": cost}
            for index, (id_, cost) in enumerate(stocked)
        ]
        await staff.do(
            f"stock-{code}", "stockReceive", "", warehouseId=warehouse_id, lines=lines, reason="opening stock"
        )


async def _people(staff: Caller, ada: Caller, shop: DemoShop) -> None:
    """Ada has a login of her own; the others were entered by staff."""
    first, *others = catalog.customers()
    made = await ada.do("customer-0", "customerCreate", "customer { id }", kind="REGISTERED", **first)
    shop.customers.append(made["customer"]["id"])
    for number, values in enumerate(others, start=1):
        made = await staff.do(f"customer-{number}", "customerCreate", "customer { id }", kind="STAFF_CREATED", **values)
        shop.customers.append(made["customer"]["id"])


async def _order(
    staff: Caller, shop: DemoShop, number: int, story: str, customer_id: str, items: list[tuple[str, int]]
) -> None:
    """One order, up to where its story ends."""
    made = await staff.do(
        f"order-{number}", "orderCreate", "order { id outstanding { amount } items { id sku } }",
        channelId=shop.channels["phone" if number % 4 == 3 else "web"], customerId=customer_id,
        items=[{"sku": sku, "quantity": str(quantity)} for sku, quantity in items],
        then=[] if story == "draft" else ["PLACE"],
    )  # fmt: skip
    order = made["order"]
    if story == "cancelled":
        await staff.do(f"cancel-{number}", "orderCancel", "", orderId=order["id"], reason="customer changed their mind")
    if story in ("allocated", "booked"):
        await staff.do(f"allocate-{number}", "allocationCreate", "", orderId=order["id"])
    if story in ("booked", "partly shipped", "shipped", "invoiced", "partly paid", "paid"):
        await _ship(staff, shop, number, story, order)
    if story in ("invoiced", "partly paid", "paid"):
        await _bill(staff, number, story, order, customer_id)


async def _ship(staff: Caller, shop: DemoShop, number: int, story: str, order: Json) -> None:
    lines = []
    if story == "partly shipped":
        lines = [{"orderItemId": order["items"][0]["id"], "quantity": "2"}]
    await staff.do(
        f"ship-{number}", "shipmentCreate", "",
        orderId=order["id"], warehouseId=shop.warehouses["BER"], items=lines, carrier="DHL",
        trackingNumber=f"00340{number:09d}", then=["BOOK"] if story == "booked" else ["BOOK", "FINALIZE"],
    )  # fmt: skip


async def _bill(staff: Caller, number: int, story: str, order: Json, customer_id: str) -> None:
    issued = await staff.do(
        f"invoice-{number}", "invoiceIssue", "invoice { id total { amount } }", orderId=order["id"], dueDays=14
    )
    if story == "invoiced":
        return
    amount = "20.00" if story == "partly paid" else issued["invoice"]["total"]["amount"]
    await staff.do(
        f"payment-{number}", "paymentRecord", "",
        customerId=customer_id, kind="REGULAR", currencyCode="EUR",
        tenders=[{"method": "CARD", "amount": amount, "reference": f"demo-{number}"}],
        allocations=[{"invoiceId": issued["invoice"]["id"]}],
    )  # fmt: skip
