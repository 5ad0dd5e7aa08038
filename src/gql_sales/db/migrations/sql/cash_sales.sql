-- What cash sales bring besides tables: values and rules of older tables, guards as invoices have them, and the series
-- and methods of payment of companies that exist. Statements are separated as in guards.sql.
ALTER TABLE orders
  DROP CONSTRAINT ck_orders_billingstatus,
  ADD CONSTRAINT ck_orders_billingstatus CHECK (billing_status IN
    ('CASH_SALED', 'CASH_SALED_AND_INVOICED', 'INVOICED', 'NOT_APPLICABLE', 'PARTIAL', 'UNBILLED')),
  ADD CONSTRAINT ck_orders_paymentmethodclass CHECK (payment_method_class IN ('DEFERRED', 'IMMEDIATE')),
  ADD CONSTRAINT ck_orders_method_has_class CHECK ((payment_method IS NULL) = (payment_method_class IS NULL))
--;
ALTER TABLE order_items
  ADD CONSTRAINT ck_order_items_handed_over_quantity_not_negative CHECK (handed_over_quantity >= 0),
  ADD CONSTRAINT ck_order_items_cash_saled_within_invoiced
    CHECK (handed_over_quantity <= cash_saled_quantity AND cash_saled_quantity <= invoiced_quantity)
--;
ALTER TABLE payment_allocations
  ADD CONSTRAINT ck_payment_allocations_one_target CHECK (num_nonnulls(invoice_id, cash_sale_id) = 1)
--;
ALTER TABLE number_series
  DROP CONSTRAINT ck_number_series_serieskind,
  ADD CONSTRAINT ck_number_series_serieskind
    CHECK (kind IN ('CASH_SALE', 'DELIVERY_NOTE', 'INVOICE', 'ORDER_S', 'RECEIPT'))
--;
INSERT INTO number_series (id, company_id, kind, scope, prefix, last_value)
SELECT gen_random_uuid(), id, 'CASH_SALE', '', 'CS-', 0 FROM companies
--;
INSERT INTO payment_methods (id, company_id, code, name, method_class, version)
SELECT gen_random_uuid(), companies.id, method.code, method.name, method.class, 0
FROM companies, (VALUES
  ('BANK_TRANSFER', 'Bank transfer', 'DEFERRED'), ('CARD', 'Card', 'IMMEDIATE'), ('CASH', 'Cash', 'IMMEDIATE'),
  ('INVOICE', 'Invoice', 'DEFERRED'), ('PAYPAL', 'PayPal', 'IMMEDIATE')
) AS method (code, name, class)
--;
CREATE FUNCTION check_cash_sale_sums() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  items record;
  taxes record;
BEGIN
  SELECT coalesce(sum(net_amount), 0) AS net, coalesce(sum(tax_amount), 0) AS tax INTO items
  FROM cash_sale_items WHERE cash_sale_id = NEW.id;
  SELECT coalesce(sum(net_amount), 0) AS net, coalesce(sum(tax_amount), 0) AS tax INTO taxes
  FROM cash_sale_tax_lines WHERE cash_sale_id = NEW.id;
  IF (items.net, items.tax) IS DISTINCT FROM (NEW.net_amount::numeric, NEW.tax_amount::numeric)
    OR (taxes.net, taxes.tax) IS DISTINCT FROM (NEW.net_amount::numeric, NEW.tax_amount::numeric)
  THEN
    RAISE EXCEPTION 'cash sale % is net %, tax %; its items sum to %, %, its tax lines to %, %',
      NEW.number, NEW.net_amount, NEW.tax_amount, items.net, items.tax, taxes.net, taxes.tax
      USING ERRCODE = 'check_violation', CONSTRAINT = 'cash_sale_sums', TABLE = 'cash_sales';
  END IF;
  RETURN NULL;
END
$$
--;
CREATE CONSTRAINT TRIGGER cash_sale_sums
  AFTER INSERT ON cash_sales
  DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION check_cash_sale_sums()
--;
CREATE TRIGGER parts_come_with_the_whole BEFORE INSERT ON cash_sale_items
  FOR EACH ROW EXECUTE FUNCTION refuse_late_part('cash_sales', 'cash_sale_id')
--;
CREATE TRIGGER parts_come_with_the_whole BEFORE INSERT ON cash_sale_tax_lines
  FOR EACH ROW EXECUTE FUNCTION refuse_late_part('cash_sales', 'cash_sale_id')
--;
CREATE TRIGGER frozen_once_issued BEFORE UPDATE ON cash_sales
  FOR EACH ROW EXECUTE FUNCTION refuse_frozen_change(
    'handed_over_amount', 'invoiced_at', 'open_amount', 'payment_status', 'version', 'updated_at')
--;
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['cash_sale_items', 'cash_sale_tax_lines'] LOOP
    EXECUTE format(
      'CREATE TRIGGER history_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON %I EXECUTE FUNCTION refuse_change()', name);
  END LOOP;
  FOREACH name IN ARRAY ARRAY['cash_sales', 'payment_methods'] LOOP
    EXECUTE format(
      'CREATE TRIGGER documents_are_kept BEFORE DELETE OR TRUNCATE ON %I EXECUTE FUNCTION refuse_change()', name);
  END LOOP;
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'gql_sales_server') AND current_user <> 'gql_sales_server' THEN
    REVOKE DELETE ON cash_sales, cash_sale_items, cash_sale_tax_lines, payment_methods FROM gql_sales_server;
    REVOKE UPDATE ON cash_sale_items, cash_sale_tax_lines FROM gql_sales_server;
  END IF;
END
$$
