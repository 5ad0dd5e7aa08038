"""Every scope there is, the roles that bundle them, and what each kind of client may hold at most."""

from collections.abc import Mapping
from types import MappingProxyType

from gql_sales.kernel.principals import Audience

SCOPES: Mapping[str, str] = MappingProxyType(
    {
        "allocations:create": "Reserve stock for order items",
        "allocations:move": "Take reserved stock from elsewhere",
        "allocations:read": "See what is reserved where",
        "allocations:release": "Give reserved stock back",
        "api_keys:create": "Issue API keys to partners",
        "api_keys:read": "See API keys, never their secrets",
        "api_keys:revoke": "End an API key at once",
        "cash_sales:invoice": "Make invoices of cash sales",
        "cash_sales:issue": "Issue cash sales, which numbers, posts and pays them",
        "cash_sales:read": "See cash sales",
        "channels:create": "Open sales channels",
        "channels:edit": "Change sales channels",
        "channels:read": "See sales channels",
        "companies:create": "Set up a new company",
        "companies:edit": "Change the company's own data",
        "companies:read": "See the company's own data",
        "counter_sales:record": "Sell at a till, which takes stock, bills and money in one step",
        "credit_memos:apply": "Use credit memos for bills, and take that back",
        "credit_memos:issue": "Issue credit memos, which numbers and posts them",
        "credit_memos:read": "See credit memos",
        "credit_memos:void": "Void credit memos that were a mistake",
        "customers:claim": "Take over the guest records of one's own verified e-mail address",
        "customers:create": "Create customers",
        "customers:edit": "Change customers and their addresses",
        "customers.timeline:add": "Add entries to the timelines of customers",
        "customers.timeline:read": "See the timelines of customers, with what colleagues noted",
        "customers:merge": "Make two customer records one",
        "customers:read": "See customers and their addresses",
        "anomalies:read": "See what should be put right",
        "invoices:confirm": "Set the day that an invoice counts for tax",
        "invoices:issue": "Issue invoices, which numbers and posts them",
        "invoices:read": "See invoices",
        "invoices:void": "Void invoices, which posts their credit",
        "journals:read": "See entries of the ledger",
        "numbers:read": "See number series",
        "orders:acknowledge": "Confirm orders to their customers",
        "orders:cancel": "Cancel orders",
        "orders:close": "Close orders that are billed and paid, and write off what is not paid",
        "orders:create": "Create draft orders",
        "orders:edit": "Change items, addresses and terms of orders",
        "orders:hold": "Put orders on hold and release them",
        "orders:place": "Place orders",
        "orders:price": "Set the price of an order item by hand",
        "orders:read": "See orders",
        "orders:terms": "Set the date and the default warehouse of orders",
        "orders.source:read": "See which address orders came from",
        "orders.holds:read": "See why orders are on hold",
        "payment_methods:edit": "Change the ways to pay",
        "payment_methods:read": "See the ways to pay",
        "payments:allocate": "Use payments to settle invoices and cash sales",
        "payments:deallocate": "Take payments off the bills that they settle",
        "payments:read": "See payments",
        "payments:record": "Record money received",
        "payments:split": "Put right how the money of a payment came",
        "policies:edit": "Change rules of the company or a channel",
        "policies:read": "See rules of the company or a channel",
        "products:create": "Create products",
        "products:edit": "Change products and their prices",
        "products:read": "See products and their prices",
        "refunds:complete": "Tell that the money of a refund arrived, or did not",
        "refunds:read": "See refunds",
        "refunds:request": "Refund credit memos, which posts them",
        "queues:read": "See how many orders wait for what",
        "search:read": "Look for documents, customers and products of all types at once",
        "shipments:book": "Book shipments, which takes the stock",
        "shipments:cancel": "Withdraw shipments that have a number",
        "shipments:create": "Draft shipments",
        "shipments:deliver": "Note that shipments have arrived",
        "shipments:edit": "Change and delete drafts of shipments",
        "shipments:finalize": "Hand shipments to the carrier, which posts the issue of goods",
        "shipments:pack": "Pack shipments",
        "shipments:read": "See shipments",
        "shipments:track": "Note who carries shipments and their tracking numbers",
        "shipments:unbook": "Turn booked shipments into drafts again",
        "stock.availability:read": "See how much of a product can be promised",
        "stock:adjust": "Correct stock after counting",
        "stock:move": "Take stock from one bin to another",
        "stock:read": "See stock and its movements",
        "stock:receive": "Take goods in",
        "tax_rules:edit": "Change tax rules",
        "tax_rules:read": "See tax rules",
        "warehouses:create": "Open warehouses",
        "warehouses:edit": "Change warehouses and their bins",
        "warehouses:read": "See warehouses and their bins",
    }
)


def _of(*documents: str) -> frozenset[str]:
    """Every scope on the named documents."""
    return frozenset(name for name in SCOPES if name.partition(":")[0].partition(".")[0] in documents)


def _reading(*documents: str) -> frozenset[str]:
    """The plain ``read`` scope of each named document."""
    return frozenset(f"{document}:read" for document in documents)


CUSTOMER = frozenset(
    {
        "cash_sales:read",
        "credit_memos:read",
        "customers:claim",
        "customers:create",
        "customers:edit",
        "customers:read",
        "invoices:read",
        "orders:cancel",
        "orders:create",
        "orders:edit",
        "orders:place",
        "orders:read",
        "payment_methods:read",
        "payments:allocate",
        "payments:read",
        "products:read",
        "refunds:read",
        "shipments:read",
        "stock.availability:read",
    }
)
GUEST = CUSTOMER - {"customers:claim"}
"""A guest may do what a customer may, to the one customer record of the session, but has no login to claim with."""

PARTNER = (
    _reading("cash_sales", "channels", "credit_memos", "customers", "invoices", "payment_methods", "payments")
    | _reading("products", "refunds", "stock")
    | _reading("warehouses")
    | _of("allocations", "shipments")
    | {"api_keys:read", "customers:create", "customers:edit", "stock.availability:read"}
    | {f"orders:{verb}" for verb in ("acknowledge", "cancel", "create", "edit", "place", "price", "read", "terms")}
)
"""The most that an API key can be given; each key names its own part of it."""

SALES = (
    (_of("customers", "orders") - {"customers:claim"})
    | _reading("allocations", "cash_sales", "channels", "invoices", "payment_methods", "payments", "policies")
    | _reading("credit_memos", "products", "refunds", "shipments", "stock", "tax_rules", "warehouses")
    | {"allocations:create", "allocations:move", "allocations:release", "stock.availability:read"}
    | {"queues:read", "search:read"}
)
TILL = (
    _reading("cash_sales", "channels", "customers", "orders", "payment_methods", "payments", "products", "shipments")
    | {"cash_sales:issue", "counter_sales:record", "customers:create", "orders:create", "orders:place"}
    | {"shipments:book", "shipments:create", "shipments:finalize", "stock.availability:read"}
)
"""Whoever stands at a till: a sale there needs the scopes of its steps."""
WAREHOUSE = (
    _of("allocations", "shipments", "stock")
    | _reading("channels", "customers", "orders", "products", "warehouses")
    | {"orders.holds:read", "queues:read", "search:read", "warehouses:edit"}
)
FINANCE = (
    _of("cash_sales", "credit_memos", "invoices", "refunds", "journals", "payment_methods", "payments", "tax_rules")
    | _reading("channels", "companies", "customers", "numbers", "orders", "policies", "products", "shipments")
    | {"customers:edit", "customers.timeline:add", "customers.timeline:read", "orders.holds:read"}
    | {"orders:close", "orders.source:read", "queues:read", "search:read", "stock.availability:read"}
)
OPERATOR = frozenset({"companies:create", "companies:read"})
"""Whoever makes a company is shown what was made."""
ADMIN = frozenset(SCOPES) - {"companies:create", "customers:claim"}
"""Everything of one company, but for what only a customer can do."""

ROLES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "ADMIN": ADMIN,
        "CUSTOMER": CUSTOMER,
        "FINANCE": FINANCE,
        "GUEST": GUEST,
        "OPERATOR": OPERATOR,
        "PARTNER": PARTNER,
        "SALES": SALES,
        "TILL": TILL,
        "WAREHOUSE": WAREHOUSE,
    }
)

REACHABLE: Mapping[Audience, frozenset[str]] = MappingProxyType(
    {
        Audience.STOREFRONT: GUEST | CUSTOMER,
        Audience.ADMIN: frozenset(SCOPES),
        Audience.PARTNER: PARTNER,
    }
)
"""What a principal of the audience may ever hold; the schema shows it nothing that needs more."""
