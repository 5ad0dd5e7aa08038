-- The log so far gets what new events tell: types of all documents that they name, and which entry was noted by hand.
-- Statements are separated as in guards.sql.
ALTER TABLE events DISABLE TRIGGER history_is_kept
--;
UPDATE events SET document_types = ARRAY(
  SELECT CASE WHEN named.id = events.document_id THEN events.document_type ELSE coalesce(document.type, '') END
  FROM unnest(events.document_ids) WITH ORDINALITY AS named (id, ordinal)
  LEFT JOIN LATERAL (
    SELECT 'Order' AS type FROM orders WHERE id = named.id
    UNION ALL SELECT 'Shipment' FROM shipments WHERE id = named.id
    UNION ALL SELECT 'Invoice' FROM invoices WHERE id = named.id
    UNION ALL SELECT 'CashSale' FROM cash_sales WHERE id = named.id
    UNION ALL SELECT 'CreditMemo' FROM credit_memos WHERE id = named.id
    UNION ALL SELECT 'Refund' FROM refunds WHERE id = named.id
    UNION ALL SELECT 'Payment' FROM payments WHERE id = named.id
    UNION ALL SELECT 'Customer' FROM customers WHERE id = named.id
    UNION ALL SELECT 'Product' FROM products WHERE id = named.id
    UNION ALL SELECT 'StockPool' FROM stock_pools WHERE id = named.id
    UNION ALL SELECT 'PaymentMethod' FROM payment_methods WHERE id = named.id
    UNION ALL SELECT 'Channel' FROM channels WHERE id = named.id
    UNION ALL SELECT 'Warehouse' FROM warehouses WHERE id = named.id
    UNION ALL SELECT 'Company' FROM companies WHERE id = named.id
    UNION ALL SELECT 'PolicySetting' FROM policy_settings WHERE id = named.id
    UNION ALL SELECT 'TaxRule' FROM tax_rules WHERE id = named.id
    UNION ALL SELECT 'ApiKey' FROM api_keys WHERE id = named.id
  ) document ON true
  ORDER BY named.ordinal
)
--;
UPDATE events SET data = events.data || jsonb_build_object('entry', entries.id)
FROM timeline_entries entries
WHERE events.type = 'CustomerTimelineAdded' AND entries.customer_id = events.document_id
  AND entries.created_at = events.occurred_at
--;
ALTER TABLE events ENABLE TRIGGER history_is_kept
