"""Imports through the application: every stage, what a second run finds there, and rows that the server refuses."""

import asyncio
import random
import uuid
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import suppress
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import text
from starlette.types import ASGIApp

from gql_sales.app import create_app
from gql_sales.db.engine import Database
from gql_sales.domain.verify import verify
from gql_sales.importing import credits as credits_
from gql_sales.importing import sales
from gql_sales.importing.client import Client, in_process
from gql_sales.importing.company import WrongPlaceError, make_company
from gql_sales.importing.inside import RETAILER, importer, staff_of
from gql_sales.importing.plan import BadRow, Plan
from gql_sales.importing.report import Report, Unwatched
from gql_sales.importing.run import Run
from gql_sales.importing.whole import import_all
from gql_sales.kernel.ids import decode_id
from gql_sales.settings import Settings
from tests.importing.rows import plan_of, slice_of
from tests.importing.state import state, unbroken

SALES = 15
STOPPED = ("products", "customers", "opening stock", "sales", "sales", "write-offs", "credits", "credits")
SEED = 20261126


@pytest.fixture(scope="module")
def app(settings: Settings, database: Database) -> ASGIApp:
    """The application over this worker's database."""
    return create_app(settings, database)


@pytest.fixture
async def retailer(app: ASGIApp, settings: Settings) -> AsyncIterator[Client]:
    """Staff of a new company that has nothing but its books."""
    client = await staff_of(app, settings, uuid.uuid4().hex, RETAILER)
    assert client is not None
    client.patience = 30
    yield client
    await client.close()


def counts(report: Report) -> dict[str, tuple[int, int, int]]:
    """By stage, what was made, there, refused."""
    return {stage.name: (stage.made, stage.there, stage.refused) for stage in report.stages}


async def company_of(client: Client) -> str:
    """Id of the client's company."""
    found: str = (await client.query("{ company { id } }"))["company"]["id"]
    return found


@pytest.fixture(scope="module")
def plan() -> Plan:
    """A slice of the real file with something of everything."""
    return plan_of(slice_of(SALES))


async def test_a_slice_of_the_real_file_is_imported_and_a_second_run_finds_all_of_it(
    retailer: Client, database: Database, plan: Plan
) -> None:
    """Sums are those of the file, books and numbers are in order, nothing is doubled."""
    report = await import_all(Run(retailer, plan, "slice"))
    assert report.bad_rows == []
    found = await state(retailer)
    assert sum(Decimal(one["total"]["amount"]) for one in found["orders"]) == sum(one.amount for one in plan.sales)
    assert all("paid" in one["summary"] for one in found["orders"])
    dates = {one.ref: str(one.ordered_on) for one in plan.sales}
    for order in found["orders"]:
        (bill,) = order["invoices"] + order["cashSales"]
        assert (order["documentDate"], bill["datedOn"]) == (dates[order["externalRef"]],) * 2
        assert (bill["paymentStatus"], bool(order["cashSales"])) == (
            "PAID",
            order["customer"]["externalRef"] == "guest",
        )
    credited = sum(Decimal(one["total"]["amount"]) for one in found["creditMemos"])
    assert -credited == sum(one.amount for one in plan.credits)
    assert {one["externalRef"]: Decimal(one["balance"]["amount"]) for one in found["creditMemos"]} == {
        one.ref: 0 if one.is_refunded else -one.amount for one in plan.credits
    }
    # All that was received for the file has left.
    levels = [level for one in found["products"] for level in one["stockLevels"]]
    assert {(level["onHand"], level["booked"]) for level in levels} == {("0", "0")}
    company_id = decode_id("Company", await company_of(retailer))
    assert await verify(database, company_id=company_id) == []
    assert (await unbroken(retailer))["ORDER_S"] == len(plan.sales)
    again = await import_all(Run(retailer, plan, "slice"))
    assert {(made, refused) for made, _, refused in counts(again).values()} == {(0, 0)}
    assert await state(retailer) == found


class Interrupting(Unwatched):
    """Stops the import soon after a stage begins, wherever it is then."""

    def __init__(self, stage: str, seconds: float) -> None:
        self.stage = stage
        self.seconds = seconds
        self.task: asyncio.Task[Report] | None = None

    def begin(self, stage: str, total: int) -> None:
        """Wait for the stage."""
        if stage == self.stage and self.task is not None:
            asyncio.get_running_loop().call_later(self.seconds, self.task.cancel)


async def test_an_import_that_is_stopped_again_and_again_ends_like_one_that_is_not(
    app: ASGIApp,
    settings: Settings,
    database: Database,
    retailer: Client,
    plan: Plan,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In the middle of every stage, with the keys of earlier calls swept away in between (I6)."""
    other = await staff_of(app, settings, uuid.uuid4().hex, RETAILER)
    assert other is not None
    await import_all(Run(other, plan, "slice"))
    monkeypatch.setattr(sales, "MOST_SALES", 4)
    monkeypatch.setattr(credits_, "MOST_CREDITS", 3)
    chance = random.Random(SEED)
    made: Counter[str] = Counter()
    for stage in STOPPED:
        watch = Interrupting(stage, chance.uniform(0.05, 0.4))
        run = Run(retailer, plan, "slice", workers=3, progress=watch)
        watch.task = asyncio.create_task(import_all(run))
        with suppress(asyncio.CancelledError):
            await watch.task
        made.update({one.name: one.made for one in run.report.stages})
        if stage == "sales":
            async with database.write_engine.begin() as connection:
                await connection.execute(text("DELETE FROM idempotency_keys WHERE principal = 'staff:importer'"))
    report = await import_all(Run(retailer, plan, "slice", workers=3))
    print(f"seed {SEED}: before it was let through it had made {dict(made)}; the last run: {counts(report)}")
    assert report.bad_rows == []
    assert await state(retailer) == await state(other)
    assert await unbroken(retailer) == await unbroken(other)
    # That the answers to repeat are gone is what the test did.
    findings = await verify(database, company_id=decode_id("Company", await company_of(retailer)))
    assert {finding.rule for finding in findings} == {"P2"}


async def test_what_the_server_refuses_is_told_by_row_and_stops_nothing(retailer: Client) -> None:
    """An order that cannot be made, and a line that points to its row; the others are imported."""
    lines = [dict(line) for line in slice_of(2) if not line["InvoiceNo"].startswith("C")]
    good = {line["InvoiceNo"] for line in lines}
    bad = {**lines[0], "InvoiceNo": "1", "CustomerID": ""}
    lines += [{**bad, "UnitPrice": "1.00"}, {**bad, "StockCode": "HUGE", "UnitPrice": "99999999999999.00"}]
    lines += [{**bad, "InvoiceNo": "2", "StockCode": "X" * 81}]
    report = await import_all(Run(retailer, plan_of(lines), "slice"))
    first = len(lines) - 1
    assert [
        (row.row, row.code, row.amount) for row in sorted(report.bad_rows, key=lambda row: (row.row, row.code))
    ] == [
        (first, "INVALID_AMOUNT", Decimal(bad["Quantity"])),
        (first + 1, "INVALID_AMOUNT", Decimal(bad["Quantity"]) * 99999999999999),
        (first + 2, "INVALID_INPUT", Decimal(0)),
        (first + 2, "NOT_FOUND", Decimal(bad["Quantity"]) * Decimal(bad["UnitPrice"])),
    ]
    orders = (await state(retailer, "orders"))["orders"]
    assert {one["externalRef"] for one in orders} == {sale.ref for sale in plan_of(lines).sales} - {"1", "2"}
    assert good - {one["externalRef"] for one in orders} == {
        one.ref.partition("/")[0] for one in plan_of(lines).write_offs
    }


async def test_a_mended_file_brings_what_was_missing(retailer: Client) -> None:
    """Stock too: only the difference to what the first run received comes in."""
    lines = [line for line in slice_of(2) if not line["InvoiceNo"].startswith("C")]
    await import_all(Run(retailer, plan_of([{**lines[0], "InvoiceDate": "soon"}, *lines[1:]]), "slice"))
    report = await import_all(Run(retailer, plan_of(lines), "slice"))
    assert report.documents == 1
    levels = [
        level["onHand"] for one in (await state(retailer, "products"))["products"] for level in one["stockLevels"]
    ]
    assert set(levels) == {"0"}


async def test_the_company_has_to_be_the_right_one(app: ASGIApp, settings: Settings, retailer: Client) -> None:
    plan = plan_of(slice_of(1))
    with pytest.raises(WrongPlaceError, match="not for elsewhere"):
        await import_all(Run(retailer, plan, "slice"), "elsewhere")
    operator = Client(in_process(app, settings, importer(None)))
    with pytest.raises(WrongPlaceError, match="for no company"):
        await import_all(Run(operator, plan, "slice"))
    values = {"code": "web", "name": "Web", "kind": "WEB", "currencyCode": "EUR", "poolCode": "main"}
    await retailer.do("channelCreate", "", values)
    with pytest.raises(WrongPlaceError, match="does not sell in GBP"):
        await import_all(Run(retailer, plan, "slice"))


async def test_a_company_is_made_once(app: ASGIApp, settings: Settings) -> None:
    operator, code = Client(in_process(app, settings, importer(None))), uuid.uuid4().hex
    assert await staff_of(app, settings, code) is None
    assert await make_company(operator, code, **RETAILER) == await make_company(operator, code, **RETAILER)


def test_a_report_is_a_file_by_row(tmp_path: Path) -> None:
    lines = [row(3, "2.50"), row(2, "-1")]
    report = Report([BadRow(9, "CELLS", "Too short.")])
    errors = [
        {
            "code": "INVALID_AMOUNT",
            "message": "Too much.",
            "path": ["input", "entries", "0", "items", "1", "unitPrice"],
        },
        {"code": "NOT_FOUND", "message": "Whoever that is.", "path": ["input", "entries", "0", "customerId"]},
    ]
    report.refuse(lines, errors, [lines])
    report.refuse([row(4, "0")], [{"code": "NOT_FOUND", "message": "No.", "path": None}], [])
    report.write(tmp_path / "report.csv")
    assert (tmp_path / "report.csv").read_text().splitlines() == [
        "row,code,amount,message",
        "2,INVALID_AMOUNT,-1,Too much.",
        "3,INVALID_AMOUNT,2.50,Too much.",
        "4,NOT_FOUND,0,No.",
        "9,CELLS,0,Too short.",
    ]
    assert report.missing == Decimal("1.50")


def row(number: int, amount: str) -> BadRow:
    """Something that has a row and an amount."""
    return BadRow(number, "", "", Decimal(amount))
