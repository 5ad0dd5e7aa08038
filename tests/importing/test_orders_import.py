"""A shop imports its own orders, as far as their columns say; a dry run tells beforehand what would fail."""

from collections.abc import AsyncIterator
from decimal import Decimal

import pytest

from gql_sales.app import create_app
from gql_sales.db.engine import Database
from gql_sales.domain.verify import verify
from gql_sales.importing.client import Client, in_process
from gql_sales.importing.company import WrongPlaceError
from gql_sales.importing.orders_csv import plan_orders_csv
from gql_sales.importing.plan import Place
from gql_sales.importing.report import Report
from gql_sales.importing.run import Run
from gql_sales.importing.whole import import_all
from gql_sales.settings import Settings
from tests.importing.rows import read
from tests.importing.state import state
from tests.shop import Shop
from tests.snapshot import snapshot

PLACE = Place(channel_code="web", warehouse_code="W1")
HEADER = (
    "order_ref,order_date,customer_ref,customer_name,customer_email,address_line1,city,country_code,sku,quantity,"
    "unit_price,line_ref,product_name,payment_method,invoice_requested,tracking_number,billed_on,paid_on\n"
)
ADDRESS = "Main St 1,Berlin,DE"
ORDERS = (
    HEADER
    + f"""A-1,2026-01-01,7,Ada,,{ADDRESS},apple,2,,,,,,,,
A-2,2026-01-02,7,Ada,,{ADDRESS},apple,1,9.00,1,,CARD,,00340,,2026-01-03
A-2,2026-01-02,7,Ada,,{ADDRESS},delivery,1,,2,,,,,,
A-3,2026-01-02,8,Bob,bob@example.com,{ADDRESS},pear,3,,,,CARD,yes,00341,2026-01-04,2026-01-05
A-4,2026-01-03,8,Bob,bob@example.com,{ADDRESS},pear,1,,,,CARD,,00342,2026-01-06,
"""
)


@pytest.fixture
async def client(client: object, settings: Settings, database: Database, shop: Shop) -> AsyncIterator[Client]:
    """Staff of the shop, as the importer sees it."""
    made = Client(in_process(create_app(settings, database), settings, shop.staff), patience=10)
    yield made
    await made.close()


async def imported(client: Client, text: str, *, is_dry: bool = False, receives_stock: bool = False) -> Report:
    """What became of an import of the text."""
    plan = plan_orders_csv(read(text), place=PLACE, receives_stock=receives_stock)
    return await import_all(Run(client, plan, "orders", is_dry=is_dry))


def told(report: Report) -> list[tuple[int, str]]:
    """Rows and codes."""
    return sorted((row.row, row.code) for row in report.bad_rows)


async def test_orders_go_as_far_as_their_columns_say(client: Client, shop: Shop, database: Database) -> None:
    assert told(await imported(client, ORDERS)) == []
    orders = {one["externalRef"]: one for one in (await state(client, "orders"))["orders"]}
    assert {ref: one["summary"] for ref, one in orders.items()} == {
        "A-1": "committed, unbilled, unpaid",
        "A-2": "shipped, cash-saled, paid",
        "A-3": "shipped, invoiced, paid",
        "A-4": "shipped, invoiced, unpaid",
    }
    assert [orders[ref]["total"]["amount"] for ref in sorted(orders)] == ["24", "16.68", "9", "3"]
    assert orders["A-2"]["cashSales"][0]["datedOn"] == "2026-01-03"
    assert orders["A-3"]["invoices"][0]["datedOn"] == "2026-01-04"
    assert await verify(database, shop.company) == []
    assert (await imported(client, ORDERS)).documents == 0


async def test_a_dry_run_tells_every_row_that_would_fail_and_writes_nothing(
    client: Client, shop: Shop, database: Database
) -> None:
    """PK-50, test then commit; also for customers who are not there yet, and for stock that orders take together."""
    text = (
        ORDERS
        + f"""B-1,2026-01-03,9,Cy,,{ADDRESS},plum,1,,,,,,,,
B-1,2026-01-03,9,Cy,,{ADDRESS},apple,1,,,,,,,,
B-2,2026-01-03,9,Cy,,{ADDRESS},apple,40,,,,,,,,
B-3,2026-01-03,9,Cy,,{ADDRESS},apple,40,,,,,,,,
B-4,2026-01-03,9,Cy,,{ADDRESS},apple,1,,,,GOLD,,,,
B-5,2026-01-03,10,Di,not an address,{ADDRESS},apple,1,,,,,,,,
B-6,2026-01-03,9,Cy,,{ADDRESS},apple,none,,,,,,,,
B-7,2026-01-03,9,Cy,,Main St 1,Wien,AT,apple,1,,,,,,,,
"""
    )
    before = await snapshot(database)
    dry = await imported(client, text, is_dry=True)
    assert await snapshot(database) == before
    expected = [
        (7, "NOT_FOUND"),
        (8, "NOT_FOUND"),
        (10, "INSUFFICIENT_STOCK"),
        (11, "NOT_FOUND"),
        (12, "BAD_USER_INPUT"),
        (13, "BAD_QUANTITY"),
        (14, "TAX_INCOMPLETE"),
    ]
    assert told(dry) == expected
    real = await imported(client, text)
    # Without its customer the order of row 12 cannot be made either.
    assert told(real) == sorted([*expected, (12, "CUSTOMER_REQUIRED")])
    assert {one["externalRef"] for one in (await state(client, "orders"))["orders"]} == {
        "A-1",
        "A-2",
        "A-3",
        "A-4",
        "B-2",
    }
    assert real.missing == dry.missing


async def test_a_dry_run_is_not_upset_by_what_the_import_itself_brings(client: Client, database: Database) -> None:
    """Products that the file names, and their stock."""
    text = (
        HEADER
        + f"""A-1,2026-01-01,7,Ada,,{ADDRESS},cherry,500,2.50,,Cherries,CARD,,00340,,2026-01-01
A-2,2026-01-01,7,Ada,,{ADDRESS},apple,500,,,,CARD,,,,
"""
    )
    dry = await imported(client, text, is_dry=True, receives_stock=True)
    assert told(dry) == []
    assert told(await imported(client, text, receives_stock=True)) == []
    orders = (await state(client, "orders"))["orders"]
    assert [one["summary"] for one in orders] == ["shipped, cash-saled, paid", "committed, unbilled, unpaid"]
    assert Decimal(orders[0]["total"]["amount"]) == 1500


async def test_a_dry_run_needs_the_place(client: Client) -> None:
    plan = plan_orders_csv(read(ORDERS), place=Place(channel_code="elsewhere"))
    with pytest.raises(WrongPlaceError, match="channel elsewhere and the warehouse MAIN"):
        await import_all(Run(client, plan, "orders", is_dry=True))
