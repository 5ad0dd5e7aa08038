"""What may change about a customer; documents keep the copies they made."""

from gql_sales.db.models.customers import Customer, CustomerState
from gql_sales.db.session import Unit
from gql_sales.domain.customers.details import Detail, write_details
from gql_sales.domain.transition import transition
from gql_sales.kernel.inputs import KEEP, Findings


@transition(Customer, sources={CustomerState.ACTIVE}, scope="customers:edit", event="CustomerUpdated")
async def customer_update(
    unit: Unit,
    customer: Customer,
    *,
    name: Detail = KEEP,
    email: Detail = KEEP,
    phone: Detail = KEEP,
    tax_number: Detail = KEEP,
    external_ref: Detail = KEEP,
) -> None:
    """Change what is known of a customer.

    Refusals: INVALID_INPUT, EMAIL_REQUIRED, EXTERNAL_REF_TAKEN.
    """
    found = Findings()
    write_details(
        customer,
        found,
        is_own=unit.principal.is_shopper,
        name=name,
        email=email,
        phone=phone,
        tax_number=tax_number,
        external_ref=external_ref,
    )
    found.check()
