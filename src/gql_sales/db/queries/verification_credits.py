"""Checks of credit memos and refunds: what was used of them, and what the ledger says (I-9, I-11, M1, P6)."""

from collections.abc import Sequence

_USES = """
SELECT 'CreditMemo' AS kind, m.id, m.number AS label,
    format('%s %s, but %s %s', what, stored, origin, found) AS message
FROM credit_memos m
LEFT JOIN (SELECT credit_memo_id, sum(amount) AS applied FROM memo_applications GROUP BY 1) a ON a.credit_memo_id = m.id
LEFT JOIN (
    SELECT credit_memo_id, sum(amount) FILTER (WHERE state = 'REQUESTED') AS pending,
        sum(amount) FILTER (WHERE state = 'PAID') AS paid
    FROM refunds GROUP BY 1
) r ON r.credit_memo_id = m.id
CROSS JOIN LATERAL (VALUES
    ('applied', m.applied_amount, 'its applications sum to', coalesce(a.applied, 0)),
    ('refund pending', m.refund_pending_amount, 'requested refunds sum to', coalesce(r.pending, 0)),
    ('refunded', m.refunded_amount, 'paid refunds sum to', coalesce(r.paid, 0)),
    ('total', m.gross_amount, 'balance and uses sum to', m.balance_amount + m.applied_amount
        + m.refund_pending_amount + m.refunded_amount + m.voided_amount)
) AS compared (what, stored, origin, found)
WHERE stored <> found AND m.company_id = coalesce(:company, m.company_id)
"""

_REVERSALS = """
SELECT 'CreditMemo' AS kind, m.id, m.number AS label,
    format('%s of it are taken back, %s were applied', -back.amount, applied.amount) AS message
FROM memo_applications back
JOIN memo_applications applied ON applied.id = back.reverses_id
JOIN credit_memos m ON m.id = back.credit_memo_id
WHERE (back.amount <> -applied.amount OR back.credit_memo_id <> applied.credit_memo_id)
    AND m.company_id = coalesce(:company, m.company_id)
"""

_CREDIT = """
WITH kept AS (
    SELECT customer_id, currency_code, sum(balance_amount) AS amount FROM credit_memos
    WHERE journal_mode <> 'OFF' AND company_id = coalesce(:company, company_id)
    GROUP BY 1, 2 HAVING sum(balance_amount) <> 0
), posted AS (
    SELECT customer_id, currency_code, -sum(amount) AS amount FROM journal_lines
    WHERE role = 'CUSTOMER_CREDIT' AND company_id = coalesce(:company, company_id)
    GROUP BY 1, 2 HAVING sum(amount) <> 0
)
SELECT 'Customer' AS kind, coalesce(kept.customer_id, posted.customer_id) AS id, c.name AS label,
    format('credit is %s %s in the ledger, the balances of credit memos sum to %s', coalesce(posted.amount, 0),
        coalesce(kept.currency_code, posted.currency_code), coalesce(kept.amount, 0)) AS message
FROM kept
FULL JOIN posted ON posted.customer_id = kept.customer_id AND posted.currency_code = kept.currency_code
LEFT JOIN customers c ON c.id = coalesce(kept.customer_id, posted.customer_id)
WHERE coalesce(kept.amount, 0) <> coalesce(posted.amount, 0)
"""

_TENDERS = """
SELECT 'Payment' AS kind, p.id, p.number AS label,
    format('%s of its %s by %s went back, refunds say %s', t.refunded_amount, t.amount, t.method, coalesce(r.back, 0))
        AS message
FROM tenders t JOIN payments p ON p.id = t.payment_id
LEFT JOIN (
    SELECT way.tender_id, sum(way.amount) AS back
    FROM refund_tenders way JOIN refunds ON refunds.id = way.refund_id AND refunds.state <> 'FAILED'
    GROUP BY 1
) r ON r.tender_id = t.id
WHERE (t.refunded_amount <> coalesce(r.back, 0) OR t.refunded_amount > t.amount)
    AND p.company_id = coalesce(:company, p.company_id)
"""

_REFUNDS = """
SELECT 'Refund' AS kind, r.id, r.number AS label,
    format('it is %s, but its ways sum to %s', r.amount, coalesce(sum(way.amount), 0)) AS message
FROM refunds r LEFT JOIN refund_tenders way ON way.refund_id = r.id
WHERE r.company_id = coalesce(:company, r.company_id)
GROUP BY r.id
HAVING r.amount <> coalesce(sum(way.amount), 0)
"""

CREDITS: Sequence[tuple[str, str]] = (
    ("I-9", _CREDIT),
    ("I-11", _USES),
    ("I-11", _REVERSALS),
    ("M1", _TENDERS),
    ("L4", _REFUNDS),
)
