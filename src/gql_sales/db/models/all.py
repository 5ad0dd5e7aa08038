"""Imports every model, for migrations and for mapper configuration."""

from gql_sales.db.models import (
    api_keys,
    axes,
    billing,
    cancellations,
    channels,
    companies,
    credit_memos,
    customers,
    events,
    ledger,
    list_indexes,
    numbers,
    orders,
    payments,
    products,
    shipments,
    stock,
)

__all__ = [
    "api_keys", "axes", "billing", "cancellations", "channels", "companies", "credit_memos", "customers", "events",
    "ledger", "list_indexes", "numbers", "orders", "payments", "products", "shipments", "stock",
]  # fmt: skip
