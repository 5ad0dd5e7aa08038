"""Which refusal a broken named constraint is: the database is the last guard, and speaks the same language."""

from gql_sales.kernel import customer_errors, errors
from gql_sales.kernel.errors import SalesError

_TABLE: dict[str, SalesError] = {
    "ck_stock_pools_committed_within_on_hand": errors.StockCommitted("The stock is promised to orders."),
    "ck_stock_pools_on_hand_sellable_not_negative": errors.StockCommitted("There is less stock than that."),
    "ck_stock_levels_allocated_within_on_hand": errors.StockAllocated("The stock is allocated or booked."),
    "ck_stock_levels_on_hand_not_negative": errors.StockAllocated("There is less stock than that."),
    "uq_orders_external_ref": errors.ExternalRefTaken("The channel has an order with this external reference."),
    "uq_customers_external_ref": errors.ExternalRefTaken("A customer has this external reference."),
    "uq_customers_subject": customer_errors.AlreadyRegistered("The login has a customer record already."),
    "uq_companies_code": errors.ExternalRefTaken("A company has this code."),
    "uq_channels_code": errors.ExternalRefTaken("A channel has this code."),
    "uq_warehouses_code": errors.ExternalRefTaken("A warehouse has this code."),
    "uq_bins_code": errors.ExternalRefTaken("A bin of the warehouse has this code."),
    "uq_products_sku": errors.ExternalRefTaken("A product has this SKU."),
    "uq_tenders_reference": errors.ProviderReferenceTaken("A payment with this method and reference exists."),
    "ck_invoices_open_within_total": errors.ExceedsOpenBalance("More than is open."),
    "ck_cash_sales_open_amount_not_negative": errors.ExceedsOpenBalance("More than is open."),
    "uq_credit_memos_external_ref": errors.ExternalRefTaken("A credit memo has this external reference."),
    "ck_credit_memos_balance_amount_not_negative": errors.ExceedsBalance("More than the credit memo's balance."),
    "ck_tenders_refunded_within_amount": errors.ExceedsCaptured("More than can go back to the tender."),
    "uq_refunds_reference": errors.ProviderReferenceTaken("A refund with this reference exists."),
    "ck_payments_unallocated_within_amount": errors.ExceedsUnallocated("More than is unallocated."),
}


def refusal_for(constraint: str | None) -> SalesError | None:
    """The refusal that the constraint stands for; None when breaking it is a defect."""
    return _TABLE.get(constraint or "")
