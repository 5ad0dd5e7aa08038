"""Whoever registers after ordering as a guest keeps that history, once the e-mail address is shown to be theirs."""

from gql_sales.db.models.customers import Customer, CustomerKind, CustomerState
from gql_sales.db.queries.customers import own_and_guests
from gql_sales.db.session import Unit
from gql_sales.domain.customers.merging import absorb
from gql_sales.domain.transition import creation
from gql_sales.kernel.customer_errors import AlreadyRegistered, EmailNotVerified
from gql_sales.kernel.errors import NotFound, Refused
from gql_sales.kernel.principals import PrincipalKind

MOST_RECORDS = 250
"""Guests that become one record in one call; the rest is left for the next."""


@creation(Customer, scope="customers:claim", event="CustomerClaimed", target=CustomerState.ACTIVE)
async def customer_claim(unit: Unit, *, merge_into_own: bool = False) -> Customer:
    """Take over the guest records that have the verified e-mail address of the caller's login.

    They become one record, which is that of the login; with ``mergeIntoOwn`` they join the record that it has already.
    Nothing is looked up for an address that is not verified, so that the answer tells nothing of it.
    Refusals: EMAIL_NOT_VERIFIED, ALREADY_REGISTERED, NOT_FOUND.
    """
    email = unit.principal.verified_email
    if unit.principal.kind != PrincipalKind.CUSTOMER or email is None:
        raise Refused(EmailNotVerified("The login does not show that the e-mail address is yours."))
    found = await own_and_guests(unit, email, MOST_RECORDS)
    own = next((record for record in found if record.subject == unit.principal.subject), None)
    if own is not None and not merge_into_own:
        raise Refused(AlreadyRegistered("The login has a customer record already.", ("input", "mergeIntoOwn")))
    guests = [record for record in found if record is not own]
    if not guests:
        raise Refused(NotFound("No guest has your e-mail address."))
    if own is None:
        own = guests.pop()
        own.kind = CustomerKind.REGISTERED
        own.subject = unit.principal.subject
    await absorb(unit, own, guests)
    for guest in guests:
        unit.emit("CustomerMerged", guest)
    return own
