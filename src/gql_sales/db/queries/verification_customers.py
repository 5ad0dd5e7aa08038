"""Checks of customers: merged records, whose bills their money settles, and statements (domain.md I-9, I-11, BA-58)."""

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
    UNION ALL
    SELECT b.company_id, b.customer_id, b.order_id, b.currency_code, w.posted_on, -w.amount
    FROM write_offs w JOIN bills b ON b.id = coalesce(w.invoice_id, w.cash_sale_id)
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

_MERGED = """
SELECT 'Customer' AS kind, c.id, c.name AS label,
    format('it is merged into %s, which is %s', winner.name,
        CASE WHEN winner.company_id = c.company_id THEN winner.state ELSE 'of another company' END) AS message
FROM customers c JOIN customers winner ON winner.id = c.merged_into_id
WHERE (winner.state = 'MERGED' OR winner.company_id <> c.company_id) AND c.company_id = coalesce(:company, c.company_id)
"""

_SETTLED = """
WITH used AS (
    SELECT 'Payment' AS kind, p.id, p.company_id, p.number, p.customer_id,
        coalesce(a.invoice_id, a.cash_sale_id) AS bill
    FROM payment_allocations a JOIN payments p ON p.id = a.payment_id
    UNION
    SELECT 'CreditMemo', m.id, m.company_id, m.number, m.customer_id, coalesce(a.invoice_id, a.cash_sale_id)
    FROM memo_applications a JOIN credit_memos m ON m.id = a.credit_memo_id
)
SELECT used.kind, used.id, used.number AS label,
    format('it is of %s and settles %s of %s', payer.name, bill.number, owing.name) AS message
FROM used
JOIN (
    SELECT id, number, customer_id FROM invoices UNION ALL SELECT id, number, customer_id FROM cash_sales
) bill ON bill.id = used.bill
JOIN customers payer ON payer.id = used.customer_id
JOIN customers owing ON owing.id = bill.customer_id
WHERE coalesce(payer.merged_into_id, payer.id) <> coalesce(owing.merged_into_id, owing.id)
    AND used.company_id = coalesce(:company, used.company_id)
"""

CUSTOMERS: Sequence[tuple[str, str]] = (
    ("T3", _MERGED),
    ("I-9", _STATEMENTS),
    ("I-11", _SETTLED),
)
