"""What stock is worth: a moving average for each pool and product, in the currency of the books (domain.md 5).

Goods in normal and repair bins have a value; that of other bins is none. The value of a pool goes out with its goods in
proportion, so that the last piece takes the rest with it, and the sum over all pools is the account Inventory.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from gql_sales.db.models.channels import BinKind
from gql_sales.db.models.ledger import AccountRole, JournalEvent
from gql_sales.db.models.stock import StockPool
from gql_sales.db.queries.context import load_company
from gql_sales.db.session import Unit
from gql_sales.domain.ledger.days import day_of
from gql_sales.domain.ledger.posting import Goods, enter
from gql_sales.domain.policies.frozen import load_policies
from gql_sales.kernel.money import round_minor, share, to_major

ACCOUNTS = {
    BinKind.NORMAL: AccountRole.INVENTORY,
    BinKind.REPAIR: AccountRole.INVENTORY,
    BinKind.SCRAP: AccountRole.SCRAP_LOSS,
    BinKind.INSPECTION: AccountRole.COGS,
    BinKind.TRANSIT: AccountRole.COGS,
}
"""Where the value of goods in a bin of the kind stands; a move between bins is posted from the one to the other."""

VALUED = frozenset(kind for kind, role in ACCOUNTS.items() if role == AccountRole.INVENTORY)

Postings = Iterable[tuple[Goods, Mapping[AccountRole, int]]]
"""Documents whose goods changed their value, with minor units by account: debit above zero, credit below."""


async def books_currency(unit: Unit) -> str:
    """The currency that costs are counted in."""
    company = await load_company(unit, unit.company_id)
    if company is None:
        raise LookupError("The principal's company is gone.")
    return company.currency_code


def worth(pool: StockPool, quantity: Decimal, currency: str, unit_cost: Decimal | None = None) -> int:
    """Minor units that a quantity is worth: at the given cost of a piece, else at the pool's average."""
    return round_minor(quantity * (pool.unit_cost if unit_cost is None else unit_cost), currency)


def put_in(pool: StockPool, quantity: Decimal, amount: int, currency: str) -> None:
    """Goods of this value join the pool; the average follows."""
    pool.valued_quantity += quantity
    pool.inventory_amount += amount
    if pool.valued_quantity > 0:
        pool.unit_cost = round(to_major(pool.inventory_amount, currency) / pool.valued_quantity, 6)


def take_out(pool: StockPool, quantity: Decimal) -> int:
    """Goods leave the pool with their share of its value, in minor units; the average stays."""
    whole = pool.valued_quantity
    amount = share(pool.inventory_amount, Decimal(0), quantity, whole) if quantity < whole else pool.inventory_amount
    pool.valued_quantity -= quantity
    pool.inventory_amount -= amount
    return amount


async def post_value(unit: Unit, postings: Postings) -> None:
    """Write an entry for each document whose goods changed their value; only in FULL do the books hold stock (X-16).

    Stock is the company's, not a channel's: its setting of today counts. It is read after the pools were locked, which
    a change of the setting waits for (``opening``), so that no movement is left out or counted twice.
    """
    await load_policies(unit, {unit.company_id})
    if unit.policies[unit.company_id]["journalMode"] == "FULL":
        await write_value(unit, postings)


async def write_value(unit: Unit, postings: Postings) -> None:
    """An entry for each document, in the currency of the company's books, under its day of today."""
    currency, day = await books_currency(unit), await day_of(unit, unit.company_id, unit.now)
    for document, lines in postings:
        enter(
            unit, JournalEvent.STOCK, document, day, [(role, amount, None) for role, amount in lines.items()], currency
        )
