-- Write-offs are history, have an account of their own, and change bills that are issued.
-- Statements are separated as in guards.sql.
ALTER TABLE journal_lines
  DROP CONSTRAINT ck_journal_lines_accountrole,
  ADD CONSTRAINT ck_journal_lines_accountrole CHECK (role IN
    ('CASH', 'COGS', 'CUSTOMER_ADVANCES', 'CUSTOMER_CREDIT', 'DISCOUNT_ALLOWED', 'GOODS_RECEIVED', 'INVENTORY',
     'RECEIVABLE', 'REFUND_CLEARING', 'REVENUE', 'SALES_RETURNS', 'SCRAP_LOSS', 'SELLING_EXPENSE', 'STOCK_ADJUSTMENT',
     'TAX_PAYABLE', 'WRITE_OFF'))
--;
INSERT INTO accounts (id, company_id, role, code, name)
SELECT gen_random_uuid(), id, 'WRITE_OFF', '6100', 'Receivables written off' FROM companies
--;
DROP TRIGGER frozen_once_issued ON invoices
--;
CREATE TRIGGER frozen_once_issued BEFORE UPDATE ON invoices
  FOR EACH ROW EXECUTE FUNCTION refuse_frozen_change(
    'open_amount', 'payment_status', 'state', 'tax_point_on', 'confirmed_at', 'voided_by_id', 'version', 'updated_at',
    'written_off_amount')
--;
DROP TRIGGER frozen_once_issued ON cash_sales
--;
CREATE TRIGGER frozen_once_issued BEFORE UPDATE ON cash_sales
  FOR EACH ROW EXECUTE FUNCTION refuse_frozen_change(
    'handed_over_amount', 'invoiced_at', 'open_amount', 'payment_status', 'version', 'updated_at', 'written_off_amount')
--;
CREATE TRIGGER history_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON write_offs EXECUTE FUNCTION refuse_change()
--;
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'gql_sales_server') AND current_user <> 'gql_sales_server' THEN
    REVOKE UPDATE, DELETE ON write_offs FROM gql_sales_server;
  END IF;
END
$$
