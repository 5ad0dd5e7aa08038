-- Cancellation notes are history and have a series of numbers of their own; acknowledged orders get their flag.
-- Statements are separated as in guards.sql.
ALTER TABLE number_series
  DROP CONSTRAINT ck_number_series_serieskind,
  ADD CONSTRAINT ck_number_series_serieskind
    CHECK (kind IN
      ('CANCELLATION_NOTE', 'CASH_SALE', 'CREDIT_MEMO', 'DELIVERY_NOTE', 'INVOICE', 'ORDER_S', 'PACKAGE', 'RECEIPT', 'REFUND'))
--;
INSERT INTO number_series (id, company_id, kind, scope, prefix, last_value)
SELECT gen_random_uuid(), id, 'CANCELLATION_NOTE', '', 'CAN-', 0 FROM companies
--;
UPDATE orders SET is_locked = true
WHERE state NOT IN ('OPEN', 'DELETED', 'PLACED') AND coalesce(policy_snapshot ->> 'lockAt', 'ACKNOWLEDGE') = 'ACKNOWLEDGE'
--;
CREATE TRIGGER parts_come_with_the_whole BEFORE INSERT ON cancellation_items
  FOR EACH ROW EXECUTE FUNCTION refuse_late_part('cancellation_notes', 'note_id')
--;
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['cancellation_items', 'cancellation_notes'] LOOP
    EXECUTE format(
      'CREATE TRIGGER history_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON %I EXECUTE FUNCTION refuse_change()', name);
  END LOOP;
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'gql_sales_server') AND current_user <> 'gql_sales_server' THEN
    REVOKE UPDATE, DELETE ON cancellation_items, cancellation_notes FROM gql_sales_server;
  END IF;
END
$$
