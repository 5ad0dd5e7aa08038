"""The plan for the data set "Online Retail": the facts of the real file hold, and what is dirty is sorted out."""

from collections import Counter
from decimal import Decimal

import pytest

from gql_sales.importing.csv_rows import Row, open_rows
from gql_sales.importing.online_retail import COLUMNS, GUEST, plan_online_retail
from gql_sales.importing.plan import Place, Plan
from tests.importing.rows import SAMPLE, retail, sample

DAY, LATER = "2011-01-05 09:30:00", "2011-02-05 10:00:00"


@pytest.fixture(scope="module")
def plan() -> Plan:
    """The plan for the real file."""
    return plan_online_retail(open_rows(SAMPLE, COLUMNS), place=Place())


def planned(*lines: tuple[str, str, str, str, str, str]) -> Plan:
    """The plan for lines of (document, code, quantity, price, customer, time)."""
    return plan_online_retail(retail(*lines), place=Place())


def test_the_documents_are_those_of_the_file(plan: Plan) -> None:
    """12,392 documents: 11,869 that are no cancellations, of which 13 only write stock off, and 523 cancellations."""
    assert plan.documents == 12_392
    assert len(plan.sales) + len(plan.write_offs) == 11_869
    assert (len(plan.write_offs), len(plan.credits)) == (13, 523)
    assert plan.bad_rows == []
    rows = [line.row for sale in plan.sales for line in sale.lines] + [one.row for one in plan.write_offs]
    rows += {line.row for one in plan.credits for line in one.rows}
    assert sorted(rows) == list(range(2, 30_002))


def test_the_sums_are_those_of_the_file(plan: Plan) -> None:
    sold = sum(sale.amount for sale in plan.sales)
    credited = sum(one.amount for one in plan.credits)
    assert (sold, credited, sold + credited) == (Decimal("601925.64"), Decimal("-26350.97"), Decimal("575574.67"))
    assert sum(sale.amount == 0 for sale in plan.sales) == 20


def test_customers_and_guests(plan: Plan) -> None:
    assert len(plan.customers) == 3_570
    assert [one.kind for one in plan.customers if one.ref == GUEST] == ["GUEST"]
    assert not any(one.ref.endswith(".0") for one in plan.customers)
    guests = sum(sale.customer_ref == GUEST for sale in plan.sales) + sum(not one.is_refunded for one in plan.credits)
    lost = [line for line in sample() if int(line["Quantity"]) < 0 and not line["InvoiceNo"].startswith("C")]
    assert guests + len(lost) == 665
    assert {sale.payment_method for sale in plan.sales if sale.customer_ref == GUEST} == {"CARD"}


def test_codes_that_differ_in_case_are_one_product(plan: Plan) -> None:
    """3,007 codes, 21 pairs of which differ only in case."""
    codes = {line["StockCode"] for line in sample()}
    assert len(codes) == 3_007
    assert len(plan.products) == 3_007 - 21
    assert Counter(product.kind for product in plan.products) == {
        "GOODS": 2_978,
        "SERVICE": 4,
        "DELIVERY": 3,
        "DISCOUNT": 1,
    }
    kinds = {product.sku: product.kind for product in plan.products}
    assert (kinds["POST"], kinds["D"], kinds["M"], kinds["85123A"]) == ("DELIVERY", "DISCOUNT", "SERVICE", "GOODS")
    assert all(product.name == product.name.strip() for product in plan.products)


def test_countries_are_codes(plan: Plan) -> None:
    """38 names, two of which are no country: theirs is the seller's."""
    assert len({line["Country"] for line in sample()}) == 38
    assert len(plan.untaxed_countries) == 36
    assert {"GB", "IE", "ZA", "JE", "HK", "US", "CZ", "AE"} <= plan.untaxed_countries
    assert {len(code) for code in plan.untaxed_countries} == {2}


def test_the_shape_of_documents(plan: Plan) -> None:
    assert max(len(sale.lines) for sale in plan.sales) == 38
    twice = [sale for sale in plan.sales if len({line.sku for line in sale.lines}) < len(sale.lines)]
    twice_back = [one for one in plan.credits if len({line.row for line in one.rows}) > 1]
    repeated = Counter((line["InvoiceNo"], line["StockCode"].upper()) for line in sample())
    assert len({document for (document, _), number in repeated.items() if number > 1}) == 56
    assert len(twice) + sum(_repeats(one.ref) for one in twice_back) == 56
    assert sum(line.unit_price == 0 for sale in plan.sales for line in sale.lines) + 13 == 37


def _repeats(document: str) -> bool:
    codes = [line["StockCode"].upper() for line in sample() if line["InvoiceNo"] == document]
    return len(set(codes)) < len(codes)


def test_sales_are_in_order_of_time_and_of_two_times_the_first_counts(plan: Plan) -> None:
    times = [sale.paid_at for sale in plan.sales if sale.paid_at]
    assert times == sorted(times)
    seen: dict[str, set[str]] = {}
    for line in sample():
        seen.setdefault(line["InvoiceNo"], set()).add(line["InvoiceDate"])
    several = {document: min(found) for document, found in seen.items() if len(found) > 1}
    assert len(several) == 13
    assert {sale.ref: str(sale.paid_at) for sale in plan.sales if sale.ref in several} == {
        document: at for document, at in several.items() if not document.startswith("C")
    }


def test_lines_of_cancellations_are_credited_against_earlier_sales(plan: Plan) -> None:
    """Of 620 lines 56 fit a sale and 5 in part; one of the 56 is worth less than the sale, so it is a manual line."""
    rows = enumerate(sample(), start=2)
    wanted = {number: -int(line["Quantity"]) for number, line in rows if line["InvoiceNo"].startswith("C")}
    fits = {line.row: line.quantity for one in plan.credits for line in one.credited}
    whole = [row for row, quantity in fits.items() if quantity == wanted[row]]
    assert (len(wanted), len(whole) + 1, len(fits) - len(whole)) == (620, 56, 5)
    (cheaper,) = [one for one in plan.credits if one.ref == "C570468"]
    assert [line.sku for line in cheaper.manual] == ["M"]
    assert any(bool(one.credited) and bool(one.manual) for one in plan.credits)


def test_a_credited_line_names_a_line_of_a_sale(plan: Plan) -> None:
    sales = {sale.ref: sale for sale in plan.sales}
    left = {(sale.ref, place): line.quantity for sale in plan.sales for place, line in enumerate(sale.lines, start=1)}
    for one in plan.credits:
        for line in one.credited:
            sale = sales[line.sale_ref]
            assert (sale.customer_ref, sale.lines[line.position - 1].unit_price) == (one.customer_ref, line.unit_price)
            left[line.sale_ref, line.position] -= line.quantity
    assert min(left.values()) == 0


def test_all_that_leaves_the_warehouse_is_received_before(plan: Plan) -> None:
    taken = plan.taken()
    sold = sum(int(line["Quantity"]) for line in sample() if not line["InvoiceNo"].startswith("C"))
    lost = sum(one.quantity for one in plan.write_offs)
    assert sum(taken.values()) == sold + 2 * lost
    assert plan.receives_stock


def test_what_is_worth_more_than_its_sale_has_the_difference_as_a_manual_line() -> None:
    plan = planned(("1", "A", "5", "2.00", "7.0", DAY), ("C2", "a", "-2", "2.50", "7.0", LATER))
    (one,) = plan.credits
    assert [(line.sale_ref, line.position, line.quantity) for line in one.credited] == [("1", 1, Decimal(2))]
    assert [(line.quantity, line.unit_price) for line in one.manual] == [(Decimal(2), Decimal("0.50"))]
    assert one.amount == Decimal(-5)


@pytest.mark.parametrize(
    ("cancelled", "credited", "manual"),
    [
        (("C2", "A", "-7", "2.00", "7", LATER), [5], [2]),
        (("C2", "A", "-5", "1.00", "7", LATER), [], [5]),
        (("C2", "A", "-5", "2.00", "8", LATER), [], [5]),
        (("C2", "B", "-5", "2.00", "7", LATER), [], [5]),
        (("C2", "A", "-5", "2.00", "7", "2010-12-01 08:00:00"), [], [5]),
    ],
)
def test_the_rest_is_credited_by_hand(
    cancelled: tuple[str, str, str, str, str, str], credited: list[int], manual: list[int]
) -> None:
    (one,) = planned(("1", "A", "5", "2.00", "7", DAY), cancelled).credits
    assert [line.quantity for line in one.credited] == credited
    assert [line.quantity for line in one.manual] == manual


def test_nothing_is_credited_twice() -> None:
    back = [(f"C{number}", "A", "-3", "2.00", "7", LATER) for number in (2, 3)]
    plan = planned(("1", "A", "5", "2.00", "7", DAY), *back)
    assert [line.quantity for one in plan.credits for line in one.credited] == [3, 2]
    assert [line.quantity for one in plan.credits for line in one.manual] == [1]


@pytest.mark.parametrize(
    ("line", "code", "amount"),
    [
        (("", "A", "1", "2.00", "7", DAY), "NO_DOCUMENT", "2.00"),
        (("1", "", "1", "2.00", "7", DAY), "NO_PRODUCT", "2.00"),
        (("1", "A", "0", "2.00", "7", DAY), "BAD_QUANTITY", "0.00"),
        (("1", "A", "x", "2.00", "7", DAY), "BAD_QUANTITY", "0"),
        (("1", "A", "-1", "2.00", "7", DAY), "BAD_QUANTITY", "-2.00"),
        (("C1", "A", "1", "2.00", "7", DAY), "BAD_QUANTITY", "2.00"),
        (("1", "A", "1", "-2.00", "7", DAY), "BAD_PRICE", "-2.00"),
        (("1", "A", "1", "NaN", "7", DAY), "BAD_PRICE", "0"),
        (("1", "A", "1", "2.00", "7", "yesterday"), "BAD_DATE", "2.00"),
        (("1", "POST", "-1", "0", "7", DAY), "NOT_STOCKED", "0"),
        (("9", "A", "1", "2.00", "8", DAY), "OTHER_CUSTOMER", "2.00"),
    ],
)
def test_a_bad_line_is_told_and_the_others_are_planned(
    line: tuple[str, str, str, str, str, str], code: str, amount: str
) -> None:
    plan = planned(("8", "A", "1", "2.00", "7", DAY), ("9", "A", "1", "2.00", "7", DAY), line)
    told = [(row.row, row.code, row.amount) for row in plan.bad_rows]
    assert told[0] == (4, code, Decimal(amount))
    assert told[1:] == ([(3, "DOCUMENT_LEFT_OUT", Decimal("2.00"))] if line[0] == "9" else [])
    assert [sale.ref for sale in plan.sales] == (["8"] if line[0] == "9" else ["8", "9"])


def test_a_document_with_a_bad_line_is_left_out_as_a_whole() -> None:
    """Half of it would be there when the mended file comes, and nobody would see what is missing."""
    lines = [
        ("1", "A", "1", "2.00", "7", DAY),
        ("1", "B", "x", "3.00", "7", DAY),
        ("C2", "A", "-1", "2.00", "7", LATER),
    ]
    plan = planned(*lines)
    assert [(row.row, row.code, row.amount) for row in plan.bad_rows] == [
        (3, "BAD_QUANTITY", Decimal(0)),
        (2, "DOCUMENT_LEFT_OUT", Decimal("2.00")),
    ]
    assert (plan.sales, [len(one.manual) for one in plan.credits]) == ([], [1])


def test_a_line_with_too_few_cells_is_told() -> None:
    plan = plan_online_retail([Row(2, None)], place=Place())
    assert [row.code for row in plan.bad_rows] == ["CELLS"]


def test_the_original_of_the_data_set_writes_times_as_americans_do() -> None:
    (sale,) = planned(("1", "A", "1", "2.00", "7", "12/1/2010 8:26")).sales
    assert str(sale.paid_at) == "2010-12-01 08:26:00"


def test_a_document_may_sell_and_write_off() -> None:
    plan = planned(("1", "A", "1", "2.00", "", DAY), ("1", "B", "-4", "0.0", "", DAY))
    assert [len(sale.lines) for sale in plan.sales] == [1]
    assert [(one.ref, one.sku, one.quantity) for one in plan.write_offs] == [("1/1", "B", Decimal(4))]
    assert plan.taken() == {"A": 1, "B": 4}
