"""A company begins with its books: the counters of its numbers, the accounts of its chart, the ways to pay it."""

from gql_sales.db.models.companies import Account, Company
from gql_sales.db.models.ledger import AccountRole
from gql_sales.db.models.numbers import NumberSeries, SeriesKind
from gql_sales.db.models.payments import PaymentMethod, PaymentMethodClass
from gql_sales.db.session import Unit
from gql_sales.domain.companies.time_zones import time_zones
from gql_sales.domain.transition import creation
from gql_sales.kernel.inputs import Findings

PREFIXES = {
    SeriesKind.ORDER_S: "S-",
    SeriesKind.ORDER_ES: "ES-",
    SeriesKind.ORDER_PF: "PF-",
    SeriesKind.DELIVERY_NOTE: "DN-",
    SeriesKind.CANCELLATION_NOTE: "CAN-",
    SeriesKind.PACKAGE: "PKG-",
    SeriesKind.CASH_SALE: "CS-",
    SeriesKind.INVOICE: "INV-",
    SeriesKind.RECEIPT: "R-",
    SeriesKind.CREDIT_MEMO: "CM-",
    SeriesKind.REFUND: "RF-",
}
CHART = {
    AccountRole.CASH: ("1000", "Cash"),
    AccountRole.REFUND_CLEARING: ("1100", "Refund clearing"),
    AccountRole.RECEIVABLE: ("1200", "Trade receivables"),
    AccountRole.INVENTORY: ("1400", "Inventory"),
    AccountRole.CUSTOMER_ADVANCES: ("1500", "Customer advances"),
    AccountRole.CUSTOMER_CREDIT: ("1600", "Customer credit"),
    AccountRole.TAX_PAYABLE: ("1700", "Tax payable"),
    AccountRole.GOODS_RECEIVED: ("1800", "Goods received"),
    AccountRole.REVENUE: ("4000", "Sales revenue"),
    AccountRole.DISCOUNT_ALLOWED: ("4100", "Discounts allowed"),
    AccountRole.SALES_RETURNS: ("4200", "Sales returns and allowances"),
    AccountRole.COGS: ("5000", "Cost of goods sold"),
    AccountRole.STOCK_ADJUSTMENT: ("5100", "Stock adjustment"),
    AccountRole.SCRAP_LOSS: ("5200", "Scrap loss"),
    AccountRole.SELLING_EXPENSE: ("6000", "Selling expense"),
    AccountRole.WRITE_OFF: ("6100", "Receivables written off"),
}


METHODS = {
    "BANK_TRANSFER": ("Bank transfer", PaymentMethodClass.DEFERRED),
    "CARD": ("Card", PaymentMethodClass.IMMEDIATE),
    "CASH": ("Cash", PaymentMethodClass.IMMEDIATE),
    "INVOICE": ("Invoice", PaymentMethodClass.DEFERRED),
    "PAYPAL": ("PayPal", PaymentMethodClass.IMMEDIATE),
}


@creation(Company, scope="companies:create", event="CompanyCreated")
async def company_create(
    unit: Unit, *, code: str, name: str, country_code: str, currency_code: str, timezone: str = "UTC"
) -> Company:
    """Open a company with its number series, chart of accounts and methods of payment.

    Refusals: INVALID_INPUT, EXTERNAL_REF_TAKEN (code).
    """
    found = Findings()
    code = found.line(code, 40, "code")
    name = found.line(name, 200, "name")
    if timezone not in time_zones():
        found.invalid("Unknown time zone.", "timezone")
    found.check()
    company = unit.add(
        Company(code=code, name=name, country_code=country_code, currency_code=currency_code, timezone=timezone)
    )
    for kind, prefix in PREFIXES.items():
        unit.add(NumberSeries(company_id=company.id, kind=kind, prefix=prefix))
    for role, (account_code, account_name) in CHART.items():
        unit.add(Account(company_id=company.id, role=role, code=account_code, name=account_name))
    for method, (method_name, method_class) in METHODS.items():
        unit.add(PaymentMethod(company_id=company.id, code=method, name=method_name, method_class=method_class))
    return company
