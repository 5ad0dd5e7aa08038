"""The plan for a shop's own orders: how far an order goes follows from its columns, and no half of one is imported."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from gql_sales.importing.csv_rows import UnreadableFileError
from gql_sales.importing.formats import read_plan, source_name
from gql_sales.importing.orders_csv import plan_orders_csv
from gql_sales.importing.plan import Place, Plan, PlannedAddress
from tests.importing.rows import read

WIDE = """order_ref,order_date,customer_ref,customer_name,customer_email,address_line1,city,postal_code,country_code,\
sku,quantity,unit_price,line_ref,product_name,payment_method,invoice_requested,shipped_on,tracking_number,billed_on,paid_on
A-2,2026-02-01,7,Ada Byron,ada@example.com,Main St 1,Berlin,10115,Germany,TEA,2,4.50,1,Tea,CARD,yes,,00340,,2026-02-03
A-2,,,,,,,,,CUP,1,,2,,,,,,,
A-1,2026-01-15,8,Bob,,,,,,TEA,1.5,,,,,,,,,
"""


def planned(text: str) -> Plan:
    """The plan for a text with a header."""
    return plan_orders_csv(read(text), place=Place())


def line(**cells: str) -> str:
    """A file of one line with these columns besides the needed ones."""
    wanted = {"order_ref": "1", "order_date": "2026-01-01", "customer_ref": "7", "sku": "TEA", "quantity": "1", **cells}
    return f"{','.join(wanted)}\n{','.join(wanted.values())}\n"


def test_lines_of_one_reference_are_one_order() -> None:
    plan = planned(WIDE)
    assert [sale.ref for sale in plan.sales] == ["A-1", "A-2"]
    late = plan.sales[1]
    assert [(one.sku, one.quantity, one.unit_price, one.ref, one.row) for one in late.lines] == [
        ("TEA", Decimal(2), Decimal("4.50"), "1", 2),
        ("CUP", Decimal(1), None, "2", 3),
    ]
    assert late.address == PlannedAddress("Ada Byron", "Main St 1", "Berlin", "DE", postal_code="10115")
    assert [(one.ref, one.name, one.email) for one in plan.customers] == [("7", "Ada Byron", "ada@example.com"),
                                                                          ("8", "Bob", "")]  # fmt: skip
    assert [(one.sku, one.name, one.kind) for one in plan.products] == [("TEA", "Tea", "GOODS")]
    assert plan.bad_rows == []


def test_how_far_an_order_goes_follows_from_its_columns() -> None:
    early, late = planned(WIDE).sales
    assert (early.is_shipped, early.billed_on, early.paid_at, early.address) == (False, None, None, None)
    assert (late.is_shipped, late.tracking_number, late.is_invoice_requested) == (True, "00340", True)
    assert (late.billed_on, late.paid_at) == (date(2026, 2, 3), datetime(2026, 2, 3))  # noqa: DTZ001 (the shop's own)
    (sent,) = planned(line(shipped_on="2026-01-02", billed_on="2026-01-03")).sales
    assert (sent.is_shipped, sent.billed_on, sent.paid_at) == (True, date(2026, 1, 3), None)


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"order_ref": ""}, "NO_ORDER"),
        ({"order_date": ""}, "BAD_DATE"),
        ({"order_date": "01.02.2026"}, "BAD_DATE"),
        ({"paid_on": "soon"}, "BAD_DATE"),
        ({"customer_ref": ""}, "NO_CUSTOMER"),
        ({"sku": ""}, "NO_PRODUCT"),
        ({"quantity": "0"}, "BAD_QUANTITY"),
        ({"quantity": "-1"}, "BAD_QUANTITY"),
        ({"quantity": "1e3"}, "BAD_QUANTITY"),
        ({"unit_price": "4.50 EUR"}, "BAD_PRICE"),
        ({"invoice_requested": "perhaps"}, "BAD_CHOICE"),
        ({"city": "Berlin"}, "BAD_ADDRESS"),
        ({"city": "Berlin", "address_line1": "A 1", "country_code": "Atlantis"}, "BAD_COUNTRY"),
    ],
)
def test_a_bad_line_is_told(cells: dict[str, str], code: str) -> None:
    plan = planned(line(**cells))
    assert [(row.row, row.code) for row in plan.bad_rows] == [(2, code)]
    assert (plan.sales, plan.customers) == ([], [])


def test_an_order_with_a_bad_line_is_left_out_as_a_whole() -> None:
    """Half an order would be another order; its amounts are told, so that sums can be compared."""
    text = """order_ref,order_date,customer_ref,sku,quantity,unit_price
1,2026-01-01,7,TEA,2,4.50
1,2026-01-01,7,CUP,none,6.00
2,2026-01-01,7,CUP,1,6.00
"""
    plan = planned(text)
    assert [sale.ref for sale in plan.sales] == ["2"]
    assert [(row.row, row.code, row.amount) for row in plan.bad_rows] == [
        (2, "ORDER_LEFT_OUT", Decimal("9.00")),
        (3, "BAD_QUANTITY", Decimal(0)),
    ]


def test_lines_of_an_order_may_not_contradict_one_another() -> None:
    text = "order_ref,order_date,customer_ref,sku,quantity\n1,2026-01-01,7,TEA,1\n1,2026-01-01,8,CUP,1\n"
    assert [(row.row, row.code) for row in planned(text).bad_rows] == [(2, "ORDER_LEFT_OUT"), (3, "CONTRADICTION")]


def test_a_file_without_a_needed_column_is_refused_at_once(tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    file.write_text("order_ref,order_date,sku,quantity\n")
    with pytest.raises(UnreadableFileError, match=r"orders\.csv has no column customer_ref"):
        read_plan(file, "orders-csv", Place())
    for broken in (b"\x1f\x8b\x08nothing", b""):
        file.write_bytes(broken)
        with pytest.raises(UnreadableFileError):
            read_plan(file, "orders-csv", Place())
    with pytest.raises(UnreadableFileError):
        read_plan(tmp_path / "absent.csv", "orders-csv", Place())


def test_files_of_western_spreadsheets_and_lines_of_another_length_are_read(tmp_path: Path) -> None:
    file = tmp_path / "orders.csv.gz"
    text = line(customer_name="Zoë").replace("7,TEA", "7 ,TEA") + "1,2\n\n" + "2,2026-01-01,9,TEA,1,\x00Ann\n"
    file.write_bytes(text.encode("cp1252"))
    plan = read_plan(file, "orders-csv", Place())
    assert [one.name for one in plan.customers] == ["Zoë", "\x00Ann"]
    assert [(row.row, row.code) for row in plan.bad_rows] == [(3, "CELLS")]
    assert source_name(file) == "orders"
