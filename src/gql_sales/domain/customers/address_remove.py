"""An address that is gone from the address book stays on the documents that copied it."""

from uuid import UUID

from gql_sales.db.models.customers import Customer, CustomerState
from gql_sales.db.queries.master import addresses_of, remove
from gql_sales.db.session import Unit
from gql_sales.domain.transition import transition
from gql_sales.kernel.errors import NotFound, Refused


@transition(Customer, sources={CustomerState.ACTIVE}, scope="customers:edit", event="CustomerAddressRemoved")
async def customer_address_remove(unit: Unit, customer: Customer, *, address_id: UUID) -> None:
    """Remove an address from a customer's address book.

    Refusals: NOT_FOUND (address).
    """
    address = (await addresses_of(unit, customer.id)).get(address_id)
    if address is None:
        raise Refused(NotFound("No such address.", ("input", "addressId")))
    await remove(unit, address)
