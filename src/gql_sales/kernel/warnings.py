"""Warnings: what the caller should know although the mutation acts (spec/domain.md 10)."""

from dataclasses import dataclass

from gql_sales.kernel.enums import DescribedEnum


class WarningCode(DescribedEnum):
    """Codes of warnings; clients must accept values they do not know."""

    ADVANCE_LEFT = "ADVANCE_LEFT", "Advances that were reserved for the order stay on the customer's account."
    CASH_SALE_UNPAID = "CASH_SALE_UNPAID", "The cash sale is issued, but its money is not here (X-25)."
    CREDIT_REQUIRED = "CREDIT_REQUIRED", "More is billed than is left of the order; it has to be credited."
    CUSTOMER_PO_REPEATED = (
        "CUSTOMER_PO_REPEATED",
        "Another order of the customer has the same purchase order number (BA-8).",
    )
    DATE_OUT_OF_ORDER = "DATE_OUT_OF_ORDER", "The date lies before the last number's date of the series."
    ITEM_SKIPPED = "ITEM_SKIPPED", "An item of the old order is not to be had and was left out of the new one."
    PARTIAL_SHIPMENT = "PARTIAL_SHIPMENT", "The order will leave in more than one shipment."
    PROFORMA_OVERPAID = "PROFORMA_OVERPAID", "The advances of a proforma order are more than it comes to."
    STOCK_SHORT = "STOCK_SHORT", "Less was committed or booked than asked for."


@dataclass(frozen=True)
class Warned:
    """One warning of one mutation."""

    code: WarningCode
    message: str
    path: tuple[str, ...] | None = None
    needs_acknowledgement: bool = False
