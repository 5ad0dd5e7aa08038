"""Values of the derived axes (domain.md 3); they are computed by the runner and assigned by nobody else."""

from gql_sales.kernel.enums import DescribedEnum


class AxisStatus(DescribedEnum):
    """How much of a document has reached one stage; derived from quantities, never set."""

    FULL = "FULL", "All of it."
    NONE = "NONE", "None of it."
    NOT_APPLICABLE = "NOT_APPLICABLE", "The stage does not apply."
    PARTIAL = "PARTIAL", "Some of it."


class BillingStatus(DescribedEnum):
    """How far an order is billed; derived from quantities, never set."""

    CASH_SALED = "CASH_SALED", "By cash sale."
    CASH_SALED_AND_INVOICED = "CASH_SALED_AND_INVOICED", "By cash sale and invoice, or by a cash sale invoiced later."
    INVOICED = "INVOICED", "By invoice."
    NOT_APPLICABLE = "NOT_APPLICABLE", "There is nothing to bill."
    PARTIAL = "PARTIAL", "Some of it."
    UNBILLED = "UNBILLED", "None of it."


class PaymentStatus(DescribedEnum):
    """How far a document is paid; derived from amounts, never set."""

    OVERPAID = "OVERPAID", "More than is due."
    PAID = "PAID", "In full."
    PARTIAL = "PARTIAL", "Some of it."
    PREPAID = "PREPAID", "In full, while not yet billed."
    UNPAID = "UNPAID", "None of it."


class OrderAxis(DescribedEnum):
    """A derived status of an order."""

    ALLOCATION = "ALLOCATION", "How much of it is set aside in warehouses."
    BILLING = "BILLING", "How far it is billed."
    COMMITMENT = "COMMITMENT", "How much of it is promised from stock."
    CREDIT = "CREDIT", "How much of what was billed is credited."
    DISPATCH = "DISPATCH", "How much of it has left."
    PACK = "PACK", "How much of it is in packages."
    PAYMENT = "PAYMENT", "How far it is paid."


class BillAxis(DescribedEnum):
    """A derived status of an invoice or a cash sale."""

    PAYMENT = "PAYMENT", "How far it is paid."


class CreditMemoAxis(DescribedEnum):
    """A derived status of a credit memo."""

    USAGE = "USAGE", "How much of it is used or refunded."
