"""Parts of an order item always sum to it, and tax lines to the document, however an order is billed (L4)."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from gql_sales.db.models.orders import OrderItem
from gql_sales.db.models.products import ProductKind
from gql_sales.domain.invoices.lines import Line, line, posting, taxes
from gql_sales.domain.orders.axes import billable_amount
from gql_sales.kernel.money import share

AMOUNTS = st.integers(-(10**12), 10**12)
STEPS = st.lists(st.integers(1, 10**6), min_size=1, max_size=12)
RATES = st.sampled_from([Decimal(0), Decimal("0.07"), Decimal("0.19"), Decimal("0.2")])


def item(net: int, tax: int, ordered: Decimal, rate: Decimal = Decimal("0.2")) -> OrderItem:
    """An order item with its frozen amounts."""
    return OrderItem(
        sku="x",
        kind=ProductKind.GOODS,
        tax_country_code="DE",
        tax_rate=rate,
        ordered_quantity=ordered,
        net_amount=net,
        tax_amount=tax,
        gross_amount=net + tax,
    )


def billed(one: OrderItem, steps: list[int]) -> list[Line]:
    """The item billed in steps of thousandths."""
    lines = []
    for step in steps:
        lines.append(line(one, Decimal(step).scaleb(-3)))
        one.invoiced_quantity += lines[-1].quantity
    return lines


@given(total=AMOUNTS, steps=STEPS)
def test_shares_sum_to_the_total(total: int, steps: list[int]) -> None:
    whole, start, parts = Decimal(sum(steps)), Decimal(0), []
    for step in steps:
        parts.append(share(total, start, Decimal(step), whole))
        start += step
    assert sum(parts) == total


@given(net=AMOUNTS, tax=AMOUNTS, steps=STEPS, more=st.integers(0, 10**6))
def test_lines_sum_to_their_item(net: int, tax: int, steps: list[int], more: int) -> None:
    """At every step what is billed and what may be billed are the item's gross (D = B + U)."""
    one = item(net, tax, Decimal(sum(steps) + more).scaleb(-3))
    lines = billed(one, steps)
    assert all(each.net + each.tax == each.gross for each in lines)
    assert sum(each.gross for each in lines) + billable_amount([one]) == net + tax
    if not more:
        assert (sum(each.net for each in lines), sum(each.tax for each in lines)) == (net, tax)


@given(items=st.lists(st.tuples(AMOUNTS, AMOUNTS, RATES, STEPS), min_size=1, max_size=6))
def test_tax_lines_and_entries_sum_to_the_document(items: list[tuple[int, int, Decimal, list[int]]]) -> None:
    lines = [
        each
        for net, tax, rate, steps in items
        for each in billed(item(net, tax, Decimal(sum(steps)).scaleb(-3), rate), steps)
    ]
    found = taxes(lines)
    assert sum(net for net, _ in found.values()) == sum(each.net for each in lines)
    assert sum(tax for _, tax in found.values()) == sum(each.tax for each in lines)
    assert sum(posting(lines).values()) == 0
