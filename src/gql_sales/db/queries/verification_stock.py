"""Checks of quantities: items, allocations, shipments, pools and levels (domain.md I-1 to I-8, I-12)."""

from collections.abc import Sequence

from gql_sales.db.queries.identities import IdentityName, broken

_ITEMS = """
WITH items AS (
    SELECT o.id, o.number, o.state, i.position, i.sku, i.kind, i.id AS item_id, i.is_stocked,
        i.ordered_quantity AS ordered, i.cancelled_quantity AS cancelled, i.committed_quantity AS committed,
        i.allocated_quantity AS allocated, i.booked_quantity AS booked, i.shipped_quantity AS shipped,
        i.packed_quantity AS packed,
        i.invoiced_quantity AS invoiced, i.cash_saled_quantity AS cash_saled, i.handed_over_quantity AS handed_over,
        i.credited_quantity AS credited, i.rebillable_quantity AS rebillable, i.credited_amount,
        CASE i.kind WHEN 'GOODS' THEN i.shipped_quantity ELSE i.invoiced_quantity - i.rebillable_quantity END AS done,
        i.ordered_quantity - i.cancelled_quantity - CASE i.kind
            WHEN 'GOODS' THEN i.shipped_quantity ELSE i.invoiced_quantity - i.rebillable_quantity END AS open
    FROM order_items i JOIN orders o ON o.id = i.order_id
    WHERE o.company_id = coalesce(:company, o.company_id)
)
SELECT 'Order' AS kind, id, number AS label, format('item %s (%s): ', position, sku) || """

_OPEN = f"""{_ITEMS}
    format('ordered %s, cancelled %s, done %s leave %s open while the order is %s',
        trim_scale(ordered), trim_scale(cancelled), trim_scale(done), trim_scale(open), state) AS message
FROM items
WHERE {broken(IdentityName.ORDERED)} OR (open <> 0 AND state IN ('CANCELLED', 'CLOSED', 'COMPLETED'))
    OR (state = 'CANCELLED' AND (shipped <> 0 OR invoiced <> credited))
"""

_PROMISED = f"""{_ITEMS}
    format('allocated %s + booked %s, committed %s, open %s are not in rising order',
        trim_scale(allocated), trim_scale(booked), trim_scale(committed), trim_scale(open)) AS message
FROM items
WHERE kind = 'GOODS' AND {broken(IdentityName.PROMISED, IdentityName.SET_ASIDE)}
"""

_BILLED = """
    SELECT order_item_id, sum(quantity) FILTER (WHERE counts) AS billed, sum(quantity) FILTER (WHERE is_sale) AS sold,
        sum(quantity) FILTER (WHERE NOT counts) AS invoiced_later
    FROM (
        SELECT item.order_item_id, item.quantity, invoice.cash_sale_id IS NULL AS counts, false AS is_sale
        FROM invoice_items item JOIN invoices invoice ON invoice.id = item.invoice_id
        UNION ALL SELECT order_item_id, quantity, true, true FROM cash_sale_items
    ) bills GROUP BY 1
"""
"""What bills an order item; the pair of a cash sale and its invoice counts once."""

_INVOICED = f"""{_ITEMS}
    format('invoiced %s of %s ordered, its invoices and cash sales bill %s', trim_scale(invoiced), trim_scale(ordered),
        trim_scale(coalesce(billed, 0))) AS message
FROM items
LEFT JOIN ({_BILLED}) lines ON order_item_id = item_id
WHERE {broken(IdentityName.BILLED)} OR invoiced <> coalesce(billed, 0)
"""

_CASH_SALED = f"""{_ITEMS}
    format('cash-saled %s, of it invoiced %s, but its cash sales bill %s, and of them are invoiced %s',
        trim_scale(cash_saled), trim_scale(handed_over), trim_scale(coalesce(sold, 0)),
        trim_scale(coalesce(invoiced_later, 0))) AS message
FROM items
LEFT JOIN ({_BILLED}) lines ON order_item_id = item_id
WHERE (cash_saled, handed_over) <> (coalesce(sold, 0), coalesce(invoiced_later, 0))
"""

_CREDITED = f"""{_ITEMS}
    format('credited %s and by value %s, rebillable %s, but its credit memos say %s, %s, %s', trim_scale(credited),
        credited_amount, trim_scale(rebillable), trim_scale(coalesce(pieces, 0)), coalesce(value, 0),
        trim_scale(coalesce(reopened, 0))) AS message
FROM items
LEFT JOIN (
    SELECT i.order_item_id, sum(i.quantity) FILTER (WHERE NOT i.is_by_value) AS pieces,
        sum(i.gross_amount) FILTER (WHERE i.is_by_value) AS value,
        sum(i.quantity) FILTER (WHERE m.reopens_billing AND NOT i.is_by_value) AS reopened
    FROM credit_memo_items i JOIN credit_memos m ON m.id = i.credit_memo_id AND m.state <> 'VOIDED'
    GROUP BY 1
) memos ON order_item_id = item_id
WHERE (credited, credited_amount, rebillable) <> (coalesce(pieces, 0), coalesce(value, 0), coalesce(reopened, 0))
    OR {broken(IdentityName.REBILLABLE, IdentityName.CREDITED)}
"""  # noqa: S608 (a constant)

_NOT_GOODS = f"""{_ITEMS}
    format('%s cannot be committed %s, allocated %s, booked %s, packed %s or shipped %s', kind, trim_scale(committed),
        trim_scale(allocated), trim_scale(booked), trim_scale(packed), trim_scale(shipped)) AS message
FROM items
WHERE kind <> 'GOODS' AND (committed <> 0 OR allocated <> 0 OR booked <> 0 OR packed <> 0 OR shipped <> 0)
"""

_PACKED = f"""{_ITEMS}
    format('packed %s, but the packages of its shipments hold %s', trim_scale(packed), trim_scale(coalesce(held, 0)))
        AS message
FROM items
LEFT JOIN (
    SELECT c.order_item_id, sum(c.quantity) AS held
    FROM package_items c JOIN packages p ON p.id = c.package_id JOIN shipments s ON s.id = p.shipment_id
    WHERE s.state NOT IN ('CANCELLED', 'DELETED') GROUP BY 1
) c ON c.order_item_id = item_id
WHERE packed <> coalesce(held, 0)
"""  # noqa: S608 (a constant)

_CONTENTS = """
SELECT 'Shipment' AS kind, s.id, s.number AS label,
    format('its packages hold %s of %s, it takes %s along',
        trim_scale(held), o.sku, trim_scale(coalesce(i.quantity, 0))) AS message
FROM (
    SELECT p.shipment_id, c.order_item_id, sum(c.quantity) AS held
    FROM package_items c JOIN packages p ON p.id = c.package_id GROUP BY 1, 2
) c
JOIN shipments s ON s.id = c.shipment_id
JOIN order_items o ON o.id = c.order_item_id
LEFT JOIN shipment_items i ON i.shipment_id = c.shipment_id AND i.order_item_id = c.order_item_id
WHERE held > coalesce(i.quantity, 0) AND s.state NOT IN ('CANCELLED', 'DELETED')
    AND s.company_id = coalesce(:company, s.company_id)
"""

_ALLOCATIONS = f"""{_ITEMS}
    format('%s %s, but %s sum to %s', what, trim_scale(stored), origin, trim_scale(found)) AS message
FROM items
LEFT JOIN (
    SELECT order_item_id,
        sum(quantity) FILTER (WHERE state = 'ALLOCATED') AS allocated,
        sum(quantity) FILTER (WHERE state = 'BOOKED') AS booked,
        sum(quantity) FILTER (WHERE state = 'SHIPPED') AS shipped
    FROM allocations GROUP BY 1
) a ON a.order_item_id = item_id
LEFT JOIN (
    SELECT order_item_id,
        sum(quantity) FILTER (WHERE state = 'BOOKED') AS booked,
        sum(quantity) FILTER (WHERE state IN ('FINALIZED', 'DELIVERED')) AS shipped
    FROM shipment_items JOIN shipments ON shipments.id = shipment_id GROUP BY 1
) s ON s.order_item_id = item_id
CROSS JOIN LATERAL (VALUES
    ('allocated', items.allocated, 'its allocations', coalesce(a.allocated, 0)),
    ('booked', items.booked, 'its booked allocations', coalesce(a.booked, 0)),
    ('booked', items.booked, 'booked shipments', coalesce(s.booked, 0)),
    ('shipped', items.shipped, 'its shipped allocations', coalesce(a.shipped, 0)),
    ('shipped', items.shipped, 'finalized shipments', coalesce(s.shipped, 0))
) AS compared (what, stored, origin, found)
WHERE stored <> found
"""  # noqa: S608 (a constant)

_SOURCES = """
SELECT 'Shipment' AS kind, s.id, s.number AS label,
    format('it takes goods from %s that were set aside in %s', here.code, there.code) AS message
FROM allocations a JOIN shipments s ON s.id = a.shipment_id
JOIN warehouses here ON here.id = s.warehouse_id JOIN warehouses there ON there.id = a.warehouse_id
LEFT JOIN stock_levels l ON l.id = a.level_id
WHERE (a.warehouse_id <> s.warehouse_id OR l.warehouse_id <> a.warehouse_id)
    AND s.company_id = coalesce(:company, s.company_id)
"""
"""A shipment has one source, and what was set aside elsewhere is no part of it."""

_POOLS = """
WITH promised AS (
    SELECT c.pool_id, i.product_id, sum(i.committed_quantity) AS committed
    FROM order_items i JOIN orders o ON o.id = i.order_id JOIN channels c ON c.id = o.channel_id
    WHERE i.is_stocked AND o.company_id = coalesce(:company, o.company_id)
    GROUP BY 1, 2 HAVING sum(i.committed_quantity) <> 0
), pools AS (
    SELECT * FROM stock_pools WHERE company_id = coalesce(:company, company_id)
)
SELECT 'StockPool' AS kind, p.id, products.sku AS label,
    format('committed %s of %s sellable, the orders'' items say %s', trim_scale(coalesce(p.committed, 0)),
        trim_scale(coalesce(p.on_hand_sellable, 0)), trim_scale(coalesce(promised.committed, 0))) AS message
FROM pools p
FULL JOIN promised ON promised.pool_id = p.pool_id AND promised.product_id = p.product_id
JOIN products ON products.id = coalesce(p.product_id, promised.product_id)
WHERE coalesce(p.committed, 0) <> coalesce(promised.committed, 0)
    OR coalesce(p.committed, 0) > coalesce(p.on_hand_sellable, 0)
"""

_LEVELS = """
SELECT 'StockLevel' AS kind, l.id, products.sku || ' in ' || warehouses.code AS label,
    format('%s %s, but %s %s', what, trim_scale(stored), origin, trim_scale(found)) AS message
FROM stock_levels l
JOIN products ON products.id = l.product_id
JOIN warehouses ON warehouses.id = l.warehouse_id
LEFT JOIN (SELECT level_id, sum(quantity) AS moved FROM stock_movements GROUP BY 1) m ON m.level_id = l.id
LEFT JOIN (
    SELECT level_id,
        sum(quantity) FILTER (WHERE state = 'ALLOCATED') AS allocated,
        sum(quantity) FILTER (WHERE state = 'BOOKED') AS booked
    FROM allocations GROUP BY 1
) a ON a.level_id = l.id
CROSS JOIN LATERAL (VALUES
    ('on hand', l.on_hand, 'its movements sum to', coalesce(m.moved, 0)),
    ('allocated', l.allocated, 'its allocations sum to', coalesce(a.allocated, 0)),
    ('booked', l.booked, 'its booked allocations sum to', coalesce(a.booked, 0)),
    ('allocated and booked', l.allocated + l.booked, 'on hand are', least(l.on_hand, l.allocated + l.booked))
) AS compared (what, stored, origin, found)
WHERE stored <> found AND l.company_id = coalesce(:company, l.company_id)
"""

_SELLABLE = """
WITH lying AS (
    SELECT w.pool_id, l.product_id, sum(l.on_hand) AS on_hand
    FROM stock_levels l JOIN warehouses w ON w.id = l.warehouse_id JOIN bins b ON b.id = l.bin_id
    WHERE b.kind = 'NORMAL' AND l.owner = 'OWN'
        AND l.company_id = coalesce(:company, l.company_id)
    GROUP BY 1, 2 HAVING sum(l.on_hand) <> 0
), pools AS (
    SELECT * FROM stock_pools WHERE company_id = coalesce(:company, company_id)
)
SELECT 'StockPool' AS kind, p.id, products.sku AS label,
    format('%s sellable, but %s lie in normal bins', trim_scale(coalesce(p.on_hand_sellable, 0)),
        trim_scale(coalesce(lying.on_hand, 0))) AS message
FROM pools p
FULL JOIN lying ON lying.pool_id = p.pool_id AND lying.product_id = p.product_id
JOIN products ON products.id = coalesce(p.product_id, lying.product_id)
WHERE coalesce(p.on_hand_sellable, 0) <> coalesce(lying.on_hand, 0)
"""

_VALUE = """
SELECT 'StockPool' AS kind, p.id, products.sku AS label,
    format('%s are valued at %s, but %s lie in normal and repair bins, and movements brought %s',
        trim_scale(p.valued_quantity), p.inventory_amount, trim_scale(lying.on_hand), moved.amount) AS message
FROM stock_pools p JOIN products ON products.id = p.product_id
CROSS JOIN LATERAL (
    SELECT coalesce(sum(l.on_hand), 0) AS on_hand
    FROM stock_levels l JOIN warehouses w ON w.id = l.warehouse_id JOIN bins b ON b.id = l.bin_id
    WHERE l.product_id = p.product_id AND w.pool_id = p.pool_id AND b.kind IN ('NORMAL', 'REPAIR') AND l.owner = 'OWN'
) lying
CROSS JOIN LATERAL (
    SELECT coalesce(sum(m.value_amount), 0) AS amount
    FROM stock_movements m JOIN warehouses w ON w.id = m.warehouse_id
    WHERE m.product_id = p.product_id AND w.pool_id = p.pool_id
) moved
WHERE (p.valued_quantity, p.inventory_amount) <> (lying.on_hand, moved.amount)
    AND p.company_id = coalesce(:company, p.company_id)
"""

STOCK: Sequence[tuple[str, str]] = (
    ("I-1", _OPEN),
    ("I-2", _PROMISED),
    ("I-3", _PACKED),
    ("I-3", _CONTENTS),
    ("I-4", _INVOICED),
    ("I-4", _CASH_SALED),
    ("I-4", _CREDITED),
    ("I-5", _NOT_GOODS),
    ("I-6", _ALLOCATIONS),
    ("C-14", _SOURCES),
    ("I-7", _POOLS),
    ("I-8", _LEVELS),
    ("I-12", _SELLABLE),
    ("L5", _VALUE),
)
"""Picks and returns do not exist yet, and with them parts of I-3 and I-4."""
