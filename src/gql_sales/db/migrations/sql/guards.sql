-- What the database refuses whoever asks, because the program's word is not enough (reliability.md N5, L1, L2, L4, P10).
-- Statements are separated by lines that hold nothing but the separator below; PostgreSQL 15 and newer.
CREATE FUNCTION check_journal_balance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  bad record;
BEGIN
  SELECT currency_code, sum(amount) AS rest INTO bad
  FROM journal_lines
  WHERE entry_id = NEW.entry_id
  GROUP BY currency_code
  HAVING sum(amount) <> 0
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'journal entry % does not balance: its % lines sum to %', NEW.entry_id, bad.currency_code, bad.rest
      USING ERRCODE = 'check_violation', CONSTRAINT = 'journal_balanced', TABLE = 'journal_lines';
  END IF;
  RETURN NULL;
END
$$
--;
CREATE CONSTRAINT TRIGGER journal_balanced
  AFTER INSERT ON journal_lines
  DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION check_journal_balance()
--;
CREATE FUNCTION check_invoice_sums() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  items record;
  taxes record;
BEGIN
  SELECT coalesce(sum(net_amount), 0) AS net, coalesce(sum(tax_amount), 0) AS tax INTO items
  FROM invoice_items WHERE invoice_id = NEW.id;
  SELECT coalesce(sum(net_amount), 0) AS net, coalesce(sum(tax_amount), 0) AS tax INTO taxes
  FROM tax_lines WHERE invoice_id = NEW.id;
  IF (items.net, items.tax) IS DISTINCT FROM (NEW.net_amount::numeric, NEW.tax_amount::numeric)
    OR (taxes.net, taxes.tax) IS DISTINCT FROM (NEW.net_amount::numeric, NEW.tax_amount::numeric)
  THEN
    RAISE EXCEPTION 'invoice % is net %, tax %; its items sum to %, %, its tax lines to %, %',
      NEW.number, NEW.net_amount, NEW.tax_amount, items.net, items.tax, taxes.net, taxes.tax
      USING ERRCODE = 'check_violation', CONSTRAINT = 'invoice_sums', TABLE = 'invoices';
  END IF;
  RETURN NULL;
END
$$
--;
CREATE CONSTRAINT TRIGGER invoice_sums
  AFTER INSERT ON invoices
  DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION check_invoice_sums()
--;
-- A row added later would change its document without an UPDATE, so parts come in the transaction of the whole.
-- Arguments: the parent's table, and the column that names the parent.
CREATE FUNCTION refuse_late_part() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  parent uuid := (to_jsonb(NEW) ->> TG_ARGV[1])::uuid;
  is_new boolean;
BEGIN
  EXECUTE format('SELECT xmin = pg_current_xact_id()::xid FROM %I WHERE id = $1', TG_ARGV[0]) INTO is_new USING parent;
  IF NOT is_new THEN
    RAISE EXCEPTION '% of % % come with it, never later', TG_TABLE_NAME, TG_ARGV[0], parent
      USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NEW;
END
$$
--;
CREATE TRIGGER parts_come_with_the_whole BEFORE INSERT ON journal_lines
  FOR EACH ROW EXECUTE FUNCTION refuse_late_part('journal_entries', 'entry_id')
--;
CREATE TRIGGER parts_come_with_the_whole BEFORE INSERT ON invoice_items
  FOR EACH ROW EXECUTE FUNCTION refuse_late_part('invoices', 'invoice_id')
--;
CREATE TRIGGER parts_come_with_the_whole BEFORE INSERT ON tax_lines
  FOR EACH ROW EXECUTE FUNCTION refuse_late_part('invoices', 'invoice_id')
--;
CREATE TRIGGER parts_come_with_the_whole BEFORE INSERT ON tenders
  FOR EACH ROW EXECUTE FUNCTION refuse_late_part('payments', 'payment_id')
--;
-- Arguments: the columns that may change.
CREATE FUNCTION refuse_frozen_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  columns text;
BEGIN
  SELECT string_agg(after.key, ', ' ORDER BY after.key) INTO columns
  FROM jsonb_each(to_jsonb(NEW)) AS after
  WHERE after.value IS DISTINCT FROM to_jsonb(OLD) -> after.key AND after.key <> ALL (TG_ARGV);
  IF columns IS NOT NULL THEN
    RAISE EXCEPTION '% of %.% cannot change: the document is issued', columns, TG_TABLE_NAME, OLD.id
      USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NEW;
END
$$
--;
CREATE TRIGGER frozen_once_issued BEFORE UPDATE ON invoices
  FOR EACH ROW EXECUTE FUNCTION refuse_frozen_change('open_amount', 'payment_status', 'version', 'updated_at')
--;
CREATE TRIGGER frozen_once_issued BEFORE UPDATE ON payments
  FOR EACH ROW EXECUTE FUNCTION refuse_frozen_change('order_id', 'state', 'unallocated_amount', 'version', 'updated_at')
--;
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% of % is refused: history is kept, corrections are new rows', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME;
END
$$
--;
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY[
    'event_order', 'events', 'invoice_items', 'journal_entries', 'journal_lines', 'number_assignments',
    'payment_allocations', 'stock_movements', 'tax_lines', 'tenders'
  ] LOOP
    EXECUTE format(
      'CREATE TRIGGER history_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON %I EXECUTE FUNCTION refuse_change()', name);
  END LOOP;
  FOREACH name IN ARRAY ARRAY[
    'accounts', 'allocations', 'api_keys', 'channels', 'companies', 'customers', 'invoices', 'number_series', 'orders',
    'payments', 'products', 'shipments', 'stock_levels', 'stock_pools', 'tax_rules', 'warehouses'
  ] LOOP
    EXECUTE format(
      'CREATE TRIGGER documents_are_kept BEFORE DELETE OR TRUNCATE ON %I EXECUTE FUNCTION refuse_change()', name);
  END LOOP;
END
$$
--;
-- No event can be forgotten: whatever is appended to the log waits for its place in the order.
CREATE FUNCTION queue_events() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO unplaced_events (event_id) SELECT id FROM added;
  RETURN NULL;
END
$$
--;
CREATE TRIGGER every_event_gets_a_place AFTER INSERT ON events
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION queue_events()
--;
-- The server's role owns no table and gets what the program needs, so that a hole in it is no way around the triggers.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'gql_sales_server') OR current_user = 'gql_sales_server' THEN
    RETURN;
  END IF;
  REVOKE ALL ON ALL TABLES IN SCHEMA public FROM gql_sales_server;
  GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO gql_sales_server;
  GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO gql_sales_server;
  GRANT DELETE ON
    addresses, idempotency_keys, order_items, policy_settings, product_prices, shipment_items, unplaced_events
    TO gql_sales_server;
  REVOKE UPDATE ON
    event_order, events, invoice_items, journal_entries, journal_lines, number_assignments, payment_allocations,
    stock_movements, tax_lines, tenders
    FROM gql_sales_server;
  IF to_regclass('alembic_version') IS NOT NULL THEN
    REVOKE INSERT, UPDATE ON alembic_version FROM gql_sales_server;
  END IF;
END
$$
