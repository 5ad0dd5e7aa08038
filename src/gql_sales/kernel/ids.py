"""Ids: UUIDv7 made by the application, shown to clients as opaque ``prefix_hex`` strings."""

from datetime import datetime
from uuid import UUID

from uuid_utils.compat import uuid7

PREFIXES = {
    "Company": "com",
    "PolicySetting": "pst",
    "Pool": "pol",
    "Channel": "chn",
    "Warehouse": "whs",
    "Bin": "bin",
    "Product": "prd",
    "ProductPrice": "prc",
    "TaxRule": "tax",
    "StockPool": "spo",
    "StockLevel": "slv",
    "StockMovement": "smv",
    "Customer": "cus",
    "Address": "adr",
    "TimelineEntry": "tle",
    "TimelineEvent": "tev",
    "Order": "ord",
    "OrderItem": "ori",
    "OrderHold": "hld",
    "CancellationNote": "cno",
    "CancellationItem": "cni",
    "Allocation": "alo",
    "Shipment": "shp",
    "ShipmentItem": "shi",
    "Package": "pkg",
    "PackageItem": "pki",
    "Invoice": "inv",
    "InvoiceItem": "ini",
    "CashSale": "csh",
    "CashSaleItem": "csi",
    "Payment": "pay",
    "PaymentAllocation": "pal",
    "PaymentMethod": "pmt",
    "CreditMemo": "crm",
    "CreditMemoItem": "cri",
    "MemoApplication": "map",
    "Refund": "rfd",
    "RefundTender": "rft",
    "Tender": "tnd",
    "JournalEntry": "jrn",
    "ApiKey": "key",
}
TYPES = {prefix: name for name, prefix in PREFIXES.items()}


class MalformedId(ValueError):
    """The text is no id of this API, or names another type than the one asked for."""


def new_id() -> UUID:
    """A new UUIDv7, increasing within this process."""
    return uuid7()


def id_at(instant: datetime) -> UUID:
    """A new UUIDv7 as if made at the instant, in or after 1970, so that it sorts among the ids made then."""
    milliseconds = int(instant.timestamp() * 1000)
    return UUID(bytes=milliseconds.to_bytes(6, "big") + new_id().bytes[6:])


def encode_id(type_name: str, value: UUID) -> str:
    """The id that clients see, 36 URL-safe characters."""
    return f"{PREFIXES[type_name]}_{value.hex}"


def decode_any(text: str) -> tuple[str, UUID]:
    """Type name and UUID of a client's id; MalformedId when it is none."""
    prefix, _, digits = text.partition("_")
    if prefix not in TYPES or len(digits) != 32 or not digits.isascii() or not digits.isalnum():
        raise MalformedId(f"{text[:64]!r} is not an id.")
    try:
        return TYPES[prefix], UUID(hex=digits)
    except ValueError:
        raise MalformedId(f"{text[:64]!r} is not an id.") from None


def decode_id(type_name: str, text: str) -> UUID:
    """UUID of a client's id of this type; MalformedId when it is none or of another type."""
    found, value = decode_any(text)
    if found != type_name:
        raise MalformedId(f"{text[:64]!r} is the id of a {found}, not of a {type_name}.")
    return value
