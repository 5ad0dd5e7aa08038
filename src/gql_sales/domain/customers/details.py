"""What is known of a customer, checked the same way when it is created and when it changes."""

from gql_sales.db.models.customers import Customer, CustomerKind
from gql_sales.kernel.customer_errors import EmailRequired
from gql_sales.kernel.inputs import KEEP, Absent, Findings

Detail = str | Absent | None


def write_details(
    customer: Customer,
    found: Findings,
    *,
    is_own: bool,
    name: Detail,
    email: Detail,
    phone: Detail,
    tax_number: Detail,
    external_ref: Detail,
) -> None:
    """Put what is given into the customer; who writes about themselves does not choose the external reference.

    Finds INVALID_INPUT, EMAIL_REQUIRED.
    """
    if name is not KEEP:
        customer.name = found.line(name, 200, "name")
    if email is not KEEP:
        customer.email = found.optional_line(email, 320, "email")
    if phone is not KEEP:
        customer.phone = found.optional_line(phone, 40, "phone")
    if tax_number is not KEEP:
        customer.tax_number = found.optional_line(tax_number, 40, "taxNumber")
    if external_ref is not KEEP:
        customer.external_ref = found.optional_line(external_ref, 120, "externalRef")
        if is_own and customer.external_ref is not None:
            found.invalid("The external reference is given by the shop.", "externalRef")
    if customer.kind != CustomerKind.STAFF_CREATED and customer.email is None:
        found.refuse(EmailRequired("Guests and registered customers have an e-mail address.", ("input", "email")))
