"""The formats that files come in, by name."""

from pathlib import Path

from gql_sales.importing import online_retail, orders_csv
from gql_sales.importing.csv_rows import open_rows
from gql_sales.importing.plan import Place, Plan

ENDINGS = (".gz", ".csv")


def read_plan(path: Path, format_name: str, place: Place, *, receives_stock: bool = False) -> Plan:
    """The plan for a file; UnreadableFileError when it is not of the format at all."""
    if format_name == "online-retail":
        return online_retail.plan_online_retail(open_rows(path, online_retail.COLUMNS), place=place)
    rows = open_rows(path, orders_csv.REQUIRED)
    return orders_csv.plan_orders_csv(rows, place=place, receives_stock=receives_stock)


def source_name(path: Path) -> str:
    """The file's name without the endings of its kind."""
    name = path.name
    for ending in ENDINGS:
        name = name.removesuffix(ending)
    return name
