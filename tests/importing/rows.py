"""Rows of files for tests of the importer: the real file, slices of it, and a few lines made by hand."""

import csv
import gzip
import io
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from gql_sales.importing.csv_rows import Row, open_rows
from gql_sales.importing.online_retail import COLUMNS, plan_online_retail
from gql_sales.importing.plan import Place, Plan

SAMPLE = Path(__file__).parent.parent / "data" / "online-retail-sample.csv.gz"
HEADER = ("InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country")


@cache
def sample() -> list[dict[str, str]]:
    """All lines of the real file."""
    with gzip.open(SAMPLE, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def documents(*names: str) -> list[dict[str, str]]:
    """The lines of some documents."""
    return [line for line in sample() if line["InvoiceNo"] in names]


@cache
def slice_of(number: int) -> list[dict[str, str]]:
    """The lines of so many early sales and of something of everything else.

    That is cancellations that fit sales, wholly and in part, and that do not, a guest's, write-offs, a free sale.
    """
    plan = whole_plan()
    memos = [one for one in plan.credits if one.credited][:6] + [one for one in plan.credits if not one.credited][:6]
    memos += [one for one in plan.credits if not one.is_refunded][:2]
    wanted = {sale.ref for sale in plan.sales[:number]} | {one.ref for one in memos}
    wanted |= {line.sale_ref for one in memos for line in one.credited}
    wanted |= {one.ref.partition("/")[0] for one in plan.write_offs[:3]}
    wanted |= {next(sale.ref for sale in plan.sales if sale.amount == 0)}
    wanted |= {next(sale.ref for sale in plan.sales if len(sale.lines) == 38)}
    return [line for line in sample() if line["InvoiceNo"] in wanted]


@cache
def whole_plan() -> Plan:
    """The plan for the real file."""
    return plan_online_retail(open_rows(SAMPLE, COLUMNS), place=Place())


def plan_of(lines: Iterable[dict[str, str]]) -> Plan:
    """The plan for some of its lines."""
    rows = (Row(number, line) for number, line in enumerate(lines, start=2))
    return plan_online_retail(rows, place=Place())


def written(path: Path, lines: Iterable[dict[str, str]]) -> Path:
    """A file of the lines."""
    lines = list(lines)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, lines[0].keys())
        writer.writeheader()
        writer.writerows(lines)
    return path


def retail(*lines: Sequence[str]) -> list[Row]:
    """Lines of the data set, as short as (document, code, quantity, price, customer, time)."""
    rows = []
    for number, (document, code, quantity, price, customer, at) in enumerate(lines, start=2):
        cells = (document, code, code.lower(), quantity, at, price, customer, "Germany")
        rows.append(Row(number, dict(zip(HEADER, cells, strict=True))))
    return rows


def read(text: str) -> list[Row]:
    """Rows of a text with a header."""
    reader = csv.DictReader(io.StringIO(text))
    return [Row(number, dict(values)) for number, values in enumerate(reader, start=2)]
