"""Auditing a number series where its rows lie: what an authority asks about, in one statement (domain.md 6, N-4)."""

from collections.abc import Mapping
from types import MappingProxyType

from sqlalchemy import Executable, bindparam, select, text
from sqlalchemy.dialects.postgresql import UUID

from gql_sales.db.models.base import Row
from gql_sales.db.models.billing import CashSale, Invoice
from gql_sales.db.models.cancellations import CancellationNote
from gql_sales.db.models.credit_memos import CreditMemo, Refund
from gql_sales.db.models.numbers import NumberSeries, SeriesKind
from gql_sales.db.models.orders import Order
from gql_sales.db.models.payments import Payment
from gql_sales.db.models.shipments import Package, Shipment
from gql_sales.kernel.enums import DescribedEnum
from gql_sales.kernel.principals import Principal

MOST_FINDINGS = 500
NUMBERED: Mapping[SeriesKind, type[Row]] = MappingProxyType(
    {
        SeriesKind.CANCELLATION_NOTE: CancellationNote,
        SeriesKind.CASH_SALE: CashSale,
        SeriesKind.CREDIT_MEMO: CreditMemo,
        SeriesKind.DELIVERY_NOTE: Shipment,
        SeriesKind.INVOICE: Invoice,
        SeriesKind.ORDER_ES: Order,
        SeriesKind.ORDER_PF: Order,
        SeriesKind.ORDER_S: Order,
        SeriesKind.PACKAGE: Package,
        SeriesKind.RECEIPT: Payment,
        SeriesKind.REFUND: Refund,
    }
)
"""Which documents carry the numbers of each series."""


class NumberFinding(DescribedEnum):
    """What can be wrong with a number series."""

    GAP = "GAP", "Numbers that were never given, although later ones were."
    DUPLICATE = "DUPLICATE", "A number that was given more than once."
    DATE_OUT_OF_ORDER = (
        "DATE_OUT_OF_ORDER",
        "A number dated before an earlier one; allowed where numberDateOrder is FREE.",
    )
    INSTANT_OUT_OF_ORDER = "INSTANT_OUT_OF_ORDER", "A number given before the one that precedes it."
    DOCUMENT_WITHOUT_ASSIGNMENT = (
        "DOCUMENT_WITHOUT_ASSIGNMENT",
        "A document with a number that the series did not give it.",
    )
    ASSIGNMENT_WITHOUT_DOCUMENT = (
        "ASSIGNMENT_WITHOUT_DOCUMENT",
        "A number whose document is gone or carries another one.",
    )


_AUDIT = """
WITH series AS (
    SELECT id, company_id, prefix, last_value FROM number_series
    WHERE company_id = :company AND kind = :kind AND scope = ''
), given AS (
    SELECT a.value, a.document_id, a.dated_on, a.issued_at,
        s.prefix || lpad(CAST(a.value AS text), greatest(6, length(CAST(a.value AS text))), '0') AS number
    FROM number_assignments a JOIN series s ON s.id = a.series_id
    WHERE a.value BETWEEN :first AND :last
), documents AS (
    SELECT d.id, d.number, CAST(substr(d.number, length(s.prefix) + 1) AS numeric) AS value
    FROM {table} d JOIN series s ON s.company_id = d.company_id
    WHERE starts_with(d.number, s.prefix) AND substr(d.number, length(s.prefix) + 1) ~ '^[0-9]{{1,18}}$'
    UNION ALL
    SELECT d.id, d.number, NULL
    FROM {table} d JOIN series s ON s.company_id = d.company_id
    WHERE NOT (starts_with(d.number, s.prefix) AND substr(d.number, length(s.prefix) + 1) ~ '^[0-9]{{1,18}}$')
        AND NOT EXISTS (SELECT FROM number_assignments o WHERE o.document_id = d.id AND o.series_id <> s.id)
), steps AS (
    SELECT value, lag(value) OVER (ORDER BY value) AS before
    FROM (
        SELECT value FROM given
        UNION SELECT :first - 1
        UNION SELECT greatest(:first - 1, least(:last, greatest(last_value, (SELECT max(value) FROM given)))) + 1
        FROM series
    ) known
), judged AS (
    SELECT value, number, document_id, dated_on, issued_at,
        max(dated_on) OVER (ORDER BY value ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS latest,
        lag(issued_at) OVER (ORDER BY value, issued_at) AS earlier
    FROM given
), found AS (
    SELECT 'GAP' AS finding, before + 1 AS first, value - 1 AS last, CAST(NULL AS uuid) AS document_id,
        'never given' AS message
    FROM steps WHERE value - before > 1
    UNION ALL
    SELECT 'DUPLICATE', value, value, NULL, format('given %s times', count(*)) FROM given
    GROUP BY value HAVING count(*) > 1
    UNION ALL
    SELECT 'DATE_OUT_OF_ORDER', value, value, document_id, format('dated %s, after one dated %s', dated_on, latest)
    FROM judged WHERE dated_on < latest
    UNION ALL
    SELECT 'INSTANT_OUT_OF_ORDER', value, value, document_id,
        format('given at %s, the one before it at %s', issued_at, earlier)
    FROM judged WHERE issued_at < earlier
    UNION ALL
    SELECT 'DOCUMENT_WITHOUT_ASSIGNMENT', CAST(d.value AS bigint), CAST(d.value AS bigint), d.id,
        format('%s was not given by the series', d.number)
    FROM documents d
    WHERE (d.value IS NULL OR d.value BETWEEN :first AND :last)
        AND NOT EXISTS (SELECT FROM given g WHERE g.document_id = d.id AND g.number = d.number)
    UNION ALL
    SELECT 'ASSIGNMENT_WITHOUT_DOCUMENT', g.value, g.value, NULL, format('no document carries %s', g.number)
    FROM given g
    WHERE NOT EXISTS (SELECT FROM documents d WHERE d.id = g.document_id AND d.number = g.number)
), counted AS (
    SELECT *, count(*) OVER (PARTITION BY finding) AS total,
        row_number() OVER (PARTITION BY finding ORDER BY first, document_id) AS place
    FROM found
), listed AS (
    SELECT * FROM counted ORDER BY place > 1, first, finding LIMIT {most}
)
SELECT finding, first, last, document_id, message, total FROM listed ORDER BY first, finding, document_id
"""


def series_list(principal: Principal) -> Executable:
    """The series of the caller's company, by kind."""
    return (
        select(*NumberSeries.__table__.columns)
        .where(NumberSeries.company_id == principal.company_id, NumberSeries.scope == "")
        .order_by(NumberSeries.kind)
    )


def audit(principal: Principal, kind: SeriesKind, first: int, last: int) -> Executable:
    """What is wrong with the numbers from ``first`` to ``last``, by number; ``total`` counts all of one finding."""
    statement = _AUDIT.format(table=NUMBERED[kind].__tablename__, most=MOST_FINDINGS)
    return text(statement).bindparams(
        bindparam("company", principal.company_id, type_=UUID(as_uuid=True)),
        kind=str(kind),
        first=first,
        last=last,
    )
