"""Checks an import of the data set "Online Retail" from outside: the file against what the API answers over HTTP.

It knows nothing of the program, reads the file in its own way and asks as any client would, so that a fault of the
importer is not repeated here: `python tests/independent/online_retail.py FILE URL TOKEN`.
"""

import csv
import gzip
import json
import sys
import urllib.request
from collections import defaultdict
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

Figures = dict[str, Any]
Ask = Callable[[str, dict[str, Any]], Any]

TOP = 10
ORDERS = """query ($after: String) { orders(first: 100, after: $after) {
  nodes { externalRef paymentStatus dispatchStatus customer { externalRef }
          items { sku gross { amount } }
          invoices { datedOn total { amount } } cashSales { datedOn total { amount } } }
  pageInfo { hasNextPage endCursor } } }"""
MEMOS = """query ($after: String) { creditMemos(first: 100, after: $after) {
  nodes { externalRef datedOn total { amount } refunded { amount } customer { externalRef } }
  pageInfo { hasNextPage endCursor } } }"""
LEVELS = """query ($after: String) { stockLevels(first: 100, after: $after) {
  nodes { onHand } pageInfo { hasNextPage endCursor } } }"""


class Sums(defaultdict[str, Decimal]):
    """Amounts by name, 0 for a name that is new."""

    def __init__(self) -> None:
        super().__init__(Decimal)

    def top(self) -> list[tuple[str, Decimal]]:
        """The largest ones, by name where they are equal."""
        return sorted(self.items(), key=lambda one: (-one[1], one[0]))[:TOP]


def of_the_file(path: str) -> Figures:
    """What the file says, line by line."""
    opened = gzip.open(path, "rt", encoding="utf-8", newline="") if path.endswith(".gz") else open(path, newline="")  # noqa: PTH123, SIM115
    with opened as file:
        lines = list(csv.DictReader(file))
    begins: dict[str, str] = {}
    for line in lines:
        begins[line["InvoiceNo"]] = min(begins.get(line["InvoiceNo"], line["InvoiceDate"]), line["InvoiceDate"])
    sold, credited, refunded, customers, products = Sums(), Sums(), Sums(), Sums(), Sums()
    sales, memos = set(), set()
    for line in lines:
        document, quantity = line["InvoiceNo"], Decimal(line["Quantity"])
        amount = quantity * Decimal(line["UnitPrice"])
        month, customer = begins[document][:7], line["CustomerID"].split(".")[0] or "guest"
        if document.startswith("C"):
            memos.add(document)
            credited[month] -= amount
            refunded["all"] -= amount if line["CustomerID"] else 0
        elif quantity > 0:
            sales.add(document)
            sold[month] += amount
            customers[customer] += amount
            products[line["StockCode"].strip().upper()] += amount
    return {
        "orders": len(sales),
        "credit memos": len(memos),
        "sales by month": dict(sorted(sold.items())),
        "credits by month": dict(sorted(credited.items())),
        "refunded": refunded["all"],
        "top customers": customers.top(),
        "top products": products.top(),
        "not paid or not shipped": 0,
        "left in stock": Decimal(0),
    }


def of_the_api(ask: Ask) -> Figures:
    """What the API tells."""
    sold, credited, customers, products = Sums(), Sums(), Sums(), Sums()
    orders = memos = unfinished = 0
    refunded, left = Decimal(0), Decimal(0)
    for order in listed(ask, ORDERS, "orders"):
        orders += 1
        unfinished += order["paymentStatus"] != "PAID" or order["dispatchStatus"] not in ("FULL", "NOT_APPLICABLE")
        for bill in order["invoices"] + order["cashSales"]:
            sold[bill["datedOn"][:7]] += Decimal(bill["total"]["amount"])
            customers[order["customer"]["externalRef"]] += Decimal(bill["total"]["amount"])
        for item in order["items"]:
            products[item["sku"]] += Decimal(item["gross"]["amount"])
    for memo in listed(ask, MEMOS, "creditMemos"):
        memos += 1
        credited[memo["datedOn"][:7]] += Decimal(memo["total"]["amount"])
        refunded += Decimal(memo["refunded"]["amount"])
    for level in listed(ask, LEVELS, "stockLevels"):
        left += Decimal(level["onHand"])
    return {
        "orders": orders,
        "credit memos": memos,
        "sales by month": dict(sorted(sold.items())),
        "credits by month": dict(sorted(credited.items())),
        "refunded": refunded,
        "top customers": customers.top(),
        "top products": products.top(),
        "not paid or not shipped": unfinished,
        "left in stock": left,
    }


def listed(ask: Ask, query: str, name: str) -> Iterator[Any]:
    """Every node of a list, page by page."""
    after, more = None, True
    while more:
        page = ask(query, {"after": after})[name]
        yield from page["nodes"]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]


def over_http(url: str, token: str) -> Ask:
    """Asks a server."""

    def ask(query: str, variables: dict[str, Any]) -> Any:
        request = urllib.request.Request(  # noqa: S310 (whoever calls names the server)
            f"{url.rstrip('/')}/graphql",
            json.dumps({"query": query, "variables": variables}).encode(),
            {"Content-Type": "application/json", "Authorization": f"Bearer {token}"},
        )
        with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310
            answer = json.load(response)
        if answer.get("errors"):
            raise SystemExit(f"The server answered with errors: {answer['errors']}")
        return answer["data"]

    return ask


def main(path: str, url: str, token: str) -> int:
    """Print both sides of every figure; 1 when any differs."""
    wanted, found = of_the_file(path), of_the_api(over_http(url, token))
    wrong = [name for name, figure in wanted.items() if found[name] != figure]
    for name, figure in wanted.items():
        print(f"{'DIFFERS' if name in wrong else 'same   '} {name}: {shown(figure)}")
        if name in wrong:
            print(f"        the API: {shown(found[name])}")
    return 1 if wrong else 0


def shown(figure: Any) -> str:
    """A figure in one line."""
    pairs = list(figure.items()) if isinstance(figure, dict) else figure
    return ", ".join(f"{name} {amount}" for name, amount in pairs) if isinstance(pairs, list) else str(figure)


if __name__ == "__main__":
    if len(sys.argv) != 4:
        raise SystemExit(__doc__)
    raise SystemExit(main(*sys.argv[1:]))
