"""Every order has a customer, even a one-off (KS-20); a shopper makes only the record that is their own."""

from collections.abc import Sequence

from gql_sales.db.models.customers import Address, Customer, CustomerKind, CustomerState
from gql_sales.db.session import Unit
from gql_sales.domain.customers.addresses import MOST_ADDRESSES, AddressEntry, write
from gql_sales.domain.customers.details import write_details
from gql_sales.domain.transition import creation
from gql_sales.kernel.errors import TooManyEntries
from gql_sales.kernel.inputs import Findings
from gql_sales.kernel.principals import PrincipalKind


@creation(Customer, scope="customers:create", event="CustomerCreated", target=CustomerState.ACTIVE, bulk=True)
async def customer_create(
    unit: Unit,
    *,
    name: str,
    kind: CustomerKind | None = None,
    email: str | None = None,
    phone: str | None = None,
    tax_number: str | None = None,
    external_ref: str | None = None,
    addresses: Sequence[AddressEntry] = (),
) -> Customer:
    """Create a customer; a guest or registered shopper creates the one record of their own login.

    Refusals: INVALID_INPUT, EMAIL_REQUIRED, ALREADY_REGISTERED, EXTERNAL_REF_TAKEN, TOO_MANY_ENTRIES.
    """
    found = Findings()
    is_own = unit.principal.is_shopper
    customer = Customer(
        company_id=unit.company_id,
        kind=_kind(unit, kind, found),
        subject=unit.principal.subject if is_own else None,
        name=name,
        created_by=unit.principal.key,
    )
    write_details(
        customer,
        found,
        is_own=is_own,
        name=name,
        email=email,
        phone=phone,
        tax_number=tax_number,
        external_ref=external_ref,
    )
    book = _book(customer, addresses, found)
    found.check()
    for row in (customer, *book):
        unit.add(row)
    return customer


def _kind(unit: Unit, kind: CustomerKind | None, found: Findings) -> CustomerKind:
    """A shopper's kind follows from the login (KS-21, KS-22); staff enter customers, or guests of elsewhere."""
    if unit.principal.is_shopper:
        is_guest = unit.principal.kind == PrincipalKind.GUEST
        own = CustomerKind.GUEST if is_guest else CustomerKind.REGISTERED
        if kind not in (None, own):
            found.invalid(f"Your login is {own}.", "kind")
        return own
    if kind == CustomerKind.REGISTERED:
        found.invalid("Customers register themselves with their login.", "kind")
    return kind or CustomerKind.STAFF_CREATED


def _book(customer: Customer, entries: Sequence[AddressEntry], found: Findings) -> list[Address]:
    if len(entries) > MOST_ADDRESSES:
        message = f"A customer has at most {MOST_ADDRESSES} addresses."
        found.refuse(TooManyEntries(message, ("input", "addresses")))
        return []
    if sum(bool(entry.is_default_shipping) for entry in entries) > 1:
        found.invalid("Only one address is the default for shipping.", "addresses")
    if sum(bool(entry.is_default_billing) for entry in entries) > 1:
        found.invalid("Only one address is the default for billing.", "addresses")
    book = [Address(customer_id=customer.id) for _ in entries]
    for index, (address, entry) in enumerate(zip(book, entries, strict=True)):
        write(address, entry, found, "addresses", str(index))
    return book
