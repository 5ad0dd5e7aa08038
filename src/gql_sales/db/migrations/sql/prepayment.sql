-- Types of orders besides S, the series that number them, and of old orders the series that numbered them.
-- Statements are separated as in guards.sql.
ALTER TABLE orders
  DROP CONSTRAINT ck_orders_ordertype,
  ADD CONSTRAINT ck_orders_ordertype CHECK (type_code IN ('ES', 'PF', 'S')),
  ADD CONSTRAINT ck_orders_series_code CHECK (series_code IN ('ES', 'PF', 'S'))
--;
UPDATE orders SET series_code = 'S' WHERE number IS NOT NULL
--;
ALTER TABLE orders ADD CONSTRAINT ck_orders_series_when_numbered CHECK ((series_code IS NULL) = (number IS NULL))
--;
ALTER TABLE number_series
  DROP CONSTRAINT ck_number_series_serieskind,
  ADD CONSTRAINT ck_number_series_serieskind CHECK (kind IN
    ('CANCELLATION_NOTE', 'CASH_SALE', 'CREDIT_MEMO', 'DELIVERY_NOTE', 'INVOICE', 'ORDER_ES', 'ORDER_PF', 'ORDER_S',
     'PACKAGE', 'RECEIPT', 'REFUND'))
--;
INSERT INTO number_series (id, company_id, kind, scope, prefix, last_value)
SELECT gen_random_uuid(), companies.id, series.kind, '', series.prefix, 0
FROM companies, (VALUES ('ORDER_ES', 'ES-'), ('ORDER_PF', 'PF-')) AS series (kind, prefix)
