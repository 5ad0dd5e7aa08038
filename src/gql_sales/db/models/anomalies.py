"""What may be found that somebody should put right (X-25, I-4); legal states, told and never hidden."""

from gql_sales.kernel.enums import DescribedEnum


class AnomalyKind(DescribedEnum):
    """Which legal state somebody should look at."""

    BILLED_TOO_MUCH = "BILLED_TOO_MUCH", "More of an order item is billed than is left of it; credit the rest (I-4)."
    CASH_SALE_UNPAID = "CASH_SALE_UNPAID", "A cash sale is not paid in full (PK-17, X-25)."
    PAID_UNBILLED = "PAID_UNBILLED", "Advances cover an order of which something is not billed (PK-23)."
    PROFORMA_EXPIRED = "PROFORMA_EXPIRED", "The time to pay an order has passed, and it is not cancelled yet (X-24)."
