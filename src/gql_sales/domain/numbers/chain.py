"""The chain of a legal series: each number is sealed over its document and the seal before it (reliability.md L6, P10).

The canonical form is fixed: JSON with sorted keys and without blanks; decimals without trailing zeros, instants in UTC,
UUIDs and bytes in hexadecimal. What may change of an issued document is not in it, and of the buyer only a salted
digest, so that personal data can be erased and the chain stays whole.
"""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any
from uuid import UUID

import orjson

from gql_sales.db.models.base import Document, Row
from gql_sales.db.models.billing import CashSale, Invoice
from gql_sales.db.models.credit_memos import CreditMemo

START = bytes(32)
"""What stands before the first seal of a series."""

PERSONAL = ("buyer", "billing_address", "shipping_address")
ALWAYS_CHANGING = {"version", "created_at", "updated_at", "state", "buyer_salt", *PERSONAL}
CHANGING: Mapping[type[Document], frozenset[str]] = MappingProxyType(
    {
        Invoice: frozenset({"open_amount", "written_off_amount", "payment_status", "confirmed_at", "voided_by_id"}),
        CashSale: frozenset(
            {"open_amount", "written_off_amount", "payment_status", "handed_over_amount", "invoiced_at"}
        ),
        CreditMemo: frozenset(
            {
                "balance_amount",
                "applied_amount",
                "refund_pending_amount",
                "refunded_amount",
                "voided_amount",
                "usage_status",
            }
        ),
    }
)
"""The documents whose series are chained, and which of their columns may change after they are issued."""
CONFIRMED = frozenset({"tax_point_on"})
"""What invoiceConfirm fills in: sealed as it was when the invoice was issued, empty."""


def is_chained(document: object) -> bool:
    """Whether the document's numbers are sealed."""
    return type(document) in CHANGING


def seal(document: Row, before: bytes | None) -> bytes:
    """The seal of a numbered document after the seal ``before``; it must have its items, tax lines and buyer digest."""
    return hashlib.sha256((before or START) + canonical(content(document))).digest()


def content(document: Any) -> dict[str, Any]:  # noqa: ANN401 (a chained document)
    """Everything of the document that never changes."""
    hidden = ALWAYS_CHANGING | CHANGING[type(document)]
    is_confirmed = isinstance(document, Invoice) and document.confirmed_at is not None
    return {
        **_columns(document, hidden),
        **(dict.fromkeys(CONFIRMED) if is_confirmed else {}),
        "items": [_columns(item, frozenset()) for item in sorted(document.items, key=lambda item: item.position)],
        "tax_lines": [
            _columns(line, frozenset())
            for line in sorted(document.tax_lines, key=lambda line: (line.country_code, line.rate))
        ],
    }


def seal_buyer(document: Any) -> None:  # noqa: ANN401 (a chained document)
    """Give a new document its salt and the digest of its buyer."""
    document.buyer_salt = secrets.token_bytes(16)
    document.buyer_digest = buyer_digest(document)


def buyer_digest(document: Any) -> bytes:  # noqa: ANN401 (a chained document)
    """SHA-256 over the salt and what the document keeps of its buyer."""
    personal = {name: getattr(document, name) for name in PERSONAL if hasattr(document, name)}
    return hashlib.sha256(document.buyer_salt + canonical(personal)).digest()


def canonical(value: object) -> bytes:
    """The one text of a value that consists of what JSON knows."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def _columns(row: Row, hidden: frozenset[str] | set[str]) -> dict[str, object]:
    return {c.key: _plain(getattr(row, c.key)) for c in row.__table__.columns if c.key not in hidden}


def _plain(value: object) -> object:
    """The same for a value that was just made and for the one that the database gives back."""
    match value:
        case None | bool() | int() | dict() | list():
            return value
        case Decimal():
            return format(value.normalize(), "f") if value else "0"
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        case date():
            return value.isoformat()
        case UUID() | bytes():
            return value.hex if isinstance(value, UUID) else value.hex()
        case _:
            return str(value)
