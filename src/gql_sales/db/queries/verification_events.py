"""Checks of the event log: every version has its event, every event its place, every change its answer (E1, E3, P2)."""

from collections.abc import Sequence

import gql_sales.db.models.all  # noqa: F401 (every document registers itself)
from gql_sales.db.models.base import Base, Document

DOCUMENTS = sorted(
    (mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, Document)),
    key=lambda cls: cls.__name__,
)


def _rows(cls: type[Document]) -> str:
    columns = cls.__table__.columns
    company = "company_id" if "company_id" in columns else "id"
    label = next((name for name in ("number", "sku", "code", "name") if name in columns), "NULL")
    shown = f"'{cls.__name__}' AS kind, id, CAST({label} AS text) AS label, version, {company} AS company_id"
    return f"SELECT {shown} FROM {cls.__tablename__}"  # noqa: S608 (names of our own tables and columns)


_VERSIONS = f"""
WITH named AS (
    SELECT n.id, n.version FROM events e, unnest(e.document_ids, e.document_versions) AS n (id, version)
    WHERE e.company_id = coalesce(:company, e.company_id)
), told AS (
    SELECT id, count(*) AS events, count(DISTINCT version) AS versions, min(version) AS first, max(version) AS last
    FROM named GROUP BY id
), documents AS ({" UNION ALL ".join(_rows(cls) for cls in DOCUMENTS)})
SELECT d.kind, d.id, d.label,
    format('its version is %s; %s events tell of %s versions, from %s to %s', d.version, coalesce(t.events, 0),
        coalesce(t.versions, 0), coalesce(t.first, 0), coalesce(t.last, 0)) AS message
FROM documents d LEFT JOIN told t ON t.id = d.id
WHERE (coalesce(t.events, 0), coalesce(t.versions, 0), coalesce(t.last, 0)) <> (d.version, d.version, d.version)
    AND d.company_id = coalesce(:company, d.company_id)
"""  # noqa: S608 (as above)

_PLACED = """
SELECT e.document_type AS kind, e.document_id AS id, e.type AS label,
    CASE
        WHEN o.event_id IS NOT NULL THEN format('the event has place %s and still waits for one', o.place)
        WHEN u.event_id IS NULL THEN 'the event has no place and waits for none'
        ELSE 'the event was passed over: later ones have places'
    END AS message
FROM events e
LEFT JOIN event_order o ON o.event_id = e.id
LEFT JOIN unplaced_events u ON u.event_id = e.id
WHERE e.company_id = coalesce(:company, e.company_id) AND (
    (o.event_id IS NULL) = (u.event_id IS NULL)
    OR (
        o.event_id IS NULL AND e.occurred_at < now() - interval '1 minute'
        AND e.insertion < (SELECT max(insertion) FROM events later JOIN event_order ON event_id = later.id)
    )
)
"""

_PLACES = """
SELECT 'EventOrder' AS kind, CAST(NULL AS uuid) AS id, 'places' AS label,
    format('%s events have the places %s to %s', count(*), min(place), max(place)) AS message
FROM event_order
WHERE CAST(:company AS uuid) IS NULL
HAVING count(*) > 0 AND (min(place) <> 1 OR max(place) <> count(*))
"""

_ORDER = """
SELECT kind, id, type AS label, format('version %s has place %s, behind version %s', version, place, before) AS message
FROM (
    SELECT e.document_type AS kind, n.id, e.type, n.version, o.place,
        lag(n.version) OVER (PARTITION BY n.id ORDER BY o.place, n.version) AS before
    FROM event_order o JOIN events e ON e.id = o.event_id,
        unnest(e.document_ids, e.document_versions) AS n (id, version)
    WHERE e.company_id = coalesce(:company, e.company_id)
) named
WHERE version < before
"""

_NOTED = """
SELECT 'Customer' AS kind, c.id, c.name AS label,
    format('its timeline has %s entries, of which %s events tell', coalesce(t.entries, 0), coalesce(e.events, 0))
        AS message
FROM customers c
LEFT JOIN (SELECT customer_id, count(*) AS entries FROM timeline_entries GROUP BY 1) t ON t.customer_id = c.id
LEFT JOIN (
    SELECT document_id, count(*) AS events FROM events WHERE type = 'CustomerTimelineAdded' GROUP BY 1
) e ON e.document_id = c.id
WHERE coalesce(t.entries, 0) <> coalesce(e.events, 0) AND c.company_id = coalesce(:company, c.company_id)
"""

_ANSWERS = """
SELECT 'IdempotencyKey' AS kind, CAST(NULL AS uuid) AS id, e.idempotency_key AS label,
    format('%s events of %s have no answer to repeat', count(*), e.actor) AS message
FROM events e
LEFT JOIN idempotency_keys k ON k.principal = e.actor AND k.key = e.idempotency_key
WHERE e.idempotency_key IS NOT NULL AND e.occurred_at > now() - interval '6 days' AND k.answer IS NULL
    AND e.company_id = coalesce(:company, e.company_id)
GROUP BY e.actor, e.idempotency_key
"""

EVENTS: Sequence[tuple[str, str]] = (
    ("E1", _VERSIONS),
    ("E1", _NOTED),
    ("E2", _PLACED),
    ("E2", _PLACES),
    ("E3", _ORDER),
    ("P2", _ANSWERS),
)
