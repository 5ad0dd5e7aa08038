"""Rows of files for tests of the importer: the real file, slices of it, and a few lines made by hand."""

import csv
import gzip
import io
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from gql_sales.importing.csv_rows import Row

SAMPLE = Path(__file__).parent.parent / "data" / "online-retail-sample.csv.gz"
HEADER = ("InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country")


@cache
def sample() -> list[dict[str, str]]:
    """All lines of the real file."""
    with gzip.open(SAMPLE, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def first_documents(number: int) -> list[dict[str, str]]:
    """The lines of the earliest documents."""
    begins: dict[str, str] = {}
    for line in sample():
        begins[line["InvoiceNo"]] = min(begins.get(line["InvoiceNo"], "9"), line["InvoiceDate"])
    wanted = set(sorted(begins, key=lambda name: (begins[name], name))[:number])
    return [line for line in sample() if line["InvoiceNo"] in wanted]


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
