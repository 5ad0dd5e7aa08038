"""What may follow a refund at once: where money goes back in the same moment, its outcome is known."""

from gql_sales.kernel.enums import DescribedEnum


class RefundStep(DescribedEnum):
    """What may follow the request of a refund at once, in the same transaction."""

    COMPLETE = "COMPLETE", "The money is with the customer, as refundComplete would say."
