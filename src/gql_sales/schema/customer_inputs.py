"""What mutations on customers take and give."""

from datetime import datetime

import strawberry

from gql_sales.db.models.customers import CustomerKind, TimelineKind
from gql_sales.domain.customers.addresses import AddressEntry
from gql_sales.schema.customers import Customer
from gql_sales.schema.nodes import given, optional, text
from gql_sales.schema.payloads import MutationInput, Payload, changed
from gql_sales.schema.scalars import CountryCode, EmailAddress


@strawberry.input(description="Exactly one way to name a customer.", one_of=True)
class CustomerBy:
    """By its id or external reference."""

    id: strawberry.Maybe[strawberry.ID] = strawberry.field(description="Opaque global id.")
    external_ref: strawberry.Maybe[str] = strawberry.field(description="Reference of another system.")


@strawberry.input(description="An entry of a customer's address book.")
class AddressEntryInput:
    """Name, first line, city and country are what every address has."""

    name: str = text("Who receives it.")
    line1: str = text("Street and number.")
    line2: str | None = optional("Further details.")
    city: str = text("City.")
    region: str | None = optional("State or province.")
    postal_code: str | None = optional("Postal code.")
    country_code: CountryCode = text("Country.")
    is_default_shipping: bool | None = optional("True makes it the one that goods go to; absent keeps what it is.")
    is_default_billing: bool | None = optional("True makes it the one that bills go to; absent keeps what it is.")

    def to_domain(self) -> AddressEntry:
        """As the verbs take it."""
        return AddressEntry(
            self.name,
            self.line1,
            self.city,
            self.country_code,
            given(self.line2),
            given(self.region),
            given(self.postal_code),
            given(self.is_default_shipping),
            given(self.is_default_billing),
        )


@strawberry.input(description="Input of customerCreate.")
class CustomerCreateInput(MutationInput):
    """A new customer."""

    name: str = text("Name of the person or firm, at most 200 characters.")
    kind: CustomerKind | None = optional("STAFF_CREATED or GUEST; a shopper's own kind follows from the login.")
    email: EmailAddress | None = optional("E-mail address; guests and registered customers need one.")
    phone: str | None = optional("Telephone number, at most 40 characters.")
    tax_number: str | None = optional("Tax number of a firm, at most 40 characters.")
    external_ref: str | None = optional("Reference of another system, unique in the company; not for shoppers.")
    addresses: list[AddressEntryInput] | None = optional("The address book, at most 50.")


@strawberry.type(description="Outcome of customerCreate.")
class CustomerCreatePayload(Payload):
    """The new customer."""

    customer: Customer | None = changed("Customer", "The new customer; null when it was refused.")


@strawberry.input(description="Input of customerUpdate.")
class CustomerUpdateInput(MutationInput):
    """What is absent stays."""

    customer_id: strawberry.ID = text("The customer.")
    name: str | None = optional("Name, at most 200 characters.")
    email: EmailAddress | None = optional("E-mail address; null clears it where none is needed.")
    phone: str | None = optional("Telephone number; null clears it.")
    tax_number: str | None = optional("Tax number; null clears it.")
    external_ref: str | None = optional("Reference of another system; null clears it; not for shoppers.")


@strawberry.type(description="Outcome of customerUpdate.")
class CustomerUpdatePayload(Payload):
    """The changed customer."""

    customer: Customer | None = changed("Customer", "The customer as it is now.")


@strawberry.input(description="Input of customerAddressSave.")
class CustomerAddressSaveInput(MutationInput):
    """An address to add, or all of one to change."""

    customer_id: strawberry.ID = text("The customer.")
    address_id: strawberry.ID | None = optional("The address to change; absent adds a new one.")
    address: AddressEntryInput = text("The address.")


@strawberry.type(description="Outcome of customerAddressSave.")
class CustomerAddressSavePayload(Payload):
    """The changed customer."""

    customer: Customer | None = changed("Customer", "The customer with the address book as it is now.")


@strawberry.input(description="Input of customerAddressRemove.")
class CustomerAddressRemoveInput(MutationInput):
    """An address to remove."""

    customer_id: strawberry.ID = text("The customer.")
    address_id: strawberry.ID = text("The address.")


@strawberry.type(description="Outcome of customerAddressRemove.")
class CustomerAddressRemovePayload(Payload):
    """The changed customer."""

    customer: Customer | None = changed("Customer", "The customer with the address book as it is now.")


@strawberry.input(description="Input of customerTimelineAdd.")
class CustomerTimelineAddInput(MutationInput):
    """An entry stays as it is; what was wrong is put right by another one."""

    customer_id: strawberry.ID = text("The customer.")
    kind: TimelineKind = text("What the entry tells of.")
    text: str = text("What was said or written, at most 10000 characters.")
    occurred_at: datetime | None = optional("When it happened, not in the future; now when absent.")


@strawberry.type(description="Outcome of customerTimelineAdd.")
class CustomerTimelineAddPayload(Payload):
    """The customer with the entry."""

    customer: Customer | None = changed("Customer", "The customer; the timeline has the new entry.")


@strawberry.input(description="Input of customerMerge.")
class CustomerMergeInput(MutationInput):
    """The record that loses, and the one that wins."""

    customer_id: strawberry.ID = text("The record that is merged; its login ends.")
    into_customer_id: strawberry.ID = text("The record that stands for both from then on.")


@strawberry.type(description="Outcome of customerMerge.")
class CustomerMergePayload(Payload):
    """The record that lost; it names the one that stands for it."""

    customer: Customer | None = changed("Customer", "The merged record, which names the one that stands for it.")


@strawberry.input(description="Input of customerClaim; the e-mail address is that of the login.")
class CustomerClaimInput(MutationInput):
    """Nothing names a guest, because nobody knows the id of one."""

    merge_into_own: bool = strawberry.field(
        description="True joins the guests to the record that the login has already.", default=False
    )


@strawberry.type(description="Outcome of customerClaim.")
class CustomerClaimPayload(Payload):
    """The record of the login."""

    customer: Customer | None = changed("Customer", "The record of the login, with the history of the guests.")
