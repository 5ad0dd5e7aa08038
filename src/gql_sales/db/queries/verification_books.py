"""Checks of money and numbers: journals, balances, sums, series (domain.md I-9 to I-11; reliability.md N, L and T4)."""

from collections.abc import Sequence

_ENTRIES = """
SELECT 'JournalEntry' AS kind, e.id, e.event || ' of ' || e.posted_on AS label,
    format('its %s lines in %s sum to %s', count(l.id), coalesce(l.currency_code, 'no currency'),
        coalesce(sum(l.amount), 0)) AS message
FROM journal_entries e LEFT JOIN journal_lines l ON l.entry_id = e.id
WHERE e.company_id = coalesce(:company, e.company_id)
GROUP BY e.id, l.currency_code
HAVING count(l.id) = 0 OR sum(l.amount) <> 0
"""

_RECEIVABLES = """
WITH owed AS (
    SELECT i.customer_id, i.currency_code, sum(i.open_amount) AS amount
    FROM (
        SELECT company_id, order_id, customer_id, currency_code, open_amount FROM invoices
        UNION ALL SELECT company_id, order_id, customer_id, currency_code, open_amount FROM cash_sales
    ) i JOIN orders o ON o.id = i.order_id
    WHERE i.company_id = coalesce(:company, i.company_id) AND coalesce(o.policy_snapshot ->> 'journalMode', '') <> 'OFF'
    GROUP BY 1, 2 HAVING sum(i.open_amount) <> 0
), posted AS (
    SELECT l.customer_id, l.currency_code, sum(l.amount) AS amount
    FROM journal_lines l
    WHERE l.role = 'RECEIVABLE' AND l.company_id = coalesce(:company, l.company_id)
    GROUP BY 1, 2 HAVING sum(l.amount) <> 0
)
SELECT 'Customer' AS kind, coalesce(owed.customer_id, posted.customer_id) AS id, c.name AS label,
    format('receivable is %s %s in the ledger, the open balances sum to %s', coalesce(posted.amount, 0),
        coalesce(owed.currency_code, posted.currency_code), coalesce(owed.amount, 0)) AS message
FROM owed
FULL JOIN posted ON posted.customer_id = owed.customer_id AND posted.currency_code = owed.currency_code
LEFT JOIN customers c ON c.id = coalesce(owed.customer_id, posted.customer_id)
WHERE coalesce(owed.amount, 0) <> coalesce(posted.amount, 0)
"""

_POSTED_BILLS = """
SELECT i.kind, i.id, i.number AS label,
    format('its total is %s, but %s are posted as receivable', i.gross_amount, coalesce(p.amount, 0)) AS message
FROM (
    SELECT 'Invoice' AS kind, id, company_id, order_id, number, gross_amount, cash_sale_id IS NOT NULL AS is_posted
    FROM invoices
    UNION ALL SELECT 'CashSale', id, company_id, order_id, number, gross_amount, false FROM cash_sales
) i
JOIN orders o ON o.id = i.order_id
LEFT JOIN (
    SELECT e.document_id, sum(l.amount) AS amount
    FROM journal_entries e JOIN journal_lines l ON l.entry_id = e.id
    WHERE e.event = 'INVOICING' AND l.role = 'RECEIVABLE' GROUP BY 1
) p ON p.document_id = i.id
WHERE i.company_id = coalesce(:company, i.company_id) AND coalesce(p.amount, 0)
    <> CASE WHEN is_posted OR o.policy_snapshot ->> 'journalMode' = 'OFF' THEN 0 ELSE i.gross_amount END
"""
"""The invoice of a cash sale is not posted, since the cash sale was."""

_COUNTERS = """
SELECT 'NumberSeries' AS kind, s.id, s.kind AS label,
    format('its counter stands at %s; %s numbers were given, from %s to %s', s.last_value, count(a.id),
        coalesce(min(a.value), 0), coalesce(max(a.value), 0)) AS message
FROM number_series s LEFT JOIN number_assignments a ON a.series_id = s.id
WHERE s.company_id = coalesce(:company, s.company_id)
GROUP BY s.id
HAVING count(a.id) <> s.last_value OR (count(a.id) > 0 AND (min(a.value) <> 1 OR max(a.value) <> s.last_value))
"""

_INSTANTS = """
SELECT 'NumberSeries' AS kind, id, label,
    format('number %s was given at %s, before number %s at %s', value, issued_at, value - 1, earlier) AS message
FROM (
    SELECT s.id, s.company_id, s.kind AS label, a.value, a.issued_at,
        lag(a.issued_at) OVER (PARTITION BY s.id ORDER BY a.value) AS earlier
    FROM number_series s JOIN number_assignments a ON a.series_id = s.id
) given
WHERE issued_at < earlier AND given.company_id = coalesce(:company, given.company_id)
"""

_NUMBERS = """
WITH documents AS (
    SELECT 'Order' AS kind, id, company_id, number, 'ORDER_' || series_code AS series FROM orders
    UNION ALL SELECT 'CancellationNote', id, company_id, number, 'CANCELLATION_NOTE' FROM cancellation_notes
    UNION ALL SELECT 'Shipment', id, company_id, number, 'DELIVERY_NOTE' FROM shipments
    UNION ALL SELECT 'Package', id, company_id, number, 'PACKAGE' FROM packages
    UNION ALL SELECT 'Invoice', id, company_id, number, 'INVOICE' FROM invoices
    UNION ALL SELECT 'CashSale', id, company_id, number, 'CASH_SALE' FROM cash_sales
    UNION ALL SELECT 'Payment', id, company_id, number, 'RECEIPT' FROM payments
    UNION ALL SELECT 'CreditMemo', id, company_id, number, 'CREDIT_MEMO' FROM credit_memos
    UNION ALL SELECT 'Refund', id, company_id, number, 'REFUND' FROM refunds
), given AS (
    SELECT a.document_id, s.company_id, s.kind AS series, s.prefix || lpad(CAST(a.value AS text), 6, '0') AS number
    FROM number_assignments a JOIN number_series s ON s.id = a.series_id
)
SELECT coalesce(d.kind, 'NumberSeries') AS kind, coalesce(d.id, g.document_id) AS id,
    coalesce(d.number, g.number) AS label,
    CASE
        WHEN g.document_id IS NULL THEN 'no series gave it its number'
        WHEN d.id IS NULL THEN format('%s gave it to a document that does not exist', g.series)
        ELSE format('%s gave it the number %s', g.series, g.number)
    END AS message
FROM (SELECT * FROM documents WHERE number IS NOT NULL) d
FULL JOIN given g ON g.document_id = d.id
WHERE (d.number, d.series) IS DISTINCT FROM (g.number, g.series)
    AND coalesce(d.company_id, g.company_id) = coalesce(:company, d.company_id, g.company_id)
"""

_PAYMENTS = """
SELECT 'Payment' AS kind, p.id, p.number AS label,
    format('%s of %s: %s', what, p.amount, detail) AS message
FROM payments p
LEFT JOIN (SELECT payment_id, sum(amount) AS used FROM payment_allocations GROUP BY 1) a ON a.payment_id = p.id
LEFT JOIN (
    SELECT payment_id, sum(amount) AS paid FROM tenders WHERE replaced_at IS NULL GROUP BY 1
) t ON t.payment_id = p.id
CROSS JOIN LATERAL (VALUES
    ('unallocated', p.unallocated_amount + coalesce(a.used, 0) = p.amount,
        format('%s unallocated + %s allocated', p.unallocated_amount, coalesce(a.used, 0))),
    ('tenders', coalesce(t.paid, 0) = p.amount, format('its tenders sum to %s', coalesce(t.paid, 0)))
) AS judged (what, holds, detail)
WHERE NOT holds AND p.company_id = coalesce(:company, p.company_id)
"""

_INVOICES = """
SELECT 'Invoice' AS kind, i.id, i.number AS label,
    format('open %s + allocated %s + credited %s + written off %s (rows %s) is not its total %s', i.open_amount,
        paid, credited, i.written_off_amount, given_up, i.gross_amount) AS message
FROM invoices i
CROSS JOIN LATERAL (
    SELECT coalesce(sum(a.amount), 0) AS paid FROM payment_allocations a
    WHERE a.invoice_id = i.id OR a.cash_sale_id = i.cash_sale_id
) allocated
CROSS JOIN LATERAL (
    SELECT coalesce(sum(a.amount), 0) AS credited FROM memo_applications a
    WHERE a.invoice_id = i.id OR a.cash_sale_id = i.cash_sale_id
) applied
CROSS JOIN LATERAL (
    SELECT coalesce(sum(w.amount), 0) AS given_up FROM write_offs w
    WHERE w.invoice_id = i.id OR w.cash_sale_id = i.cash_sale_id
) written
WHERE i.company_id = coalesce(:company, i.company_id) AND (
    i.open_amount + paid + credited + i.written_off_amount <> i.gross_amount OR i.written_off_amount <> given_up
)
"""
"""What was allocated to a cash sale counts on its invoice."""

_CASH_SALES = """
SELECT 'CashSale' AS kind, c.id, c.number AS label,
    format('open %s + allocated %s + credited %s + written off %s (rows %s) + handed over %s is not its total %s; %s',
        c.open_amount, paid, credited, c.written_off_amount, given_up, c.handed_over_amount, c.gross_amount,
        CASE WHEN i.id IS NULL THEN 'it has no invoice' ELSE 'it is invoiced as ' || i.number END) AS message
FROM cash_sales c
LEFT JOIN invoices i ON i.cash_sale_id = c.id
CROSS JOIN LATERAL (
    SELECT coalesce(sum(a.amount), 0) AS paid FROM payment_allocations a
    WHERE a.cash_sale_id = c.id AND c.invoiced_at IS NULL
) allocated
CROSS JOIN LATERAL (
    SELECT coalesce(sum(a.amount), 0) AS credited FROM memo_applications a
    WHERE a.cash_sale_id = c.id AND c.invoiced_at IS NULL
) applied
CROSS JOIN LATERAL (
    SELECT coalesce(sum(w.amount), 0) AS given_up FROM write_offs w
    WHERE w.cash_sale_id = c.id AND c.invoiced_at IS NULL
) written
WHERE c.company_id = coalesce(:company, c.company_id) AND (
    c.open_amount + paid + credited + c.written_off_amount + c.handed_over_amount <> c.gross_amount
    OR c.written_off_amount <> given_up
    OR c.handed_over_amount <> coalesce(i.gross_amount, 0) OR (c.invoiced_at IS NULL) <> (i.id IS NULL)
)
"""

_PARTS = """
SELECT i.kind, i.id, i.number AS label,
    format('net %s, tax %s, gross %s, but %s sum to %s, %s, %s', i.net_amount, i.tax_amount, i.gross_amount, what,
        parts.net, parts.tax, parts.gross) AS message
FROM (
    SELECT 'Invoice' AS kind, id, company_id, number, net_amount, tax_amount, gross_amount FROM invoices
    UNION ALL SELECT 'CashSale', id, company_id, number, net_amount, tax_amount, gross_amount FROM cash_sales
    UNION ALL SELECT 'CreditMemo', id, company_id, number, net_amount, tax_amount, gross_amount FROM credit_memos
) i
LEFT JOIN (
    SELECT bill_id, sum(net_amount) AS net, sum(tax_amount) AS tax, sum(gross_amount) AS gross
    FROM (
        SELECT invoice_id AS bill_id, net_amount, tax_amount, gross_amount FROM invoice_items
        UNION ALL SELECT cash_sale_id, net_amount, tax_amount, gross_amount FROM cash_sale_items
        UNION ALL SELECT credit_memo_id, net_amount, tax_amount, gross_amount FROM credit_memo_items
    ) items GROUP BY 1
) lines ON lines.bill_id = i.id
LEFT JOIN (
    SELECT bill_id, sum(net_amount) AS net, sum(tax_amount) AS tax
    FROM (
        SELECT invoice_id AS bill_id, net_amount, tax_amount FROM tax_lines
        UNION ALL SELECT cash_sale_id, net_amount, tax_amount FROM cash_sale_tax_lines
        UNION ALL SELECT credit_memo_id, net_amount, tax_amount FROM credit_memo_tax_lines
    ) taxes GROUP BY 1
) rates ON rates.bill_id = i.id
CROSS JOIN LATERAL (VALUES
    ('its items', coalesce(lines.net, 0), coalesce(lines.tax, 0), coalesce(lines.gross, 0)),
    ('its tax lines', coalesce(rates.net, 0), coalesce(rates.tax, 0), coalesce(rates.net + rates.tax, 0))
) AS parts (what, net, tax, gross)
WHERE (i.net_amount, i.tax_amount, i.gross_amount) <> (parts.net, parts.tax, parts.gross)
    AND i.company_id = coalesce(:company, i.company_id)
UNION ALL
SELECT 'Order', o.id, o.number,
    format('net %s, tax %s, gross %s, but its items sum to %s, %s, %s', o.net_amount, o.tax_amount, o.gross_amount,
        coalesce(sum(i.net_amount), 0), coalesce(sum(i.tax_amount), 0), coalesce(sum(i.gross_amount), 0))
FROM orders o LEFT JOIN order_items i ON i.order_id = o.id
WHERE o.company_id = coalesce(:company, o.company_id)
GROUP BY o.id
HAVING (o.net_amount, o.tax_amount, o.gross_amount)
    <> (coalesce(sum(i.net_amount), 0), coalesce(sum(i.tax_amount), 0), coalesce(sum(i.gross_amount), 0))
"""

_ORDERS = """
SELECT 'Order' AS kind, o.id, o.number AS label,
    format('%s is %s, but %s %s', what, stored, origin, found) AS message
FROM orders o
LEFT JOIN (
    SELECT order_id, sum(gross_amount) AS gross, sum(open_amount) AS open
    FROM (
        SELECT order_id, gross_amount, open_amount FROM invoices
        UNION ALL SELECT order_id, gross_amount - handed_over_amount, open_amount FROM cash_sales
    ) bills GROUP BY 1
) i ON i.order_id = o.id
LEFT JOIN (
    SELECT order_id, sum(unallocated_amount) AS unallocated FROM payments WHERE order_id IS NOT NULL GROUP BY 1
) p ON p.order_id = o.id
LEFT JOIN (
    SELECT i.order_id, sum(i.gross_amount) AS credited
    FROM credit_memo_items i JOIN credit_memos m ON m.id = i.credit_memo_id AND m.state <> 'VOIDED'
    GROUP BY 1
) k ON k.order_id = o.id
CROSS JOIN LATERAL (VALUES
    ('credited', o.credited_amount, 'its credit memos sum to', coalesce(k.credited, 0)),
    ('billed', o.billed_amount, 'its invoices and cash sales sum to', coalesce(i.gross, 0)),
    ('open', o.open_amount, 'the open balances of its invoices and cash sales sum to', coalesce(i.open, 0)),
    ('advance', o.advance_amount, 'advances reserved for it sum to', coalesce(p.unallocated, 0))
) AS compared (what, stored, origin, found)
WHERE stored <> found AND o.company_id = coalesce(:company, o.company_id)
"""

_HELD = """
WITH held AS (
    SELECT 'CUSTOMER_ADVANCES' AS role, customer_id, currency_code, sum(unallocated_amount) AS amount FROM payments
    WHERE journal_mode = 'FULL' AND company_id = coalesce(:company, company_id) GROUP BY 1, 2, 3
    UNION ALL
    SELECT 'REFUND_CLEARING', r.customer_id, r.currency_code, sum(r.amount)
    FROM refunds r JOIN credit_memos m ON m.id = r.credit_memo_id AND m.journal_mode = 'FULL'
    WHERE r.state = 'REQUESTED' AND r.company_id = coalesce(:company, r.company_id) GROUP BY 1, 2, 3
), posted AS (
    SELECT role, customer_id, currency_code, -sum(amount) AS amount FROM journal_lines
    WHERE role IN ('CUSTOMER_ADVANCES', 'REFUND_CLEARING') AND company_id = coalesce(:company, company_id)
    GROUP BY 1, 2, 3
)
SELECT 'Customer' AS kind, coalesce(held.customer_id, posted.customer_id) AS id, c.name AS label,
    format('%s is %s %s in the ledger, the documents sum to %s', coalesce(held.role, posted.role),
        coalesce(posted.amount, 0), coalesce(held.currency_code, posted.currency_code), coalesce(held.amount, 0))
        AS message
FROM held
FULL JOIN posted ON posted.role = held.role AND posted.customer_id = held.customer_id
    AND posted.currency_code = held.currency_code
LEFT JOIN customers c ON c.id = coalesce(held.customer_id, posted.customer_id)
WHERE coalesce(held.amount, 0) <> coalesce(posted.amount, 0)
"""

_INVENTORY = """
SELECT 'Company' AS kind, c.id, c.name AS label,
    format('Inventory is %s in the ledger, stock is worth %s', posted.amount, kept.amount) AS message
FROM companies c JOIN policy_settings s
    ON s.company_id = c.id AND s.channel_id IS NULL AND s.name = 'journalMode' AND s.value = 'FULL'
CROSS JOIN LATERAL (
    SELECT coalesce(sum(inventory_amount), 0) AS amount FROM stock_pools WHERE company_id = c.id
) kept
CROSS JOIN LATERAL (
    SELECT coalesce(sum(amount), 0) AS amount FROM journal_lines WHERE company_id = c.id AND role = 'INVENTORY'
) posted
WHERE posted.amount <> kept.amount AND c.id = coalesce(:company, c.id)
"""

_CONFIRMED = """
SELECT 'Invoice' AS kind, i.id, i.number AS label,
    format('it counts for tax on %s, but was confirmed for %s', i.tax_point_on, e.data ->> 'taxPointOn') AS message
FROM invoices i LEFT JOIN events e ON e.document_id = i.id AND e.type = 'InvoiceConfirmed'
WHERE i.confirmed_at IS NOT NULL AND e.data ->> 'taxPointOn' IS DISTINCT FROM CAST(i.tax_point_on AS text)
    AND i.company_id = coalesce(:company, i.company_id)
"""
"""The seal of an invoice knows its tax point only when it was issued with one."""

BOOKS: Sequence[tuple[str, str]] = (
    ("I-9", _ENTRIES),
    ("I-9", _RECEIVABLES),
    ("I-9", _POSTED_BILLS),
    ("L5", _HELD),
    ("L5", _INVENTORY),
    ("I-10", _COUNTERS),
    ("I-10", _INSTANTS),
    ("I-10", _NUMBERS),
    ("I-11", _PAYMENTS),
    ("I-11", _INVOICES),
    ("I-11", _CASH_SALES),
    ("L4", _PARTS),
    ("P10", _CONFIRMED),
    ("T4", _ORDERS),
)
