"""Checks of customers: what the statement says of each day is what the ledger says (domain.md I-9, BA-58)."""

from collections.abc import Sequence

_STATEMENTS = """
WITH bills AS (
    SELECT id, company_id, customer_id, order_id, currency_code, invoiced_on AS day, gross_amount,
        cash_sale_id IS NULL AS counts
    FROM invoices
    UNION ALL
    SELECT id, company_id, customer_id, order_id, currency_code, sold_on, gross_amount, true FROM cash_sales
), movements AS (
    SELECT company_id, customer_id, order_id, currency_code, day, gross_amount AS amount FROM bills WHERE counts
    UNION ALL
    SELECT b.company_id, b.customer_id, b.order_id, b.currency_code, a.posted_on, -a.amount
    FROM payment_allocations a JOIN bills b ON b.id = coalesce(a.invoice_id, a.cash_sale_id)
    UNION ALL
    SELECT b.company_id, b.customer_id, b.order_id, b.currency_code, a.posted_on, -a.amount
    FROM memo_applications a JOIN bills b ON b.id = coalesce(a.invoice_id, a.cash_sale_id)
), moved AS (
    SELECT m.company_id, m.customer_id, m.currency_code, m.day, sum(m.amount) AS amount
    FROM movements m JOIN orders o ON o.id = m.order_id
    WHERE coalesce(o.policy_snapshot ->> 'journalMode', '') <> 'OFF'
    GROUP BY 1, 2, 3, 4
), posted AS (
    SELECT l.company_id, l.customer_id, l.currency_code, e.posted_on AS day, sum(l.amount) AS amount
    FROM journal_lines l JOIN journal_entries e ON e.id = l.entry_id
    WHERE l.role = 'RECEIVABLE' GROUP BY 1, 2, 3, 4
)
SELECT 'Customer' AS kind, c.id, c.name AS label,
    format('the statement moves %s %s on %s, the ledger %s', coalesce(moved.amount, 0), currency_code, day,
        coalesce(posted.amount, 0)) AS message
FROM moved FULL JOIN posted USING (company_id, customer_id, currency_code, day)
JOIN customers c ON c.id = customer_id
WHERE coalesce(moved.amount, 0) <> coalesce(posted.amount, 0) AND c.company_id = coalesce(:company, c.company_id)
"""

CUSTOMERS: Sequence[tuple[str, str]] = (("I-9", _STATEMENTS),)
