"""Checks of what belongs to orders besides quantities and money."""

from collections.abc import Sequence

_HOLDS = """
SELECT 'Order' AS kind, o.id, o.number AS label,
    format('its scopes on hold are %s, its holds say %s', o.held_scopes, coalesce(h.scopes, '{}')) AS message
FROM orders o
LEFT JOIN (
    SELECT order_id, array_agg(DISTINCT scope COLLATE "C" ORDER BY scope COLLATE "C") AS scopes
    FROM order_holds WHERE released_at IS NULL GROUP BY 1
) h ON h.order_id = o.id
WHERE o.held_scopes <> coalesce(h.scopes, '{}') AND o.company_id = coalesce(:company, o.company_id)
"""

_NOTES = """
SELECT 'Order' AS kind, o.id, o.number AS label,
    format('item %s (%s): %s cancelled, but its cancellation notes say %s', i.position, i.sku,
        trim_scale(i.cancelled_quantity), trim_scale(n.quantity)) AS message
FROM order_items i
JOIN orders o ON o.id = i.order_id
JOIN (SELECT order_item_id, sum(quantity) AS quantity FROM cancellation_items GROUP BY 1) n ON n.order_item_id = i.id
WHERE n.quantity > i.cancelled_quantity AND o.company_id = coalesce(:company, o.company_id)
"""
"""Before the lock quantities are cancelled without a note."""

ORDERS: Sequence[tuple[str, str]] = (("T4", _HOLDS), ("I-1", _NOTES))
