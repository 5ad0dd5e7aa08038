"""Addresses are kept per customer, so that an order can be sent where the last one went."""

from uuid import UUID

from gql_sales.db.models.customers import Address, Customer, CustomerState
from gql_sales.db.queries.master import addresses_of
from gql_sales.db.session import Unit
from gql_sales.domain.customers.addresses import MOST_ADDRESSES, AddressEntry, write, yield_defaults
from gql_sales.domain.transition import transition
from gql_sales.kernel.errors import NotFound, Refused, TooManyEntries
from gql_sales.kernel.inputs import Findings


@transition(Customer, sources={CustomerState.ACTIVE}, scope="customers:edit", event="CustomerAddressSaved")
async def customer_address_save(
    unit: Unit, customer: Customer, *, address: AddressEntry, address_id: UUID | None = None
) -> None:
    """Add an address to a customer's address book, or change one, and make it a default if asked.

    Refusals: NOT_FOUND (address), INVALID_INPUT, TOO_MANY_ENTRIES.
    """
    book = await addresses_of(unit, customer.id)
    if address_id is None:
        if len(book) >= MOST_ADDRESSES:
            raise Refused(TooManyEntries(f"A customer has at most {MOST_ADDRESSES} addresses.", ("input",)))
        saved = Address(customer_id=customer.id)
    elif address_id in book:
        saved = book.pop(address_id)
    else:
        raise Refused(NotFound("No such address.", ("input", "addressId")))
    found = Findings()
    write(saved, address, found, "address")
    found.check()
    yield_defaults(book.values(), address)
    if address_id is None:
        unit.add(saved)
