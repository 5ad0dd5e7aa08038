-- What credit memos and refunds bring besides tables: values and rules of older tables, guards as bills have them, and
-- the series and accounts of companies that exist. Statements are separated as in guards.sql.
ALTER TABLE orders ADD CONSTRAINT ck_orders_credit_status
  CHECK (credit_status IN ('FULL', 'NONE', 'NOT_APPLICABLE', 'PARTIAL'))
--;
UPDATE orders SET credit_status = 'NONE'
WHERE EXISTS (SELECT FROM order_items WHERE order_id = orders.id AND invoiced_quantity > 0)
--;
ALTER TABLE order_items
  DROP CONSTRAINT ck_order_items_invoiced_within_ordered,
  ADD CONSTRAINT ck_order_items_billed_within_ordered
    CHECK (invoiced_quantity - rebillable_quantity <= ordered_quantity),
  ADD CONSTRAINT ck_order_items_credited_within_invoiced
    CHECK (rebillable_quantity <= credited_quantity AND credited_quantity <= invoiced_quantity),
  ADD CONSTRAINT ck_order_items_rebillable_quantity_not_negative CHECK (rebillable_quantity >= 0),
  ADD CONSTRAINT ck_order_items_credited_amount_not_negative CHECK (credited_amount >= 0)
--;
ALTER TABLE tenders ADD CONSTRAINT ck_tenders_refunded_within_amount CHECK (refunded_amount BETWEEN 0 AND amount)
--;
ALTER TABLE number_series
  DROP CONSTRAINT ck_number_series_serieskind,
  ADD CONSTRAINT ck_number_series_serieskind
    CHECK (kind IN ('CASH_SALE', 'CREDIT_MEMO', 'DELIVERY_NOTE', 'INVOICE', 'ORDER_S', 'RECEIPT', 'REFUND'))
--;
ALTER TABLE journal_entries
  DROP CONSTRAINT ck_journal_entries_journalevent,
  ADD CONSTRAINT ck_journal_entries_journalevent
    CHECK (event IN ('CREDITING', 'INVOICING', 'PAYMENT_ALLOCATION', 'REFUNDING'))
--;
ALTER TABLE journal_lines
  DROP CONSTRAINT ck_journal_lines_accountrole,
  ADD CONSTRAINT ck_journal_lines_accountrole CHECK (role IN
    ('CASH', 'CUSTOMER_CREDIT', 'DISCOUNT_ALLOWED', 'RECEIVABLE', 'REVENUE', 'SALES_RETURNS', 'SELLING_EXPENSE',
     'TAX_PAYABLE'))
--;
INSERT INTO number_series (id, company_id, kind, scope, prefix, last_value)
SELECT gen_random_uuid(), companies.id, series.kind, '', series.prefix, 0
FROM companies, (VALUES ('CREDIT_MEMO', 'CM-'), ('REFUND', 'RF-')) AS series (kind, prefix)
--;
INSERT INTO accounts (id, company_id, role, code, name)
SELECT gen_random_uuid(), companies.id, account.role, account.code, account.name
FROM companies, (VALUES
  ('CUSTOMER_CREDIT', '1600', 'Customer credit'), ('SALES_RETURNS', '4200', 'Sales returns and allowances'),
  ('SELLING_EXPENSE', '6000', 'Selling expense')
) AS account (role, code, name)
--;
-- Arguments: the name of the constraint, the table of items, the table of tax lines, the column that names the document.
CREATE FUNCTION check_document_sums() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  items record;
  taxes record;
  summed text := 'SELECT coalesce(sum(net_amount), 0) AS net, coalesce(sum(tax_amount), 0) AS tax FROM %I WHERE %I = $1';
BEGIN
  EXECUTE format(summed, TG_ARGV[1], TG_ARGV[3]) INTO items USING NEW.id;
  EXECUTE format(summed, TG_ARGV[2], TG_ARGV[3]) INTO taxes USING NEW.id;
  IF (items.net, items.tax) IS DISTINCT FROM (NEW.net_amount::numeric, NEW.tax_amount::numeric)
    OR (taxes.net, taxes.tax) IS DISTINCT FROM (NEW.net_amount::numeric, NEW.tax_amount::numeric)
  THEN
    RAISE EXCEPTION '% % is net %, tax %; its items sum to %, %, its tax lines to %, %',
      TG_TABLE_NAME, NEW.number, NEW.net_amount, NEW.tax_amount, items.net, items.tax, taxes.net, taxes.tax
      USING ERRCODE = 'check_violation', CONSTRAINT = TG_ARGV[0], TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NULL;
END
$$
--;
DROP FUNCTION check_invoice_sums CASCADE
--;
DROP FUNCTION check_cash_sale_sums CASCADE
--;
CREATE CONSTRAINT TRIGGER invoice_sums AFTER INSERT ON invoices DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION check_document_sums('invoice_sums', 'invoice_items', 'tax_lines', 'invoice_id')
--;
CREATE CONSTRAINT TRIGGER cash_sale_sums AFTER INSERT ON cash_sales DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION
    check_document_sums('cash_sale_sums', 'cash_sale_items', 'cash_sale_tax_lines', 'cash_sale_id')
--;
CREATE CONSTRAINT TRIGGER credit_memo_sums AFTER INSERT ON credit_memos DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION
    check_document_sums('credit_memo_sums', 'credit_memo_items', 'credit_memo_tax_lines', 'credit_memo_id')
--;
CREATE TRIGGER parts_come_with_the_whole BEFORE INSERT ON credit_memo_items
  FOR EACH ROW EXECUTE FUNCTION refuse_late_part('credit_memos', 'credit_memo_id')
--;
CREATE TRIGGER parts_come_with_the_whole BEFORE INSERT ON credit_memo_tax_lines
  FOR EACH ROW EXECUTE FUNCTION refuse_late_part('credit_memos', 'credit_memo_id')
--;
CREATE TRIGGER parts_come_with_the_whole BEFORE INSERT ON refund_tenders
  FOR EACH ROW EXECUTE FUNCTION refuse_late_part('refunds', 'refund_id')
--;
CREATE TRIGGER frozen_once_issued BEFORE UPDATE ON credit_memos
  FOR EACH ROW EXECUTE FUNCTION refuse_frozen_change(
    'state', 'balance_amount', 'applied_amount', 'refund_pending_amount', 'refunded_amount', 'voided_amount',
    'usage_status', 'version', 'updated_at')
--;
CREATE TRIGGER frozen_once_issued BEFORE UPDATE ON refunds
  FOR EACH ROW EXECUTE FUNCTION refuse_frozen_change(
    'state', 'reference', 'failure_reason', 'settled_at', 'version', 'updated_at')
--;
-- What goes back to a tender is counted on it, so its other columns are frozen one by one now.
DROP TRIGGER history_is_kept ON tenders
--;
CREATE TRIGGER frozen_once_issued BEFORE UPDATE ON tenders
  FOR EACH ROW EXECUTE FUNCTION refuse_frozen_change('refunded_amount')
--;
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY[
    'credit_memo_items', 'credit_memo_tax_lines', 'memo_applications', 'refund_tenders'
  ] LOOP
    EXECUTE format(
      'CREATE TRIGGER history_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON %I EXECUTE FUNCTION refuse_change()', name);
  END LOOP;
  FOREACH name IN ARRAY ARRAY['credit_memos', 'refunds', 'tenders'] LOOP
    EXECUTE format(
      'CREATE TRIGGER documents_are_kept BEFORE DELETE OR TRUNCATE ON %I EXECUTE FUNCTION refuse_change()', name);
  END LOOP;
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'gql_sales_server') AND current_user <> 'gql_sales_server' THEN
    REVOKE DELETE ON
      credit_memos, credit_memo_items, credit_memo_tax_lines, memo_applications, refunds, refund_tenders
      FROM gql_sales_server;
    REVOKE UPDATE ON credit_memo_items, credit_memo_tax_lines, memo_applications, refund_tenders FROM gql_sales_server;
    GRANT UPDATE (refunded_amount) ON tenders TO gql_sales_server;
  END IF;
END
$$
