"""numberSeriesAudit: silent after a normal day, and each kind of break that SQL can make is named (N-4, PK-14)."""

from dataclasses import dataclass

import httpx2
import pytest

from gql_sales.app import create_app
from gql_sales.db.engine import Database
from gql_sales.db.models.numbers import SeriesKind
from gql_sales.db.queries.numbers_audit import NUMBERED, NumberFinding
from gql_sales.settings import Settings
from tests.client import Client, Json
from tests.domain.test_verify import Told, broken_by, told  # noqa: F401 (the fixture)
from tests.shop import Shop, open_shop

AUDIT = """query ($series: SeriesKind!, $from: Int, $to: Int) {
    numberSeriesAudit(series: $series, from: $from, to: $to) {
    firstValue lastValue isUnbroken isInDateOrder series { kind prefix lastNumber }
    counts { kind count } findings { kind firstValue lastValue documentId message } } }"""
SERIES = "{ numberSeries { kind prefix lastValue lastNumber lastDatedOn lastIssuedAt isClosed } }"


@dataclass(frozen=True)
class Break:
    """What is changed, and every finding with its range that follows."""

    statements: tuple[str, ...]
    found: set[tuple[str, int | None, int | None]]
    series: str = "ORDER_S"


BREAKS = {
    "number lost": Break(
        ("DELETE FROM number_assignments WHERE document_id = :part",),
        {("GAP", 2, 2), ("DOCUMENT_WITHOUT_ASSIGNMENT", 2, 2)},
    ),
    "counter ran ahead": Break(
        ("UPDATE number_series SET last_value = last_value + 3 WHERE kind = 'ORDER_S'",), {("GAP", 8, 10)}
    ),
    "number beyond the counter": Break(
        ("UPDATE number_assignments SET value = 8 WHERE document_id = :part",),
        {
            ("GAP", 2, 2),
            ("DOCUMENT_WITHOUT_ASSIGNMENT", 2, 2),
            ("ASSIGNMENT_WITHOUT_DOCUMENT", 8, 8),
            ("INSTANT_OUT_OF_ORDER", 8, 8),
        },
    ),
    "number given twice": Break(
        (
            "ALTER TABLE number_assignments DROP CONSTRAINT uq_number_assignments_value",
            "UPDATE number_assignments SET value = 1 WHERE document_id = :part",
        ),
        {
            ("GAP", 2, 2),
            ("DUPLICATE", 1, 1),
            ("DOCUMENT_WITHOUT_ASSIGNMENT", 2, 2),
            ("ASSIGNMENT_WITHOUT_DOCUMENT", 1, 1),
        },
    ),
    "dated before the one before it": Break(
        ("UPDATE number_assignments SET dated_on = dated_on - 10 WHERE document_id = :part",),
        {("DATE_OUT_OF_ORDER", 2, 2)},
    ),
    "given before the one before it": Break(
        ("UPDATE number_assignments SET issued_at = issued_at - interval '1 day' WHERE document_id = :part",),
        {("INSTANT_OUT_OF_ORDER", 2, 2)},
    ),
    "number written by hand": Break(
        ("UPDATE orders SET number = 'S-000099' WHERE id = :draft",), {("DOCUMENT_WITHOUT_ASSIGNMENT", 99, 99)}
    ),
    "number taken off a document": Break(
        ("UPDATE orders SET number = NULL WHERE id = :part",), {("ASSIGNMENT_WITHOUT_DOCUMENT", 2, 2)}
    ),
    "number of another kind": Break(
        ("UPDATE invoices SET number = 'X-1' WHERE number = 'INV-000001'",),
        {("ASSIGNMENT_WITHOUT_DOCUMENT", 1, 1), ("DOCUMENT_WITHOUT_ASSIGNMENT", None, None)},
        "INVOICE",
    ),
}


async def audited(told: Told, settings: Settings, database: Database, series: str, **more: int) -> Json:  # noqa: F811
    """The audit of a series, asked by the story's own principal."""
    transport = httpx2.ASGITransport(create_app(settings, database))
    async with httpx2.AsyncClient(transport=transport, base_url="http://testserver", timeout=60) as http:
        data = await Client(http, settings).query(AUDIT, {"series": series, **more}, told.story.principal)
    audit: Json = data["numberSeriesAudit"]
    return audit


async def test_a_normal_day_is_unbroken(told: Told, settings: Settings) -> None:  # noqa: F811
    unused = set()
    async with broken_by(told) as database:
        for series in SeriesKind:
            audit = await audited(told, settings, database, series)
            assert (audit["isUnbroken"], audit["isInDateOrder"], audit["findings"]) == (True, True, []), series
            assert audit["counts"] == [{"kind": kind, "count": 0} for kind in NumberFinding]
            assert audit["firstValue"] == 1
            if audit["series"]["lastNumber"] is None:
                unused.add(series)
                assert audit["lastValue"] == 0
            else:
                assert audit["series"]["lastNumber"].endswith(f"{audit['lastValue']:06d}")
    assert unused == {SeriesKind.ORDER_ES, SeriesKind.ORDER_PF}


@pytest.mark.parametrize("name", BREAKS)
async def test_what_is_broken_is_named(name: str, told: Told, settings: Settings) -> None:  # noqa: F811
    case = BREAKS[name]
    async with broken_by(told, *case.statements) as database:
        audit = await audited(told, settings, database, case.series)
        found = {(one["kind"], one["firstValue"], one["lastValue"]) for one in audit["findings"]}
        assert found == case.found
        assert {one["kind"]: one["count"] for one in audit["counts"] if one["count"]} == {
            kind: sum(one[0] == kind for one in case.found) for kind in {one[0] for one in case.found}
        }
        kinds = {kind for kind, *_ in found}
        assert audit["isInDateOrder"] == ("DATE_OUT_OF_ORDER" not in kinds)
        assert audit["isUnbroken"] == (kinds == {"DATE_OUT_OF_ORDER"})
        outside = await audited(told, settings, database, case.series, **{"from": 3, "to": 3})
        assert {one["firstValue"] for one in outside["findings"]} <= {None}


async def test_every_kind_of_finding_is_proven() -> None:
    assert {kind for case in BREAKS.values() for kind, *_ in case.found} == set(NumberFinding)


def test_every_series_names_its_documents() -> None:
    assert set(NUMBERED) == set(SeriesKind)


async def test_series_show_where_they_stand(shop: Shop) -> None:
    first = {one["kind"]: one for one in (await shop.query(SERIES))["numberSeries"]}
    assert set(first) == set(SeriesKind)
    assert first["INVOICE"]["lastNumber"] is None
    order = await shop.placed(("apple", 1))
    await shop.did("invoiceIssue", orderId=order["id"], invoicedOn="2026-03-01")
    told_ = {one["kind"]: one for one in (await shop.query(SERIES))["numberSeries"]}
    assert told_["INVOICE"] == {
        "kind": "INVOICE",
        "prefix": "INV-",
        "lastValue": 1,
        "lastNumber": "INV-000001",
        "lastDatedOn": "2026-03-01",
        "lastIssuedAt": told_["INVOICE"]["lastIssuedAt"],
        "isClosed": False,
    }
    assert told_["ORDER_S"]["lastNumber"] == order["number"]


async def test_back_dated_invoices_are_told_and_break_nothing(shop: Shop) -> None:
    """X-27: FREE lets dates go back, and an auditor sees it."""
    for day in ("2026-03-02", "2026-03-01"):
        await shop.did("invoiceIssue", orderId=(await shop.placed(("apple", 1)))["id"], invoicedOn=day)
    audit = (await shop.query(AUDIT, series="INVOICE"))["numberSeriesAudit"]
    assert (audit["isUnbroken"], audit["isInDateOrder"]) == (True, False)
    (finding,) = audit["findings"]
    assert (finding["kind"], finding["firstValue"]) == ("DATE_OUT_OF_ORDER", 2)
    data = await shop.query("query ($id: ID!) { node(id: $id) { __typename id } }", id=finding["documentId"])
    assert data["node"] == {"__typename": "Invoice", "id": finding["documentId"]}


async def test_who_may_ask_and_for_what(shop: Shop) -> None:
    other = await open_shop(shop.client)
    await shop.placed(("apple", 1))
    audit = (await other.query(AUDIT, series="ORDER_S"))["numberSeriesAudit"]
    assert (audit["lastValue"], audit["isUnbroken"]) == (0, True)
    variables = {"series": "ORDER_S"}
    answer = await shop.client.execute(AUDIT, variables, shop.member(*shop.staff.scopes - {"numbers:read"}))
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["FORBIDDEN"]
    assert await shop.client.query(AUDIT, variables, shop.member("numbers:read"))
    for bad in ({"from": 0}, {"from": 3, "to": 2}, {"to": 0}):
        answer = await shop.client.execute(AUDIT, {**variables, **bad}, shop.staff)
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["BAD_USER_INPUT"], bad
    assert (await shop.query(AUDIT, series="ORDER_S", **{"from": 1, "to": 1}))["numberSeriesAudit"]["isUnbroken"]
    beyond = (await shop.query(AUDIT, series="ORDER_S", **{"from": 5}))["numberSeriesAudit"]
    assert (beyond["isUnbroken"], beyond["findings"]) == (True, [])
