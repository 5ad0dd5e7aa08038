-- What packages bring besides tables: values and rules of older tables, the series of companies that exist, and what
-- the new status of orders follows from. Statements are separated as in guards.sql.
ALTER TABLE shipments
  DROP CONSTRAINT ck_shipments_shipmentstate,
  ADD CONSTRAINT ck_shipments_shipmentstate
    CHECK (state IN ('BOOKED', 'CANCELLED', 'DELETED', 'DELIVERED', 'FINALIZED', 'OPEN')),
  DROP CONSTRAINT ck_shipments_number_when_booked,
  ADD CONSTRAINT ck_shipments_number_when_booked CHECK (state IN ('OPEN', 'DELETED') OR number IS NOT NULL),
  ADD CONSTRAINT ck_shipments_number_keeps_the_note CHECK (state <> 'DELETED' OR number IS NULL)
--;
ALTER TABLE order_items
  DROP CONSTRAINT ck_order_items_goods_only,
  ADD CONSTRAINT ck_order_items_goods_only
    CHECK (kind = 'GOODS' OR committed_quantity + packed_quantity + shipped_quantity = 0),
  ADD CONSTRAINT ck_order_items_packed_quantity_not_negative CHECK (packed_quantity >= 0)
--;
ALTER TABLE number_series
  DROP CONSTRAINT ck_number_series_serieskind,
  ADD CONSTRAINT ck_number_series_serieskind
    CHECK (kind IN ('CASH_SALE', 'CREDIT_MEMO', 'DELIVERY_NOTE', 'INVOICE', 'ORDER_S', 'PACKAGE', 'RECEIPT', 'REFUND'))
--;
INSERT INTO number_series (id, company_id, kind, scope, prefix, last_value)
SELECT gen_random_uuid(), id, 'PACKAGE', '', 'PKG-', 0 FROM companies
--;
-- Nothing is packed yet: what has left went without, and the rest waits.
UPDATE orders SET pack_status = 'NONE'
WHERE EXISTS (
  SELECT FROM order_items i
  WHERE i.order_id = orders.id AND i.kind = 'GOODS' AND i.shipped_quantity = 0
    AND i.ordered_quantity > i.cancelled_quantity
)
--;
CREATE TRIGGER documents_are_kept BEFORE DELETE OR TRUNCATE ON packages EXECUTE FUNCTION refuse_change()
--;
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'gql_sales_server') AND current_user <> 'gql_sales_server' THEN
    REVOKE DELETE ON packages FROM gql_sales_server;
  END IF;
END
$$
