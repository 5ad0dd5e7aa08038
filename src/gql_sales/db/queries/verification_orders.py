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

ORDERS: Sequence[tuple[str, str]] = (("T4", _HOLDS),)
